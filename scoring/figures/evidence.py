"""What scores and rules were worth, told from the counts of a try (S-8, B22)."""

from dataclasses import dataclass

from scoring.figures.calibration import (
    FEWEST_QUALIFIED,
    Band,
    Logistic,
    Suggestion,
    fit_isotonic,
    fit_logistic,
    get_bands,
    suggest_points,
    totals,
)
from scoring.figures.counts import Counts, as_cell, as_tally

FEWEST_DRAWN = 10  # leads under a threshold, to say anything of them
FEWEST_ALIKE = 20  # leads of a band, to say of one lead what its score has meant
DOUBLE_ODDS = 10.0


@dataclass(frozen=True, slots=True)
class RuleEvidence:
    """What became of the leads that met a rule, and what it should give by that."""

    code: str
    leads: int
    qualified: int
    others: int
    others_qualified: int
    suggestion: Suggestion | None


@dataclass(frozen=True, slots=True)
class Calibration:
    """What scores of the rules that were tried were worth. Curves are missing where there is too little for them.

    `drawn` are the bands of leads that were drawn by lot and called, whatever their score; no other number counts them.
    """

    leads: int
    qualified: int
    bands: list[Band]
    logistic: Logistic | None
    isotonic: list[tuple[int, float]]
    rules: list[RuleEvidence]
    drawn: list[Band]

    @property
    def is_little(self) -> bool:
        """Return whether there is too little to suggest points at all."""
        return self.qualified < FEWEST_QUALIFIED

    @property
    def drawn_leads(self) -> int:
        """Return how many leads that were drawn by lot have had their time."""
        return sum(band.leads for band in self.drawn)

    @property
    def has_few_drawn(self) -> bool:
        """Return whether too few were drawn to hold low scores against."""
        return self.drawn_leads < FEWEST_DRAWN


def get_calibration(
    result: Counts, *, codes: list[str], double_odds: float = DOUBLE_ODDS, outcome: str = "qualified"
) -> Calibration:
    """Return what the scores of the rules tried were worth, and what each rule should give, by all whose time is over.

    What was drawn by lot stands apart: called without regard to its score, it would tell the others wrong (FI-006).
    """
    tally = _all(result.get("scores", {}), "draft", outcome)
    leads, qualified = totals(tally)
    isotonic = fit_isotonic(tally)
    return Calibration(
        leads=leads,
        qualified=qualified,
        bands=get_bands(tally),
        logistic=fit_logistic(tally),
        isotonic=[(score, isotonic(score)) for score in sorted(tally)] if isotonic else [],
        rules=[
            _evidence(code, as_cell(result.get("rules", {}).get(code, {}), outcome), leads, qualified, double_odds)
            for code in codes
        ],
        drawn=get_bands(as_tally(result.get("drawn", {}), outcome)),
    )


def get_band_of(scores: Counts, score: float, *, scheme: str) -> Band | None:
    """Return the band of a score with what became of the leads in it; None where there is too little to say.

    `scores` are those of a try, `scheme` whose scores are meant.
    """
    tally = _all(scores, scheme, "qualified")
    if totals(tally)[1] < FEWEST_QUALIFIED:
        return None
    band = next(band for band in reversed(get_bands(tally)) if band.low <= score or not band.low)
    return band if band.leads >= FEWEST_ALIKE else None


def _all(scores: Counts, scheme: str, outcome: str) -> dict[int, tuple[int, int]]:
    tally: dict[int, tuple[int, int]] = {}
    for period in ("earlier", "later"):
        for score, (n, k) in as_tally(scores.get(period, {}).get(scheme, {}), outcome).items():
            had = tally.get(score, (0, 0))
            tally[score] = (had[0] + n, had[1] + k)
    return tally


def _evidence(code: str, met: tuple[int, int], leads: int, qualified: int, double_odds: float) -> RuleEvidence:
    n, k = met
    found = suggest_points((n, k), (leads - n, qualified - k), double_odds=double_odds)
    return RuleEvidence(code, n, k, leads - n, qualified - k, found)
