"""Next steps: agreed, done, moved, dropped (D-25). A deal's current step is its earliest open one."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from crm.enums import ActivityKind
from crm.lib.errors import StaleRecord
from crm.lib.values import Refusal
from crm.models import User
from crm.queries.organisation import get_local_date
from pipeline.commands.history import EventDraft, record, step_value
from pipeline.commands.open_steps import drop_overdue_steps, find_current_steps
from pipeline.commands.opportunities.refused import StepRefused, lock_deal
from pipeline.commands.opportunities.values import is_contact_of
from pipeline.events import EventKind
from pipeline.models import NextStep, Opportunity
from pipeline.queries.opportunities import is_possible_owner


@dataclass(frozen=True, slots=True)
class StepPlan:
    """A step that is to be agreed."""

    purpose: str
    due_on: date
    due_at: datetime | None = None
    kind: ActivityKind = ActivityKind.TASK
    agreed_with_id: int | None = None


@transaction.atomic
def set_next_step(
    *,
    opportunity_id: int,
    purpose: str,
    due_on: date,
    due_at: datetime | None = None,
    kind: ActivityKind | str = ActivityKind.TASK,
    agreed_with_id: int | None = None,
    owner_id: int | None = None,
    external_id: str | None = None,
    replaces_overdue: bool = False,
    by: User | None,
    at: datetime,
) -> NextStep:
    """Agree a next step on a deal, owned by the deal's owner unless somebody else takes it. Twice is once.

    Where it `replaces_overdue`, open steps whose day has passed are dropped for it.

    :raises StepRefused: the deal is closed, or the purpose, the contact or the owner will not do
    :raises NotPermitted: the person may not change the deal
    """
    deal = lock_deal(opportunity_id, by=by)
    plan = StepPlan(purpose, due_on, due_at, ActivityKind(kind), agreed_with_id)
    if same := _find_same(deal, plan):
        return same
    if owner_id not in (None, deal.owner_id) and not is_possible_owner(owner_id):
        raise StepRefused(Refusal.of("owner_cannot_sell"), field="owner_id")
    step = _plan(deal, plan, owner_id=owner_id, external_id=external_id, by=by, at=at)
    drafts = [EventDraft(EventKind.NEXT_STEP, at, None, step_value(step))]
    if replaces_overdue:
        today = get_local_date(at)
        drafts += drop_overdue_steps([deal], today=min(today, plan.due_on), at=at)[deal.pk]
    record(deal, drafts, by=by, at=at)
    _refresh(deal)
    return step


@transaction.atomic
def complete_next_step(*, step_id: int, then: StepPlan | None = None, by: User | None, at: datetime) -> NextStep | None:
    """Mark a step done and plan the one after it; return that one.

    :raises StepRefused: the step has ended already
    """
    deal, step = _lock_step(step_id, by=by)
    drafts = [_end(step, at=at, done=True)]
    following = None
    if then is not None:
        following = _plan(deal, then, owner_id=step.owner_id, by=by, at=at)
        drafts.append(EventDraft(EventKind.NEXT_STEP, at, None, step_value(following)))
    record(deal, drafts, by=by, at=at)
    _refresh(deal)
    return following


@transaction.atomic
def reschedule_next_step(
    *,
    step_id: int,
    due_on: date,
    due_at: datetime | None = None,
    seen_due_on: date | None = None,
    by: User | None,
    at: datetime,
) -> NextStep:
    """Move an open step to another day; `seen_due_on` is the day the person saw.

    :raises StepRefused: the step has ended already
    :raises StaleRecord: somebody moved it since it was seen
    """
    deal, step = _lock_step(step_id, by=by)
    if seen_due_on not in (None, step.due_on, due_on):
        raise StaleRecord(seen=deal.version, now=deal.version, current={"due_on": step.due_on})
    if (step.due_on, step.due_at) == (due_on, due_at):
        return step
    old = step_value(step)
    step.due_on, step.due_at = due_on, due_at
    step.save(update_fields=["due_on", "due_at"])
    record(deal, [EventDraft(EventKind.NEXT_STEP, at, old, step_value(step))], by=by, at=at)
    _refresh(deal)
    return step


@transaction.atomic
def drop_next_step(*, step_id: int, by: User | None, at: datetime) -> NextStep:
    """Give up an open step without doing it.

    :raises StepRefused: the step has ended already
    """
    deal, step = _lock_step(step_id, by=by)
    record(deal, [_end(step, at=at, done=False)], by=by, at=at)
    _refresh(deal)
    return step


def restore_steps(deal: Opportunity, *, dropped_at: datetime | None, at: datetime) -> list[EventDraft]:
    """Bring back the steps a voided outcome dropped; the drafts are the caller's to record."""
    drafts = []
    for step in NextStep.objects.filter(opportunity=deal, dropped_at=dropped_at, dropped_at__isnull=False).order_by(
        "id"
    ):
        old = step_value(step)
        step.dropped_at = None
        step.save(update_fields=["dropped_at"])
        drafts.append(EventDraft(EventKind.NEXT_STEP, at, old, step_value(step)))
    _refresh(deal)
    return drafts


def _lock_step(step_id: int, *, by: User | None) -> tuple[Opportunity, NextStep]:
    opportunity_id = NextStep.objects.values_list("opportunity_id", flat=True).get(pk=step_id)
    deal = lock_deal(opportunity_id, by=by)  # the deal first, always, so that two commands cannot wait for each other
    step = NextStep.objects.select_for_update(of=("self",)).get(pk=step_id)
    if deal.archived_at is not None:
        raise StepRefused(Refusal.of("deal_archived"))
    if step.done_at is not None or step.dropped_at is not None:
        raise StepRefused(Refusal.of("step_ended"))
    return deal, step


def _plan(
    deal: Opportunity, plan: StepPlan, *, owner_id: int | None, external_id: str | None = None, by: User | None,
    at: datetime,
) -> NextStep:  # fmt: skip
    _refuse(deal, plan)
    return NextStep.objects.create(
        opportunity=deal,
        kind=plan.kind,
        purpose=plan.purpose.strip(),
        due_on=plan.due_on,
        due_at=plan.due_at,
        agreed_with_id=plan.agreed_with_id,
        owner_id=owner_id or deal.owner_id,
        external_id=external_id,
        created_at=at,
        created_by=by,
    )


def _refuse(deal: Opportunity, plan: StepPlan) -> None:
    if not deal.is_open:
        code = "deal_closed" if deal.outcome else "deal_archived"
        raise StepRefused(Refusal.of(code, outcome=deal.outcome))
    if not plan.purpose.strip():
        raise StepRefused(Refusal.of("purpose_needed"), field="purpose")
    if not is_contact_of(deal, plan.agreed_with_id):
        raise StepRefused(Refusal.of("unknown_contact"), field="agreed_with_id")


def _find_same(deal: Opportunity, plan: StepPlan) -> NextStep | None:
    """Return the open step that says just this: a form sent twice plans one."""
    return NextStep.objects.filter(
        opportunity=deal, purpose=plan.purpose.strip(), kind=plan.kind, due_on=plan.due_on, due_at=plan.due_at,
        agreed_with_id=plan.agreed_with_id, done_at=None, dropped_at=None,
    ).first()  # fmt: skip


def _end(step: NextStep, *, at: datetime, done: bool) -> EventDraft:
    old = step_value(step)
    name = "done_at" if done else "dropped_at"
    setattr(step, name, at)
    step.save(update_fields=[name])
    return EventDraft(EventKind.NEXT_STEP, at, old, step_value(step))


def _refresh(deal: Opportunity) -> None:
    """Repeat the earliest open step on the deal, for sorting and cards; this never raises the version."""
    find_current_steps([deal])
    deal.save(update_fields=["current_step", "next_step_on"])
