"""Drawing the side of each lead that comes while a challenge runs, before it is scored for the first time (S-12, B29)."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from django.db import connection

from scoring.queries.books import Books, get_books

# The challenge is locked until the leads are scored, so that it does not end in between. Drawn by seed and id alone, a
# lead gets the same side whoever asks, and however often.
ASSIGN = """
WITH running AS MATERIALIZED (
    SELECT id, challenger_id, seed, percent, started_at FROM scoring_challenge WHERE ended_at IS NULL FOR SHARE
), drawn AS (
    INSERT INTO scoring_challengelead (lead_id, challenge_id, is_challenger, assigned_at)
    SELECT lead.id, running.id,
           ('x' || left(md5(running.seed || ':' || lead.id), 8))::bit(32)::bigint %% 100 < running.percent, %(at)s
    FROM running CROSS JOIN scoring_lead lead
    WHERE lead.id = ANY(%(leads)s) AND lead.created_at >= running.started_at AND lead.merged_into_id IS NULL
      AND NOT EXISTS (SELECT 1 FROM scoring_leadscore stored WHERE stored.lead_id = lead.id)
    ON CONFLICT DO NOTHING
    RETURNING lead_id, is_challenger
)
SELECT running.challenger_id, ARRAY(
    SELECT lead_id FROM drawn WHERE is_challenger
    UNION ALL
    SELECT lead_id FROM scoring_challengelead known
    WHERE known.challenge_id = running.id AND known.is_challenger AND known.lead_id = ANY(%(leads)s)
) FROM running
"""


def choose_books(*, lead_ids: Collection[int], at: datetime) -> Books:
    """Return by which rules some locked leads are to be scored; those nobody scored yet are given a side first."""
    books = get_books(())
    while books.challenger is not None:
        with connection.cursor() as cursor:
            cursor.execute(ASSIGN, {"leads": list(lead_ids), "at": at})
            row = cursor.fetchone()
        if row is not None and row[0] == books.challenger.model.id:
            return replace(books, challenged=frozenset(row[1]))
        books = get_books(())  # it ended while we waited for it
    return books
