"""Whether sales gets in touch by when it promised (B20)."""

from dataclasses import dataclass
from decimal import Decimal

from crm.lib.envelope import Figure, Reason
from pipeline.figures.arithmetic import median, ratio, rounded, wilson

DEFINITION_VERSION = 2  # whoever had a lead before it was given on has a clock of their own
HOUR = 3600


@dataclass(frozen=True, slots=True)
class TouchFacts:
    """Leads handed to somebody in the period, by whether a person got in touch until they were due.

    `invalid` went back before they were due, untouched, because there is nobody to answer, `sent_back` for another
    reason; `given_on` were given to somebody else by then, whose clock is another one. `since_assigned` and
    `since_engaged` are the seconds to the first touch from the handover, which sales answers for, and from what the
    lead did, which the system answers for too.
    """

    met: tuple[int, ...] = ()
    late: tuple[int, ...] = ()
    untouched: tuple[int, ...] = ()
    pending: tuple[int, ...] = ()
    invalid: tuple[int, ...] = ()
    sent_back: tuple[int, ...] = ()
    given_on: tuple[int, ...] = ()
    since_assigned: tuple[int, ...] = ()
    since_engaged: tuple[int, ...] = ()


def sla(touched: TouchFacts) -> Figure:
    """Return the share touched in time: met / (met + late + untouched and due by now) (B20).

    Unit: ratio, with the Wilson interval. The two clocks stand apart, as medians in hours by the calendar:
    `detail.speed_to_lead` from the engagement, `detail.answer_time` from the assignment.
    """
    met, breached = len(touched.met), len(touched.late) + len(touched.untouched)
    decided = met + breached
    excluded = {
        "invalid": list(touched.invalid),
        "sent_back": list(touched.sent_back),
        "given_on": list(touched.given_on),
    }
    return Figure(
        value=ratio(met, decided),
        unit="ratio",
        n=decided,
        numerator=Decimal(met),
        denominator=Decimal(decided),
        reason=None if decided else Reason.ZERO_DENOMINATOR if touched.pending else Reason.NO_DATA,
        interval=wilson(met, decided),
        excluded={why: ids for why, ids in excluded.items() if ids},
        detail={
            "met": met,
            "late": len(touched.late),
            "untouched": len(touched.untouched),
            "pending": len(touched.pending),
            "speed_to_lead": _hours(touched.since_engaged),
            "answer_time": _hours(touched.since_assigned),
        },
        ids=sorted({*touched.met, *touched.late, *touched.untouched}),
        cells={
            "late": list(touched.late),
            "untouched": list(touched.untouched),
            "pending": list(touched.pending),
        },
        rate=True,
    )


def _hours(seconds: tuple[int, ...]) -> Decimal | None:
    return rounded(median(seconds) / HOUR, "hours") if seconds else None
