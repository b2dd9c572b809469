"""Which leads below the threshold are drawn to be called (FI-006, math.md B22)."""

from datetime import date, timedelta
from math import ceil

WEEKS_OF_HANDOFFS = 4
REST = timedelta(weeks=12)  # before the same lead is drawn again


def week_of(day: date) -> date:
    """Return the Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def number_to_draw(*, percent: int, handoffs: int, eligible: int) -> int:
    """Return how many leads make up `percent` of what reps are given in a week, beside the week's handoffs.

    `handoffs` are those of the last four weeks. At least one is drawn wherever any is to be, and never more than
    there are.
    """
    if percent <= 0 or eligible <= 0:
        return 0
    wanted = ceil(handoffs * percent / (WEEKS_OF_HANDOFFS * (100 - percent)))
    return min(eligible, max(1, wanted))
