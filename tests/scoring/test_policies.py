"""The promise to answer (B20), and which events may be stored (D-51)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crm.facts import WorkingHours
from crm.lib.values import Refusal
from crm.policies.working_time import add_business_minutes
from scoring.facts import NewEvent
from scoring.policies.events import refusals

TALLINN = ZoneInfo("Europe/Tallinn")
AT = datetime(2026, 3, 6, 12, 0, tzinfo=UTC)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TALLINN)


@pytest.mark.parametrize(
    ("assigned", "holidays", "due"),
    [
        ("2026-03-06 16:30", (), "2026-03-09 12:30"),
        ("2026-03-07 11:00", (), "2026-03-09 13:00"),
        ("2026-03-06 16:30", (date(2026, 3, 9),), "2026-03-10 12:30"),
        ("2026-03-09 07:00", (), "2026-03-09 13:00"),
        ("2026-03-09 13:00", (), "2026-03-09 17:00"),
        ("2026-03-09 17:00", (), "2026-03-10 13:00"),
        ("2026-03-27 15:00", (), "2026-03-30 11:00"),
    ],
    ids=["Friday 16:30", "Saturday", "Monday a holiday", "early", "to the minute", "after hours", "clocks change"],
)
def test_four_business_hours(assigned: str, holidays: tuple[date, ...], due: str) -> None:
    hours = WorkingHours("Europe/Tallinn", holidays=frozenset(holidays))
    assert add_business_minutes(local(assigned), 240, hours=hours) == local(due)


def test_a_calendar_without_a_working_day_is_refused() -> None:
    with pytest.raises(ValueError, match="no working day"):
        add_business_minutes(AT, 240, hours=WorkingHours("UTC", days=frozenset()))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, None),
        ({"properties": {"text": "Grüße 😀 \\u0000"}}, None),
        ({"idempotency_key": " "}, "missing_key"),
        ({"idempotency_key": "k" * 201}, "key_too_long"),
        ({"type": "levitated"}, "unknown_type"),
        ({"occurred_at": None}, "missing_time"),
        ({"occurred_at": AT + timedelta(hours=24)}, None),
        ({"occurred_at": AT + timedelta(hours=24, seconds=1)}, "in_future"),
        ({"occurred_at": datetime(1, 1, 1, tzinfo=UTC)}, "too_long_ago"),
        ({"properties": {"x": float("nan")}}, "bad_number"),
        ({"properties": {"x": "\ud800"}}, "bad_character"),
        ({"properties": {"x": "a\0b"}}, "bad_character"),
        ({"properties": {"x": "y" * 20_001}}, "properties_too_long"),
        ({"email": ""}, "missing_lead"),
        ({"email": "a\0@b.c"}, "bad_character"),
    ],
)
def test_what_may_be_stored(change: dict[str, object], code: str | None) -> None:
    given = {"idempotency_key": "k", "type": "page_viewed", "occurred_at": AT, "email": "a@b.example"} | change
    found: list[Refusal] = refusals(NewEvent(**given), known_types={"page_viewed"}, at=AT)  # type: ignore[arg-type]
    assert [refusal.code for refusal in found] == ([] if code is None else [code])
