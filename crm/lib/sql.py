"""SQL functions of ours as query expressions."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models.sql.compiler import SQLCompiler

from crm.lib.prepared import ask


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


class Statement:
    """A query of `values_list` in its SQL: made once, it is asked as often as its values stay the same.

    Keep it where the ORM takes longer to write a query, or PostgreSQL to plan it, than to answer it.
    """

    def __init__(self, rows: "models.QuerySet[Any, Any]") -> None:
        self._compiler: SQLCompiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        try:
            self._sql, self._params = self._compiler.as_sql()
        except EmptyResultSet:
            self._sql, self._params = "", ()
        columns = [column for column, *_ in self._compiler.select or ()]
        self._converters = self._compiler.get_converters(columns)

    @cached_property
    def _text(self) -> str:
        # With its values in it, since they decide which index is the best.
        with connection.cursor() as cursor:
            return str(cursor.mogrify(self._sql, self._params).decode()).replace("%", "%%")

    def rows(self) -> list[Any]:
        """Ask and return the rows as the fields write their values."""
        if not self._sql:
            return []
        found = ask(self._text, {})
        return list(self._compiler.apply_converters(found, self._converters)) if self._converters else found


@contextmanager
def without_loops() -> Iterator[None]:
    """Plan joins of many rows by hash or merge, within the transaction that is open.

    Where a large import left no statistics yet the planner expects one row, and a loop over thousands takes minutes.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
        yield
        cursor.execute("SET LOCAL enable_nestloop = DEFAULT")
