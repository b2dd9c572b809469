"""Writing where interest comes from: sources and their campaigns (D-41, LT-055 to LT-065, FI-004)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction

from crm.commands.edits import archive_record, store_record
from crm.commands.sources import code_of
from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.values import Refusal
from crm.models import Campaign, Source, User
from crm.permissions import can_edit_origins
from crm.policies.origins import clean_origin, days_refusals
from crm.queries.access import get_access

FIELDS: dict[type[Source | Campaign], frozenset[str]] = {
    Source: frozenset({"name", "channel", "content_type"}),
    Campaign: frozenset({"name", "source_id", "content_type", "starts_on", "ends_on"}),
}
O = TypeVar("O", Source, Campaign)  # noqa: E741  the origin, as figures call both


class OriginRefused(CommandRefused):
    """Nothing was written; each refusal names its field."""


@transaction.atomic
def create_origin(model: type[O], *, values: Mapping[str, Any], by: User | None, at: datetime) -> O:
    """Add a source or a campaign; its code, by which files and events name it, comes of its first name and stays.

    :raises NotPermitted: only marketing and administrators may
    :raises OriginRefused: a value cannot be stored, or another one has the code
    """
    _require(by)
    origin = model(**_cleaned(model, {"name": "", **values}))
    origin.code = code_of(origin.name)
    _store(origin, None)
    return origin


@transaction.atomic
def edit_origin(
    model: type[O],
    *,
    origin_id: int,
    changes: Mapping[str, Any],
    by: User | None,
    at: datetime,
    seen: Mapping[str, Any] | None = None,
    seen_version: int | None = None,
) -> O:
    """Change what is said of a source or a campaign; leads and deals that came by it keep it.

    :raises NotPermitted: only marketing and administrators may
    :raises OriginRefused: a value cannot be stored
    :raises StaleRecord: somebody changed the same field, or the version, since it was seen
    """
    origin = _lock(model, origin_id, by=by)
    _store(origin, _cleaned(model, changes), seen=seen, seen_version=seen_version)
    return origin


@transaction.atomic
def archive_origin(
    model: type[O], *, origin_id: int, by: User | None, at: datetime, seen_version: int | None = None
) -> O:
    """Offer a source or a campaign no longer; what came by it keeps it. Archived already: nothing happens.

    :raises NotPermitted: only marketing and administrators may
    """
    origin = _lock(model, origin_id, by=by)
    archive_record(origin, at=at, seen_version=seen_version)
    return origin


@transaction.atomic
def restore_origin(
    model: type[O], *, origin_id: int, by: User | None, at: datetime, seen_version: int | None = None
) -> O:
    """Offer a source or a campaign again.

    :raises NotPermitted: only marketing and administrators may
    """
    origin = _lock(model, origin_id, by=by)
    archive_record(origin, at=None, seen_version=seen_version)
    return origin


def _require(by: User | None) -> None:
    if by is not None and not can_edit_origins(get_access(by)):
        raise NotPermitted(Refusal.of("may_not_edit_origins"))


def _lock(model: type[O], origin_id: int, *, by: User | None) -> O:
    _require(by)
    return model._default_manager.select_for_update(of=("self",), no_key=True).get(pk=origin_id)


def _cleaned(model: type[Source | Campaign], values: Mapping[str, Any]) -> dict[str, Any]:
    cleaned, refusals = clean_origin(values, fields=FIELDS[model])
    source_id = cleaned.get("source_id")
    if source_id is not None and not Source.objects.filter(pk=source_id).exists():
        refusals.append(Refusal.of("choose_offered", field="source_id"))
    if refusals:
        raise OriginRefused(refusals, field=dict(refusals[0].params)["field"])
    return cleaned


def _store(origin: Source | Campaign, changes: Mapping[str, Any] | None, **seen: Any) -> None:
    if isinstance(origin, Campaign):
        wanted = {name: (changes or {}).get(name, getattr(origin, name)) for name in ("starts_on", "ends_on")}
        if refused := days_refusals(**wanted):
            raise OriginRefused(refused, field="ends_on")
    store_record(origin, changes, unique={"code": Refusal.of("taken", field="name")}, refused=OriginRefused, **seen)
