"""What is known of the economics of deals, a constant number of statements however many they are (B15, B16, B30)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db import connection
from django.db.models import F, QuerySet

from crm.lib.values import Money
from crm.models import User
from pipeline.enums import Billing, CostKind, DealType, EffortKind
from pipeline.figures.acquisition import EffortFacts
from pipeline.figures.arithmetic import ZERO
from pipeline.figures.deal_economics import Assumed, EconomicFacts, Economics, Observed, judge
from pipeline.figures.margin import CostFacts, LineFacts
from pipeline.models import (
    EconomicAssumptions,
    ExpansionPotential,
    Opportunity,
    OpportunityCost,
    OpportunityLine,
    Product,
    StrategicValue,
)
from pipeline.models.opportunities import OPEN
from pipeline.queries.money import MoneyFrame, get_money_frame
from pipeline.queries.opportunities import opportunities_visible_to

NOBODY = Observed()
NEW_CUSTOMERS = frozenset({DealType.NEW_BUSINESS, DealType.WIN_BACK})
# Hours of a deal by kind and rate: the rate of their day, before the first one the first.
HOURLY = """
LEFT JOIN LATERAL (
    SELECT hourly, hourly_currency FROM pipeline_costrate rate WHERE rate.kind = effort.kind
    ORDER BY rate.valid_from <= effort.on DESC, abs(rate.valid_from - effort.on) LIMIT 1
) rate ON true
"""
EFFORTS = f"""
SELECT effort.opportunity_id, effort.kind, sum(effort.minutes), rate.hourly, rate.hourly_currency
FROM pipeline_effort effort {HOURLY}
WHERE effort.opportunity_id = ANY(%(ids)s) AND effort.removed_at IS NULL
GROUP BY 1, 2, 4, 5
"""
# Of what came as far as each deal, in its pipeline, what closed within two years and what of it was won: of its type, and
# of all types. Deals without history are in no conversion (D-23).
OBSERVED = """
WITH place AS MATERIALIZED (
    SELECT DISTINCT setpoint.pipeline_id, setpoint.rank FROM pipeline_opportunity deal
    JOIN pipeline_setpoint setpoint ON setpoint.id = deal.setpoint_id WHERE deal.id = ANY(%(ids)s)
)
SELECT place.pipeline_id, place.rank, closed.deal_type, count(*), count(*) FILTER (WHERE closed.outcome = 'won')
FROM place JOIN pipeline_opportunity closed
    ON closed.pipeline_id = place.pipeline_id AND closed.highest_rank >= place.rank
WHERE closed.outcome <> '' AND closed.closed_at > %(at)s - interval '2 years' AND closed.closed_at <= %(at)s
  AND closed.archived_at IS NULL AND closed.merged_into_id IS NULL AND NOT closed.backfilled
GROUP BY 1, 2, 3
"""


@dataclass(slots=True)
class DealRows:
    """The rows of one deal, with what they come to; `chance_of_all` where too few of its own type closed.

    `amount` is the deal's in the report currency.
    """

    deal: Opportunity
    lines: list[OpportunityLine] = field(default_factory=list)
    costs: list[OpportunityCost] = field(default_factory=list)
    expansions: list[ExpansionPotential] = field(default_factory=list)
    strategic: list[StrategicValue] = field(default_factory=list)
    efforts: list[EffortFacts] = field(default_factory=list)
    observed: Observed = NOBODY
    chance_of_all: bool = False
    amount: Decimal | None = None
    economics: Economics | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """Deals with their economics, in the order asked for, and what was assumed since when."""

    rows: list[DealRows]
    assumed: Assumed
    currency: str
    since: date | None
    source: str


def get_assumptions(*, on: date) -> EconomicAssumptions | None:
    """Return what is assumed on a day."""
    return EconomicAssumptions.objects.filter(valid_from__lte=on).order_by("-valid_from").first()


def products_on_sale() -> QuerySet[Product]:
    """Return the price list, by family and name."""
    return Product.objects.filter(archived_at=None).order_by("family", "name", "pk")


def get_offered(user: User, *, limit: int = 200) -> list[Opportunity]:
    """Return the largest open deals the person may see, for a choice."""
    deals = opportunities_visible_to(user).filter(OPEN).select_related("account")
    return list(deals.order_by(F("amount").desc(nulls_last=True), "pk")[:limit])


def get_economics(deal_ids: Collection[int], *, user: User | None, at: datetime) -> Judged:
    """Return the economics of the deals the person may see, in the order they are asked for; None sees all."""
    frame = get_money_frame(at)
    seen = Opportunity.objects.all() if user is None else opportunities_visible_to(user)
    deals = seen.filter(pk__in=deal_ids).select_related("account", "owner", "setpoint")
    found = {deal.pk: DealRows(deal) for deal in deals}
    rows = {pk: found[pk] for pk in dict.fromkeys(deal_ids) if pk in found}
    _add_rows(rows)
    _add_efforts(rows, frame)
    _add_chances(rows, at=at)
    assumptions = get_assumptions(on=at.astimezone(frame.zone).date())
    assumed = _assumed(assumptions, frame)
    for each in rows.values():
        each.amount = converted(each.deal.amount, frame.rates)
        each.economics = judge(facts_of(each, frame), assumed)
    since, source = (assumptions.valid_from, assumptions.source_name) if assumptions else (None, "")
    return Judged(list(rows.values()), assumed, frame.currency, since, source)


def facts_of(rows: DealRows, frame: MoneyFrame) -> EconomicFacts:
    """Return what the figures need of one deal, in the report currency at plan rates."""
    return EconomicFacts(
        lines=[line_facts(line, frame.rates) for line in rows.lines],
        costs=[CostFacts(CostKind(cost.kind), converted(cost.amount, frame.rates)) for cost in rows.costs],
        efforts=rows.efforts,
        observed=rows.observed,
        is_new_customer=rows.deal.deal_type in NEW_CUSTOMERS,
        has_lead=rows.deal.lead_created_at is not None,
        strategic=_sum((row.value for row in rows.strategic if row.approved_at), frame.rates),
        growth=_sum((row.yearly for row in rows.expansions), frame.rates),
    )


def line_facts(line: OpportunityLine, rates: Mapping[str, Decimal]) -> LineFacts:
    """Return a line as the figures read it; what no rate converts is not known."""
    return LineFacts(
        Decimal(line.quantity),
        converted(line.price, rates),
        converted(line.cost, rates),
        Decimal(line.discount),
        Billing(line.billing),
        line.months,
    )


def converted(money: Money | None, rates: Mapping[str, Decimal]) -> Decimal | None:
    """Return an amount in the report currency, None without one or without a rate."""
    rate = rates.get(money.currency) if money is not None else None
    return None if money is None or rate is None else money.amount * rate


def _sum(amounts: Iterable[Money | None], rates: Mapping[str, Decimal]) -> Decimal:
    return sum((converted(amount, rates) or ZERO for amount in amounts), ZERO)


def _assumed(row: EconomicAssumptions | None, frame: MoneyFrame) -> Assumed:
    if row is None:
        return Assumed()
    return assumed_of(row, frame.rates)


def assumed_of(row: EconomicAssumptions, rates: Mapping[str, Decimal]) -> Assumed:
    """Return what is assumed, as the figures read it."""
    return Assumed(
        margin_floor=row.margin_floor,
        churn=row.churn,
        horizon=row.horizon_months,
        payback_limit=row.payback_limit_months,
        onboarding=converted(row.onboarding, rates),
        lead=converted(row.lead, rates),
        pursuit=converted(row.pursuit, rates),
    )


def _add_rows(rows: Mapping[int, DealRows]) -> None:
    of_deals = {"opportunity__in": list(rows), "removed_at": None}
    for line in OpportunityLine.objects.filter(**of_deals).select_related("product").order_by("pk"):
        rows[line.opportunity_id].lines.append(line)
    for cost in OpportunityCost.objects.filter(**of_deals).order_by("pk"):
        rows[cost.opportunity_id].costs.append(cost)
    for potential in ExpansionPotential.objects.filter(**of_deals).order_by("pk"):
        rows[potential.opportunity_id].expansions.append(potential)
    for claim in StrategicValue.objects.filter(**of_deals).select_related("approved_by", "by").order_by("pk"):
        rows[claim.opportunity_id].strategic.append(claim)


def _add_efforts(rows: Mapping[int, DealRows], frame: MoneyFrame) -> None:
    with connection.cursor() as cursor:
        cursor.execute(EFFORTS, {"ids": list(rows)})
        for deal_id, kind, minutes, hourly, currency in cursor.fetchall():
            rate = converted(None if hourly is None else Money(hourly, currency), frame.rates)
            rows[deal_id].efforts.append(EffortFacts(EffortKind(kind), int(minutes), rate))


def _add_chances(rows: Mapping[int, DealRows], *, at: datetime) -> None:
    cells: dict[tuple[int, int, str], Observed] = {}
    whole: dict[tuple[int, int], Observed] = defaultdict(Observed)
    with connection.cursor() as cursor:
        cursor.execute(OBSERVED, {"ids": list(rows), "at": at})
        for pipeline_id, rank, deal_type, closed, won in cursor.fetchall():
            cells[pipeline_id, rank, deal_type] = Observed(closed, won)
            before = whole[pipeline_id, rank]
            whole[pipeline_id, rank] = Observed(before.closed + closed, before.won + won)
    for each in rows.values():
        if each.deal.setpoint is None:
            continue
        place = (each.deal.pipeline_id, each.deal.setpoint.rank)
        own = cells.get((*place, each.deal.deal_type), Observed())
        each.chance_of_all = own.chance is None
        each.observed = whole[place] if each.chance_of_all else own
