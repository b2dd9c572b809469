"""Statements that PostgreSQL plans once a connection: those asked all day that take longer to plan than to answer."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from django.db import DatabaseError, connection

# It was taken back, or waited or took too long: what was prepared is as good as it was.
PASSING = frozenset({"40001", "40P01", "55P03", "57014"})
PLANS = 64  # kept of a connection; one takes some 100 kB of PostgreSQL's memory

_numbers: Iterator[int] = count(1)
_of_connection: WeakKeyDictionary[Any, OrderedDict[str, str]] = WeakKeyDictionary()


class _Places(dict[str, str]):
    """Where each name stands in the statement: the first is $1."""

    def __missing__(self, name: str) -> str:
        self[name] = f"${len(self) + 1}"
        return self[name]


def ask(sql: str, given: Mapping[str, Any]) -> list[Any]:
    """Return the rows of a statement; one plan serves whatever is `given` for its `%(name)s`.

    What should decide how it is planned is written into it, or asked by `ask_anew`. The connection must be PostgreSQL's
    own: a pool that hands it to somebody else between transactions forgets what was prepared.
    """
    text, names = _numbered(sql)
    places = f" ({', '.join(['%s'] * len(names))})" if names else ""
    with connection.cursor() as cursor:
        plans = _of_connection.setdefault(cursor.connection, OrderedDict())
        if text not in plans:
            _prepare(text, plans)
        plans.move_to_end(text)
        try:
            cursor.execute(f"EXECUTE {plans[text]}{places}", [given[name] for name in names])
        except DatabaseError as error:
            # A migration may have changed what it returns: it is prepared anew the next time.
            if getattr(error.__cause__, "pgcode", None) not in PASSING:
                del plans[text]
            raise
        rows: list[Any] = cursor.fetchall()
        return rows


def ask_anew(sql: str, given: Mapping[str, Any]) -> list[Any]:
    """Return the rows of a statement, planned for just what is `given`."""
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        rows: list[Any] = cursor.fetchall()
        return rows


def _prepare(text: str, plans: OrderedDict[str, str]) -> None:
    """Prepare it under a new name, in place of what was asked for longest ago.

    By the driver's own cursor: what is counted and watched is the query, not that it was prepared.
    """
    forget = f"DEALLOCATE {plans.popitem(last=False)[1]};" if len(plans) >= PLANS else ""
    name = f"setpoint_{next(_numbers)}"
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        cursor.execute(f"{forget} PREPARE {name} AS {text}")
    plans[text] = name


@lru_cache(maxsize=512)
def _numbered(sql: str) -> tuple[str, tuple[str, ...]]:
    places = _Places()
    return sql % places, tuple(places)
