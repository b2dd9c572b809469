"""How many of the leads handed over become qualified (B19)."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from crm.lib.envelope import Figure, Reason
from pipeline.figures.arithmetic import ratio, wilson

DEFINITION_VERSION = 1
HORIZON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class CohortFacts:
    """Leads by their first armed crossing of a cycle in the period, and how far each came within the horizon.

    `qualified` are among `accepted`. `undecided` are neither qualified nor sent back, and their horizon is not over.
    A recycled lead that crosses again stands here twice.
    """

    entered: tuple[int, ...] = ()
    accepted: tuple[int, ...] = ()
    qualified: tuple[int, ...] = ()
    rejected: tuple[int, ...] = ()
    undecided: tuple[int, ...] = ()


def mql_to_sql(cohort: CohortFacts) -> Figure:
    """Return the resolved share that was qualified: qualified / (entered - undecided) (B19).

    Unit: ratio, with the Wilson interval. `detail.observed` is qualified / entered, `detail.upper` what it becomes if
    all who are undecided are qualified, `detail.acceptance` accepted / entered, `detail.accepted_to_qualified`
    qualified / accepted.
    """
    entered, accepted, qualified = len(cohort.entered), len(cohort.accepted), len(cohort.qualified)
    undecided = len(cohort.undecided)
    resolved = entered - undecided
    return Figure(
        value=ratio(qualified, resolved),
        unit="ratio",
        n=resolved,
        numerator=Decimal(qualified),
        denominator=Decimal(resolved),
        reason=None if resolved else Reason.ZERO_DENOMINATOR if entered else Reason.NO_DATA,
        interval=wilson(qualified, resolved),
        detail={
            "entered": entered,
            "accepted": accepted,
            "qualified": qualified,
            "rejected": len(cohort.rejected),
            "undecided": undecided,
            "observed": ratio(qualified, entered),
            "upper": ratio(qualified + undecided, entered),
            "acceptance": ratio(accepted, entered),
            "accepted_to_qualified": ratio(qualified, accepted),
        },
        ids=list(dict.fromkeys(cohort.entered)),
        cells={
            "accepted": list(dict.fromkeys(cohort.accepted)),
            "qualified": list(dict.fromkeys(cohort.qualified)),
            "rejected": list(dict.fromkeys(cohort.rejected)),
            "undecided": list(dict.fromkeys(cohort.undecided)),
        },
        rate=True,
    )
