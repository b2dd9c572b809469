"""A next step in words: what is understood, and that everything else stays text."""

from datetime import date, time

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from crm.lib import formats
from pipeline.labels.step_words import step_lexicon
from pipeline.policies.step_words import SpokenStep, read_step

WEDNESDAY = date(2026, 11, 18)
PEOPLE = [(1, "Henrik Saar"), (2, "Anna Kask"), (3, "Anna Tamm")]


def read(text: str) -> SpokenStep:
    """Read in English, on a Wednesday."""
    return read_step(text, today=WEDNESDAY, lexicon=step_lexicon(), people=PEOPLE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("call Henrik fri", SpokenStep("call Henrik", "call", date(2026, 11, 20), None, 1)),
        ("Call Anna Tamm tomorrow 10:30", SpokenStep("Call Anna Tamm", "call", date(2026, 11, 19), time(10, 30), 3)),
        ("Meet Anna on Tuesday at 9:00", SpokenStep("Meet Anna", "meeting", date(2026, 11, 24), time(9), None)),
        ("Send the offer today", SpokenStep("Send the offer", "", WEDNESDAY)),
        ("Demo wed", SpokenStep("Demo", "demo", date(2026, 11, 25))),
        ("Demo next fri", SpokenStep("Demo", "demo", date(2026, 11, 27))),
        ("Demo next mon", SpokenStep("Demo", "demo", date(2026, 11, 23))),
        ("Email the plan in 2 weeks", SpokenStep("Email the plan", "email", date(2026, 12, 2))),
        ("Offer by 20 nov", SpokenStep("Offer", "", date(2026, 11, 20))),
        ("Offer Nov 2", SpokenStep("Offer", "", date(2027, 11, 2))),
        ("Offer 3rd march 2027", SpokenStep("Offer", "", date(2027, 3, 3))),
        ("Offer 20.11.", SpokenStep("Offer", "", date(2026, 11, 20))),
        ("Offer 2027-01-31", SpokenStep("Offer", "", date(2027, 1, 31))),
        ("Offer 29.02.", SpokenStep("Offer", "", date(2028, 2, 29))),
    ],
)
def test_what_is_said_is_understood(text: str, expected: SpokenStep) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Offer 31.02.",
        "Offer 2026-02-30",
        "Ring in sick",
        "Send 3 samples",
        "Meet at 10:00",
        "in 4000 days",
        "mo",
        "",
        "in 3",
    ],
)
def test_what_names_no_day_stays_text(text: str) -> None:
    spoken = read(text)
    assert (spoken.due_on, spoken.due_at, spoken.purpose) == (None, None, text)


def test_a_day_alone_says_when_and_not_what() -> None:
    assert read("friday") == SpokenStep("friday", "", date(2026, 11, 20))


@pytest.mark.parametrize(
    ("locale", "text", "expected"),
    [
        ("et", "kõne reede", date(2026, 11, 20)),
        ("et", "pakkumine 24. nov", date(2026, 11, 24)),
        ("fi", "tarjous perjantaina", date(2026, 11, 20)),
        ("lt", "pasiūlymas penktadienis", date(2026, 11, 20)),
        ("ru", "встреча пятница", date(2026, 11, 20)),
        ("ru", "встреча 24 ноября", date(2026, 11, 24)),
        ("tr", "teklif cuma", date(2026, 11, 20)),
        ("en-US", "offer 11/20", date(2026, 11, 20)),
        ("et", "offer friday", date(2026, 11, 20)),
    ],
)
def test_days_are_read_in_the_readers_language_and_in_english(locale: str, text: str, expected: date) -> None:
    with formats.bound(locale=locale, now=formats.now()), override(locale[:2]):
        assert read_step(text, today=WEDNESDAY, lexicon=step_lexicon()).due_on == expected


@given(st.text(max_size=300))
def test_any_text_is_read_without_breaking_and_none_is_lost_without_a_day(text: str) -> None:
    spoken = read(text)
    if spoken.due_on is None:
        assert spoken.purpose == " ".join(text.split()).rstrip(",; ") or not spoken.purpose.strip(",; ")
    else:
        assert spoken.due_on >= date(1, 1, 1)
