"""What meets the criteria of deals, for one or for many in the same statements (P-2)."""

from collections.abc import Iterable, Mapping, Sequence

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Case, OuterRef, TextField, Value, When
from django.db.models.functions import Cast

from crm.lib.values import Refusal
from pipeline.enums import DECIDING_ROLES, FACT_ELEMENTS, PIPS, DealType, Fact, Level
from pipeline.facts import CriterionFacts, DealFacts, EvidenceFacts, SetpointFacts
from pipeline.models import Assessment, Opportunity, Stakeholder
from pipeline.queries.promises import get_bars
from pipeline.queries.proofs import PROOFS
from pipeline.queries.setpoints import every_criterion

EVIDENCE = f"""
SELECT opportunity_id, code, on_day, note, said_by, by_name, attestation_id
FROM ({PROOFS.format(deals="SELECT unnest(%(deals)s::bigint[])")}) proof ORDER BY moment, record_id
"""
# The elements the pips of a card stand for; whether the decision maker was met is a record of their own.
PIP_ELEMENTS = {FACT_ELEMENTS[fact]: fact for fact in PIPS if fact in FACT_ELEMENTS}


def get_deal_facts(
    deal: Opportunity, criteria: Iterable[CriterionFacts], *, rank: int | None, bars: tuple[Refusal, ...] | None = None
) -> DealFacts:
    """Return what the policies may know of one deal; `bars` where somebody asked for its approvals already."""
    known = get_evidence([deal], criteria)[deal.pk]
    return _facts(deal, known, rank, get_bars([deal.pk]).get(deal.pk, ()) if bars is None else bars)


def get_facts_of_deals(deals: Sequence[Opportunity], path: list[SetpointFacts]) -> dict[int, DealFacts]:
    """Return what the policies may know of deals that one path may hold, by deal; two statements however many."""
    ranks = {setpoint.id: setpoint.rank for setpoint in path}
    known, bars = get_evidence(deals, every_criterion(path)), get_bars([deal.pk for deal in deals])
    return {
        deal.pk: _facts(deal, known[deal.pk], ranks.get(deal.setpoint_id or 0), bars.get(deal.pk, ())) for deal in deals
    }


def _facts(
    deal: Opportunity, evidence: Mapping[int, EvidenceFacts], rank: int | None, bars: tuple[Refusal, ...]
) -> DealFacts:
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
        evidence=evidence,
        barred_by=bars,
    )


def get_evidence(
    deals: Iterable[Opportunity], criteria: Iterable[CriterionFacts]
) -> dict[int, dict[int, EvidenceFacts]]:
    """Return the evidence of each deal by criterion version; one statement however many deals."""
    ids = [deal.pk for deal in deals]
    proofs: dict[int, dict[str, EvidenceFacts]] = {deal_id: {} for deal_id in ids}
    with connection.cursor() as cursor:
        cursor.execute(EVIDENCE, {"deals": ids})
        for deal_id, code, *told in cursor.fetchall():
            proofs[deal_id].setdefault(code, EvidenceFacts(*told))
    asked = [(each.proof, each.version_id) for each in criteria]
    return {
        deal_id: {version_id: found[code] for code, version_id in asked if code in found}
        for deal_id, found in proofs.items()
    }


def known_pips() -> ArraySubquery:
    """Return the annotation that tells of a deal which of the five pips are known (D-24)."""
    deal = OuterRef("pk")
    assessed = Assessment.objects.filter(
        opportunity=deal, ended_at=None, level__gte=Level.TOLD, element__in=PIP_ELEMENTS
    ).order_by()
    names = Case(*(When(element=element, then=Value(fact)) for element, fact in PIP_ELEMENTS.items()))
    met = Stakeholder.objects.filter(
        opportunity=deal, role__in=DECIDING_ROLES, met_on__isnull=False, left_at=None
    ).order_by()
    decided = met.values(pip=Value(Fact.DECISION_MAKER_MET, output_field=TextField()))
    return ArraySubquery(assessed.values(pip=Cast(names, TextField())).union(decided))
