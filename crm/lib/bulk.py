"""Writing by the thousand: COPY to add rows, one UPDATE to change them.

Triggers fire in both, but COPY does not pass the statement wrapper that tells the audit who acts: in its transaction
an ordinary write must come first.
"""

import gc
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, models

NULL = r"\N"
WORTH_A_REST = 200
ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def copy_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Append rows to a model's table by COPY, in the running transaction; return how many.

    `columns` are column names (`lead_id`, not `lead`); dicts and lists become JSON, tuples arrays of texts.
    Nothing is validated but by the database, and no signal is sent.
    """
    buffer = io.StringIO()
    count = 0
    for row in rows:
        buffer.write("\t".join([WRITERS.get(type(value), _other)(value) for value in row]))
        buffer.write("\n")
        count += 1
    if count:
        buffer.seek(0)
        quote = connection.ops.quote_name
        names = ", ".join(quote(name) for name in columns)
        with connection.cursor() as cursor, connection.wrap_database_errors:
            cursor.copy_expert(f"COPY {quote(model._meta.db_table)} ({names}) FROM STDIN", buffer)
    return count


def update_rows(model: type[models.Model], columns: Sequence[str], rows: Mapping[int, Sequence[Any]]) -> None:
    """Set columns of rows by their ids in one statement, with the triggers that brings; `columns` as in `copy_rows`.

    Values are as the table holds them: money is an amount and a currency, a foreign key an id. No arrays.
    """
    if not rows:
        return
    quote = connection.ops.quote_name
    by_column = {str(field.column): field for field in model._meta.concrete_fields}
    key = model._meta.pk
    assert key is not None
    types = [by_column[name].cast_db_type(connection) for name in (str(key.column), *columns)]
    settings = ", ".join(f"{quote(name)} = fresh.{quote(name)}" for name in columns)
    names = ", ".join(quote(name) for name in (str(key.column), *columns))
    sources = ", ".join(f"%s::{kind}[]" for kind in types)
    sql = (
        f"UPDATE {quote(model._meta.db_table)} AS kept SET {settings} "
        f"FROM unnest({sources}) AS fresh({names}) WHERE kept.{quote(str(key.column))} = fresh.{quote(str(key.column))}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(rows), *(list(column) for column in zip(*rows.values(), strict=True))])


def stored_values(record: models.Model, columns: Sequence[str]) -> list[Any]:
    """Return what a record holds in columns, for `update_rows`; `columns` are column names."""
    by_column = {field.column: field.attname for field in record._meta.concrete_fields}
    return [record.__dict__[by_column[name]] for name in columns]


def analyse(*tables: type[models.Model]) -> None:
    """Let the planner know what a bulk load brought; without it the next query may take minutes instead of a second."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE " + ", ".join(quote(model._meta.db_table) for model in tables))


def reserve_ids(model: type[models.Model], count: int) -> list[int]:
    """Take `count` keys from the model's sequence, for rows that refer to each other within one COPY."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [row[0] for row in cursor.fetchall()]


@contextmanager
def without_collector(*, many: int) -> Iterator[None]:
    """Keep the collector of cycles from looking through so many new values, which have none; for fewer it stays.

    It takes a third of the time of a loop that makes values by the thousand.
    """
    rests = many >= WORTH_A_REST and gc.isenabled()
    if rests:
        gc.disable()
    try:
        yield
    finally:
        if rests:
            gc.enable()


def _other(value: Any) -> str:
    if isinstance(value, str):  # an enum
        return str(value).translate(ESCAPES)
    return _json(value)


def _json(value: Any) -> str:
    return ENCODER.encode(value).translate(ESCAPES)


def _array(value: tuple[str, ...]) -> str:
    quoted = (item.replace("\\", "\\\\").replace('"', '\\"') for item in value)
    return ("{" + ",".join(f'"{item}"' for item in quoted) + "}").translate(ESCAPES)


WRITERS: dict[type, Callable[[Any], str]] = {
    type(None): lambda value: NULL,
    str: lambda value: value.translate(ESCAPES),
    bool: lambda value: "t" if value else "f",
    int: str,
    Decimal: str,
    datetime: datetime.isoformat,
    date: date.isoformat,
    tuple: _array,
    dict: _json,
    list: _json,
}
