"""Writing the rules: a draft nobody is scored by, until somebody publishes it with a reason (S-6, D-27)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from crm.commands.jobs import enqueue_job
from crm.lib.errors import CommandRefused, NotPermitted, StaleRecord
from crm.lib.values import Refusal
from crm.models import User
from crm.queries.access import get_access
from scoring.enums import ModelState
from scoring.models import ScoringModel, ScoringRule
from scoring.permissions import can_edit_rules
from scoring.policies.rules import RULE_FIELDS, SETTINGS, changes, refusals
from scoring.queries.rules import get_published_model, to_facts

APPLY_MODEL = "scoring.apply_model"
SHORTEST_REASON, LONGEST_REASON = 3, 500


class RulesRefused(CommandRefused):
    """The rules were not changed; each refusal names its field."""


@transaction.atomic
def edit_draft(
    *,
    settings: Mapping[str, int],
    rules: Mapping[str, Mapping[str, int]],
    by: User,
    at: datetime,
    seen_version: int | None = None,
) -> ScoringModel:
    """Change settings and rules (by their codes) of the draft; the first change makes it from what is published.

    `seen_version` is the draft's, as the person saw it; None where there was no draft.

    :raises NotPermitted: the person may only read the rules
    :raises RulesRefused: a value is out of range
    :raises StaleRecord: somebody changed the draft, or began one, since it was seen
    """
    _require_permission(by)
    draft = _lock_draft() or _begin_draft(by=by, at=at, seen_version=seen_version)
    if draft.version != (seen_version or 1):
        raise StaleRecord(seen=seen_version or 0, now=draft.version)
    known = {rule.code: rule for rule in draft.rules.all()}
    for name in SETTINGS:
        setattr(draft, name, settings.get(name, getattr(draft, name)))
    for code, wanted in rules.items():
        if code in known:
            for name in RULE_FIELDS:
                setattr(known[code], name, wanted.get(name, getattr(known[code], name)))
    if refused := refusals(to_facts(draft, rules=known.values())):
        raise RulesRefused(refused, field=dict(refused[0].params)["field"])
    draft.version += 1
    draft.save(update_fields=[*SETTINGS, "version"])
    ScoringRule.objects.bulk_update(known.values(), RULE_FIELDS)
    return draft


@transaction.atomic
def discard_draft(*, by: User, at: datetime) -> None:
    """Forget the draft; without one nothing happens.

    :raises NotPermitted: the person may only read the rules
    """
    _require_permission(by)
    if draft := _lock_draft():
        draft.delete()


@transaction.atomic
def publish_draft(*, reason: str, by: User, at: datetime, seen_version: int | None = None) -> ScoringModel:
    """Put the draft in force as a new version; every lead is then scored by it, in a job.

    Leads it brings over the threshold wait for a person and are not handed over.

    :raises NotPermitted: the person may only read the rules
    :raises RulesRefused: there is no draft, it changes nothing, or the reason is missing
    :raises StaleRecord: somebody changed the draft since it was seen
    """
    _require_permission(by)
    reason = reason.replace("\x00", "").strip()
    draft = _lock_draft()
    if draft is None:
        raise RulesRefused(Refusal("no_draft"))
    if seen_version is not None and draft.version != seen_version:
        raise StaleRecord(seen=seen_version, now=draft.version)
    published = get_published_model()
    if not changes(to_facts(published), to_facts(draft)):
        raise RulesRefused(Refusal("nothing_changed"))
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        code = "too_long" if len(reason) > LONGEST_REASON else "reason_needed"
        raise RulesRefused(Refusal.of(code, field="reason", limit=LONGEST_REASON), field="reason")
    published.state, published.retired_at = ModelState.RETIRED, at
    published.save(update_fields=["state", "retired_at"])
    draft.state, draft.published_at, draft.published_by, draft.reason = ModelState.PUBLISHED, at, by, reason
    draft.version += 1
    draft.save(update_fields=["state", "published_at", "published_by", "reason", "version"])
    enqueue_job(task=APPLY_MODEL, kwargs={"model_id": draft.pk}, at=at, key=f"{APPLY_MODEL}:{draft.pk}")
    return draft


def _require_permission(by: User) -> None:
    if not can_edit_rules(get_access(by)):
        raise NotPermitted(Refusal("may_not_edit_rules"))


def _lock_draft() -> ScoringModel | None:
    # The published model is locked too, so that two people cannot begin or publish a draft at once.
    models = ScoringModel.objects.select_for_update().filter(state__in=[ModelState.PUBLISHED, ModelState.DRAFT])
    return next((model for model in models.order_by("number") if model.state == ModelState.DRAFT), None)


def _begin_draft(*, by: User, at: datetime, seen_version: int | None) -> ScoringModel:
    if seen_version is not None:
        raise StaleRecord(seen=seen_version, now=0)
    published = get_published_model()
    newest = ScoringModel.objects.order_by("-number").values_list("number", flat=True).first() or 0
    given: dict[str, Any] = {name: getattr(published, name) for name in (*SETTINGS, "floor")}
    draft = ScoringModel.objects.create(number=newest + 1, created_at=at, created_by=by, **given)
    copies = list(published.rules.all())
    for rule in copies:
        rule.pk, rule.model = None, draft
    ScoringRule.objects.bulk_create(copies)
    return draft
