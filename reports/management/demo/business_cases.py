"""What some customers of the demo company win by buying, in their own numbers, some of it built together with them."""

from datetime import timedelta
from decimal import Decimal

from pipeline.commands.business_cases import save_case
from pipeline.commands.derived import refreshing_once
from pipeline.enums import CaseSide
from pipeline.facts import CaseFacts, CaseKpiFacts, CaseRowFacts
from pipeline.models import Opportunity
from pipeline.models.opportunities import OPEN
from pipeline.policies.business_cases import row_of
from reports.management.demo.clockwork import Dice

EVERY, TOGETHER = 3, 2
# Their figure with its unit, now and goal, what of ours moves it, what it brings as a share of the price, in their words.
STORIES = (
    ("Water a tonne", "m³", "4.1", "3.6", "Meters on each line find a leak within a day", "Less water bought", "0.66",
     "Twelve percent less water a tonne, reported to the board every month."),
    ("Unplanned stops", "a month", "7", "3", "An alarm before a pump runs dry", "Fewer stopped shifts", "0.58",
     "Two shifts more a month without another line."),
    ("Hours of manual readings", "a week", "26", "4", "Values come in by themselves", "Readings nobody takes by hand",
     "0.74", "Readings on Monday at seven, and nobody walks the plant for them."),
)  # fmt: skip
JUSTIFIED = "Their finance used the same rate for the last two investments, and both were approved."


def make_cases(dice: Dice) -> None:
    """Give every third deal that is far enough a case; of every second one a contact filled in the numbers with us."""
    deals = Opportunity.objects.filter(OPEN, setpoint__rank__gte=2).select_related("owner").order_by("pk")
    told = [deal for deal in deals if deal.amount is not None and deal.contact_id is not None][::EVERY]
    with refreshing_once(at=dice.now):
        for number, deal in enumerate(told):
            at = max(deal.created_at, dice.now - timedelta(days=dice.pick((3, 6, 11)), hours=9))
            built = {"co_built_with_id": deal.contact_id, "co_built_on": at.astimezone(dice.zone).date()}
            wanted = _case(dice, deal, STORIES[number % len(STORIES)], **(built if number % TOGETHER == 0 else {}))
            save_case(opportunity_id=deal.pk, wanted=wanted, by=deal.owner, at=at)


def _case(dice: Dice, deal: Opportunity, story: tuple[str, ...], **built: object) -> CaseFacts:
    name, unit, now, goal, our_part, benefit, share, measure = story
    assert deal.amount is not None
    price, years = deal.amount.amount, dice.pick((3, 4, 5))
    full = _whole(price * Decimal(share))
    rows: tuple[CaseRowFacts, ...] = (
        row_of(CaseSide.BENEFIT, benefit, Decimal(0), (_whole(full * Decimal("0.6")), *[full] * (years - 1)), kpi=name),
        row_of(CaseSide.COST, "Our offer", price, ()),
        row_of(CaseSide.COST, "Their own people, one week", _whole(price * Decimal("0.04")), ()),
        row_of(CaseSide.COST, "Service", Decimal(0), (_whole(price * Decimal("0.05")),) * years),
    )
    return CaseFacts(
        currency=deal.amount.currency,
        years=years,
        discount_rate=dice.pick((Decimal("0.0600"), Decimal("0.0800"), Decimal("0.1000"))),
        justification=JUSTIFIED if dice.chance(0.5) else "",
        measure=measure,
        kpis=(CaseKpiFacts(name, unit, Decimal(now), Decimal(goal), our_part),),
        rows=rows,
        **built,  # type: ignore[arg-type]  # with whom and when, or neither
    )


def _whole(amount: Decimal) -> Decimal:
    return (amount / 100).quantize(Decimal(1)) * 100
