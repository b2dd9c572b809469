"""What scoring does when a person is erased (D-8)."""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Concat

from crm.commands.blanking import blank, blank_texts, get_identity, rewriting
from crm.facts import Identity
from crm.models import Activity, ImportedRow
from crm.policies.erasure import NAME
from scoring.models import FormSubmission, Handoff, Lead, LeadEvent, LeadKnown, ScoringRule, Visitor, VisitorIdentity

# What the score, the figures and the timeline read of an event; whatever else was sent along may be about the person.
KEPT_PROPERTIES = frozenset({"url", "source", "campaign"})
PROPERTY = "property."
# Who somebody is, of what rules may ask. What a rule does ask stays in the past, which must replay as it was.
WHO = frozenset({"lead.job_title", "lead.email_domain", "contact.job_title", "contact.department"})
COMPANY = "lead.company"


def erase_leads(*, contact_ids: Iterable[int], emails: Iterable[str]) -> Identity:
    """Blank the leads that are these contacts or bear their addresses; what they did stays, and so do their scores.

    A company stays where it is one of our accounts.
    """
    emails = list(emails)
    ids = _find_leads(list(contact_ids), emails)
    sent_in = FormSubmission.objects.filter(Q(lead__in=ids) | Q(email__in=emails))
    # As confirmations, visits and answers lock them.
    _lock(sent_in)
    _lock(Visitor.objects.filter(pk__in=VisitorIdentity.objects.filter(lead__in=ids).values("visitor")))
    _lock(Lead.objects.filter(pk__in=ids))
    known = get_identity(Lead, ids)
    ImportedRow.objects.filter(kind="leads", record_id__in=ids).delete()
    blank_texts(Activity, Q(lead_links__lead__in=ids, contact=None), "subject", "note", "stated_reason")
    blank_texts(Handoff, Q(lead__in=ids), "note")
    named: dict[str, Any] = {
        "first_name": "",
        "last_name": NAME,
        "email": None,
        "phone": "",
        "job_title": "",
        "external_id": None,
    }
    blank(Lead, Q(pk__in=ids), **named, company=Case(When(account=None, then=Value("")), default=F("company")))
    asked = _asked_fields()
    _forget_events(ids, asked)
    sent_in.update(email="", values={}, visitor="")
    _forget_known(ids, asked)
    return known


def _find_leads(contact_ids: list[int], emails: list[str]) -> list[int]:
    """Return the leads, and those merged into them."""
    ids: list[int] = []
    fresh = list(Lead.objects.filter(Q(contact__in=contact_ids) | Q(email__in=emails)).values_list("pk", flat=True))
    while fresh:
        ids += fresh
        fresh = list(Lead.objects.filter(merged_into__in=fresh).exclude(pk__in=ids).values_list("pk", flat=True))
    return ids


def _lock(rows: QuerySet[Any, Any]) -> None:
    list(rows.order_by("pk").select_for_update().values_list("pk", flat=True))


def _forget_events(ids: list[int], asked: set[str]) -> None:
    """A visitor of theirs is known by another key from now on: who comes with the old one is somebody new."""
    kept = KEPT_PROPERTIES | {name.removeprefix(PROPERTY) for name in asked if name.startswith(PROPERTY)}
    with rewriting(LeadEvent), connection.cursor() as cursor:
        cursor.execute(
            """UPDATE scoring_leadevent SET properties = COALESCE(
                   (SELECT jsonb_object_agg(key, value) FROM jsonb_each(properties) WHERE key = ANY(%s)), '{}')
               WHERE lead_id = ANY(%s)
                  OR visitor_id IN (SELECT visitor_id FROM scoring_visitoridentity WHERE lead_id = ANY(%s))""",
            [sorted(kept), ids, ids],
        )
    Visitor.objects.filter(identities__lead__in=ids).update(key=Concat(Value("erased-"), Cast(F("pk"), CharField())))


def _forget_known(ids: list[int], asked: set[str]) -> None:
    alone = list(Lead.objects.filter(pk__in=ids, account=None).values_list("pk", flat=True))
    with rewriting(LeadKnown), connection.cursor() as cursor:
        for keys, leads in ((WHO, ids), ({COMPANY}, alone)):
            cursor.execute(
                "UPDATE scoring_leadknown SET known = known - %s::text[] WHERE lead_id = ANY(%s)",
                [sorted(keys - asked), leads],
            )


def _asked_fields() -> set[str]:
    """Return the fields that a rule of any version asks for."""
    rows = ScoringRule.objects.exclude(conditions=[]).values_list("conditions", flat=True)
    asked = (condition.get("where") or condition for conditions in rows for condition in conditions)
    return {condition["field"] for condition in asked if "field" in condition}
