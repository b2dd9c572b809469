"""How many leads are to be scored, in parts that workers share among themselves."""

from datetime import datetime
from typing import Any

from django.db import connection

from scoring.queries.scores import get_retired_models

PARTS = """
SELECT min(lead_id), max(lead_id) FROM (
    SELECT lead_id, (row_number() OVER (ORDER BY lead_id) - 1) / %(size)s AS part FROM ({leads}) lead
) numbered GROUP BY part ORDER BY part
"""
EVERYBODY = "SELECT id AS lead_id FROM scoring_lead"
DUE = "SELECT lead_id FROM scoring_leadscore WHERE next_change_at <= %(at)s OR model_id = ANY(%(retired)s::bigint[])"


def split_leads(*, size: int) -> list[tuple[int, int]]:
    """Return the first and the last id of every part of so many leads."""
    return _split(EVERYBODY, size=size)


def split_due(*, size: int, at: datetime) -> list[tuple[int, int]]:
    """Return the first and the last id of every part of so many leads whose score is due by `at` (`due_scores`)."""
    return _split(DUE, size=size, at=at, retired=get_retired_models())


def _split(leads: str, **given: Any) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(PARTS.format(leads=leads), given)
        return [(first, last) for first, last in cursor.fetchall()]
