"""What every edit of a versioned record has in common (D-9)."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.db import IntegrityError, connection, transaction

from crm.lib.errors import CommandRefused, StaleRecord
from crm.lib.values import Refusal
from crm.models import User
from crm.models.base import Versioned
from crm.policies.edits import conflicts
from crm.registries import facts_changed

R = TypeVar("R", bound=Versioned)


def change_record(
    record: R, wanted: Mapping[str, Any], *, seen: Mapping[str, Any] | None = None, seen_version: int | None = None
) -> list[str]:
    """Set the fields that differ on a locked record, raise its version and save; return what changed.

    `seen` holds the values a page showed, by field; `seen_version` the version an API client read.
    Nothing to change is no change: the version stays.

    :raises StaleRecord: a field in `seen`, or the version, is no longer what it was
    """
    if seen_version is not None:
        record.require_version(seen_version)
    current = {name: getattr(record, name) for name in wanted}
    if stale := conflicts(current, seen=seen or {}, wanted=wanted):
        raise StaleRecord(seen=record.version, now=record.version, current=stale)
    changed = [name for name, value in wanted.items() if current[name] != value]
    if not changed:
        return []
    for name in changed:
        set_value(record, name, wanted[name])
    record.version += 1
    record.save(update_fields=[*columns(record, changed), "version"])
    return changed


def store_record(
    record: R,
    values: Mapping[str, Any] | None,
    *,
    unique: Mapping[str, Refusal],
    refused: type[CommandRefused],
    **seen: Any,
) -> None:
    """Insert a record, or with `values` change it; what only one record may have is refused where another has it.

    `unique` says which refusal that is, by a part of the constraint's name; `taken` says it of single fields.

    :raises CommandRefused: of the class `refused`, naming the field that is taken
    :raises StaleRecord: as `change_record` does
    """
    try:
        with transaction.atomic():
            if values is None:
                record.save(force_insert=True)
            else:
                change_record(record, values, **seen)
    except IntegrityError as error:
        broken = str(getattr(getattr(error.__cause__, "diag", None), "constraint_name", ""))
        refusal = next((each for name, each in unique.items() if name in broken), None)
        if refusal is None:
            raise
        raise refused(refusal, field=dict(refusal.params).get("field", "")) from error


def taken(*fields: str) -> dict[str, Refusal]:
    """Return for `store_record` that another record has the value of one of these fields."""
    return {field: Refusal.of("taken", field=field) for field in fields}


def tell_facts_changed(*, fields: Collection[str], by: User | None, at: datetime, **of: int) -> None:
    """Let the apps above follow what was changed of an account or a contact, whose id is `of`."""
    for follow in facts_changed.values():
        follow(**of, fields=fields, by=by, at=at)


def archive_record(record: Versioned, *, at: datetime | None, seen_version: int | None = None) -> bool:
    """Take a locked record out of lists, or with `at` None put it back; tell whether that was news."""
    if (record.archived_at is None) == (at is None):
        return False
    change_record(record, {"archived_at": at}, seen_version=seen_version)
    return True


def wait_turn(name: str) -> None:
    """Let nobody else into what bears this name until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('setpoint'), hashtext(%s))", [name])


def set_value(record: Versioned, name: str, value: Any) -> None:
    """Set a field; money without a value also loses its currency."""
    setattr(record, name, value)
    if value is None and f"{name}_currency" in column_names(record):
        setattr(record, f"{name}_currency", "")


def columns(record: Versioned, names: list[str]) -> list[str]:
    """Return the columns of some fields: money has two."""
    money = [f"{name}_currency" for name in names if f"{name}_currency" in column_names(record)]
    return [*names, *money]


def column_names(record: Versioned) -> set[str]:
    """Return the concrete columns of a record, foreign keys by both their names."""
    fields = record._meta.concrete_fields
    return {field.name for field in fields} | {field.attname for field in fields}
