"""The weekly notes that were written."""

from datetime import date, timedelta

from reports.models import WeeklyNote

MOST = 52
NEWS_DAYS = 2  # My day tells of a note on the Monday it is written and the day after


def has_note(week: date) -> bool:
    """Whether the note of the week that begins on this Monday was written."""
    return WeeklyNote.objects.filter(week=week).exists()


def get_notes() -> list[WeeklyNote]:
    """Return the notes of a year, the latest first, without what they say."""
    return list(WeeklyNote.objects.defer("content")[:MOST])


def get_note(week: date | None) -> WeeklyNote | None:
    """Return the note of the week, the latest where none is named."""
    notes = WeeklyNote.objects.all() if week is None else WeeklyNote.objects.filter(week=week)
    return notes.first()


def get_news(today: date) -> WeeklyNote | None:
    """Return the note of last week while it is news."""
    week = today - timedelta(days=today.weekday() + 7)
    return WeeklyNote.objects.filter(week=week).first() if today.weekday() < NEWS_DAYS else None
