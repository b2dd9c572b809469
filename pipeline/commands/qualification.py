"""Assessments: what is known of an element of a deal now. What was known before stays, with its end (P-9, P-21)."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from crm.lib.errors import CommandRefused
from crm.lib.values import Refusal
from crm.models import User
from crm.queries.organisation import get_local_date
from pipeline.commands.history import EventDraft, record
from pipeline.commands.opportunities.refused import lock_deal
from pipeline.commands.opportunities.values import is_contact_of
from pipeline.enums import Element, Level
from pipeline.events import EventKind
from pipeline.models import Assessment, Opportunity
from pipeline.policies.qualification import assessment_refusals


class AssessmentRefused(CommandRefused):
    """The element may not be assessed like this; the refusals name the fields."""


@transaction.atomic
def assess_element(
    *,
    opportunity_id: int,
    element: str,
    level: int,
    said_on: date,
    contact_id: int | None = None,
    note: str = "",
    applies: bool = True,
    by: User | None,
    at: datetime,
) -> Assessment:
    """State how well an element is known: who said so, on which day; the assessment before it ends now.

    What does not apply to the deal stands at level 0, whatever is given, with the reason as its note. Saying what
    stands already changes nothing. Two people at once are taken one after the other, the later one stands.

    :raises AssessmentRefused: no such element or level, in the future, or nobody named who said it
    :raises NotPermitted: the person may not change the deal
    """
    deal = lock_deal(opportunity_id, by=by)
    given: dict[str, Any] = {
        "level": level if applies else 0, "said_on": said_on, "contact_id": contact_id, "note": note.strip(),
        "applies": applies,
    }  # fmt: skip
    if refused := _refusals(deal, element=element, at=at, **given):
        raise AssessmentRefused(refused)
    standing = Assessment.objects.filter(opportunity=deal, element=element, ended_at=None).first()
    if standing is not None:
        if all(getattr(standing, name) == value for name, value in given.items()):
            return standing
        at = max(at, standing.at)
        standing.ended_at = at
        standing.save(update_fields=["ended_at"])
    assessment = Assessment.objects.create(opportunity=deal, element=element, by=by, at=at, **given)
    draft = EventDraft(EventKind.QUALIFICATION, at, assessment_value(standing), assessment_value(assessment))
    record(deal, [draft], by=by, at=at)
    return assessment


def assessment_value(assessment: Assessment | None) -> dict[str, Any] | None:
    """Return an assessment as events hold it."""
    if assessment is None:
        return None
    return {
        "element": assessment.element,
        "level": assessment.level,
        "on": assessment.said_on.isoformat(),
        "contact": assessment.contact_id,
        **({} if assessment.applies else {"applies": False}),
    }


def _refusals(
    deal: Opportunity, *, element: str, level: int, said_on: date, contact_id: int | None, note: str, applies: bool,
    at: datetime,
) -> list[Refusal]:  # fmt: skip
    if element not in set(Element):
        return [Refusal.of("unknown_value", value=element, field="element")]
    if level not in set(Level):
        return [Refusal.of("unknown_value", value=level, field="level")]
    refused = assessment_refusals(
        element=Element(element),
        level=Level(level),
        applies=applies,
        said_on=said_on,
        today=get_local_date(at),
        is_archived=deal.archived_at is not None,
        has_contact=contact_id is not None,
        note=note,
    )
    if not is_contact_of(deal, contact_id):
        refused.append(Refusal.of("unknown_contact", field="contact"))
    return refused
