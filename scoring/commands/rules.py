"""Writing the rules: a draft nobody is scored by, until somebody publishes it with a reason (S-6, D-27)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from crm.commands.edits import wait_turn
from crm.commands.jobs import enqueue_job
from crm.lib.errors import CommandRefused, Conflict, NotPermitted, StaleRecord
from crm.lib.values import Refusal
from crm.models import User
from crm.queries.access import get_access
from scoring.commands.in_force import get_start
from scoring.commands.rule_rows import store_model
from scoring.enums import ModelState
from scoring.models import LeadEventType, ScoringModel
from scoring.permissions import can_edit_rules
from scoring.policies.changes import changes
from scoring.policies.drafts import Wanted, edit
from scoring.policies.lint import blocks
from scoring.policies.rules import refusals
from scoring.queries.rules import get_published_model, to_facts

APPLY_MODEL = "scoring.apply_model"
SHORTEST_REASON, LONGEST_REASON = 3, 500


class RulesRefused(CommandRefused):
    """The rules were not changed; each refusal names its field."""


class NoDraft(RulesRefused, Conflict):
    """There is nothing to publish, or not any more."""


@transaction.atomic
def edit_draft(
    *,
    settings: Mapping[str, Any],
    rules: Wanted,
    by: User,
    at: datetime,
    seen_version: int | None = None,
    groups: Wanted | None = None,
    order: Sequence[str] = (),
    group_order: Sequence[str] = (),
) -> ScoringModel:
    """Change settings, rules and groups (by their codes) of the draft; the first change makes it from what is published.

    Values are those of `scoring.facts`; a code nobody knows is added, None removes. `seen_version` is the draft's, as
    the person saw it; None where there was no draft.

    :raises NotPermitted: the person may only read the rules
    :raises RulesRefused: a value is out of range, or does not go with another
    :raises StaleRecord: somebody changed the draft, or began one, since it was seen
    """
    require_permission(by)
    draft = lock_draft()
    if draft is None:
        if seen_version is not None:
            raise StaleRecord(seen=seen_version, now=0)
        draft = _begin_draft(get_published_model(), by=by, at=at)
    elif draft.version != seen_version:
        raise StaleRecord(seen=seen_version or 0, now=draft.version)
    before = to_facts(draft)
    wanted = edit(before, settings=settings, rules=rules, groups=groups or {}, order=order, group_order=group_order)
    types = LeadEventType.objects.values_list("code", flat=True)
    if refused := refusals(wanted, known_types=set(types)):
        raise RulesRefused(refused, field=dict(refused[0].params)["field"])
    draft.version += 1
    store_model(draft, wanted)
    return draft


@transaction.atomic
def begin_draft(*, by: User, at: datetime, number: int | None = None) -> ScoringModel:
    """Begin a draft that says what is in force, or with `number` what an older version said, to go back to it.

    :raises NotPermitted: the person may only read the rules
    :raises RulesRefused: there is a draft already, or no such version was ever in force
    """
    require_permission(by)
    if lock_draft() is not None:
        raise RulesRefused(Refusal("draft_exists"))
    version = get_published_model() if number is None else _find_version(number)
    draft = _begin_draft(version, by=by, at=at)
    draft.version += 1  # so that whoever saw no draft notices this one
    draft.save(update_fields=["version"])
    return draft


@transaction.atomic
def discard_draft(*, by: User, at: datetime, seen_version: int | None = None) -> None:
    """Forget the draft; without one nothing happens.

    :raises NotPermitted: the person may only read the rules
    :raises StaleRecord: somebody changed the draft since it was seen
    """
    require_permission(by)
    if draft := lock_draft():
        _require_version(draft, seen_version)
        draft.delete()


@transaction.atomic
def publish_draft(*, reason: str, by: User, at: datetime, seen_version: int | None = None) -> ScoringModel:
    """Put the draft in force as a new version; every lead is then scored by it, in a job.

    Leads it brings over the threshold wait for a person and are not handed over.

    :raises NotPermitted: the person may only read the rules
    :raises NoDraft: there is none, or somebody published it already
    :raises RulesRefused: the draft changes nothing, nobody can have meant it, the reason is missing, or a challenger
        is tried against what is in force
    :raises StaleRecord: somebody changed the draft since it was seen
    """
    draft, published = take_draft(reason=reason, by=by, seen_version=seen_version)
    start = get_start(published, at=at)
    published.state, published.retired_at = ModelState.RETIRED, start
    published.save(update_fields=["state", "retired_at"])
    draft.state, draft.published_at, draft.published_by = ModelState.PUBLISHED, start, by
    draft.reason, draft.version = clean_reason(reason), draft.version + 1
    draft.save(update_fields=["state", "published_at", "published_by", "reason", "version"])
    enqueue_job(task=APPLY_MODEL, kwargs={"model_id": draft.pk}, at=at, key=f"{APPLY_MODEL}:{draft.pk}")
    return draft


def take_draft(*, reason: str, by: User, seen_version: int | None) -> tuple[ScoringModel, ScoringModel]:
    """Return the locked draft, fit to score leads by, and the rules in force.

    :raises NotPermitted: the person may only read the rules
    :raises NoDraft: there is none, or somebody published it already
    :raises RulesRefused: the draft changes nothing, nobody can have meant it, the reason is missing, or a challenger is
        tried, which would be compared with nothing
    :raises StaleRecord: somebody changed the draft since it was seen
    """
    require_permission(by)
    draft = lock_draft()
    if draft is None:
        raise NoDraft(Refusal("no_draft"))
    _require_version(draft, seen_version)
    if ScoringModel.objects.filter(state=ModelState.CHALLENGER).exists():
        raise RulesRefused(Refusal("challenge_runs"))
    published, facts = get_published_model(), to_facts(draft)
    if not changes(to_facts(published), facts):
        raise RulesRefused(Refusal("nothing_changed"))
    if refused := blocks(facts):
        raise RulesRefused(refused)
    clean_reason(reason)
    return draft, published


def clean_reason(reason: str) -> str:
    """Return why rules change, as it is kept.

    :raises RulesRefused: it says too little, or too much
    """
    cleaned = reason.replace("\x00", "").strip()
    if not SHORTEST_REASON <= len(cleaned) <= LONGEST_REASON:
        code = "too_long" if len(cleaned) > LONGEST_REASON else "change_reason_needed"
        raise RulesRefused(Refusal.of(code, field="reason", limit=LONGEST_REASON), field="reason")
    return cleaned


def require_permission(by: User) -> None:
    """Refuse whoever may only read the rules.

    :raises NotPermitted: they do
    """
    if not can_edit_rules(get_access(by)):
        raise NotPermitted(Refusal("may_not_edit_rules"))


def _require_version(draft: ScoringModel, seen_version: int | None) -> None:
    if seen_version is not None and draft.version != seen_version:
        raise StaleRecord(seen=seen_version, now=draft.version)


def lock_draft() -> ScoringModel | None:
    """Return the draft, if there is one; nobody else begins, changes or publishes one until the transaction ends."""
    # One after the other, or two people would begin a draft at once: neither sees what the other has not committed.
    wait_turn("scoring models")
    models = ScoringModel.objects.select_for_update().filter(state__in=[ModelState.PUBLISHED, ModelState.DRAFT])
    return next((model for model in models.order_by("number") if model.state == ModelState.DRAFT), None)


def _find_version(number: int) -> ScoringModel:
    found = ScoringModel.objects.filter(number=number).exclude(state=ModelState.DRAFT).first()
    if found is None:
        raise RulesRefused(Refusal.of("unknown_version", field="number"), field="number")
    return found


def _begin_draft(version: ScoringModel, *, by: User, at: datetime) -> ScoringModel:
    # Versions rise from draft to draft, so that nobody publishes another one than they saw.
    last = ScoringModel.objects.aggregate(number=Max("number"), version=Max("version"))
    draft = ScoringModel.objects.create(
        number=last["number"] + 1, version=last["version"], created_at=at, created_by=by
    )
    store_model(draft, to_facts(version))
    return draft
