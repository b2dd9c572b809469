"""Scores beside what they were a week before: which leads warm up, and which cool down."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from scoring.facts import Score
from scoring.policies.score import replay
from scoring.queries.books import Books, get_books
from scoring.queries.moments import get_moments

TREND = timedelta(days=7)


def get_scores_and_trends(
    lead_ids: Sequence[int], *, as_of: datetime
) -> tuple[dict[int, Score], dict[int, float], Books]:
    """Return the scores of a page's worth of leads, by how much each rose or fell within a week, and their rules.

    Both are replayed by the rules of now: a trend tells of the lead, not of what was published.
    """
    books = get_books(lead_ids, as_of=as_of)
    scores, trends = {}, {}
    for book, of_book in books.split(lead_ids):
        for lead_id, known in get_moments(of_book, model=book.model).items():
            scores[lead_id] = replay(known, model=book.model, zones=book.zones, as_of=as_of)
            before = replay(known, model=book.model, zones=book.zones, as_of=as_of - TREND, explain=False)
            trends[lead_id] = scores[lead_id].score - before.score
    return scores, trends, books
