"""Writing what to say to whom (TR-036, TR-044)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from crm.commands.edits import archive_record, change_record
from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.values import Refusal
from crm.models import Persona, User
from crm.permissions import can_edit_playbook
from crm.queries.access import get_access
from pipeline.models import Competitor, MessageGuide
from pipeline.policies.guides import TEXTS, WHOM, clean_guide, guide_refusals

FIELDS = (*WHOM, *TEXTS)
EMPTY: dict[str, Any] = {"seniority": "", "persona_id": None, "competitor_id": None, **dict.fromkeys(TEXTS, "")}


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
    _refuse_others(by)
    guide = MessageGuide(external_id=external_id, created_at=at, recorded_at=at)
    wanted = _cleaned(guide, {**EMPTY, **values})
    for name, value in wanted.items():
        setattr(guide, name, value)
    _once(lambda: guide.save(force_insert=True))
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
    guide = _lock(guide_id, by=by)
    current = {name: getattr(guide, name) for name in FIELDS}
    wanted = _cleaned(guide, {**current, **changes})
    given = {name: wanted[name] for name in wanted if name in changes}
    _once(lambda: change_record(guide, given, seen=seen, seen_version=seen_version))
    return guide


@transaction.atomic
def archive_guide(*, guide_id: int, by: User | None, at: datetime, seen_version: int | None = None) -> MessageGuide:
    """Offer a guide no longer. Archived already: nothing happens.

    :raises NotPermitted: only marketing and administrators may
    """
    guide = _lock(guide_id, by=by)
    archive_record(guide, at=at, seen_version=seen_version)
    return guide


@transaction.atomic
def restore_guide(*, guide_id: int, by: User | None, at: datetime, seen_version: int | None = None) -> MessageGuide:
    """Offer an archived guide again.

    :raises NotPermitted: only marketing and administrators may
    :raises GuideRefused: there is another one for the same people by now
    """
    guide = _lock(guide_id, by=by)
    _once(lambda: change_record(guide, {"archived_at": None}, seen_version=seen_version))
    return guide


def _lock(guide_id: int, *, by: User | None) -> MessageGuide:
    _refuse_others(by)
    return MessageGuide.objects.select_for_update().get(pk=guide_id)


def _refuse_others(by: User | None) -> None:
    if by is not None and not can_edit_playbook(get_access(by)):
        raise NotPermitted(Refusal.of("may_not_edit_playbook"))


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


def _once(write: Any) -> None:
    try:
        with transaction.atomic():
            write()
    except IntegrityError as error:
        if "guide_once" not in str(error):
            raise
        raise GuideRefused(Refusal.of("guide_exists", field="seniority"), field="seniority") from error
