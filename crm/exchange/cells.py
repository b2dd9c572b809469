"""How the text of a cell becomes a value. Each reader raises `RowRefused` with what to write instead."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo, available_timezones

from babel.core import Locale, UnknownLocaleError
from babel.numbers import get_currency_precision, list_currencies

from crm.exchange.problems import RowRefused
from crm.lib.values import Money
from crm.policies.contact_details import NotUnderstood, normal_text

NUMBER = re.compile(r"^[+-]?\d{1,15}(\.\d{1,10})?$")
YES = frozenset({"true", "t", "yes", "y", "1"})
NO = frozenset({"false", "f", "no", "n", "0"})
FIRST_YEAR, LAST_YEAR = 1900, 2199
TIMES = ("", " %H:%M", " %H:%M:%S", "T%H:%M", "T%H:%M:%S")
LARGEST_AMOUNT = Decimal("99999999999999.99")
ISO = "YYYY-MM-DD"


@dataclass(frozen=True, slots=True)
class Reading:
    """How this file writes dates: the zone of times without one, and a `strptime` format or none for ISO."""

    zone: ZoneInfo
    date_format: str = ""


def money(amount: Decimal | None, code: str, *, field: str) -> Money | None:
    """Join an amount with its currency, checked against the currency's decimals (D-5).

    :raises RowRefused: the amount has more decimals than the currency, or than we keep
    """
    if amount is None:
        return None
    places = min(get_currency_precision(code), 2)
    if amount != round(amount, places):
        raise RowRefused("too_precise", field=field, value=str(amount), currency=code, places=places)
    return Money(amount.quantize(Decimal("0.01")), code)


def read_date(value: str, reading: Reading) -> date:
    """Read a local day; the time beside it, if any, is left out."""
    try:
        return _moment(value, reading).date()
    except (ValueError, OverflowError):
        raise RowRefused("not_a_date", format=reading.date_format or ISO) from None


def read_moment(value: str, reading: Reading) -> datetime:
    """Read an instant; without an offset it is one of the reading's zone."""
    try:
        read = _moment(value, reading)
    except (ValueError, OverflowError):
        raise RowRefused("not_a_moment", format=reading.date_format or ISO) from None
    return read if read.tzinfo else read.replace(tzinfo=reading.zone)


def _moment(value: str, reading: Reading) -> datetime:
    if not reading.date_format:
        if not re.match(r"^\d{4}-\d{2}-\d{2}", value):
            raise ValueError(value)
        read = (
            datetime.combine(date.fromisoformat(value), time.min) if len(value) == 10 else datetime.fromisoformat(value)
        )
    else:
        read = _formatted(value, reading.date_format)
    if not FIRST_YEAR <= read.year <= LAST_YEAR:
        raise RowRefused("date_out_of_range", first=FIRST_YEAR, last=LAST_YEAR)
    return read


def _formatted(value: str, date_format: str) -> datetime:
    for suffix in TIMES:
        try:
            return datetime.strptime(value, date_format + suffix)  # noqa: DTZ007  the reading adds its zone
        except ValueError:
            continue
    raise ValueError(value)


def plain(value: str) -> str:
    """Return the text composed and on one line; the common case costs nothing."""
    if value.isascii() and value.isprintable():
        return " ".join(value.split()) if "  " in value else value.strip()
    return normal_text(value)


def read_text(value: str, reading: Reading, *, limit: int) -> str:
    """Read one line of text, composed and without needless blanks."""
    kept = plain(value)
    if len(kept) > limit:
        raise RowRefused("too_long", limit=limit, length=len(kept))
    return kept


def read_choice(value: str, reading: Reading, *, allowed: tuple[str, ...]) -> str:
    """Read a value of a closed list, written as the list writes it."""
    kept = value.strip()
    if kept not in allowed:
        raise RowRefused("not_allowed", allowed=", ".join(allowed))
    return kept


def read_several(value: str, reading: Reading, *, allowed: tuple[str, ...] | None) -> tuple[str, ...]:
    """Read several values, separated by semicolon or comma, each once."""
    parts = tuple(dict.fromkeys(part for piece in re.split("[;,]", value) if (part := plain(piece))))
    for part in parts:
        if len(part) > 100:
            raise RowRefused("too_long", limit=100, length=len(part))
        if allowed is not None and part not in allowed:
            raise RowRefused("not_allowed", allowed=", ".join(allowed))
    return parts


def read_count(value: str, reading: Reading) -> int:
    """Read a whole number that is not below zero and fits a column."""
    kept = read_number(value, reading)
    if kept != int(kept):
        raise RowRefused("not_a_number")
    if kept > 2**31 - 1:
        raise RowRefused("number_too_large", limit=2**31 - 1)
    return int(kept)


def read_number(value: str, reading: Reading) -> Decimal:
    """Read a plain decimal number that is not below zero; `1e400` and `NaN` are none."""
    if not NUMBER.match(value.strip()):
        raise RowRefused("not_a_number")
    kept = Decimal(value.strip())
    if kept < 0:
        raise RowRefused("negative")
    if kept > LARGEST_AMOUNT:
        raise RowRefused("number_too_large", limit=LARGEST_AMOUNT)
    return kept


def read_currency(value: str, reading: Reading) -> str:
    """Read an ISO 4217 code, in upper case."""
    kept = value.strip().upper()
    if kept not in list_currencies():
        raise RowRefused("no_currency", currency=kept[:20])
    return kept


def read_boolean(value: str, reading: Reading) -> bool:
    """Read yes or no, in one of the usual spellings."""
    kept = value.strip().lower()
    if kept not in YES | NO:
        raise RowRefused("not_a_boolean")
    return kept in YES


def read_understood(value: str, reading: Reading, *, normal: Callable[[str], str | None], code: str) -> str | None:
    """Read what `normal` understands; refuse the rest under `code`."""
    try:
        return normal(value)
    except NotUnderstood:
        raise RowRefused(code) from None


def read_zone(value: str, reading: Reading) -> str:
    """Read the name of a time zone."""
    if value.strip() not in available_timezones():
        raise RowRefused("not_a_zone")
    return value.strip()


def read_locale(value: str, reading: Reading) -> str:
    """Read a language code."""
    kept = value.strip()
    try:
        Locale.parse(kept.replace("_", "-"), sep="-")
    except (UnknownLocaleError, ValueError, TypeError):
        raise RowRefused("not_a_locale") from None
    if len(kept) > 10:
        raise RowRefused("not_a_locale")
    return kept
