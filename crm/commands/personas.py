"""Writing the kinds of buyers (LT-031 to LT-036)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from crm.commands.edits import archive_record, store_record, taken
from crm.commands.playbook import lock_entry, require_playbook_editor
from crm.lib.errors import CommandRefused
from crm.models import Persona, User
from crm.policies.personas import clean_persona


class PersonaRefused(CommandRefused):
    """The persona was not written; each refusal names its field."""


@transaction.atomic
def create_persona(
    *, values: Mapping[str, Any], by: User | None, at: datetime, external_id: str | None = None
) -> Persona:
    """Add a kind of buyer. `by` None: the system.

    :raises NotPermitted: only marketing and administrators may
    :raises PersonaRefused: a value cannot be stored, or another persona in use has the name
    """
    require_playbook_editor(by)
    persona = Persona(external_id=external_id, created_at=at, recorded_at=at, **_cleaned({"name": "", **values}))
    _store(persona, None)
    return persona


@transaction.atomic
def edit_persona(
    *,
    persona_id: int,
    changes: Mapping[str, Any],
    by: User | None,
    at: datetime,
    seen: Mapping[str, Any] | None = None,
    seen_version: int | None = None,
) -> Persona:
    """Change what is said of a kind of buyer; a page gives `seen`, an API client `seen_version`.

    :raises NotPermitted: only marketing and administrators may
    :raises PersonaRefused: a value cannot be stored
    :raises StaleRecord: somebody changed the same field, or the version, since it was seen
    """
    persona = lock_entry(Persona, persona_id, by=by)
    _store(persona, _cleaned(changes), seen=seen, seen_version=seen_version)
    return persona


@transaction.atomic
def archive_persona(*, persona_id: int, by: User | None, at: datetime, seen_version: int | None = None) -> Persona:
    """Offer a persona no longer; contacts that are one keep it. Archived already: nothing happens.

    :raises NotPermitted: only marketing and administrators may
    """
    persona = lock_entry(Persona, persona_id, by=by)
    archive_record(persona, at=at, seen_version=seen_version)
    return persona


@transaction.atomic
def restore_persona(*, persona_id: int, by: User | None, at: datetime, seen_version: int | None = None) -> Persona:
    """Offer an archived persona again.

    :raises NotPermitted: only marketing and administrators may
    :raises PersonaRefused: another persona has its name by now
    """
    persona = lock_entry(Persona, persona_id, by=by)
    _store(persona, {"archived_at": None}, seen_version=seen_version)
    return persona


def _store(persona: Persona, values: Mapping[str, Any] | None, **seen: Any) -> None:
    store_record(persona, values, unique=taken("name", "external_id"), refused=PersonaRefused, **seen)


def _cleaned(values: Mapping[str, Any]) -> dict[str, Any]:
    cleaned, refusals = clean_persona(values)
    if refusals:
        raise PersonaRefused(refusals, field=dict(refusals[0].params).get("field", ""))
    return cleaned
