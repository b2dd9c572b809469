"""What is known of the elements of deals, for one or for many in the same statement (P-9, P-21)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from crm.queries.names import contact_name, user_name
from pipeline.enums import Element, Level
from pipeline.facts import AssessmentFacts

Known = dict[Element, AssessmentFacts]
COLUMNS = f"""
SELECT assessment.opportunity_id, assessment.element, assessment.level, assessment.said_on, assessment.at,
    assessment.note, assessment.contact_id, {contact_name("contact")}, {user_name("person")}, assessment.ended_at,
    assessment.applies
FROM pipeline_assessment assessment
LEFT JOIN crm_contact contact ON contact.id = assessment.contact_id
LEFT JOIN crm_user person ON person.id = assessment.by_id
"""
CURRENT = COLUMNS + "WHERE assessment.opportunity_id = ANY(%s) AND assessment.ended_at IS NULL"
SINCE = COLUMNS + "WHERE assessment.opportunity_id = %s AND (assessment.ended_at IS NULL OR assessment.ended_at > %s)"
HISTORY = COLUMNS + (
    "WHERE assessment.opportunity_id = %s AND assessment.element = %s ORDER BY assessment.at DESC, assessment.id DESC"
)


def get_assessments(deal_ids: Iterable[int]) -> dict[int, Known]:
    """Return what is known of each deal now, by element; one statement however many deals."""
    ids = list(deal_ids)
    found: dict[int, Known] = {deal_id: {} for deal_id in ids}
    for deal_id, facts in _fetch(CURRENT, [ids]):
        found[deal_id][facts.element] = facts
    return found


def get_known(deal_id: int, *, before: datetime) -> tuple[Known, Known]:
    """Return what is known of a deal now, and what was known of it at an earlier moment; one statement."""
    found = [facts for _deal_id, facts in _fetch(SINCE, [deal_id, before])]
    now = {facts.element: facts for facts in found if facts.ended_at is None}
    then = {
        facts.element: facts for facts in found
        if facts.at <= before and (facts.ended_at is None or facts.ended_at > before)
    }  # fmt: skip
    return now, then


def get_assessment_history(deal_id: int, element: Element) -> list[AssessmentFacts]:
    """Return everything that was ever known of an element of a deal, latest first."""
    return [facts for _deal_id, facts in _fetch(HISTORY, [deal_id, element])]


def _fetch(sql: str, params: Sequence[Any]) -> list[tuple[int, AssessmentFacts]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [
            (deal_id, AssessmentFacts(Element(element), Level(level), *rest))
            for deal_id, element, level, *rest in cursor.fetchall()
        ]
