"""What a score has meant, in one sentence, where enough leads of the past say so (S-8)."""

from django.utils.translation import ngettext

from crm.lib.formats import number, percent
from scoring.facts import Score
from scoring.figures.calibration import Band
from scoring.figures.evidence import get_band_of
from scoring.queries.rules import Rulebook
from scoring.queries.simulations import get_past_scores


def get_meaning(score: Score, book: Rulebook) -> str:
    """Return what became of leads with such a score under the same rules; nothing where too few say so."""
    scheme, scores = get_past_scores(book.model.number)
    band = get_band_of(scores, score.score, scheme=scheme)
    if band is None or band.low_end is None or band.high_end is None:
        return ""
    words = {
        "leads": number(band.leads),
        "band": band_words(band),
        "qualified": number(band.qualified),
        "low": percent(band.low_end),
        "high": percent(band.high_end),
    }
    return (
        ngettext(
            "Of %(leads)s leads with %(band)s points, %(qualified)s became qualified within 90 days (%(low)s to %(high)s).",
            "Of %(leads)s leads with %(band)s points, %(qualified)s became qualified within 90 days (%(low)s to %(high)s).",
            band.qualified,
        )
        % words
    )


def band_words(band: Band) -> str:
    """Return what a band is called: 25–49, 75+."""
    return f"{band.low}+" if band.high is None else f"{band.low}–{band.high - 1}"
