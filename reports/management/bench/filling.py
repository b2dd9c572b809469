"""Rows by the million, made by PostgreSQL itself: copies of one good row, a statement a table."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from django.db.backends.utils import CursorWrapper
from django.db.models import Model


def leave_triggers_out(cursor: CursorWrapper, models: Sequence[type[Model]]) -> None:
    """Let triggers, which would audit each row, rest until the transaction ends."""
    cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    if cursor.fetchone()[0]:
        cursor.execute("SET LOCAL session_replication_role = replica")  # nor is each foreign key looked up
        return
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks that wait cannot be altered
    for model in models:
        cursor.execute(f"ALTER TABLE {model._meta.db_table} DISABLE TRIGGER USER")


def multiply(cursor: CursorWrapper, model: type[Model], pk: int, count: int, changed: Mapping[str, str]) -> None:
    """Insert so many copies of a row, some of its columns changed by their number `n`."""
    columns = [str(field.column) for field in model._meta.concrete_fields]
    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(changed.get(name, f'kept."{name}"') for name in columns)
    table = model._meta.db_table
    rows = f"{table} kept, generate_series(1, {count}) n WHERE kept.{model._meta.pk.column} = %s"
    sql = f"INSERT INTO {table} ({names}) SELECT {values} FROM {rows}"
    cursor.execute(sql, [pk])


# What a table is found by, but for its key and what other tables refer to: each with how it is dropped and made again.
INDEXES = """
SELECT 'DROP INDEX ' || index.indexrelid::regclass, pg_get_indexdef(index.indexrelid)
FROM pg_index index
WHERE index.indrelid = %(table)s::regclass AND NOT index.indisprimary
  AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = index.indexrelid)
UNION ALL
SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
       format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))
FROM pg_constraint
WHERE conrelid = %(table)s::regclass AND contype = 'u'
  AND NOT EXISTS (SELECT 1 FROM pg_constraint other WHERE other.contype = 'f' AND other.conindid = pg_constraint.conindid)
"""


@contextmanager
def without_indexes(cursor: CursorWrapper, model: type[Model]) -> Iterator[None]:
    """Let a table be filled without its indexes, which are made afterwards in a tenth of the time."""
    cursor.execute(INDEXES, {"table": model._meta.db_table})
    found = cursor.fetchall()
    cursor.execute("SET LOCAL maintenance_work_mem = '1GB'")
    for drop, _ in found:
        cursor.execute(drop)
    yield
    for _, make in found:
        cursor.execute(make)
