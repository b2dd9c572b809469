"""Measuring, and saying what was measured."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from time import perf_counter

# What is measured beside its floor takes turns with it; each turn warms up anew, for a page leaves caches as it needs them.
TURNS, WARM_UPS, TIMES = 4, 20, 50
# What takes longer than so many milliseconds is done so few times a turn: a slow page would take half an hour.
SLOW, SLOW_TIMES = 500, 3
Do = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Sample:
    """Milliseconds of one thing done many times, and of its floor, done in turns with it.

    `statements` are those of one time, `goal` the ratio to the floor we want.
    """

    name: str
    milliseconds: tuple[float, ...]
    floor: tuple[float, ...]
    statements: int | None = None
    kilobytes: float | None = None
    goal: int | None = None

    @property
    def median(self) -> float:
        """Return the middle time."""
        return statistics.median(self.milliseconds)

    @property
    def p95(self) -> float:
        """Return the time 19 of 20 stay below."""
        return sorted(self.milliseconds)[int(len(self.milliseconds) * 0.95) - 1]

    @property
    def floor_median(self) -> float:
        """Return the middle time of the floor."""
        return statistics.median(self.floor)

    @property
    def ratio(self) -> float:
        """Return how many times its floor it takes."""
        return self.median / self.floor_median


def measure(do: Do, *, turn: int = 0) -> list[float]:
    """Do a turn of something, given how often it was done before; return the milliseconds of each after the warm-ups."""
    first = turn * (WARM_UPS + TIMES)
    cold, warm = (_milliseconds(do, first + number) for number in range(2))
    warm_ups, times = (2, SLOW_TIMES) if min(cold, warm) > SLOW else (WARM_UPS, TIMES)
    return [_milliseconds(do, first + number) for number in range(2, warm_ups + times)][warm_ups - 2 :]


def measure_beside(floor: Do, do: Do) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Do the floor and a thing in turns; return the milliseconds of both. A machine that slows down slows both."""
    turns = [(measure(floor, turn=turn), measure(do, turn=turn)) for turn in range(TURNS)]
    return tuple(chain(*(each[0] for each in turns))), tuple(chain(*(each[1] for each in turns)))


def _milliseconds(do: Do, number: int) -> float:
    started = perf_counter()
    do(number)
    return (perf_counter() - started) * 1000


def pages_table(samples: Sequence[Sample]) -> list[str]:
    """Return the lines of a table: medians, 95th percentiles, floors, ratios to them, statements, size."""
    lines = [f"{'':14}{'median':>10}{'p95':>10}{'floor':>10}{'ratio':>8}{'goal':>7}{'SQL':>6}{'kB':>7}"]
    for sample in samples:
        goal = f"<={sample.goal}" if sample.goal else ""
        statements = "" if sample.statements is None else str(sample.statements)
        size = "" if sample.kilobytes is None else f"{sample.kilobytes:.1f}"
        over = " over" if sample.goal and sample.ratio > sample.goal else ""
        times = f"{sample.median:>7.2f} ms{sample.p95:>7.2f} ms{sample.floor_median:>7.2f} ms{sample.ratio:>7.1f}x"
        lines.append(f"{sample.name:14}{times}{goal:>7}{statements:>6}{size:>7}{over}")
    floors = [sample.floor_median for sample in samples]
    return [*lines, f"floor: {min(floors):.2f} to {max(floors):.2f} ms, measured in turns with each page"]


def rate(count: int, seconds: float) -> str:
    """Return how many a second, for a line of output."""
    return f"{count:,} in {seconds:.2f} s, {count / max(seconds, 1e-9):,.0f}/s"
