"""What meets the criteria of deals, for one or for many in the same statements (P-2)."""

from collections import defaultdict
from collections.abc import Iterable

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import DateField, OuterRef, Q
from django.db.models.expressions import RawSQL

from crm.enums import ActivityKind, ActivityOutcome
from crm.queries.organisation import ZONE
from pipeline.enums import PIPS, DealType, Evidence, Fact
from pipeline.facts import CriterionFacts, DealFacts, EvidenceFacts
from pipeline.models import Attestation, NextStep, Opportunity, OpportunityActivity

MEETINGS = (ActivityKind.MEETING, ActivityKind.DEMO)
# A meeting that is ahead or took place; where nobody came, a new day is to be found first.
STANDS = Q(activity__outcome="") | Q(activity__outcome__in=[ActivityOutcome.HELD, ActivityOutcome.MOVED])
# The organisation's day of a meeting: moves keep it, and it is the same whoever moves.
MET_ON = RawSQL(f"(crm_activity.occurred_at AT TIME ZONE {ZONE})::date", (), output_field=DateField())
Found = dict[int, dict[str, EvidenceFacts]]


def get_deal_facts(deal: Opportunity, criteria: Iterable[CriterionFacts], *, rank: int | None) -> DealFacts:
    """Return what the policies may know of one deal."""
    return DealFacts(
        id=deal.pk,
        owner_id=deal.owner_id,
        pipeline_id=deal.pipeline_id,
        setpoint_id=deal.setpoint_id,
        rank=rank,
        outcome=deal.outcome,
        is_archived=deal.archived_at is not None,
        deal_type=DealType(deal.deal_type),
        amount=deal.amount,
        created_at=deal.created_at,
        closed_at=deal.closed_at,
        decision_on=deal.decision_on,
        evidence=get_evidence([deal], criteria)[deal.pk],
    )


def get_evidence(
    deals: Iterable[Opportunity], criteria: Iterable[CriterionFacts]
) -> dict[int, dict[int, EvidenceFacts]]:
    """Return the evidence of each deal by criterion version; three statements however many deals."""
    deals, criteria = list(deals), list(criteria)
    ids = [deal.pk for deal in deals]
    attested = get_attested(ids, [each.version_id for each in criteria if each.evidence == Evidence.ATTESTED])
    found = _find_records(ids)
    for deal in deals:
        found[deal.pk].update(_read_fields(deal))
    return {
        deal_id: attested[deal_id]
        | {
            each.version_id: found[deal_id][each.check_code]
            for each in criteria
            if each.evidence != Evidence.ATTESTED and each.check_code in found[deal_id]
        }
        for deal_id in ids
    }


def get_attested(deal_ids: Iterable[int], version_ids: Iterable[int]) -> dict[int, dict[int, EvidenceFacts]]:
    """Return the attestations that stand, by deal and criterion version."""
    rows = Attestation.objects.filter(
        opportunity_id__in=list(deal_ids), criterion_version_id__in=list(version_ids), revoked_at=None
    ).select_related("contact", "by")
    attested: dict[int, dict[int, EvidenceFacts]] = defaultdict(dict)
    for row in rows:
        attested[row.opportunity_id][row.criterion_version_id] = EvidenceFacts(
            on=row.said_on,
            note=row.note,
            said_by=str(row.contact or ""),
            by=str(row.by or ""),
            attestation_id=row.pk,
        )
    return attested


def known_pips() -> ArraySubquery:
    """Return the annotation that tells of a deal which of the five pips have evidence (D-24)."""
    attested = Attestation.objects.filter(
        opportunity=OuterRef("pk"),
        revoked_at=None,
        criterion_version__valid_until=None,
        criterion_version__criterion__code__in=PIPS,
    )
    return ArraySubquery(attested.order_by().values_list("criterion_version__criterion__code", flat=True))


def _read_fields(deal: Opportunity) -> dict[str, EvidenceFacts]:
    found: dict[str, EvidenceFacts] = {}
    if deal.deal_type:
        found[Fact.DEAL_TYPE_KNOWN] = EvidenceFacts(note=deal.deal_type)
    if deal.decision_on is not None:
        found[Fact.DECISION_DATE_KNOWN] = EvidenceFacts(on=deal.decision_on)
    return found


def _find_records(deal_ids: list[int]) -> Found:
    found: Found = defaultdict(dict)
    for deal_id in deal_ids:
        found[deal_id] = {}
    meetings = OpportunityActivity.objects.filter(
        STANDS, opportunity_id__in=deal_ids, activity__kind__in=MEETINGS, activity__archived_at=None
    ).values_list("opportunity_id", "activity__outcome", MET_ON, "activity__subject")
    for deal_id, outcome, met_on, subject in meetings.order_by("activity__occurred_at", "activity_id"):
        facts = EvidenceFacts(on=met_on, note=subject)
        found[deal_id].setdefault(Fact.MEETING_DATED, facts)
        if outcome == ActivityOutcome.HELD:
            found[deal_id].setdefault(Fact.FIRST_MEETING_HELD, facts)
    steps = NextStep.objects.filter(opportunity_id__in=deal_ids, done_at=None, dropped_at=None)
    for step in steps.select_related("agreed_with").order_by("due_on", "id"):
        facts = EvidenceFacts(on=step.due_on, note=step.purpose, said_by=str(step.agreed_with or ""))
        found[step.opportunity_id].setdefault(Fact.CLOSING_STEP_SET, facts)
        if step.agreed_with_id is not None:
            found[step.opportunity_id].setdefault(Fact.NEXT_STEP_AGREED, facts)
    return found
