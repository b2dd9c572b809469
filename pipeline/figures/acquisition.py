"""What winning a customer costs, when that is earned back, and what a customer is worth in time (B16, EE-057 to EE-059).

Money is in the report currency. Gross profit is that of the gross margin (B15), so that costs and worth go together.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from crm.lib.envelope import Figure, Reason
from pipeline.enums import EffortKind
from pipeline.figures.arithmetic import ONE, ZERO, rounded
from pipeline.figures.margin import Income

DEFINITION_VERSION = 1
HORIZON = 60
HOUR = 60


@dataclass(frozen=True, slots=True)
class EffortFacts:
    """Minutes logged of one kind at one rate; `hourly` None where no rate was in force that day."""

    kind: EffortKind
    minutes: int
    hourly: Decimal | None = None


def acquisition_cost(spent: Decimal, customers: int) -> Figure:
    """Return what each new customer cost to win: selling, marketing and onboarding over customers won (B16)."""
    return Figure(
        value=rounded(spent / customers, "money") if customers else None,
        unit="money",
        n=customers,
        numerator=rounded(spent, "money"),
        denominator=Decimal(customers),
        reason=None if customers else Reason.ZERO_DENOMINATOR,
    )


@dataclass(frozen=True, slots=True)
class CustomersFacts:
    """What was spent in a period, and whom it won: hours of selling, leads, customers and the deals they came by."""

    efforts: Sequence[EffortFacts] = ()
    leads: int = 0
    customers: int = 0
    ids: tuple[int, ...] = ()


def cost_of_customers(found: CustomersFacts, *, lead: Decimal | None, onboarding: Decimal | None) -> Figure:
    """Return what each new customer of a period cost: hours at their rates, leads, onboarding (B16, EE-057).

    Unit: report currency. Hours without a rate, and costs nobody assumed, make it incomplete; where no hours were logged
    nothing is known of selling. `detail` has the three parts.
    """
    selling = pursuit_cost(found.efforts)
    marketing = ZERO if not found.leads else None if lead is None else lead * found.leads
    welcome = ZERO if not found.customers else None if onboarding is None else onboarding * found.customers
    detail: dict[str, Decimal | int | None] = {
        "selling": selling.value, "marketing": marketing, "onboarding": welcome, "hours": selling.detail["hours"],
        "leads": found.leads, "customers": found.customers,
    }  # fmt: skip
    ids = list(found.ids)
    if not found.efforts:
        return Figure(None, "money", found.customers, reason=Reason.NO_DATA, detail=detail, ids=ids)
    if selling.value is None or marketing is None or welcome is None:
        return Figure(None, "money", found.customers, reason=Reason.INCOMPLETE, detail=detail, ids=ids)
    return replace(acquisition_cost(selling.value + marketing + welcome, found.customers), detail=detail, ids=ids)


def pursuit_cost(efforts: Sequence[EffortFacts], lead_cost: Decimal | None = None) -> Figure:
    """Return what pursuing a deal has cost: hours logged times their rates, and the cost of its lead (B16, EE-037).

    Unit: report currency. Hours of a kind without a rate make it incomplete. `detail` has the hours of each kind.
    """
    hours = {str(kind): ZERO for kind in EffortKind}
    for effort in efforts:
        hours[str(effort.kind)] += Decimal(effort.minutes) / HOUR
    unrated = sum((Decimal(effort.minutes) / HOUR for effort in efforts if effort.hourly is None), ZERO)
    known = sum(
        (Decimal(effort.minutes) / HOUR * effort.hourly for effort in efforts if effort.hourly is not None), ZERO
    )
    value = None if unrated else rounded(known + (lead_cost or ZERO), "money")
    total = sum(hours.values(), ZERO)
    return Figure(
        value=value,
        unit="money",
        n=len(efforts),
        numerator=value,
        denominator=rounded(total, "hours"),
        reason=Reason.INCOMPLETE if unrated else None,
        detail={
            "hours": rounded(total, "hours"),
            "hours_without_rate": rounded(unrated, "hours"),
            "known": rounded(known, "money"),
            "lead": None if lead_cost is None else rounded(lead_cost, "money"),
            **{kind: rounded(spent, "hours") for kind, spent in hours.items() if spent},
        },
    )


def payback(
    cost: Decimal | None, found: Income | None, *, churn: Decimal | None = None, limit: int | None = None
) -> Figure:
    """Return the months until the gross profit of a customer has earned back what winning them cost (B16).

    What is earned once counts at the start, so a one-off sale that covers the cost needs 0 months; what is billed again
    is taken to go on after its term. `detail.with_churn` is the first whole month in which it is earned back where so
    many customers leave each month; `detail.over_limit` says whether either is more than the limit.
    """
    if cost is None or found is None:
        return Figure(None, "months", 0, reason=Reason.INCOMPLETE, detail=_limit(None, None, limit, judged=False))
    owed = cost - found.once
    plain = _plain_months(owed, found.monthly)
    surviving = None if churn is None else _months_with_churn(owed, found.monthly, churn)
    never = plain is None or (churn is not None and surviving is None)
    return Figure(
        value=plain,
        unit="months",
        n=1,
        numerator=rounded(owed, "money"),
        denominator=rounded(found.monthly, "money"),
        reason=Reason.NEVER if plain is None else None,
        detail=_limit(plain, surviving, limit, judged=True, never=never),
    )


def lifetime_value(found: Income | None, *, churn: Decimal | None, horizon: int | None = HORIZON) -> Figure:
    """Return the gross profit of a customer over a horizon in months, those who leave taken off (B16).

    Without a horizon it is that of all time. What is earned once counts whole. `detail.uncapped` is the value without
    horizon, `detail.months` the horizon.
    """
    if found is None:
        return Figure(None, "money", 0, reason=Reason.INCOMPLETE)
    if found.monthly and churn is None:
        return Figure(None, "money", 0, reason=Reason.NO_DATA)
    months = _expected_months(churn, horizon) if found.monthly else ZERO
    forever = _expected_months(churn, None) if found.monthly else ZERO
    value = None if months is None else rounded(found.once + found.monthly * months, "money")
    return Figure(
        value=value,
        unit="money",
        n=1,
        numerator=value,
        reason=Reason.NEVER if value is None else None,
        detail={
            "uncapped": None if forever is None else rounded(found.once + found.monthly * forever, "money"),
            "months": horizon,
            "churn": churn,
        },
    )


def worth_ratio(worth: Decimal | None, cost: Decimal | None) -> Figure:
    """Return how many times over a customer's worth pays what winning them cost (B16)."""
    if worth is None or cost is None:
        return Figure(None, "times", 0, worth, cost, Reason.INCOMPLETE)
    value = rounded(worth / cost, "times") if cost else None
    return Figure(value, "times", 1, worth, cost, None if cost else Reason.ZERO_DENOMINATOR)


def _plain_months(owed: Decimal, monthly: Decimal) -> Decimal | None:
    if owed <= 0:
        return rounded(ZERO, "months")
    return rounded(owed / monthly, "months") if monthly > 0 else None


def _months_with_churn(owed: Decimal, monthly: Decimal, churn: Decimal) -> int | None:
    """Return the first month m with the profit of months 1 to m at least what is owed; survival is (1-c)^(m-1)."""
    if owed <= 0:
        return 0
    if monthly <= 0 or (churn and monthly / churn <= owed):
        return None
    if not churn:
        return int((owed / monthly).to_integral_value("ROUND_CEILING"))
    earned, surviving, month = ZERO, ONE, 0
    while earned < owed and month < LONGEST:
        earned, surviving, month = earned + monthly * surviving, surviving * (ONE - churn), month + 1
    return month if earned >= owed else None


LONGEST = 1200  # months; a hundred years is never


def _limit(
    plain: Decimal | None, surviving: int | None, limit: int | None, *, judged: bool, never: bool = False
) -> dict[str, object]:
    over = judged and limit is not None and (never or max(plain or ZERO, Decimal(surviving or 0)) > limit)
    return {"with_churn": surviving, "limit": limit, "over_limit": over}


def _expected_months(churn: Decimal | None, horizon: int | None) -> Decimal | None:
    """Return how many months a customer stays on average, within the horizon: (1 - (1-c)^H) / c."""
    if churn is None:
        return None
    if not churn:
        return None if horizon is None else Decimal(horizon)
    return ONE / churn if horizon is None else (ONE - (ONE - churn) ** horizon) / churn
