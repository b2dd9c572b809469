"""Since when rules are in force, whatever clock the person has who puts them there."""

from datetime import datetime, timedelta

from django.db import connection

from scoring.models import ScoringModel

CLOCKS_DIFFER = timedelta(days=1)  # by more than that nobody's does: another time was meant


def get_start(before: ScoringModel, *, at: datetime) -> datetime:
    """Return since when rules take the place of others at `at`, or are tried beside them, by whatever clock that was read.

    Within a day the database's clock is right. By one that is ahead of it pages would show scores by the old rules, and
    what crosses meanwhile would wait as if the new ones had caused it; by one behind, what they cause would not wait. And
    later than the others they are, or these would be found in force for ever.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    start = now if abs(now - at) <= CLOCKS_DIFFER else at
    # The first version was put in force by nobody: it holds from the beginning (D-46).
    if before.published_at and before.published_by_id:
        start = max(start, before.published_at + timedelta(microseconds=1))
    return start
