"""Rewriting what is otherwise never rewritten, for the erasure of a person alone (D-8).

Triggers refuse to change audits and events. Each asks first for a setting of the transaction, pgtrigger's own, that names
it; this module sets that around a statement of its own and takes it back behind it, and nothing else in the tree does.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pghistory.models
import pgtrigger
from django.apps import apps
from django.db import connection
from django.db.models import (
    Case,
    CharField,
    EmailField,
    F,
    Field,
    JSONField,
    Model,
    Q,
    SlugField,
    TextField,
    UniqueConstraint,
    Value,
    When,
)

from crm.facts import Identity
from crm.models import Account, ApiToken, User
from crm.policies.erasure import NAME, TEXT

GUARDS = frozenset({"append_only", "never_changed"})
# Who our own people are and how they sign in is not searched, nor are the names of companies.
NOT_SEARCHED = frozenset({"account", "auth", "contenttypes", "mfa", "pghistory", "sessions", "socialaccount"})
NOT_OURS = (Account, ApiToken, User)
# These columns hold a person, who is another one that bears the same name.
OF_A_PERSON = frozenset({"first_name", "last_name", "email", "phone", "pgh_label"})
SHORTEST = 6  # no name fits into a currency


def blank(model: type[Model], rows: Q, *, also: dict[str, Any] | None = None, **values: Any) -> None:
    """Set columns of rows and of all that the audit kept of them; `also` is set on the rows alone."""
    ids = list(model._default_manager.filter(rows).values_list("pk", flat=True))
    if not ids:
        return
    with rewriting(model):
        model._default_manager.filter(pk__in=ids).update(**values, **(also or {}), **_raised(model))
    audit = audit_of(model)
    if audit is not None:
        with rewriting(audit):
            audit._default_manager.filter(pgh_obj_id__in=ids).update(**values)


def blank_texts(model: type[Model], rows: Q, *names: str) -> None:
    """Say of texts only that something stood there; an empty one stays empty, since figures ask whether there is one."""
    texts: dict[str, Any] = {name: Case(When(**{name: ""}, then=Value("")), default=Value(TEXT)) for name in names}
    blank(model, rows, **texts)


def get_identity(model: type[Model], ids: Iterable[int]) -> Identity:
    """Return by what the contacts or leads were known, and earlier, as the audit has it."""
    columns, ids = ("first_name", "last_name", "email", "phone"), list(ids)
    rows = list(model._default_manager.filter(pk__in=ids).values_list(*columns))
    audit = audit_of(model)
    if audit is not None:
        rows += audit._default_manager.filter(pgh_obj_id__in=ids).values_list(*columns).distinct()
    return Identity(
        frozenset(name for first, last, _, _ in rows if (name := f"{first} {last}".strip())),
        frozenset(email for _, _, email, _ in rows if email),
        frozenset(phone for _, _, _, phone in rows if phone),
    )


def audit_of(model: type[Model]) -> type[Model] | None:
    """Return the table that keeps the versions of the rows, if there is one."""
    found = (each.related_model for each in model._meta.related_objects if each.get_accessor_name() == "audit")
    return next(found, None)


def replace_words(pattern: str, words: list[str]) -> None:
    """Put the mark where the pattern is found, which is only beside one of the words, in all texts of all our tables."""
    for model in apps.get_models():
        of = getattr(model, "pgh_tracked_model", model)
        if model._meta.app_label in NOT_SEARCHED or issubclass(of, NOT_OURS) or not model._meta.managed:
            continue
        if texts := [field for field in model._meta.local_concrete_fields if _is_text(field)]:
            _replace(model, texts, pattern, words)


def _replace(model: type[Model], texts: "list[Field[Any, Any]]", pattern: str, words: list[str]) -> None:
    """A value that must be unique gives way whole: two marks would be alike."""
    alone, quote = _unique_columns(model), connection.ops.quote_name
    key = quote(model._meta.pk.attname)
    sets: list[str] = []
    for field in texts:
        column = quote(field.attname)
        replaced = f"regexp_replace({column}::text, %s, '{NAME}', 'gi')"
        if isinstance(field, JSONField):
            sets.append(f"{column} = {replaced}::jsonb")
        elif field.name in alone:
            sets.append(f"{column} = CASE WHEN {column} ~* %s THEN 'erased-' || {key} ELSE {column} END")
        else:
            sets.append(f"{column} = " + (f"left({replaced}, {field.max_length})" if field.max_length else replaced))
    found = " OR ".join(
        f"({quote(field.attname)}::text ILIKE ANY(%s) AND {quote(field.attname)}::text ~* %s)" for field in texts
    )
    raised = ", version = version + 1" if _raised(model) else ""
    params: list[Any] = [*[pattern] * len(texts), *[words, pattern] * len(texts)]
    with rewriting(model), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {quote(model._meta.db_table)} SET {', '.join(sets)}{raised} WHERE {found}",
            params,
        )


@contextmanager
def rewriting(model: type[Model]) -> Iterator[None]:
    """Let the statements within change rows of this one table that are else refused."""
    label = model._meta.label
    known: Iterable[tuple[Any, Any]] = pgtrigger.registered()
    guards = [f"{label}:{each.name}" for owner, each in known if owner is model and each.name in GUARDS]
    if not guards:
        yield
        return
    with pgtrigger.ignore(*guards):
        yield


def _raised(model: type[Model]) -> dict[str, Any]:
    """A record was changed, and whoever read it must learn of it; what the audit kept has the version it had."""
    if issubclass(model, pghistory.models.Event):
        return {}
    return {
        field.name: F(field.name) + 1
        for field in model._meta.local_concrete_fields
        if field.name == "version" and not field.is_relation
    }


def _is_text(field: "Field[Any, Any]") -> bool:
    if field.name in OF_A_PERSON or field.choices or field.primary_key:
        return False
    if isinstance(field, JSONField | TextField):
        return True
    is_free = isinstance(field, CharField) and not isinstance(field, EmailField | SlugField)
    return is_free and (field.max_length or SHORTEST) >= SHORTEST


def _unique_columns(model: type[Model]) -> set[str]:
    together = (each.fields for each in model._meta.constraints if isinstance(each, UniqueConstraint))
    alone = {field.name for field in model._meta.local_concrete_fields if field.unique}
    return alone.union(*together)
