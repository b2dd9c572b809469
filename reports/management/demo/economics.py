"""What the demo company's deals leave it: lines with discounts and costs, hours, potential, strategic value."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from crm.lib.values import Money
from crm.models import User
from crm.queries.organisation import get_local_date
from pipeline.commands.derived import refreshing_once
from pipeline.commands.economics import (
    add_cost,
    approve_strategic_value,
    edit_line,
    log_effort,
    put_expansion,
    put_strategic_value,
    set_assumptions,
    set_cost_rates,
)
from pipeline.enums import Billing, CostKind, EffortKind, ExpansionKind, StrategicKind
from pipeline.models import Opportunity, OpportunityLine
from pipeline.models.opportunities import OPEN
from pipeline.queries.promises import get_managers
from reports.management.demo import words
from reports.management.demo.clockwork import Dice

CENT = Decimal("0.01")
RATES = {
    EffortKind.DISCOVERY: 62, EffortKind.DEMO: 62, EffortKind.PROPOSAL: 62, EffortKind.SALES_ENGINEER: 84,
    EffortKind.EXECUTIVE: 160, EffortKind.LEGAL: 120, EffortKind.PROSPECTING: 48, EffortKind.OTHER: 62,
}  # fmt: skip
COSTS = (
    (CostKind.SERVICES, Decimal("0.09"), "Installation and start-up"),
    (CostKind.THIRD_PARTY, Decimal("0.06"), "Cabinets and cabling, bought in"),
    (CostKind.CUSTOM_DEVELOPMENT, Decimal("0.28"), "Interface to their plant system"),
)
HOURS = {"discovery": 30, "demo": 20, "proposal": 25, "sales_engineer": 18, "executive": 4, "legal": 3}
POTENTIAL = (
    (ExpansionKind.BUSINESS_UNIT, "Their other plants measure by hand"),
    (ExpansionKind.USAGE, "More measuring points once the first line pays back"),
    (ExpansionKind.PRODUCT, "Compliance reporting when the new rule comes"),
)
STRATEGIC = (
    (StrategicKind.REFERENCE, "The first dairy of its size: others call them before they decide."),
    (StrategicKind.DISPLACEMENT, "It takes out the incumbent where everybody looks."),
    (StrategicKind.NEW_SEGMENT, "Nobody of ours has sold to a paper mill before."),
)
AGREED = "Agreed: we accept a thinner margin for it this year."
UNCOSTED, CUSTOMISED, CLAIMED = 9, 11, 12
CLOSED_LATELY = timedelta(days=60)
EVENING = time(17, 30)


def judge_deals(dice: Dice, *, by: User) -> None:
    """Set what is assumed, for a year by now, and say of open deals what they are made of; of every ninth a cost is unknown."""
    _assume(dice, by=by)
    deals = list(Opportunity.objects.filter(OPEN, setpoint__rank__gte=1).select_related("owner").order_by("pk"))
    lines = {
        line.opportunity_id: line
        for line in OpportunityLine.objects.filter(opportunity__in=deals).select_related("product")
    }
    managers = get_managers([deal.owner_id for deal in deals], on=get_local_date(dice.now))
    people = {person.pk: person for person in User.objects.all()}
    with refreshing_once(at=dice.now):
        for number, deal in enumerate(deals):
            if deal.pk in lines and deal.amount is not None:
                _compose(dice, deal, lines[deal.pk], number, amount=deal.amount)
            _log(dice, deal, until=dice.today)
            above = [people[pk] for pk in managers.get(deal.owner_id, ())]
            _value(dice, deal, number, manager=above[0] if above else None)
        for deal in Opportunity.objects.filter(closed_at__gte=dice.now - CLOSED_LATELY).order_by("pk"):
            assert deal.closed_at is not None
            _log(dice, deal, until=get_local_date(deal.closed_at), most=4)


def _assume(dice: Dice, *, by: User) -> None:
    since = dice.now - timedelta(days=365)
    set_assumptions(
        by=by, at=since, margin_floor=Decimal("0.45"), churn=Decimal("0.0120"), payback_limit_months=18,
        onboarding=_money(2600), lead=_money(180), pursuit=_money(4200), source_name="Finance, plan of the year",
    )  # fmt: skip
    set_cost_rates(rates={kind: _money(hourly) for kind, hourly in RATES.items()}, by=by, at=since)


def _compose(dice: Dice, deal: Opportunity, line: OpportunityLine, number: int, *, amount: Money) -> None:
    """Split a deal's amount into pieces at the list price or somewhat more; subscriptions run three years."""
    product = line.product
    if product is None or product.price is None or product.cost is None:
        return
    times = 3 if product.family == "Subscription" else 1
    pieces = int(amount.amount / product.price.amount / times)
    if not pieces:  # sold for less than one costs by the list: as a package of its own
        return
    discount = Decimal(dice.pick(("0", "0", "0", "0.05", "0.08", "0.1")))
    price = (amount.amount / pieces / times / (1 - discount)).quantize(CENT)
    share = product.cost.amount / product.price.amount
    changes = {
        "quantity": Decimal(pieces), "price": Money(price, amount.currency), "discount": discount,
        "cost": None if number % UNCOSTED == 0 else Money((price * share).quantize(CENT), amount.currency),
        "billing": Billing.YEARLY if times > 1 else Billing.ONE_OFF, "months": 36 if times > 1 else None,
    }  # fmt: skip
    edit_line(line_id=line.pk, changes=changes, by=deal.owner, at=dice.now)
    chosen = [COSTS[2]] if number % CUSTOMISED == 0 else [cost for cost in COSTS[:2] if dice.chance(0.4)]
    for kind, part, note in chosen:
        cost = Money((amount.amount * part).quantize(Decimal(1)), amount.currency)
        add_cost(opportunity_id=deal.pk, kind=kind, amount=cost, note=note, by=deal.owner, at=dice.now)


def _log(dice: Dice, deal: Opportunity, *, until: date, most: int = 6) -> None:
    """Log what the owner spent, each time on the evening of the day, from when the deal began until the day before."""
    began = max(get_local_date(deal.created_at), dice.today - timedelta(days=300))
    span = max(1, (until - began).days)
    times = dice.random.randrange(2, most + 1)
    for day in sorted(began + timedelta(days=dice.random.randrange(span)) for _time in range(times)):
        log_effort(
            opportunity_id=deal.pk, user_id=deal.owner_id, kind=dice.weighted(HOURS),
            minutes=dice.random.randrange(2, 17) * 30, on=day, by=deal.owner if deal.is_open else None,
            at=min(datetime.combine(day, EVENING, tzinfo=dice.zone), dice.now),
        )  # fmt: skip


def _value(dice: Dice, deal: Opportunity, number: int, *, manager: User | None) -> None:
    """Say where some customers can grow, and what a few deals are worth beside their money; some claims are agreed to."""
    if dice.chance(0.3):
        growth, note = dice.pick(POTENTIAL)
        yearly = _money(dice.random.randrange(4, 40) * 1500)
        put_expansion(opportunity_id=deal.pk, kind=growth, yearly=yearly, note=note, by=deal.owner, at=dice.now)
    if number % CLAIMED == 0:
        kind, why = STRATEGIC[number // CLAIMED % len(STRATEGIC)]
        claim = put_strategic_value(
            opportunity_id=deal.pk, kind=kind, weight=1 + number % 3, value=_money(6000), justification=why, by=deal.owner,
            at=dice.now,
        )  # fmt: skip
        if manager is not None and number % (2 * CLAIMED) == 0:
            approve_strategic_value(strategic_id=claim.pk, reason=AGREED, by=manager, at=dice.now)


def _money(amount: int) -> Money:
    return Money(Decimal(amount), words.CURRENCY)
