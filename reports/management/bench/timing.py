"""Measuring, and saying what was measured."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

WARM_UPS = 20
TIMES = 200


@dataclass(frozen=True, slots=True)
class Sample:
    """Milliseconds of one thing done many times; `statements` are those of one time, `goal` the ratio we want."""

    name: str
    milliseconds: tuple[float, ...]
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


def measure(do: Callable[[int], object], *, times: int = TIMES, warm_ups: int = WARM_UPS) -> tuple[float, ...]:
    """Do something again and again, given how often it was done; return the milliseconds of each after the warm-ups."""
    taken = []
    for number in range(warm_ups + times):
        started = perf_counter()
        do(number)
        taken.append((perf_counter() - started) * 1000)
    return tuple(taken[warm_ups:])


def pages_table(floor: Sample, samples: Sequence[Sample]) -> list[str]:
    """Return the lines of a table: medians, 95th percentiles, ratios to the floor, statements, size."""
    lines = [f"{'':14}{'median':>10}{'p95':>10}{'ratio':>8}{'goal':>7}{'SQL':>6}{'kB':>7}"]
    for sample in (floor, *samples):
        ratio = f"{sample.median / floor.median:.1f}x"
        goal = f"<={sample.goal}" if sample.goal else ""
        statements = "" if sample.statements is None else str(sample.statements)
        size = "" if sample.kilobytes is None else f"{sample.kilobytes:.0f}"
        over = " over" if sample.goal and sample.median > sample.goal * floor.median else ""
        lines.append(
            f"{sample.name:14}{sample.median:>7.2f} ms{sample.p95:>7.2f} ms{ratio:>8}{goal:>7}{statements:>6}{size:>7}{over}"
        )
    return lines


def rate(count: int, seconds: float) -> str:
    """Return how many a second, for a line of output."""
    return f"{count:,} in {seconds:.2f} s, {count / max(seconds, 1e-9):,.0f}/s"
