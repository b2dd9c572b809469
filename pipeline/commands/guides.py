"""Writing what to say to whom (TR-036, TR-044)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from crm.commands.edits import archive_record, store_record, taken
from crm.commands.playbook import lock_entry, require_playbook_editor
from crm.lib.errors import CommandRefused
from crm.lib.values import Refusal
from crm.models import Persona, User
from pipeline.models import Competitor, MessageGuide
from pipeline.policies.guides import TEXTS, WHOM, clean_guide, guide_refusals

FIELDS = (*WHOM, *TEXTS)
EMPTY: dict[str, Any] = {"seniority": "", "persona_id": None, "competitor_id": None, **dict.fromkeys(TEXTS, "")}
UNIQUE = {"guide_once": Refusal.of("guide_exists", field="seniority"), **taken("external_id")}


class GuideRefused(CommandRefused):
    """The guide was not written; the refusals name the fields."""


@transaction.atomic
def create_guide(
    *, values: Mapping[str, Any], by: User | None, at: datetime, external_id: str | None = None
) -> MessageGuide:
    """Write a guide for a level, a persona, a competitor, or several of these together. `by` None: the system.

    :raises NotPermitted: only marketing and administrators may
    :raises GuideRefused: it is for nobody, says nothing, or there is one for the same people
    """
    require_playbook_editor(by)
    wanted = _cleaned(MessageGuide(), {**EMPTY, **values})
    guide = MessageGuide(external_id=external_id, created_at=at, recorded_at=at, **wanted)
    _store(guide, None)
    return guide


@transaction.atomic
def edit_guide(
    *,
    guide_id: int,
    changes: Mapping[str, Any],
    by: User | None,
    at: datetime,
    seen: Mapping[str, Any] | None = None,
    seen_version: int | None = None,
) -> MessageGuide:
    """Change a guide; a page gives `seen`, an API client `seen_version`.

    :raises NotPermitted: only marketing and administrators may
    :raises GuideRefused: it would be for nobody, say nothing, or be the second for the same people
    :raises StaleRecord: somebody changed the same field, or the version, since it was seen
    """
    guide = lock_entry(MessageGuide, guide_id, by=by)
    current = {name: getattr(guide, name) for name in FIELDS}
    wanted = _cleaned(guide, {**current, **changes})
    _store(guide, {name: wanted[name] for name in changes}, seen=seen, seen_version=seen_version)
    return guide


@transaction.atomic
def archive_guide(*, guide_id: int, by: User | None, at: datetime, seen_version: int | None = None) -> MessageGuide:
    """Offer a guide no longer. Archived already: nothing happens.

    :raises NotPermitted: only marketing and administrators may
    """
    guide = lock_entry(MessageGuide, guide_id, by=by)
    archive_record(guide, at=at, seen_version=seen_version)
    return guide


@transaction.atomic
def restore_guide(*, guide_id: int, by: User | None, at: datetime, seen_version: int | None = None) -> MessageGuide:
    """Offer an archived guide again.

    :raises NotPermitted: only marketing and administrators may
    :raises GuideRefused: there is another one for the same people by now
    """
    guide = lock_entry(MessageGuide, guide_id, by=by)
    _store(guide, {"archived_at": None}, seen_version=seen_version)
    return guide


def _store(guide: MessageGuide, values: Mapping[str, Any] | None, **seen: Any) -> None:
    store_record(guide, values, unique=UNIQUE, refused=GuideRefused, **seen)


def _cleaned(guide: MessageGuide, values: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := set(values) - set(FIELDS):
        raise GuideRefused(Refusal.of("not_editable", field=", ".join(sorted(unknown))))
    cleaned = clean_guide(values)
    refused = guide_refusals(cleaned)
    for name, offered in (("persona_id", Persona), ("competitor_id", Competitor)):
        wanted = cleaned[name]
        if (
            wanted not in (None, getattr(guide, name))
            and not offered.objects.filter(pk=wanted, archived_at=None).exists()
        ):
            refused.append(Refusal.of("choose_offered", field=name))
    if refused:
        raise GuideRefused(refused, field=dict(refused[0].params).get("field", ""))
    return cleaned
