"""How many leads met each rule of a try, and how many of those became qualified (S-7, math.md B22)."""

from dataclasses import dataclass

from scoring.figures.counts import Counts, as_cell


@dataclass(frozen=True, slots=True)
class Hits:
    """The leads that met a rule and whose time is over; `qualified` of them became so."""

    leads: int
    qualified: int

    @property
    def rate(self) -> float | None:
        """Return the share that became qualified, None where nobody met the rule."""
        return self.qualified / self.leads if self.leads else None


def get_hits(result: Counts) -> dict[str, Hits]:
    """Return by rule who met it."""
    return {code: Hits(*as_cell(counts)) for code, counts in result.get("rules", {}).items()}
