"""Numbers and dates as six languages write them; the values are those of CLDR."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from crm.lib import formats

NOW = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
S = "\u00a0"
TABLE = {
    "en": ("€48,000", "€312k", "€1.33M", "25%", "Thu 19 Nov"),
    "et": (f"48{S}000{S}€", f"312{S}tuh{S}€", f"1,33{S}mln{S}€", "25%", "N, 19. nov"),
    "fi": (f"48{S}000{S}€", f"312{S}t.{S}€", f"1,33{S}milj.{S}€", f"25{S}%", "to 19.11."),
    "lt": (f"48{S}000{S}€", f"312{S}tūkst.{S}€", f"1,33{S}mln.{S}€", f"25{S}%", "11-19, kt"),
    "tr": ("€48.000", f"€312{S}B", f"€1,33{S}Mn", "%25", "19 Kas Per"),
    "ru": (f"48{S}000{S}€", f"312{S}тыс.{S}€", f"1,33{S}млн{S}€", f"25{S}%", "чт, 19 нояб."),
}


@pytest.mark.parametrize("locale", TABLE)
def test_formats_follow_the_locale(locale: str) -> None:
    """See that each language writes money, percent and dates its own way."""
    with formats.bound(locale=locale, now=NOW):
        written = (
            formats.money(Decimal(48000), "EUR"),
            formats.short_money(Decimal(312000), "EUR"),
            formats.short_money(Decimal(1_328_500), "EUR"),
            formats.percent(Decimal("0.25")),
            formats.day(date(2026, 11, 19), relative=False),
        )
    assert written == TABLE[locale]


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (date(2026, 11, 17), "Yesterday"),
        (date(2026, 11, 18), "Today"),
        (date(2026, 11, 19), "Tomorrow"),
        (date(2026, 11, 20), "Fri 20 Nov"),
        (date(2027, 11, 20), "20 Nov 2027"),
    ],
)
def test_only_the_days_around_today_are_words(when: date, words: str) -> None:
    """See that other days are dates, with the year where it is another one."""
    with formats.bound(locale="en", now=NOW):
        assert formats.day(when) == words


@pytest.mark.parametrize(
    ("points", "words"), [(49.96, "49.9"), (-49.96, "−49.9"), (-0.04, "0"), (-25, "−25"), (64.4, "64.4")]
)
def test_points_are_never_told_for_more_than_they_are(points: float, words: str) -> None:
    assert formats.points(points) == words


def test_negative_money_has_a_true_minus() -> None:
    """See that a loss is written with a minus sign, cents only where asked for."""
    with formats.bound(locale="en", now=NOW):
        assert formats.money(Decimal("-8400.50"), "EUR", cents=True) == "−€8,400.50"
        assert formats.short_money(Decimal(-8400), "EUR") == "−€8k"
        assert formats.short_money(Decimal(840), "EUR") == "€840"


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(minutes=12, seconds=59), "12 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(hours=2, minutes=5), "2 h 05 min"),
        (timedelta(days=3), "3 days"),
        (timedelta(minutes=-20), "20 min"),
    ],
)
def test_durations(span: timedelta, words: str) -> None:
    """See that time left is told in hours and minutes, and in days when it is long."""
    assert formats.duration(span) == words


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Liis Tamm", "LT"), ("Aino", "A"), ("person7@example.com", "PE"), ("", "?"), ("Anna Maria Õun", "AÕ")],
)
def test_initials(name: str, letters: str) -> None:
    """See that anybody gets initials."""
    assert formats.initials(name) == letters
