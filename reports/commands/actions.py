"""Actions of a quarter review: editable, versioned and audited, outside its frozen part (D-21)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Max

from crm.lib.errors import CommandRefused, NotPermitted, StaleRecord
from crm.lib.values import Refusal
from crm.models import User
from crm.queries.access import get_access
from reports.models import QbrAction, QbrRun
from reports.permissions import can_edit_qbr

EDITABLE = ("text", "owner_id", "due_on")
LONGEST_TEXT = 500


class ActionRefused(CommandRefused):
    """The action cannot be written as asked."""


@transaction.atomic
def add_action(*, run_id: int, text: str, owner_id: int | None, due_on: Any, by: User, at: datetime) -> QbrAction:
    """Add an action to a quarter review.

    :raises NotPermitted: neither a manager of the team or above nor an administrator
    :raises ActionRefused: the text is missing or too long, or nobody of that id works here
    """
    run = QbrRun.objects.select_for_update().get(pk=run_id)
    _require_editor(by, run)
    _check({"text": text, "owner_id": owner_id})
    last = QbrAction.objects.filter(run=run).aggregate(last=Max("order"))["last"] or 0
    return QbrAction.objects.create(run=run, text=text.strip(), owner_id=owner_id, due_on=due_on, order=last + 1)


@transaction.atomic
def edit_action(
    *, action_id: int, changes: Mapping[str, Any], seen: Mapping[str, Any], by: User, at: datetime
) -> QbrAction:
    """Change text, owner or due date; `seen` holds the values the person saw, by field (D-9).

    :raises StaleRecord: a changed field no longer has the value that was seen; `current` holds what stands
    :raises NotPermitted: neither a manager of the team or above nor an administrator
    :raises ActionRefused: the text is missing or too long, or nobody of that id works here
    """
    action = _locked(action_id, by)
    changed = {name: value for name, value in changes.items() if name in EDITABLE and value != getattr(action, name)}
    if conflicts := {
        name: getattr(action, name) for name in changed if name in seen and seen[name] != getattr(action, name)
    }:
        raise StaleRecord(seen=action.version - 1, now=action.version, current=conflicts)
    if not changed:
        return action
    _check(changed)
    for name, value in changed.items():
        setattr(action, name, value.strip() if name == "text" else value)
    action.version += 1
    action.save(update_fields=[*(name.removesuffix("_id") for name in changed), "version"])
    return action


@transaction.atomic
def mark_action(*, action_id: int, done: bool, by: User, at: datetime) -> QbrAction:
    """Mark an action done, or not done after all; its owner may do it too. Saying it twice changes nothing."""
    action = _locked(action_id, by, owner_may=True)
    if (action.done_at is not None) != done:
        action.done_at, action.version = at if done else None, action.version + 1
        action.save(update_fields=["done_at", "version"])
    return action


@transaction.atomic
def remove_action(*, action_id: int, by: User, at: datetime) -> QbrAction:
    """Take an action off the list; the audit keeps it."""
    action = _locked(action_id, by)
    if action.archived_at is None:
        action.archived_at, action.version = at, action.version + 1
        action.save(update_fields=["archived_at", "version"])
    return action


@transaction.atomic
def give_away_actions(*, from_user_id: int, to_user_id: int, by: User | None, at: datetime) -> int:
    """Move the open actions of somebody who leaves to another person; return how many (C-1)."""
    held = QbrAction.objects.filter(owner_id=from_user_id, done_at=None, archived_at=None)
    return held.update(owner_id=to_user_id, version=F("version") + 1)


def _locked(action_id: int, by: User, *, owner_may: bool = False) -> QbrAction:
    action = QbrAction.objects.select_for_update(of=("self",)).select_related("run").get(pk=action_id)
    if not (owner_may and action.owner_id == by.pk):
        _require_editor(by, action.run)
    return action


def _require_editor(by: User, run: QbrRun) -> None:
    if not can_edit_qbr(get_access(by), run.team_id):
        raise NotPermitted(Refusal.of("qbr_managers_only"))


def _check(values: Mapping[str, Any]) -> None:
    if "text" in values and not values["text"].strip():
        raise ActionRefused(Refusal.of("action_text_missing"), field="text")
    if len(values.get("text", "")) > LONGEST_TEXT:
        raise ActionRefused(Refusal.of("action_text_long", most=LONGEST_TEXT), field="text")
    owner_id = values.get("owner_id")
    if owner_id is not None and not User.objects.filter(pk=owner_id, is_active=True).exists():
        raise ActionRefused(Refusal.of("action_owner_unknown"), field="owner")
