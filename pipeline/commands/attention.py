"""What people say about signals: this may rest until a day, the customer asked us to wait, so it goes on again (P-11, P-12)."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from crm.commands.jobs import enqueue_job
from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.values import Refusal
from crm.models import User
from crm.permissions import can_administer
from crm.queries.access import get_access
from crm.queries.organisation import get_local_date
from pipeline.commands.derived import refresh_derived
from pipeline.commands.history import EventDraft, record
from pipeline.commands.opportunities.refused import lock_deal
from pipeline.enums import SignalCode
from pipeline.events import EventKind
from pipeline.models import Opportunity, Pipeline, RestartPlan, SignalLimit, SignalSnooze
from pipeline.policies.attention import pause_refusals, snooze_refusals
from pipeline.policies.signals import SIGNALS, Limit, Pause, covered_days
from pipeline.queries.pauses import get_pauses

REASON_LENGTH, PLAN_LENGTH = 300, 1000
REFRESH_SIGNALS = "pipeline.refresh_signals_now"


class AttentionRefused(CommandRefused):
    """A warning may not rest like this, or a deal not wait; the refusals name the fields."""


@transaction.atomic
def snooze_signal(
    *, opportunity_id: int, code: str, until: date, reason: str, by: User | None, at: datetime
) -> SignalSnooze:
    """Let one warning of a deal rest until a day, on which it speaks again; said again it replaces what was said before.

    :raises AttentionRefused: the deal is closed, the day too near or too far, or no reason given
    :raises NotPermitted: the person may not change the deal
    """
    deal = _lock_open(opportunity_id, by=by)
    reason = reason.strip()
    if code not in set(SIGNALS):
        raise AttentionRefused(Refusal.of("unknown_value", value=code), field="code")
    if refused := snooze_refusals(until=until, reason=reason, today=get_local_date(at)):
        raise AttentionRefused(refused)
    standing = SignalSnooze.objects.filter(opportunity=deal, code=code, ended_at=None).first()
    if standing is not None:
        if (standing.until, standing.reason) == (until, reason):
            return standing
        _end(standing, at=at)
    made = SignalSnooze.objects.create(
        opportunity=deal, code=code, until=until, reason=reason[:REASON_LENGTH], by=by, at=at
    )
    refresh_derived([deal.pk], at=at)
    return made


@transaction.atomic
def wake_signal(*, opportunity_id: int, code: str, by: User | None, at: datetime) -> bool:
    """Let a warning that rests speak again now; return whether it rested."""
    deal = _lock_open(opportunity_id, by=by)
    standing = SignalSnooze.objects.filter(opportunity=deal, code=code, ended_at=None).first()
    if standing is None:
        return False
    _end(standing, at=at)
    refresh_derived([deal.pk], at=at)
    return True


@transaction.atomic
def pause_deal(*, opportunity_id: int, until: date, reason: str, by: User | None, at: datetime) -> Opportunity:
    """Agree with the customer to wait until a day: clocks rest, and the days are counted (B24).

    All pauses since the deal came to its setpoint may be 90 days together.

    :raises AttentionRefused: the deal is closed, the day will not do, or no reason given
    :raises NotPermitted: the person may not change the deal
    """
    deal = _lock_open(opportunity_id, by=by)
    today, reason = get_local_date(at), reason.strip()
    if (deal.paused_until, deal.pause_reason) == (until, reason):
        return deal
    used = [Pause(each.start, min(each.until, today)) for each in get_pauses(deal.pk, at=at)]
    entered_on = get_local_date(deal.setpoint_entered_at or deal.created_at)
    spent = covered_days(used, start=entered_on, end=today)
    if refused := pause_refusals(until=until, reason=reason, today=today, spent=spent):
        raise AttentionRefused(refused)
    return _pause(deal, until, reason[:REASON_LENGTH], by=by, at=at)


@transaction.atomic
def resume_deal(*, opportunity_id: int, by: User | None, at: datetime) -> Opportunity:
    """End a pause before its day; a deal that does not wait is left alone.

    :raises NotPermitted: the person may not change the deal
    """
    deal = _lock_open(opportunity_id, by=by)
    return _pause(deal, None, "", by=by, at=at) if deal.paused_until is not None else deal


@transaction.atomic
def plan_restart(*, opportunity_id: int, note: str, by: User | None, at: datetime) -> RestartPlan:
    """Say how a deal that languishes gets going again (P-12). The same words again are the same plan.

    :raises AttentionRefused: the deal is closed, or nothing is said
    :raises NotPermitted: the person may not change the deal
    """
    deal = _lock_open(opportunity_id, by=by)
    note = note.strip()[:PLAN_LENGTH]
    if not note:
        raise AttentionRefused(Refusal.of("restart_needed"), field="note")
    latest = RestartPlan.objects.filter(opportunity=deal).order_by("-at", "-pk").first()
    if latest is not None and latest.note == note:
        return latest
    return RestartPlan.objects.create(opportunity=deal, note=note, by=by, at=at)


@transaction.atomic
def set_signal_limits(*, pipeline_id: int, limits: Mapping[str, Limit], by: User | None, at: datetime) -> int:
    """Say from when on signals speak in a pipeline; return how many changed. A job then looks at every deal anew.

    :raises AttentionRefused: a limit that is none
    :raises NotPermitted: the person does not administer
    """
    if by is not None and not can_administer(get_access(by)):
        raise NotPermitted(Refusal.of("may_not_administer"))
    pipeline = Pipeline.objects.select_for_update(of=("self",)).get(pk=pipeline_id)
    standing = {row.code: row for row in SignalLimit.objects.filter(pipeline=pipeline)}
    changed = 0
    for code, wanted in limits.items():
        meaning = SIGNALS.get(SignalCode(code)) if code in set(SignalCode) else None
        if meaning is None or (wanted.value is not None and not (meaning.unit and 0 <= wanted.value <= meaning.most)):
            raise AttentionRefused(Refusal.of("unknown_value", value=wanted.value), field=code)
        changed += _set_limit(pipeline, code, wanted, standing.get(code), usual=meaning.usual)
    if changed:
        enqueue_job(task=REFRESH_SIGNALS, kwargs={}, at=at, key=f"{REFRESH_SIGNALS}:{pipeline_id}:{at.isoformat()}")
    return changed


def _set_limit(pipeline: Pipeline, code: str, wanted: Limit, standing: SignalLimit | None, *, usual: int | None) -> int:
    value = None if wanted.value == usual else wanted.value
    if standing is None:
        if value is None and wanted.is_on:
            return 0
        SignalLimit.objects.create(pipeline=pipeline, code=code, limit=value, is_on=wanted.is_on)
        return 1
    if (standing.limit, standing.is_on) == (value, wanted.is_on):
        return 0
    standing.limit, standing.is_on = value, wanted.is_on
    standing.save(update_fields=["limit", "is_on"])
    return 1


def _lock_open(opportunity_id: int, *, by: User | None) -> Opportunity:
    deal = lock_deal(opportunity_id, by=by)
    if not deal.is_open:
        raise AttentionRefused(Refusal.of("deal_closed" if deal.outcome else "deal_archived", outcome=deal.outcome))
    return deal


def _end(snooze: SignalSnooze, *, at: datetime) -> None:
    snooze.ended_at = at
    snooze.save(update_fields=["ended_at"])


def _pause(deal: Opportunity, until: date | None, reason: str, *, by: User | None, at: datetime) -> Opportunity:
    old = {"until": deal.paused_until.isoformat(), "reason": deal.pause_reason} if deal.paused_until else None
    new = {"until": until.isoformat(), "reason": reason} if until else None
    deal.paused_until, deal.pause_reason = until, reason
    deal.version += 1
    deal.save(update_fields=["paused_until", "pause_reason", "version"])
    record(deal, [EventDraft(EventKind.PAUSE, at, old, new)], by=by, at=at)
    return deal
