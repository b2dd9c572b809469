"""Trying a second version of the rules on a share of the leads that come (S-12, B29)."""

import secrets
from datetime import datetime

from django.db import transaction

from crm.commands.edits import wait_turn
from crm.commands.jobs import enqueue_job
from crm.lib.errors import Conflict, StaleRecord
from crm.lib.values import Refusal
from crm.models import User
from scoring.commands.in_force import get_start
from scoring.commands.rules import APPLY_MODEL, RulesRefused, clean_reason, require_permission, take_draft
from scoring.enums import ChallengeEnd, ChallengeMetric, ModelState
from scoring.models import Challenge, LeadScore, ScoringModel
from scoring.policies.challenges import terms_refusals


class ChallengeOver(RulesRefused, Conflict):
    """Somebody ended it already."""


@transaction.atomic
def start_challenge(
    *,
    percent: int,
    metric: ChallengeMetric,
    minimum: int,
    reason: str,
    by: User,
    at: datetime,
    seen_version: int | None = None,
    seed: str = "",
) -> Challenge:
    """Make the draft the challenger of the rules in force: `percent` of the leads that come from now on are its.

    Leads there are stay with the rules that scored them. `seen_version` is the draft's; `seed`, by which leads are
    drawn, is found by chance where none is given.

    :raises NotPermitted: the person may only read the rules
    :raises NoDraft: there is none
    :raises RulesRefused: the draft could not be published, or share or sample are out of range
    :raises StaleRecord: somebody changed the draft since it was seen
    """
    draft, published = take_draft(reason=reason, by=by, seen_version=seen_version)
    if refused := terms_refusals(percent=percent, minimum=minimum):
        raise RulesRefused(refused, field=dict(refused[0].params)["field"])
    draft.state, draft.reason, draft.version = ModelState.CHALLENGER, clean_reason(reason), draft.version + 1
    draft.save(update_fields=["state", "reason", "version"])
    return Challenge.objects.create(
        champion=published,
        challenger=draft,
        percent=percent,
        metric=metric,
        minimum=minimum,
        seed=seed or secrets.token_hex(16),
        reason=draft.reason,
        started_at=get_start(published, at=at),
        started_by=by,
    )


@transaction.atomic
def end_challenge(
    *, challenge_id: int, ends_as: ChallengeEnd, reason: str, by: User, at: datetime, seen_version: int | None = None
) -> Challenge:
    """Keep the champion, or put the challenger in force; leads of the other side are scored anew.

    Whom that brings over the threshold waits for a person. Ended so already by the same person, nothing happens.

    :raises NotPermitted: the person may only read the rules
    :raises ChallengeOver: it ended already
    :raises RulesRefused: the reason is missing
    :raises StaleRecord: somebody changed it since it was seen
    """
    require_permission(by)
    wait_turn("scoring models")
    # Waits for whoever is scoring leads by it, and lets nobody begin before this has ended.
    challenge = (
        Challenge.objects.select_for_update(of=("self",)).select_related("champion", "challenger").get(pk=challenge_id)
    )
    if challenge.ended_at is not None:
        if challenge.ended_by_id == by.pk and challenge.ended_as == ends_as:
            return challenge
        raise ChallengeOver(Refusal("challenge_over"))
    if seen_version is not None and challenge.version != seen_version:
        raise StaleRecord(seen=seen_version, now=challenge.version)
    challenge.end_reason = clean_reason(reason)
    challenge.ended_as, challenge.ended_at, challenge.ended_by = ends_as, get_start(challenge.champion, at=at), by
    challenge.version += 1
    challenge.save(update_fields=["end_reason", "ended_as", "ended_at", "ended_by", "version"])
    if ends_as is ChallengeEnd.KEPT:
        _drop(challenge, at=challenge.ended_at)
    else:
        _put_in_force(challenge, start=challenge.ended_at, by=by, at=at)
    return challenge


def _drop(challenge: Challenge, *, at: datetime) -> None:
    """Retire the challenger and make the scores of its leads due, so that the next run takes them by what is in force."""
    _retire(challenge.challenger, at=at)
    theirs = challenge.leads.filter(is_challenger=True).values("lead_id")
    LeadScore.objects.filter(lead_id__in=theirs).update(next_change_at=at)


def _put_in_force(challenge: Challenge, *, start: datetime, by: User, at: datetime) -> None:
    model = challenge.challenger
    _retire(challenge.champion, at=start)
    model.state, model.published_at, model.published_by = ModelState.PUBLISHED, start, by
    model.reason, model.version = challenge.end_reason, model.version + 1
    model.save(update_fields=["state", "published_at", "published_by", "reason", "version"])
    enqueue_job(task=APPLY_MODEL, kwargs={"model_id": model.pk}, at=at, key=f"{APPLY_MODEL}:{model.pk}")


def _retire(model: ScoringModel, *, at: datetime) -> None:
    model.state, model.retired_at = ModelState.RETIRED, at
    model.save(update_fields=["state", "retired_at"])
