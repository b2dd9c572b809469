"""Gross margin of a deal: what is left of its price after what it costs us to provide it (B15, EE-054 to EE-056).

Money is in the report currency, at plan rates. A price or a cost that nobody knows, or that no rate converts, is None:
it makes the margin incomplete and is never taken for 0.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from crm.lib.envelope import Figure, Reason
from pipeline.enums import Billing, CostKind
from pipeline.figures.arithmetic import ONE, ZERO, ratio, rounded

DEFINITION_VERSION = 1
YEAR = 12


@dataclass(frozen=True, slots=True)
class LineFacts:
    """One line of a deal: list price and cost of one piece, each time it is billed; `discount` between 0 and 1."""

    quantity: Decimal = ONE
    price: Decimal | None = None
    cost: Decimal | None = None
    discount: Decimal = ZERO
    billing: Billing = Billing.ONE_OFF
    months: int | None = None

    @property
    def is_costed(self) -> bool:
        """Whether both what it brings and what it costs is known."""
        return self.price is not None and self.cost is not None

    def times(self, within: int | None = None) -> Decimal:
        """Return how often the line is billed over its term, or in its first months; a broken year is a part of one."""
        if self.billing == Billing.ONE_OFF:
            return ONE
        months = Decimal(min(self.months or 0, within or self.months or 0))
        return months / YEAR if self.billing == Billing.YEARLY else months

    def at_list(self, within: int | None = None) -> Decimal:
        """Return its price before the discount."""
        return self.quantity * (self.price or ZERO) * self.times(within)

    def net(self, within: int | None = None) -> Decimal:
        """Return what the customer pays for it."""
        return self.at_list(within) * (ONE - self.discount)

    def spent(self, within: int | None = None) -> Decimal:
        """Return what it costs us to provide."""
        return self.quantity * (self.cost or ZERO) * self.times(within)


@dataclass(frozen=True, slots=True)
class CostFacts:
    """A direct cost beside those of the lines; it falls due once, in the first year."""

    kind: CostKind
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Income:
    """What a deal leaves us: once at its start, and each month of what is billed again (B16)."""

    once: Decimal = ZERO
    monthly: Decimal = ZERO
    billed_monthly: Decimal = ZERO


def gross_margin(lines: Sequence[LineFacts], costs: Sequence[CostFacts] = ()) -> Figure:
    """Return what is left of the whole contract after its direct costs; `parts` hold its share and the first year (B15).

    Unit: report currency; negative where the deal costs more than it brings. `detail` says what is known: `costed` of
    `lines`, `known_costs` of `costs`, and the sums over what is known.
    """
    missing = _reason(lines, costs)
    whole, first_year = _margin(lines, costs, missing), _margin(lines, costs, missing, within=YEAR)
    return Figure(
        **whole,
        n=len(lines),
        detail=_detail(lines, costs),
        parts={
            "share": _share(whole),
            "first_year": Figure(**first_year, n=len(lines)),
            "first_year_share": _share(first_year),
        },
    )


def income(lines: Sequence[LineFacts], costs: Sequence[CostFacts] = ()) -> Income | None:
    """Return the gross profit by when it comes; None where the margin is incomplete or there is no line."""
    if _reason(lines, costs) is not None:
        return None
    again = [line for line in lines if line.billing != Billing.ONE_OFF]
    once = [line for line in lines if line.billing == Billing.ONE_OFF]
    return Income(
        once=sum((line.net() - line.spent() for line in once), ZERO)
        - sum((cost.amount or ZERO for cost in costs), ZERO),
        monthly=sum(((line.net() - line.spent()) / (line.months or 1) for line in again), ZERO),
        billed_monthly=sum((line.net() / (line.months or 1) for line in again), ZERO),
    )


def _reason(lines: Sequence[LineFacts], costs: Sequence[CostFacts]) -> Reason | None:
    if not lines:
        return Reason.NO_DATA
    whole = all(line.is_costed for line in lines) and all(cost.amount is not None for cost in costs)
    return None if whole else Reason.INCOMPLETE


def _margin(
    lines: Sequence[LineFacts], costs: Sequence[CostFacts], reason: Reason | None, *, within: int | None = None
) -> Mapping[str, Any]:
    net = sum((line.net(within) for line in lines), ZERO)
    spent = sum((line.spent(within) for line in lines), ZERO) + sum((cost.amount or ZERO for cost in costs), ZERO)
    value = None if reason else rounded(net - spent, "money")
    return {"value": value, "unit": "money", "numerator": value, "denominator": rounded(net, "money"), "reason": reason}


def _share(margin: Mapping[str, Any]) -> Figure:
    value = None if margin["value"] is None else ratio(margin["value"], margin["denominator"])
    reason = margin["reason"] or (Reason.ZERO_DENOMINATOR if value is None else None)
    return Figure(**{**margin, "value": value, "unit": "ratio", "reason": reason}, n=1)


def _detail(lines: Sequence[LineFacts], costs: Sequence[CostFacts]) -> dict[str, Any]:
    by_kind = {kind: sum((cost.amount or ZERO for cost in costs if cost.kind == kind), ZERO) for kind in CostKind}
    by_kind[CostKind.GOODS] += sum((line.spent() for line in lines), ZERO)
    at_list = sum((line.at_list() for line in lines), ZERO)
    net = sum((line.net() for line in lines), ZERO)
    return {
        "net": rounded(net, "money"),
        "at_list": rounded(at_list, "money"),
        "discount": rounded(at_list - net, "money"),
        **{str(kind): rounded(spent, "money") for kind, spent in by_kind.items()},
        "lines": len(lines),
        "costed": sum(1 for line in lines if line.is_costed),
        "costs": len(costs),
        "known_costs": sum(1 for cost in costs if cost.amount is not None),
    }
