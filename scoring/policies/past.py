"""What a lead did as columns of numbers, which are read and counted many times as fast as rows of moments."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import repeat
from operator import lt
from typing import NamedTuple

from scoring.facts import KNOWN, ModelFacts, Moment
from scoring.policies.plan import get_plan

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta.resolution


class Past(NamedTuple):
    """Moments of a lead, a column each: microseconds since 1970, the places of their types in `get_codes`, and the
    numbers of the events, as PostgreSQL writes an array where nobody had to read them yet.

    `keys` tell the order of moments that share an instant; `urls` and `details` are there where any moment has one
    that a rule can ask for.
    """

    instants: Sequence[int]
    codes: Sequence[int]
    ids: str | Sequence[int]
    keys: Sequence[str] | None = None
    urls: Sequence[str | None] | None = None
    details: Sequence[str | None] | None = None


NOTHING = Past((), (), ())


@lru_cache(maxsize=32)
def get_codes(model: ModelFacts) -> tuple[str, ...]:
    """Return the types of moments rules tell apart; any other is as good as the first, which is none."""
    plan = get_plan(model)
    return ("", *sorted({*plan.by_type, *plan.watched, *model.silent_types}), KNOWN)


def read_numbers(text: str) -> list[int]:
    """Return an array of whole numbers as PostgreSQL writes one that is not empty."""
    return list(map(int, text[1:-1].split(",")))


def is_in_order(past: Past) -> bool:
    """Return whether each moment came after the one before, as most pasts are read."""
    return all(map(lt, past.instants, past.instants[1:]))


def needs_keys(past: Past) -> bool:
    """Return whether moments share an instant, so that only their keys tell which was first."""
    return past.keys is None and len(set(past.instants)) < len(past.instants)


def in_order(past: Past) -> Past:
    """Return a past by time."""
    at, keys = past.instants, past.keys
    by_time = at.__getitem__ if keys is None else [*zip(at, keys, strict=True)].__getitem__
    order = sorted(range(len(at)), key=by_time)
    if all(place == number for number, place in enumerate(order)):
        return past
    columns = (read_numbers(each) if isinstance(each, str) else each for each in past)
    return Past(*(None if column is None else [column[number] for number in order] for column in columns))  # type: ignore[arg-type]


def as_moments(past: Past, codes: Sequence[str]) -> list[Moment]:
    """Return a past as moments; plain tuples, for a replay reads them by their order."""
    ids = read_numbers(past.ids) if isinstance(past.ids, str) else past.ids
    times = [EPOCH + at * MICROSECOND for at in past.instants]
    details = [text and json.loads(text) for text in past.details] if past.details else repeat(None)
    types = map(codes.__getitem__, past.codes)
    return list(zip(times, past.keys or repeat(""), types, ids, past.urls or repeat(""), details))  # type: ignore[arg-type]  # noqa: B905  what repeats has no end
