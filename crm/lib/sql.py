"""SQL functions of ours as query expressions."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, models


class Fold(models.Func):
    """`setpoint_fold(text)`: lower case without accents, i, İ, ı and I alike (D-6)."""

    function = "setpoint_fold"
    output_field = models.TextField()


class ClockTimestamp(models.Func):
    """The database's own clock, now and not at the start of the transaction: what leases are measured by."""

    template = "clock_timestamp()"
    output_field = models.DateTimeField()


class IsOneOf(models.Func):
    """`key = ANY(ARRAY(subquery))`: the ids are found first, and only their rows are joined to others.

    `key IN (subquery)` is a join among the others, and comes last where joins are made in the order they are written.
    """

    arg_joiner = " = ANY("
    template = "%(expressions)s)"
    output_field = models.BooleanField()

    def __init__(self, key: str, ids: "models.QuerySet[Any, Any]") -> None:
        super().__init__(key, ArraySubquery(ids))


@contextmanager
def without_loops() -> Iterator[None]:
    """Plan joins of many rows by hash or merge, within the transaction that is open.

    Where a large import left no statistics yet the planner expects one row, and a loop over thousands takes minutes.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
        yield
        cursor.execute("SET LOCAL enable_nestloop = DEFAULT")
