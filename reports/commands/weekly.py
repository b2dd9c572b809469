"""The weekly note is written once (S-11)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from reports.models import WeeklyNote


@transaction.atomic
def keep_weekly_note(*, week: date, as_of: datetime, content: Mapping[str, Any], at: datetime) -> WeeklyNote:
    """Keep the note of a week; what was kept first stays, whoever comes again."""
    note, _made = WeeklyNote.objects.get_or_create(
        week=week, defaults={"as_of": as_of, "content": content, "made_at": at}
    )
    return note
