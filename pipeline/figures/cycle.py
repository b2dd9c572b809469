"""The sales cycle by size and type (B3, P-23)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from crm.lib.envelope import Figure, Reason
from pipeline.figures.arithmetic import median, quantile, rounded
from pipeline.figures.survival import CENSORED, Spell, cumulative_incidence, median_time

DEFINITION_VERSION = 1
ENOUGH_WINS = 5
OUTLIER_REACH = Decimal("1.5")
BANDS = ((Decimal(10_000), "under_10k"), (Decimal(30_000), "10k_30k"), (Decimal(100_000), "30k_100k"))
LARGEST_BAND = "over_100k"
NO_BAND = "unknown"
CLOCKS = ("fm_to_won", "created_to_won", "lead_to_won")
WON = "won"


@dataclass(frozen=True, slots=True)
class Course:
    """One deal won: the days each clock showed (None: no start), and its size band at entry to 25% (D-35)."""

    opportunity_id: int
    band: str
    deal_type: str
    days: Mapping[str, int | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Courses:
    """The deals won in a period, and the spells of those created in it, whatever became of them."""

    won: tuple[Course, ...] = ()
    spells: tuple[Spell, ...] = ()

    def only(self, band: str, deal_type: str = "") -> "Courses":
        """Return those of a size band, or of one deal type in it."""

        def fits(one: Course | Spell) -> bool:
            return one.band == band and deal_type in ("", one.deal_type)

        return Courses(tuple(filter(fits, self.won)), tuple(filter(fits, self.spells)))


def cycle(courses: Courses, *, clock: str = CLOCKS[0], fallback: str = "") -> Figure:
    """Return the median days to a win on `clock`, with quartiles, P90, outliers and the censored view (B3).

    Unit: days, the difference of local dates. Deals without a start are listed under `no_start`, a negative
    duration under `negative_duration`. Outliers stay in the median and are listed. `detail.median_to_close` is the
    Kaplan-Meier median with open deals censored; null with `detail.longest_observed` where it was never reached.
    """
    won = courses.won
    timed = {course.opportunity_id: days for course in won if (days := course.days.get(clock)) is not None}
    usable = {pk: days for pk, days in timed.items() if days >= 0}
    excluded = {
        Reason.NO_START.value: [course.opportunity_id for course in won if course.opportunity_id not in timed],
        "negative_duration": [pk for pk, days in timed.items() if days < 0],
    }
    spread = _spread(usable)
    return Figure(
        value=rounded(median(list(usable.values())), "days") if usable else None,
        unit="days",
        n=len(usable),
        reason=None if usable else Reason.NO_START if won else Reason.NO_CLOSED_DEALS,
        excluded={why: ids for why, ids in excluded.items() if ids},
        detail={
            "clock": clock,
            "fallback": fallback or None,
            **spread,
            **_other_clocks(won, clock),
            **_censored(courses.spells),
        },
        ids=list(usable),
        cells={"outliers": spread.get("outliers", [])},
        rate=True,
    )


def cycle_cells(courses: Courses, *, clock: str = CLOCKS[0]) -> dict[tuple[str, str], Figure]:
    """Return the cycle of each size band and deal type; a cell with fewer than 5 wins falls back (B3).

    First to the whole size band, then to all deals; `detail.fallback` says which was used.
    """
    cells = sorted({(course.band, course.deal_type) for course in courses.won})
    return {(band, deal_type): _cell(courses, band, deal_type, clock) for band, deal_type in cells}


def _cell(courses: Courses, band: str, deal_type: str, clock: str) -> Figure:
    own = cycle(courses.only(band, deal_type), clock=clock)
    if own.n >= ENOUGH_WINS:
        return own
    by_size = cycle(courses.only(band), clock=clock, fallback="size")
    return by_size if by_size.n >= ENOUGH_WINS else cycle(courses, clock=clock, fallback="all")


def _spread(days: Mapping[int, int]) -> dict[str, Any]:
    if not days:
        return {}
    values = list(days.values())
    low, high = quantile(values, "0.25"), quantile(values, "0.75")
    limit = high + OUTLIER_REACH * (high - low)
    return {
        "p25": rounded(low, "days"),
        "p75": rounded(high, "days"),
        "p90": rounded(quantile(values, "0.9"), "days"),
        "mean": rounded(Decimal(sum(values)) / len(values), "days"),
        "outliers": [pk for pk, value in days.items() if value > limit],
    }


def _other_clocks(won: Sequence[Course], clock: str) -> dict[str, object]:
    found: dict[str, object] = {}
    for name in CLOCKS:
        values = [days for course in won if (days := course.days.get(name)) is not None and days >= 0]
        if name != clock and values:
            found[name] = rounded(median(values), "days")
    return found


def _censored(spells: Sequence[Spell]) -> dict[str, object]:
    if not spells:
        return {}
    wins = cumulative_incidence(spells, WON)
    return {
        "median_to_close": median_time(spells),
        "longest_observed": max(spell.days for spell in spells),
        "open": sum(spell.count for spell in spells if spell.end == CENSORED),
        "won_share": rounded(wins[-1][1], "ratio") if wins else None,
    }
