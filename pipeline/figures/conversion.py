"""Funnel conversion per setpoint, by cohort (B1)."""

from dataclasses import dataclass
from decimal import Decimal

from crm.lib.envelope import Figure, Reason
from pipeline.figures.arithmetic import ratio, wilson

DEFINITION_VERSION = 1
IMMATURE_OPEN_SHARE = Decimal("0.30")


@dataclass(frozen=True, slots=True)
class StepFacts:
    """Deals that entered setpoint k in the window, by their fate as of now; skipped setpoints count as entered.

    `progressed` reached a higher rank or won, `lost` closed otherwise with k as their highest, `open` are still
    being worked with k as their highest. `imputed` were entered by being skipped. `archived` left the cohort.
    The amounts are those at entry to k, in the report currency.
    """

    progressed: tuple[int, ...] = ()
    lost: tuple[int, ...] = ()
    open: tuple[int, ...] = ()
    imputed: int = 0
    regressed: int = 0
    archived: tuple[int, ...] = ()
    backfilled: tuple[int, ...] = ()
    progressed_amount: Decimal = Decimal(0)
    lost_amount: Decimal = Decimal(0)

    @property
    def entered(self) -> int:
        """Return the size of the cohort."""
        return len(self.progressed) + len(self.lost) + len(self.open)


def conversion(step: StepFacts) -> Figure:
    """Return the resolved conversion of a setpoint: progressed / (progressed + lost there) (B1).

    Unit: ratio, with the Wilson interval. `detail.observed` and `detail.upper` are the bounds if every open deal
    were to stay or to progress; `detail.immature` warns that more than 30% are still open. In B1 every outcome but
    won is lost (D-19).
    """
    progressed, resolved, entered = len(step.progressed), len(step.progressed) + len(step.lost), step.entered
    reason = None if resolved else Reason.ZERO_DENOMINATOR if entered else Reason.NO_DATA
    excluded = {"archived": list(step.archived), "backfilled": list(step.backfilled)}
    return Figure(
        value=ratio(progressed, resolved),
        unit="ratio",
        n=resolved,
        numerator=Decimal(progressed),
        denominator=Decimal(resolved),
        reason=reason,
        interval=wilson(progressed, resolved),
        excluded={why: ids for why, ids in excluded.items() if ids},
        detail={
            "entered": entered,
            "progressed": progressed,
            "lost": len(step.lost),
            "open": len(step.open),
            "observed": ratio(progressed, entered),
            "upper": ratio(progressed + len(step.open), entered),
            "by_value": ratio(step.progressed_amount, step.progressed_amount + step.lost_amount),
            "imputed": step.imputed,
            "regressions": step.regressed,
            "immature": bool(entered) and Decimal(len(step.open)) / entered > IMMATURE_OPEN_SHARE,
        },
        ids=[*step.progressed, *step.lost, *step.open],
        cells={"entered": [*step.progressed, *step.lost, *step.open]},
        rate=True,
    )


def stock_ratio(here: int, next_one: int) -> Decimal | None:
    """Return count(k+1) / count(k). It is not a conversion and is never labelled as one (B1)."""
    return ratio(next_one, here)
