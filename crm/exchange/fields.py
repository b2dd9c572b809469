"""The fields a kind of import may have: each with its name and how its cells are read."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from crm.exchange import cells
from crm.exchange.cells import Reading
from crm.policies.contact_details import normal_country, normal_domain, normal_email

Read = Callable[[str, Reading], Any]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a kind. `repeats` says its values recur, so that reading them is worth remembering."""

    name: str
    read: Read
    required: bool = False
    repeats: bool = False


def text(name: str, limit: int = 200, *, required: bool = False, repeats: bool = False) -> Field:
    """Return a field of one line of text."""
    return Field(name, partial(cells.read_text, limit=limit), required, repeats)


def choice(name: str, allowed: Iterable[str], *, required: bool = False) -> Field:
    """Return a field of a closed list."""
    return Field(
        name, partial(cells.read_choice, allowed=tuple(str(value) for value in allowed)), required, repeats=True
    )


def several(name: str, allowed: Iterable[str] | None = None) -> Field:
    """Return a field of several values, separated by semicolon or comma, each of a closed list where one is given."""
    return Field(
        name, partial(cells.read_several, allowed=tuple(allowed) if allowed is not None else None), repeats=True
    )


def day(name: str, *, required: bool = False) -> Field:
    """Return a field of a local day."""
    return Field(name, cells.read_date, required, repeats=True)


def moment(name: str, *, required: bool = False) -> Field:
    """Return a field of an instant; a day alone is its 00:00 in the reading's zone (D-46)."""
    return Field(name, cells.read_moment, required, repeats=True)


def count(name: str) -> Field:
    """Return a field of a whole number that is not below zero."""
    return Field(name, cells.read_count, repeats=True)


def number(name: str, *, required: bool = False) -> Field:
    """Return a field of a decimal number that is not below zero; see `money` for its currency."""
    return Field(name, cells.read_number, required)


def currency(name: str = "currency") -> Field:
    """Return a field of an ISO 4217 code."""
    return Field(name, cells.read_currency, repeats=True)


def boolean(name: str) -> Field:
    """Return a field of yes or no."""
    return Field(name, cells.read_boolean, repeats=True)


def email(name: str = "email", *, required: bool = False) -> Field:
    """Return a field of an e-mail address, kept in lower case."""
    return Field(name, partial(cells.read_understood, normal=normal_email, code="not_an_email"), required)


def domain(name: str = "domain") -> Field:
    """Return a field of a host name."""
    return Field(name, partial(cells.read_understood, normal=normal_domain, code="not_a_domain"))


def country(name: str = "country") -> Field:
    """Return a field of an ISO 3166 code."""
    return Field(name, partial(cells.read_understood, normal=normal_country, code="not_a_country"), repeats=True)


def time_zone(name: str = "time_zone") -> Field:
    """Return a field of an IANA zone name."""
    return Field(name, cells.read_zone, repeats=True)


def locale(name: str = "locale") -> Field:
    """Return a field of a language code."""
    return Field(name, cells.read_locale, repeats=True)
