"""What waits for an answer, in groups by when it runs out."""

from collections import Counter
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from scoring.queries import inbox
from scoring.queries.clocks import get_clock_starts
from scoring.views.rows import Row

HOUR = timedelta(hours=1)


def group_rows(rows: list[Row], at: datetime, *, is_whole: bool) -> None:
    """Say for each row when it runs out, and where a new group begins; sizes only where no page follows."""
    handoffs = [row.handoff for row in rows if row.handoff]
    starts, notices = get_clock_starts(handoffs), inbox.get_notices([handoff.pk for handoff in handoffs])
    previous = None
    for row in rows:
        handoff = row.handoff
        if handoff:
            row.started_at, row.notice = starts.get(handoff.pk), notices.get(handoff.pk)
        row.group, row.is_urgent = _group_name(handoff.due_at if handoff else None, at)
        row.opens_group = row.group != previous
        previous = row.group
    sizes = Counter(row.group for row in rows)
    for row in rows:
        row.group_size = sizes[row.group] if is_whole else None


def _group_name(due_at: datetime | None, at: datetime) -> tuple[str, bool]:
    if due_at is None:
        return _("Nobody has it yet"), True
    if due_at < at:
        return _("Late"), True
    if due_at <= at + HOUR:
        return _("Answer within the hour"), True
    days = (timezone.localdate(due_at) - timezone.localdate(at)).days
    return {0: _("Today"), 1: _("Tomorrow")}.get(days, _("Later")), False
