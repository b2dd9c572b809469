"""How many leads are to be scored, in parts that workers share among themselves."""

from datetime import datetime

from django.db import connection

PARTS = """
SELECT min(lead_id), max(lead_id) FROM (
    SELECT lead_id, (row_number() OVER (ORDER BY lead_id) - 1) / %(size)s AS part FROM ({leads}) lead
) numbered GROUP BY part ORDER BY part
"""
EVERYBODY = "SELECT id AS lead_id FROM scoring_lead"
DUE = "SELECT lead_id FROM scoring_leadscore WHERE next_change_at <= %(at)s"


def split_leads(*, size: int) -> list[tuple[int, int]]:
    """Return the first and the last id of every part of so many leads."""
    return _split(EVERYBODY, size, None)


def split_due(*, size: int, at: datetime) -> list[tuple[int, int]]:
    """Return the first and the last id of every part of so many leads whose score can have changed by `at`."""
    return _split(DUE, size, at)


def _split(leads: str, size: int, at: datetime | None) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(PARTS.format(leads=leads), {"size": size, "at": at})
        return [(first, last) for first, last in cursor.fetchall()]
