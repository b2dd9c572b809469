"""The customer's own case for buying: ROI, payback, NPV and IRR of what they spend and gain (B28)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate, pairwise

from crm.lib.envelope import Figure, Reason
from pipeline.enums import CaseSide
from pipeline.figures.arithmetic import ONE, ZERO, ratio, rounded

DEFINITION_VERSION = 1
LOWEST, HIGHEST = Decimal("-0.99"), Decimal(10)
CLOSE_ENOUGH = Decimal("1e-12")


@dataclass(frozen=True, slots=True)
class CaseFlows:
    """What a case costs and brings in one currency: at the start, then by the end of each year."""

    costs: tuple[Decimal, ...]
    benefits: tuple[Decimal, ...]

    @property
    def net(self) -> tuple[Decimal, ...]:
        """Return what is left of each."""
        return tuple(gain - spent for gain, spent in zip(self.benefits, self.costs, strict=True))

    @property
    def cumulative(self) -> tuple[Decimal, ...]:
        """Return what is left up to each."""
        return tuple(accumulate(self.net))

    @property
    def are_empty(self) -> bool:
        """Whether nobody named an amount."""
        return not any((*self.costs, *self.benefits))


def case_flows(rows: Iterable[tuple[CaseSide | str, Decimal, Sequence[Decimal]]], *, years: int) -> CaseFlows:
    """Add up rows of a side, an amount at the start and one a year; what lies beyond the horizon is left out."""
    sums = {side: [ZERO] * (years + 1) for side in CaseSide}
    for side, at_start, yearly in rows:
        for year, amount in enumerate((at_start, *yearly[:years])):
            sums[CaseSide(side)][year] += amount
    return CaseFlows(tuple(sums[CaseSide.COST]), tuple(sums[CaseSide.BENEFIT]))


def case_figures(flows: CaseFlows, *, rate: Decimal) -> dict[str, Figure]:
    """Return the four figures of a case by their short names, in the order they are read."""
    return {
        "roi": return_on_investment(flows),
        "payback": payback(flows),
        "npv": net_present_value(flows, rate=rate),
        "irr": internal_rate(flows),
    }


def return_on_investment(flows: CaseFlows) -> Figure:
    """Return (benefits - cost) / cost over the horizon (B28). Unit: ratio."""
    cost, benefit = sum(flows.costs, ZERO), sum(flows.benefits, ZERO)
    value = ratio(benefit - cost, cost)
    reason = None if value is not None else Reason.NO_DATA if flows.are_empty else Reason.ZERO_DENOMINATOR
    return _figure(flows, value, "ratio", reason, numerator=benefit - cost, denominator=cost)


def net_present_value(flows: CaseFlows, *, rate: Decimal) -> Figure:
    """Return what the net amounts are worth today where a year costs `rate`, a share above -1 (B28). Unit: money."""
    if flows.are_empty:
        return _figure(flows, None, "money", Reason.NO_DATA)
    return _figure(flows, rounded(present_value(flows.net, rate), "money"), "money", None)


def payback(flows: CaseFlows) -> Figure:
    """Return after how many years the net amounts have added up to 0 or more, within a year pro rata (B28).

    Counted from the first amount that is not nothing: a case that costs before it brings is not paid back by its
    quiet years. `detail.falls_again` tells that later costs take it below 0 once more.
    """
    if flows.are_empty:
        return _figure(flows, None, "years", Reason.NO_DATA)
    net, so_far = flows.net, flows.cumulative
    first = next((year for year, amount in enumerate(net) if amount), None)
    if first is None or net[first] > 0:
        reached, value = 0, ZERO
    else:
        reached = next((year for year in range(first + 1, len(net)) if so_far[year] >= 0), -1)
        value = reached - 1 - so_far[reached - 1] / net[reached] if reached > 0 else ZERO
    if reached < 0:
        return _figure(flows, None, "years", Reason.NEVER)
    falls_again = any(amount < 0 for amount in so_far[reached:])
    return _figure(flows, rounded(value, "years"), "years", None, falls_again=falls_again)


def internal_rate(flows: CaseFlows) -> Figure:
    """Return the yearly rate at which the net amounts are worth nothing today, by bisection on [-0.99, 10] (B28).

    Unit: ratio. Null where no such rate is there. `detail.several` warns that the amounts change their sign more than
    once, so that another rate may do as well.
    """
    if flows.are_empty:
        return _figure(flows, None, "ratio", Reason.NO_DATA)
    found = _bisect(flows.net)
    value = None if found is None else rounded(found, "ratio")
    several = sign_changes(flows.net) > 1
    return _figure(flows, value, "ratio", None if found is not None else Reason.NEVER, several=several)


def present_value(net: Sequence[Decimal], rate: Decimal) -> Decimal:
    """Return what amounts at the start and by the end of each year are worth at the start."""
    value, growth = ZERO, ONE + rate
    for amount in reversed(net):
        value = value / growth + amount
    return value


def sign_changes(net: Sequence[Decimal]) -> int:
    """Return how often the amounts that are not nothing turn from spending to gaining or back."""
    return sum((one > 0) != (next_one > 0) for one, next_one in pairwise([amount for amount in net if amount]))


def _bisect(net: Sequence[Decimal]) -> Decimal | None:
    low, high = LOWEST, HIGHEST
    at_low, at_high = present_value(net, low), present_value(net, high)
    if not sign_changes(net) or at_low * at_high > 0:
        return None
    if not at_low:
        return low
    while high - low > CLOSE_ENOUGH:
        middle = (low + high) / 2
        at_middle = present_value(net, middle)
        if (at_middle > 0) == (at_low > 0) and at_middle:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _figure(
    flows: CaseFlows, value: Decimal | None, unit: str, reason: Reason | None, *, numerator: Decimal | None = None,
    denominator: Decimal | None = None, **detail: bool,
) -> Figure:  # fmt: skip
    return Figure(
        value=value, unit=unit, n=len(flows.net), numerator=numerator, denominator=denominator, reason=reason,
        detail=dict(detail),
    )  # fmt: skip
