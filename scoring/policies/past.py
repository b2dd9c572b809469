"""What a lead did as columns of numbers, which are read and counted many times as fast as rows of moments."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise, repeat
from operator import lt
from typing import NamedTuple

from scoring.facts import KNOWN, ModelFacts, Moment
from scoring.policies.plan import get_plan
from scoring.policies.walk import SAME_PAGE

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta.resolution
SAME_PAGE_FOR = SAME_PAGE // MICROSECOND


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


@lru_cache(maxsize=32)
def get_ruled(model: ModelFacts) -> frozenset[int]:
    """Return the places in `get_codes` of the types a rule is about."""
    read = get_plan(model).read
    return frozenset(place for place, code in enumerate(get_codes(model)) if code in read)


def is_clear(past: Past, ruled: frozenset[int]) -> bool:
    """Return whether a past without keys and addresses tells all: no two moments share an instant, and no two events a
    rule is about lie so close that they may be one page looked at twice.
    """
    instants = past.instants
    if not all(map(lt, instants, instants[1:])):
        instants = sorted(instants)
        if len(set(instants)) < len(instants):
            return False
    times = sorted(at for at, code in zip(past.instants, past.codes, strict=True) if code in ruled)
    return not times or all(later - earlier > SAME_PAGE_FOR for earlier, later in pairwise(times))


def joined(one: Past, other: Past) -> Past:
    """Return two parts of a lead's past as one, in no order."""
    count, added = len(one.instants), len(other.instants)
    columns = (
        None if first is None and second is None else [*(first or [None] * count), *(second or [None] * added)]
        for first, second in zip(_read(one), _read(other), strict=True)
    )
    return Past(*columns)  # type: ignore[arg-type]


def in_order(past: Past) -> Past:
    """Return a past by time, and at one instant by key."""
    at, keys = past.instants, past.keys
    if all(map(lt, at, at[1:])):
        return past
    by_time = at.__getitem__ if keys is None else [*zip(at, keys, strict=True)].__getitem__
    order = sorted(range(len(at)), key=by_time)
    columns = (None if column is None else [column[number] for number in order] for column in _read(past))
    return Past(*columns)  # type: ignore[arg-type]


def _read(past: Past) -> Past:
    return past._replace(ids=read_numbers(past.ids)) if isinstance(past.ids, str) else past


def as_moments(past: Past, codes: Sequence[str]) -> list[Moment]:
    """Return a past as moments; plain tuples, for a replay reads them by their order."""
    ids = _read(past).ids
    times = [EPOCH + at * MICROSECOND for at in past.instants]
    details = [text and json.loads(text) for text in past.details] if past.details else repeat(None)
    types = map(codes.__getitem__, past.codes)
    return list(zip(times, past.keys or repeat(""), types, ids, past.urls or repeat(""), details))  # type: ignore[arg-type]  # noqa: B905  what repeats has no end
