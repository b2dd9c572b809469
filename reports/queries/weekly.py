"""The weekly notes that were written."""

from datetime import date

from reports.models import WeeklyNote

MOST = 52
NEWS_DAYS = 2  # My day tells of a note on the Monday it is written and the day after


def has_note(week: date) -> bool:
    """Whether the note of the week that begins on this Monday was written."""
    return WeeklyNote.objects.filter(week=week).exists()


def get_notes() -> list[WeeklyNote]:
    """Return the notes of a year, the latest first, without what they say."""
    return list(WeeklyNote.objects.defer("content")[:MOST])


def get_note(note_id: int | None) -> WeeklyNote | None:
    """Return the note of this id, the latest where none is named."""
    notes = WeeklyNote.objects.all() if note_id is None else WeeklyNote.objects.filter(pk=note_id)
    return notes.first()


def is_news(today: date) -> bool:
    """Whether last week's note is news on this day."""
    return today.weekday() < NEWS_DAYS
