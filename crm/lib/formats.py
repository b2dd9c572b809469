"""Numbers, money, dates and durations as a person's locale writes them (D-6), through Babel."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError, dates, numbers
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext

NBSP, MINUS = "\u00a0", "\u2212"
# Bare English means day before month and the 24-hour clock, as in the rest of Europe.
PREFERRED = {"en": "en_GB"}
Number = int | float | Decimal
COUNTED = 1000  # of a longer list it is said that it is

_locale: ContextVar[str] = ContextVar("format_locale", default="")
_now: ContextVar[datetime | None] = ContextVar("format_now", default=None)


@contextmanager
def bound(*, locale: str, now: datetime) -> Iterator[None]:
    """Bind whose locale is written and which moment "today" means, for one request or one document."""
    tokens = _locale.set(locale), _now.set(now)
    try:
        yield
    finally:
        _locale.reset(tokens[0])
        _now.reset(tokens[1])


@lru_cache(maxsize=64)
def _parsed(name: str) -> Locale:
    name = PREFERRED.get(name, name)
    try:
        return Locale.parse(name, sep="-" if "-" in name else "_")
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_GB")


def locale() -> Locale:
    """Return the bound locale, else that of the active translation."""
    return _parsed(_locale.get() or translation.get_language() or "en")


def now() -> datetime:
    """Return the moment the edge read, so that one page never straddles midnight."""
    return _now.get() or timezone.now()


def _tidy(text: str) -> str:
    return text.replace("-", MINUS).replace(" ", NBSP)


# A page writes the same days and sums again and again, and Babel reads its patterns anew each time.
@lru_cache(maxsize=4096)
def _decimal(value: Number, pattern: str, chosen: Locale) -> str:
    return _tidy(numbers.format_decimal(value, format=pattern, locale=chosen))


@lru_cache(maxsize=4096)
def _currency(amount: Number, currency: str, pattern: str, chosen: Locale) -> str:
    return _tidy(numbers.format_currency(amount, currency, format=pattern, locale=chosen, currency_digits=False))


@lru_cache(maxsize=4096)
def _skeleton(name: str, when: date, chosen: Locale) -> str:
    return dates.format_skeleton(name, when, locale=chosen)


@lru_cache(maxsize=4096)
def _full(when: date, chosen: Locale) -> str:
    return dates.format_date(when, "full", locale=chosen)


@lru_cache(maxsize=4096)
def _clock(at: time, chosen: Locale) -> str:
    return dates.format_time(at, "short", locale=chosen)


@lru_cache(maxsize=64)
def _whole_pattern(chosen: Locale) -> str:
    return str(chosen.currency_formats["standard"].pattern).replace(".00", "")


def number(value: Number, digits: int = 0) -> str:
    """Return the number with grouping and exactly `digits` decimals."""
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return _decimal(value, pattern, locale())


def count(value: int) -> str:
    """Return how many stand in a list: 12, 1,000+."""
    return number(value) if value <= COUNTED else f"{number(COUNTED)}+"


def points(value: Number) -> str:
    """Return points with one decimal where they are not whole, the rest left off: 49.96 is no 50, −49.96 no −50."""
    tenths = math.trunc(value * 10)
    return number(tenths // 10) if tenths % 10 == 0 else number(Decimal(tenths) / 10, 1)


def signed(value: Number, digits: int = 0) -> str:
    """Return the number with its sign always shown: +28, −8."""
    return ("+" if value > 0 else "") + number(value, digits)


def percent(ratio: Number, digits: int = 0) -> str:
    """Return a ratio (0.25) as a percentage."""
    chosen = locale()
    pattern = str(chosen.percent_formats[None].pattern)
    if digits:
        pattern = pattern.replace("0%", "0." + "0" * digits + "%").replace("0\u00a0%", "0." + "0" * digits + "\u00a0%")
    return _tidy(numbers.format_percent(ratio, format=pattern, locale=chosen))


def money(amount: Number, currency: str, *, cents: bool = False) -> str:
    """Return an amount; whole units on boards, cents on documents."""
    chosen = locale()
    if cents:
        return _tidy(numbers.format_currency(amount, currency, locale=chosen))
    return _currency(amount, currency, _whole_pattern(chosen), chosen)


def short_money(amount: Number, currency: str) -> str:
    """Return an amount in thousands or millions: €312k, €1.33M. Below a thousand it is whole."""
    size = abs(Decimal(str(amount)))
    if size < 1000:
        return money(amount, currency)
    chosen = locale()
    digits = 2 if size >= 999_500 else 0
    compact = numbers.format_compact_decimal(amount, locale=chosen, fraction_digits=digits)
    if chosen.language == "en":
        compact = compact.replace("K", "k")
    symbol = numbers.get_currency_symbol(currency, locale=chosen)
    if not _whole_pattern(chosen).startswith("¤"):
        return _tidy(f"{compact} {symbol}")
    sign, compact = ("-", compact[1:]) if compact.startswith("-") else ("", compact)
    return _tidy(f"{sign}{symbol}{compact}")


def local_date(value: date | datetime) -> date:
    """Return the day in the zone that is active; a date is a day already."""
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def day(value: date | datetime, *, relative: bool = True) -> str:
    """Return `Thu 19 Nov`; the year only when it is not this one; words only for the days around today."""
    when, today = local_date(value), local_date(now())
    if relative:
        words = {-1: gettext("Yesterday"), 0: gettext("Today"), 1: gettext("Tomorrow")}
        if word := words.get((when - today).days):
            return word
    skeleton = "MMMEd" if when.year == today.year else "yMMMd"
    return _skeleton(skeleton, when, locale())


def short_day(value: date | datetime) -> str:
    """Return `19 Nov`, with the year when it is not this one, for tight places and ranges."""
    when = local_date(value)
    skeleton = "MMMd" if when.year == local_date(now()).year else "yMMMd"
    return _skeleton(skeleton, when, locale())


def full_day(value: date | datetime) -> str:
    """Return the whole date with weekday and year, for titles and headings."""
    return _full(local_date(value), locale())


def clock(value: datetime) -> str:
    """Return the time of day in the active zone."""
    return _clock(timezone.localtime(value).time(), locale())


def soon(value: datetime) -> str:
    """Return the time of day, before it the weekday unless that is today: for what comes within a week."""
    when = timezone.localtime(value)
    return clock(value) if when.date() == local_date(now()) else dates.format_skeleton("EHm", when, locale=locale())


def moment(value: datetime) -> str:
    """Return day and time: `Yesterday, 14:20`."""
    return f"{day(value)}, {clock(value)}"


def exact(value: date | datetime) -> str:
    """Return what a title shows: the full date, with time and zone for an instant."""
    if not isinstance(value, datetime):
        return full_day(value)
    return f"{full_day(value)}, {clock(value)} {timezone.localtime(value).tzname()}"


def days(count: int) -> str:
    """Return `12 d` for tight places."""
    return gettext("%(count)s d") % {"count": number(count)}


def days_in_words(count: int) -> str:
    """Return `12 days`."""
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": number(count)}


def duration(span: timedelta) -> str:
    """Return `2 h 10 min`, `12 min`, or days when it is two days or more; the sign is left to the words around it."""
    minutes = int(abs(span).total_seconds() // 60)
    hours, rest = divmod(minutes, 60)
    if hours >= 48:
        return days_in_words(hours // 24)
    if not hours:
        return gettext("%(minutes)s min") % {"minutes": rest}
    if not rest:
        return gettext("%(hours)s h") % {"hours": hours}
    return gettext("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": f"{rest:02d}"}


def initials(name: str) -> str:
    """Return up to two capitals of a name; a question mark for none."""
    words = [word for word in name.replace("@", " ").split() if word[:1].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper() or "?"


def in_words(code: str) -> str:
    """Return a code that came with data as words: `food_and_beverage` is Food and beverage; other texts stay."""
    return code.replace("_", " ").capitalize() if code.islower() and code.isascii() and " " not in code else code
