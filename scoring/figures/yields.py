"""What became of the leads that crossed the threshold, up to the revenue; by where they came from, and by rule (B19)."""

from dataclasses import dataclass
from decimal import Decimal

from crm.lib.envelope import Figure, Reason
from pipeline.figures.arithmetic import ratio, rounded, wilson

DEFINITION_VERSION = 1


@dataclass(frozen=True, slots=True)
class YieldFacts:
    """Leads by their first crossing in the period, and how far each has come by now, without a horizon.

    Each later tuple is among the former, but that a lead may become a deal without having been accepted on the way.
    `revenue` is what the won deals brought, in the report currency.
    """

    entered: tuple[int, ...] = ()
    accepted: tuple[int, ...] = ()
    qualified: tuple[int, ...] = ()
    deals: tuple[int, ...] = ()
    won: tuple[int, ...] = ()
    revenue: Decimal = Decimal(0)


def lead_yield(facts: YieldFacts) -> Figure:
    """Return the share of the leads that crossed whose deal was won by now; how far the others came stands beside (B19).

    Unit: ratio, with the Wilson interval. `parts` are the shares accepted and qualified.
    """
    return _share(facts, facts.won, {"accepted": facts.accepted, "qualified": facts.qualified})


def rule_precision(facts: YieldFacts) -> Figure:
    """Return how many of the leads a rule had given points to when they crossed became qualified (S-8, B19).

    Unit: ratio, with the Wilson interval. `parts` are the shares accepted and won.
    """
    return _share(facts, facts.qualified, {"accepted": facts.accepted, "won": facts.won})


def _share(facts: YieldFacts, reached: tuple[int, ...], beside: dict[str, tuple[int, ...]]) -> Figure:
    parts = {name: _part(len(ids), len(facts.entered)) for name, ids in beside.items()}
    cells = {name: list(dict.fromkeys(getattr(facts, name))) for name in ("accepted", "qualified", "deals", "won")}
    entered, count = len(facts.entered), len(reached)
    return Figure(
        value=ratio(count, entered),
        unit="ratio",
        n=entered,
        numerator=Decimal(count),
        denominator=Decimal(entered),
        reason=None if entered else Reason.NO_DATA,
        interval=wilson(count, entered),
        detail={"entered": entered}
        | {name: len(getattr(facts, name)) for name in cells}
        | {"revenue": rounded(facts.revenue, "money")},
        parts=parts,
        ids=list(dict.fromkeys(facts.entered)),
        cells=cells,
        rate=True,
    )


def _part(count: int, of: int) -> Figure:
    return Figure(
        value=ratio(count, of),
        unit="ratio",
        n=of,
        numerator=Decimal(count),
        denominator=Decimal(of),
        reason=None if of else Reason.NO_DATA,
        interval=wilson(count, of),
        rate=True,
    )


@dataclass(frozen=True, slots=True)
class SentBackFacts:
    """Leads that sales sent back in the period for one reason, among all it answered in the period."""

    ids: tuple[int, ...] = ()
    answered: int = 0


def sent_back(facts: SentBackFacts) -> Figure:
    """Return how many leads were sent back for a reason, and their share of all that were answered (B19).

    Unit: leads.
    """
    count = len(facts.ids)
    return Figure(
        value=Decimal(count),
        unit="leads",
        n=count,
        numerator=Decimal(count),
        denominator=Decimal(1),
        detail={"answered": facts.answered, "share": ratio(count, facts.answered)},
        ids=list(dict.fromkeys(facts.ids)),
    )
