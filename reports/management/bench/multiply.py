"""Many times the same company in one database: what an import made, copied by PostgreSQL itself, a statement a table."""

from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from crm.models import Account, Activity
from pipeline.models import Opportunity
from scoring.models import Lead

Table = type[models.Model]
# Whatever refers to these is copied with them; people, settings and the rows of the import itself stay as they are.
ROOTS: tuple[Table, ...] = (Account, Activity, Lead, Opportunity)


def multiply_rows(times: int) -> None:
    """Make every account, lead, deal and activity, and all that belongs to them, stand there `times` times.

    A copy's id is that of its original and a fixed step on, so that what belongs together does so again. Triggers are
    off meanwhile: what they would write is copied too.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")  # nothing is left to be checked
        steps = {model: _highest_id(cursor, model) for model in _with_what_belongs_to_them()}
        for model in steps:
            cursor.execute(f"ALTER TABLE {model._meta.db_table} DISABLE TRIGGER USER")
            cursor.execute(_copies(model, steps), {"times": times})
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for model, step in steps.items():
            table, key = model._meta.db_table, model._meta.pk
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            if step and not key.is_relation:
                sequence = "SELECT setval(pg_get_serial_sequence(%s, %s), %s)"
                cursor.execute(sequence, [table, key.column, step * times])


def _with_what_belongs_to_them() -> list[Table]:
    found: dict[Table, None] = dict.fromkeys(ROOTS)
    before = 0
    while len(found) > before:
        before = len(found)
        for model in apps.get_models(include_auto_created=True):
            if any(field.related_model in found for field in _columns(model)):
                found[model] = None
    return list(found)


def _columns(model: Table) -> list[Any]:
    return [field for field in model._meta.local_concrete_fields if not field.generated]


def _highest_id(cursor: Any, model: Table) -> int:
    cursor.execute(f"SELECT max({model._meta.pk.column}) FROM {model._meta.db_table}")
    return cursor.fetchone()[0] or 0


def _copies(model: Table, steps: dict[Table, int]) -> str:
    """Return the statement that copies a table: keys a step on, and words that may not be the same twice numbered."""
    alone = {each.fields for each in model._meta.constraints if isinstance(each, models.UniqueConstraint)}
    values = {}
    for field in _columns(model):
        refers_to = field.related_model or (model if field.primary_key else None)
        if refers_to in steps:
            values[field.column] = f"{field.column} + copy * {steps[refers_to]}"
        elif isinstance(field, models.CharField) and (field.unique or (field.name,) in alone):
            values[field.column] = f"CASE {field.column} WHEN '' THEN '' ELSE copy || '.' || {field.column} END"
        else:
            values[field.column] = f'"{field.column}"'
    names = ", ".join(f'"{name}"' for name in values)
    rows = f"{model._meta.db_table}, generate_series(1, %(times)s - 1) copy"
    return f"INSERT INTO {model._meta.db_table} ({names}) SELECT {', '.join(values.values())} FROM {rows}"
