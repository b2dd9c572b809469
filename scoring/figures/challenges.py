"""Champion and challenger side by side (math.md B29, S-12)."""

from dataclasses import dataclass
from decimal import Decimal

from crm.lib.envelope import Figure, Reason
from pipeline.figures.arithmetic import newcombe, ratio, rounded, wilson
from scoring.enums import Verdict


@dataclass(frozen=True, slots=True)
class SideFacts:
    """The leads of one side. `decided` are those whose time is over, `reached` those of them that came so far.

    `assigned`, `handed_over`, `accepted` and `qualified` count all of them as of now.
    """

    assigned: int = 0
    handed_over: int = 0
    accepted: int = 0
    qualified: int = 0
    decided: int = 0
    reached: int = 0


def compare(champion: SideFacts, challenger: SideFacts, *, minimum: int) -> Figure:
    """Return by how much the challenger's share differs from the champion's, with Newcombe's interval.

    Unit: ratio, a difference of shares. `detail.verdict` names nobody before both sides have `minimum` decided leads,
    nor while the interval holds 0.
    """
    shares = [(side.reached, side.decided) for side in (champion, challenger)]
    interval = newcombe(*shares)
    decided = min(champion.decided, challenger.decided)
    value = None
    if interval is not None:
        one, other = (Decimal(reached) / Decimal(of) for reached, of in shares)
        value = rounded(other - one, "ratio")
    verdict = Verdict.NOT_DECIDED
    if interval is None or decided < minimum:
        verdict = Verdict.TOO_FEW
    elif interval.low > 0:
        verdict = Verdict.CHALLENGER
    elif interval.high < 0:
        verdict = Verdict.CHAMPION
    return Figure(
        value=value,
        unit="ratio",
        n=champion.decided + challenger.decided,
        reason=Reason.NO_DATA if value is None else None,
        interval=interval,
        detail={"verdict": verdict, "minimum": minimum, "missing": max(0, minimum - decided)},
        parts={"champion": _side(champion), "challenger": _side(challenger)},
        rate=True,
    )


def _side(side: SideFacts) -> Figure:
    return Figure(
        value=ratio(side.reached, side.decided),
        unit="ratio",
        n=side.decided,
        numerator=Decimal(side.reached),
        denominator=Decimal(side.decided),
        reason=None if side.decided else Reason.NO_DATA,
        interval=wilson(side.reached, side.decided),
        detail={name: getattr(side, name) for name in ("assigned", "handed_over", "accepted", "qualified")},
        rate=True,
    )
