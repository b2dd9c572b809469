"""Everything a deal's economics come to, of what is known and assumed of it (P-13, B15, B16, B30). Report currency."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from crm.lib.envelope import FEW, Figure, Reason
from pipeline.figures.acquisition import (
    HORIZON,
    EffortFacts,
    lifetime_value,
    payback,
    pursuit_cost,
    worth_ratio,
)
from pipeline.figures.arithmetic import ZERO, ratio, rounded
from pipeline.figures.expected_value import expected_value
from pipeline.figures.margin import YEAR, CostFacts, Income, LineFacts, gross_margin, income


@dataclass(frozen=True, slots=True)
class Assumed:
    """What the organisation assumes of every deal; None where it says nothing, which is never taken for 0."""

    margin_floor: Decimal | None = None
    churn: Decimal | None = None
    horizon: int = HORIZON
    payback_limit: int | None = None
    onboarding: Decimal | None = None
    lead: Decimal | None = None
    pursuit: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Observed:
    """How many deals of a kind that came as far have closed since, and how many were won."""

    closed: int = 0
    won: int = 0

    @property
    def chance(self) -> Decimal | None:
        """Return the observed chance to win, None where too few closed to tell."""
        return ratio(self.won, self.closed) if self.closed >= FEW else None


@dataclass(frozen=True, slots=True)
class EconomicFacts:
    """What is known of one deal. `strategic` is what somebody agreed it is worth beside its money, `growth` a year."""

    lines: Sequence[LineFacts] = ()
    costs: Sequence[CostFacts] = ()
    efforts: Sequence[EffortFacts] = ()
    observed: Observed = Observed()
    is_new_customer: bool = True
    has_lead: bool = False
    strategic: Decimal = ZERO
    growth: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Economics:
    """The figures of one deal; `acquisition` is what winning this customer costs, onboarding included."""

    margin: Figure
    pursuit: Figure
    acquisition: Figure
    payback: Figure
    lifetime: Figure
    with_growth: Figure
    ratio: Figure
    expected: Figure

    @property
    def is_checked(self) -> bool:
        """Whether the margin is complete: all prices and costs are known (EE-053)."""
        return self.margin.value is not None


def judge(facts: EconomicFacts, assumed: Assumed) -> Economics:
    """Return what a deal's economics come to."""
    margin = gross_margin(facts.lines, facts.costs)
    earned = income(facts.lines, facts.costs)
    pursuit = pursuit_cost(facts.efforts, assumed.lead if facts.has_lead else None)
    acquisition = _acquisition(facts, assumed, pursuit)
    lifetime = lifetime_value(earned, churn=assumed.churn, horizon=assumed.horizon)
    return Economics(
        margin=margin,
        pursuit=pursuit,
        acquisition=acquisition,
        payback=payback(acquisition.value, earned, churn=assumed.churn, limit=assumed.payback_limit),
        lifetime=lifetime,
        with_growth=lifetime_value(_grown(earned, facts, margin), churn=assumed.churn, horizon=assumed.horizon),
        ratio=worth_ratio(lifetime.value, acquisition.value),
        expected=expected_value(
            facts.observed.chance,
            margin.value,
            remaining_cost(pursuit.value, assumed.pursuit),
            strategic=facts.strategic,
        ),
    )


def remaining_cost(spent: Decimal | None, usual: Decimal | None) -> Decimal | None:
    """Return what pursuing a deal still costs: what it usually costs to its end, less what was spent (B30)."""
    return None if spent is None or usual is None else rounded(max(ZERO, usual - spent), "money")


def _acquisition(facts: EconomicFacts, assumed: Assumed, pursuit: Figure) -> Figure:
    """Return the cost of pursuit and, for a new customer, of onboarding; what is not assumed makes it incomplete."""
    onboarding = assumed.onboarding if facts.is_new_customer else ZERO
    lead_is_missing = facts.has_lead and assumed.lead is None
    if pursuit.value is None or onboarding is None or lead_is_missing:
        return Figure(None, "money", pursuit.n, reason=Reason.INCOMPLETE, detail={"onboarding": onboarding})
    value = rounded(pursuit.value + onboarding, "money")
    return Figure(value, "money", pursuit.n, pursuit.value, detail={"onboarding": rounded(onboarding, "money")})


def _grown(earned: Income | None, facts: EconomicFacts, margin: Figure) -> Income | None:
    """Return the gross profit with what the customer may buy more of, at the margin of the deal."""
    share = margin.parts["share"].value
    if earned is None or share is None:
        return None
    more = facts.growth / YEAR
    return Income(earned.once, earned.monthly + more * share, earned.billed_monthly + more)
