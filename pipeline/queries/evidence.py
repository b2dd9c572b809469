"""What meets the criteria of deals, for one or for many in the same statements (P-2)."""

from collections.abc import Iterable

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import OuterRef

from crm.queries.names import contact_name, user_name
from crm.queries.organisation import ZONE
from pipeline.enums import PIPS, DealType, Evidence, Fact
from pipeline.facts import CriterionFacts, DealFacts, EvidenceFacts
from pipeline.models import Attestation, Opportunity

# What one row proves; a meeting that is ahead or was held stands, where nobody came a new day is to be found first.
PROVES = {
    "dated": (Fact.MEETING_DATED,),
    "held": (Fact.MEETING_DATED, Fact.FIRST_MEETING_HELD),
    "step": (Fact.CLOSING_STEP_SET,),
    "agreed": (Fact.CLOSING_STEP_SET, Fact.NEXT_STEP_AGREED),
}
# One statement, since a deal's page and every move ask. A meeting's day is the organisation's: moves keep it, and it is
# the same whoever moves.
EVIDENCE = f"""
SELECT 'attested', opportunity_id, criterion_version_id, said_on, note, {contact_name("contact")}, {user_name("person")},
    attestation.id AS record, attestation.at AS moment
FROM pipeline_attestation attestation
LEFT JOIN crm_contact contact ON contact.id = attestation.contact_id
LEFT JOIN crm_user person ON person.id = attestation.by_id
WHERE opportunity_id = ANY(%(deals)s) AND criterion_version_id = ANY(%(versions)s) AND revoked_at IS NULL
UNION ALL
SELECT CASE activity.outcome WHEN 'held' THEN 'held' ELSE 'dated' END, opportunity_id, NULL,
    (activity.occurred_at AT TIME ZONE {ZONE})::date, activity.subject, '', '', activity.id, activity.occurred_at
FROM pipeline_opportunityactivity link JOIN crm_activity activity ON activity.id = link.activity_id
WHERE opportunity_id = ANY(%(deals)s) AND activity.kind IN ('meeting', 'demo') AND activity.archived_at IS NULL
    AND activity.outcome IN ('', 'held', 'moved')
UNION ALL
SELECT CASE WHEN agreed_with_id IS NULL THEN 'step' ELSE 'agreed' END, opportunity_id, NULL, due_on, purpose,
    {contact_name("contact")}, '', step.id, due_on
FROM pipeline_nextstep step LEFT JOIN crm_contact contact ON contact.id = step.agreed_with_id
WHERE opportunity_id = ANY(%(deals)s) AND done_at IS NULL AND dropped_at IS NULL
ORDER BY moment, record
"""


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
    """Return the evidence of each deal by criterion version; one statement however many deals."""
    fields = {deal.pk: _read_fields(deal) for deal in deals}
    criteria = list(criteria)
    versions = [each.version_id for each in criteria if each.evidence == Evidence.ATTESTED]
    checked = [(each.check_code, each.version_id) for each in criteria if each.evidence != Evidence.ATTESTED]
    evidence: dict[int, dict[int, EvidenceFacts]] = {deal_id: {} for deal_id in fields}
    with connection.cursor() as cursor:
        cursor.execute(EVIDENCE, {"deals": list(fields), "versions": versions})
        for kind, deal_id, version_id, on, note, said_by, by, record_id, _moment in cursor.fetchall():
            if kind == "attested":
                evidence[deal_id][version_id] = EvidenceFacts(on, note, said_by, by, attestation_id=record_id)
                continue
            for fact in PROVES[kind]:
                fields[deal_id].setdefault(fact, EvidenceFacts(on, note, said_by))
    for deal_id, found in fields.items():
        evidence[deal_id] |= {version_id: found[code] for code, version_id in checked if code in found}
    return evidence


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
