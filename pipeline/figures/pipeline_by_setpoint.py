"""The pipeline per setpoint and how it moved (D-50, flows by B1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from crm.lib.envelope import Figure
from pipeline.figures.arithmetic import ratio, rounded
from pipeline.figures.buckets import Bucket

DEFINITION_VERSION = 2


@dataclass(frozen=True, slots=True)
class SetpointFacts:
    """What stands at one setpoint at `as_of`, and the exits and entries of the period; `moved` names the deals of each.

    `evidenced` are those of the standing ones whose facts carry them there (P-4).
    A deal that moved twice counts twice and is named once.
    """

    probability: Decimal
    standing: Bucket
    evidenced: tuple[int, ...] = ()
    entered: int = 0
    left_forward: int = 0
    left_back: int = 0
    won: int = 0
    lost: int = 0
    moved: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


def pipeline_by_setpoint(facts: SetpointFacts) -> Figure:
    """Return how many open deals stand at a setpoint, with amount, weighted amount and the period's moves (D-50).

    Unit: deals. `detail.flow` is B1's in-period flow: of the deals that left, the share that went on. A voided
    move is no move (D-22); a setpoint that was skipped was neither entered nor left.
    """
    progressed = facts.left_forward + facts.won
    return Figure(
        value=Decimal(facts.standing.count),
        unit="deals",
        n=facts.standing.count,
        numerator=Decimal(facts.standing.count),
        denominator=Decimal(1),
        excluded=facts.standing.excluded(),
        detail={
            "amount": rounded(facts.standing.amount, "money"),
            "evidenced": len(facts.evidenced),
            "weighted": rounded(facts.standing.amount * facts.probability, "money"),
            "entered": facts.entered,
            "left_forward": facts.left_forward,
            "left_back": facts.left_back,
            "won": facts.won,
            "lost": facts.lost,
            "flow": ratio(progressed, progressed + facts.lost),
        },
        ids=list(facts.standing.ids),
        cells={"evidenced": list(facts.evidenced), **{what: list(ids) for what, ids in facts.moved.items()}},
    )
