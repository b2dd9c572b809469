"""Who changed what, when and from where, read from the audit tables (C-7, D-43)."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

import pghistory.models
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import connection
from django.db.models import Model

from crm.facts import AuditChange, AuditEntry, TimelineCursor, TimelineEntry
from crm.lib.fields import MoneyField
from crm.models import User
from crm.queries.timeline import Asked

# Columns that say nothing to a reader: keys of the audit itself, counters, and what a job derives.
SILENT = frozenset({"id", "version", "recorded_at", "folded"})
LIMIT = 50
SOURCE = "changes"
TEMPLATE = "crm/_timeline_change.html"
BRANCH = """(
SELECT %s AS model, audit.pgh_id, audit.pgh_obj_id, audit.pgh_label, audit.pgh_created_at, to_jsonb(audit),
    (SELECT to_jsonb(earlier) FROM {table} earlier
     WHERE earlier.pgh_obj_id = audit.pgh_obj_id AND earlier.pgh_id < audit.pgh_id
     ORDER BY earlier.pgh_id DESC LIMIT 1),
    context.metadata
FROM {table} audit LEFT JOIN pghistory_context context ON context.id = audit.pgh_context_id
WHERE {where}
ORDER BY audit.pgh_id DESC LIMIT %s)"""


def get_audited_models() -> dict[str, type[Model]]:
    """Return the models whose rows are audited, by label such as `crm.Account`, in order."""
    tables = (model for model in apps.get_models() if issubclass(model, pghistory.models.Event))
    tracked: list[type[Model] | None] = [getattr(table, "pgh_tracked_model", None) for table in tables]
    return dict(sorted((model._meta.label, model) for model in tracked if model is not None))


def get_record_audit(
    model: type[Model], record_id: int, *, limit: int = LIMIT, before: TimelineCursor | None = None
) -> list[AuditEntry]:
    """Return the changes of one record, newest first."""
    where, params = ["audit.pgh_obj_id = %s"], [record_id]
    return _read([(model, where, params)], limit=limit, before=before)


def get_audit(
    labels: Iterable[str] = (),
    *,
    by_id: int | None = None,
    record_id: int | None = None,
    before: TimelineCursor | None = None,
    limit: int = LIMIT,
) -> list[AuditEntry]:
    """Return the changes of all records, newest first; of some models, one person or one record where asked for."""
    chosen = get_audited_models()
    wanted = [chosen[label] for label in labels if label in chosen] or list(chosen.values())
    where: list[str] = ["TRUE"]
    params: list[Any] = []
    if by_id is not None:
        where, params = [*where, "(context.metadata ->> 'by')::bigint = %s"], [*params, by_id]
    if record_id is not None:
        where, params = [*where, "audit.pgh_obj_id = %s"], [*params, record_id]
    return _read([(model, where, params) for model in wanted], limit=limit, before=before)


def get_change_entries(asked: Asked) -> list[TimelineEntry]:
    """Provide the changes of an account or a contact to its timeline; that it was made comes as its first."""
    model = apps.get_model("crm", asked.subject)
    changes = get_record_audit(model, asked.record_id, limit=asked.limit, before=asked.before)
    return [TimelineEntry(entry.at, SOURCE, entry.audit_id, "change", TEMPLATE, entry) for entry in changes]


def _read(
    branches: list[tuple[type[Model], list[str], list[Any]]], *, limit: int, before: TimelineCursor | None
) -> list[AuditEntry]:
    statements, values = [], []
    for model, where, params in branches:
        clauses, bounds = list(where), list(params)
        if before is not None:
            clause, bound = _earlier(before, model._meta.label)
            clauses.append(clause)
            bounds += bound
        table = connection.ops.quote_name(_audit_table(model))
        statements.append(BRANCH.format(table=table, where=" AND ".join(clauses)))
        values += [model._meta.label, *bounds, limit]
    whole = f"SELECT * FROM ({' UNION ALL '.join(statements)}) changes ORDER BY 5 DESC, 2 DESC, 1 DESC LIMIT %s"
    with connection.cursor() as cursor:
        cursor.execute(whole, [*values, limit])
        rows = cursor.fetchall()
    return _with_names([_entry(*row) for row in rows])


def _earlier(before: TimelineCursor, label: str) -> tuple[str, list[Any]]:
    """Return what comes before the cursor of a record's timeline (source: changes) or of the whole audit (a model)."""
    if before.source == SOURCE:
        return "(audit.pgh_created_at, audit.pgh_id) < (%s, %s)", [before.at, before.record_id]
    if "." in before.source:
        earlier = "(audit.pgh_created_at, audit.pgh_id, %s::text) < (%s, %s, %s)"
        return earlier, [label, before.at, before.record_id, before.source]
    operator = "<=" if before.source > SOURCE else "<"
    return f"audit.pgh_created_at {operator} %s", [before.at]


def _audit_table(model: type[Model]) -> str:
    return str(apps.get_model(model._meta.app_label, f"{model._meta.object_name}Audit")._meta.db_table)


def _entry(
    label: str, audit_id: int, record_id: int, action: str, at: datetime, new: Any, old: Any, origin: Any
) -> AuditEntry:
    new, old, origin = (_mapping(value) for value in (new, old, origin))
    model = apps.get_model(label)
    by_id = origin.get("by")
    return AuditEntry(
        audit_id=audit_id,
        model=label,
        record_id=record_id,
        action=action,
        at=at,
        by_id=int(by_id) if by_id else None,
        via=str(origin.get("via", "")),
        reference=str(origin.get("reference", "")),
        changes=tuple(_changes(model, new, old, action)),
    )


def _mapping(value: Any) -> dict[str, Any]:
    if value is None:
        return {}
    return dict(json.loads(value, parse_float=Decimal) if isinstance(value, str) else value)


def _changes(model: type[Model], new: Mapping[str, Any], old: Mapping[str, Any], action: str) -> Iterable[AuditChange]:
    money = {f"{field.name}_currency" for field in model._meta.concrete_fields if isinstance(field, MoneyField)}
    for column, value in new.items():
        if column.startswith("pgh_") or column in SILENT or column in money:
            continue
        before, now, currency = old.get(column), value, f"{column}_currency"
        if currency in money:
            before, now = _money(before, old.get(currency)), _money(value, new.get(currency))
        if now != before and not (action == "insert" and now in (None, "", [], False)):
            yield AuditChange(_field_name(model, column), before, now, known_before=bool(old))


def _money(amount: Any, currency: Any) -> str | None:
    return None if amount is None else f"{amount} {currency}"


def _field_name(model: type[Model], column: str) -> str:
    try:
        return str(model._meta.get_field(column.removesuffix("_id")).name)
    except FieldDoesNotExist:
        return column


def _with_names(entries: list[AuditEntry]) -> list[AuditEntry]:
    """Put names where the audit has keys: one query for each kind of record the entries point to."""
    wanted: dict[type[Model], set[int]] = {User: {entry.by_id for entry in entries if entry.by_id}}
    for entry in entries:
        for change in entry.changes:
            target = _target(entry.model, change.field)
            if target is not None:
                wanted.setdefault(target, set()).update(v for v in (change.old, change.new) if isinstance(v, int))
    names = {
        model: {pk: str(record) for pk, record in model._default_manager.in_bulk(ids).items()}
        for model, ids in wanted.items()
        if ids
    }
    people = names.get(User, {})
    return [entry.named(people.get(entry.by_id or 0, ""), partial(_named, entry, names)) for entry in entries]


def _named(entry: AuditEntry, names: Mapping[type[Model], Mapping[int, str]], change: AuditChange) -> AuditChange:
    target = _target(entry.model, change.field)
    if target is None:
        return change
    known = names.get(target, {})
    return change.replaced(*(known.get(v, f"#{v}") if isinstance(v, int) else v for v in (change.old, change.new)))


def _target(label: str, field: str) -> type[Model] | None:
    try:
        found = apps.get_model(label)._meta.get_field(field)
    except FieldDoesNotExist:
        return None
    related = found.related_model
    return related if isinstance(related, type) else None
