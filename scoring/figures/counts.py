"""Reading the counts of a try: how many leads there were of a kind, and what became of them (S-7)."""

from collections.abc import Mapping
from typing import Any

from scoring.figures.calibration import Tally

Counts = Mapping[str, Any]
# What scores are held against, and what in the counts of a try is that; the rest is not.
OUTCOMES = {"qualified": ("k", "w"), "won": ("w",)}


def as_tally(counts: Counts, outcome: str = "qualified") -> Tally:
    """Return counts by score as a tally."""
    return {int(score): as_cell(cell, outcome) for score, cell in counts.items()}


def as_cell(counts: Mapping[str, int], outcome: str = "qualified") -> tuple[int, int]:
    """Return how many leads were counted, and of how many the outcome came."""
    return sum(counts.values()), sum(counts.get(name, 0) for name in OUTCOMES[outcome])
