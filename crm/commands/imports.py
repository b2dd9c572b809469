"""Bulk writing for imports: the same records, versions and events as the single commands make, a batch at a time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import connection, transaction
from django.db.models import Model

from crm.lib.bulk import copy_rows, reserve_ids, stored_values, update_rows
from crm.lib.values import Money
from crm.models import ImportedRow, ImportRun, User
from crm.models.base import Record

R = TypeVar("R", bound=Record)
RENEW = """
UPDATE crm_importedrow imported
SET digest = renewed.digest, record_id = renewed.record_id, run_id = %s
FROM unnest(%s, %s, %s) AS renewed(natural_id, digest, record_id)
WHERE imported.kind = %s AND imported.natural_id = renewed.natural_id
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one row wants a record to be. Without `record_id` it is to be made; values are by attribute name."""

    record_id: int | None
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Written:
    """What became of one `Wanted`: `changed` names what differed, everything where the record was made."""

    record_id: int
    created: bool
    changed: frozenset[str]


@transaction.atomic
def start_import(
    *, kind: str, file_name: str, file_digest: str, mapping: dict[str, Any], reason: str, by: User | None, at: datetime
) -> ImportRun:
    """Record that an import began."""
    return ImportRun.objects.create(
        kind=kind,
        file_name=file_name[:300],
        file_digest=file_digest,
        mapping=mapping,
        reason=reason,
        by=by,
        started_at=at,
    )


@transaction.atomic
def finish_import(*, run_id: int, counts: dict[str, int], at: datetime) -> None:
    """Record what an import did."""
    ImportRun.objects.filter(pk=run_id).update(counts=counts, finished_at=at)


@transaction.atomic
def note_progress(*, run_id: int, counts: dict[str, int]) -> None:
    """Keep how far an import is. As the first write of each batch it also tells the audit who acts."""
    ImportRun.objects.filter(pk=run_id).update(counts=counts)


@transaction.atomic
def keep_imported(
    *, kind: str, run_id: int, made: Sequence[tuple[str, str, int]], renewed: Sequence[tuple[str, str, int]]
) -> None:
    """Keep (natural id, digest, record) of rows taken for the first time and of rows that changed (D-48)."""
    copy_rows(
        ImportedRow,
        ("kind", "natural_id", "digest", "record_id", "run_id"),
        ((kind, name, digest, record, run_id) for name, digest, record in made),
    )
    if renewed:
        names, digests, records = (list(column) for column in zip(*renewed, strict=True))
        with connection.cursor() as cursor:
            cursor.execute(RENEW, [run_id, names, digests, records, kind])


@transaction.atomic
def write_records(model: type[R], wanted: Sequence[Wanted], *, at: datetime) -> list[Written]:
    """Make or change versioned records; one statement a kind of write, whatever the number of rows.

    A new record's `created_at` is its own or `at`. A record that is as wanted keeps its version.
    """
    made = iter(_make(model, [item for item in wanted if item.record_id is None], at=at))
    changed = _change(model, {item.record_id: item for item in wanted if item.record_id is not None})
    return [next(made) if item.record_id is None else changed[item.record_id] for item in wanted]


def copy_records(model: type[Model], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Append rows by COPY, by attribute name, the rest by the model's defaults; return their ids.

    Money may stand under its field's name. Rows bring their ids where others must know them before.
    """
    if not rows:
        return []
    fields = model._meta.concrete_fields
    defaults = {field.attname: field.get_default() for field in fields}
    defaults |= {field.attname: () for field in fields if isinstance(field, ArrayField)}
    ids = [row["id"] for row in rows] if "id" in rows[0] else reserve_ids(model, len(rows))
    complete = (defaults | {"id": pk} | _columns(row) for pk, row in zip(ids, rows, strict=True))
    copy_rows(
        model, [str(field.column) for field in fields], ([row[field.attname] for field in fields] for row in complete)
    )
    return ids


def copy_instances(model: type[Model], records: Sequence[Model]) -> None:
    """Append records that have their ids by COPY; what `save` would derive is the caller's to have set."""
    names = [field.attname for field in model._meta.concrete_fields]
    copy_records(model, [{name: record.__dict__[name] for name in names} for record in records])
    for record in records:
        record._state.adding = False


def _columns(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as columns hold them: money is two, a list of texts a tuple."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, Money):
            found |= {name: value.amount, f"{name}_currency": value.currency}
        else:
            found[name] = value
    return found


def _make(model: type[R], wanted: Sequence[Wanted], *, at: datetime) -> list[Written]:
    ids = copy_records(model, [{"created_at": at, "recorded_at": at, **item.values} for item in wanted])
    return [Written(pk, True, frozenset(item.values)) for pk, item in zip(ids, wanted, strict=True)]


def _change(model: type[R], wanted: Mapping[int | None, Wanted]) -> dict[int | None, Written]:
    if not wanted:
        return {}
    found = model._default_manager.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk")
    results: dict[int | None, Written] = {}
    dirty: list[R] = []
    columns: set[str] = set()
    for record in found:
        changed = frozenset(name for name, value in wanted[record.pk].values.items() if _differs(record, name, value))
        for name in changed:
            value = wanted[record.pk].values[name]
            setattr(record, name, value)
            columns |= {name, f"{name}_currency"} if isinstance(value, Money) else {name}
        if changed:
            record.version += 1
            dirty.append(record)
        results[record.pk] = Written(record.pk, False, changed)
    save_records(model, dirty, columns | {"version"})
    return results


def _differs(record: Record, name: str, value: Any) -> bool:
    now = getattr(record, name)
    return bool(tuple(now) != value) if isinstance(value, tuple) else bool(now != value)


def save_records(model: type[R], records: Sequence[R], attributes: Iterable[str]) -> None:
    """Store attributes of locked records in one statement; fields of arrays by Django's own."""
    by_attname = {field.attname: field for field in model._meta.concrete_fields}
    fields = [by_attname[name] for name in sorted(attributes)]
    plain = [str(field.column) for field in fields if not isinstance(field, ArrayField)]
    update_rows(model, plain, {record.pk: stored_values(record, plain) for record in records})
    if records and (arrays := [field.name for field in fields if isinstance(field, ArrayField)]):
        model._default_manager.bulk_update(records, arrays, batch_size=500)
