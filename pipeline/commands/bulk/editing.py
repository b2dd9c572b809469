"""One change of many deals: each under the rules of the command for one, all in the same few statements (house.md)."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from crm.commands.edits import set_value
from crm.commands.imports import copy_records, save_records
from crm.lib.bulk import reserve_ids
from crm.lib.errors import NotPermitted, StaleRecord
from crm.lib.values import Refusal
from crm.models import User
from crm.policies.edits import conflicts
from crm.queries.access import get_access
from crm.queries.organisation import get_local_date
from pipeline.commands.bulk.changes import MOST, BulkChange, BulkRefused, Result, SeenDeal
from pipeline.commands.history import EventDraft, field_drafts, step_value
from pipeline.commands.imports.rows import get_last_seqs, record_all
from pipeline.commands.open_steps import drop_overdue_steps, find_current_steps, hand_over_steps
from pipeline.commands.opportunities.moving import STANDING, refuse_move, stand_at
from pipeline.commands.opportunities.refused import MoveRefused, StepRefused
from pipeline.commands.opportunities.steps import StepPlan
from pipeline.commands.opportunities.values import refuse_wrong_values
from pipeline.enums import BulkKind, BulkOutcome
from pipeline.events import EventKind
from pipeline.models import BulkAnswer, BulkEdit, NextStep, Opportunity, Setpoint
from pipeline.permissions import can_edit, can_give_to
from pipeline.queries.evidence import get_facts_of_deals
from pipeline.queries.opportunities import opportunities_visible_to
from pipeline.queries.setpoints import find_setpoint, get_path

Seen = dict[int, SeenDeal]


@transaction.atomic
def edit_deals(*, deals: Sequence[SeenDeal], change: BulkChange, by: User, at: datetime) -> BulkEdit:
    """Change the chosen deals and keep what became of each; a deal that is refused stays as it was.

    Deals the person may not see count as not chosen.

    :raises BulkRefused: none is left, or there are too many
    :raises EditRefused: no deal may hold that value
    :raises StepRefused: no deal may have that step
    :raises NotPermitted: the person may not give deals to that owner
    """
    seen = {each.opportunity_id: each for each in deals}
    if len(seen) > MOST:
        raise BulkRefused(Refusal.of("too_many_deals", most=MOST))
    # An ordinary write before any COPY: it tells the audit who acts.
    edit = BulkEdit.objects.create(kind=change.kind, value=change.as_json(), reason=change.reason.strip(), by=by, at=at)
    chosen = opportunities_visible_to(by).select_for_update(of=("self",)).filter(pk__in=seen).order_by("pk")
    found = list(chosen)
    if not found:
        raise BulkRefused(Refusal.of("no_deals"))
    access = get_access(by)
    mine = [deal for deal in found if can_edit(access, deal)]
    results = [Result.refused(deal, Refusal.of("may_not_edit_deal")) for deal in found if not can_edit(access, deal)]
    results += _COMMANDS[change.kind](mine, seen, change, by, at) if mine else []
    _keep(edit, results, by=by, at=at)
    return edit


def _edit_fields(deals: list[Opportunity], seen: Seen, change: BulkChange, by: User, at: datetime) -> list[Result]:
    name, value = str(change.kind), change.value
    refuse_wrong_values({name: value})
    if change.kind == BulkKind.OWNER and not can_give_to(get_access(by), change.record_id):
        raise NotPermitted(Refusal.of("may_not_give_to"))
    former = {deal.pk: deal.owner_id for deal in deals}
    results = [_edit_field(deal, seen[deal.pk], name, value, at) for deal in deals]
    changed = _changed(results)
    if change.kind == BulkKind.OWNER:
        hand_over_steps(changed, former=former)
    save_records(Opportunity, changed, (name, "version"))
    return results


def _edit_field(deal: Opportunity, seen: SeenDeal, name: str, value: Any, at: datetime) -> Result:
    if deal.archived_at is not None:
        return Result.refused(deal, Refusal.of("deal_archived"))
    old = {name: getattr(deal, name)}
    if old[name] == value:
        return Result.unchanged(deal)
    changed = conflicts(old, seen={name: seen.value}, wanted={name: value})
    if deal.version != seen.version if seen.by_version else changed:
        return _stale(deal, seen)
    set_value(deal, name, value)
    deal.version += 1
    return Result(deal, drafts=field_drafts(old, {name: value}, at=at))


def _move(deals: list[Opportunity], seen: Seen, change: BulkChange, by: User, at: datetime) -> list[Result]:
    setpoint = Setpoint.objects.filter(pk=change.record_id).first()
    if setpoint is None:
        raise BulkRefused(Refusal.of("other_pipeline"), field="setpoint_id")
    path = get_path(setpoint.pipeline_id, held=True)
    to, facts = find_setpoint(path, setpoint.pk), get_facts_of_deals(deals, path)
    assert to is not None
    results = []
    for deal in deals:
        if deal.version != seen[deal.pk].version:
            results.append(_stale(deal, seen[deal.pk]))
        elif deal.setpoint_id == to.id and deal.is_open:
            results.append(Result.unchanged(deal))
        else:
            results.append(_move_one(deal, facts[deal.pk], to, change.reason, by, at))
    save_records(Opportunity, _changed(results), STANDING)
    return results


def _move_one(deal: Opportunity, facts: Any, to: Any, reason: str, by: User, at: datetime) -> Result:
    try:
        refuse_move(facts, to, by=by, override=reason, reason=reason)
    except MoveRefused as refused:
        return Result.refused(deal, *refused.refusals, override_allowed=refused.override_allowed)
    draft = stand_at(deal, facts, to, at=at, override=reason, reason=reason)
    outcome = BulkOutcome.OVERRIDDEN if draft.detail["override"] else BulkOutcome.CHANGED
    return Result(deal, outcome, [draft])


def _plan_steps(deals: list[Opportunity], seen: Seen, change: BulkChange, by: User, at: datetime) -> list[Result]:
    plan = change.value
    if not isinstance(plan, StepPlan) or not plan.purpose.strip():
        raise StepRefused(Refusal.of("purpose_needed"), field="purpose")
    same = NextStep.objects.filter(
        opportunity__in=deals, purpose=plan.purpose.strip(), kind=plan.kind, due_on=plan.due_on, due_at=plan.due_at,
        done_at=None, dropped_at=None,
    )  # fmt: skip
    planned = set(same.values_list("opportunity_id", flat=True))
    results = [_may_plan(deal, planned) for deal in deals]
    changed = [each for each in results if each.outcome == BulkOutcome.CHANGED]
    for each, step in zip(changed, _write_steps(_changed(results), plan, by=by, at=at), strict=True):
        each.drafts.append(EventDraft(EventKind.NEXT_STEP, at, None, step_value(step)))
    dropped = drop_overdue_steps(_changed(results), today=min(get_local_date(at), plan.due_on), at=at)
    for each in changed:
        each.drafts += dropped.get(each.deal.pk, [])
    find_current_steps(_changed(results))
    save_records(Opportunity, _changed(results), ("current_step_id", "next_step_on"))
    return results


def _may_plan(deal: Opportunity, planned: set[int]) -> Result:
    if not deal.is_open:
        return Result.refused(
            deal, Refusal.of("deal_closed" if deal.outcome else "deal_archived", outcome=deal.outcome)
        )
    return Result.unchanged(deal) if deal.pk in planned else Result(deal)


def _write_steps(deals: list[Opportunity], plan: StepPlan, *, by: User, at: datetime) -> list[NextStep]:
    steps = [
        NextStep(
            id=pk, opportunity_id=deal.pk, kind=plan.kind, purpose=plan.purpose.strip(), due_on=plan.due_on,
            due_at=plan.due_at, owner_id=deal.owner_id, created_at=at, created_by=by,
        )
        for pk, deal in zip(reserve_ids(NextStep, len(deals)), deals, strict=True)
    ]  # fmt: skip
    names = [field.attname for field in NextStep._meta.concrete_fields]
    copy_records(NextStep, [{name: step.__dict__[name] for name in names} for step in steps])
    return steps


def _stale(deal: Opportunity, seen: SeenDeal) -> Result:
    return Result.refused(deal, *StaleRecord(seen=seen.version, now=deal.version).refusals)


def _changed(results: list[Result]) -> list[Opportunity]:
    return [each.deal for each in results if each.outcome in (BulkOutcome.CHANGED, BulkOutcome.OVERRIDDEN)]


def _keep(edit: BulkEdit, results: list[Result], *, by: User, at: datetime) -> None:
    """Record the events and, for each deal, what became of it; what events it made is told by their numbers."""
    drafts = {each.deal.pk: each.drafts for each in results if each.drafts}
    before = get_last_seqs(drafts)
    record_all(drafts, by=by, recorded_at=dict.fromkeys(drafts, at), at=at)
    answers = []
    for each in results:
        first = before.get(each.deal.pk, 0) + 1 if each.drafts else None
        answer = BulkAnswer(
            bulk_edit=edit, opportunity=each.deal, outcome=each.outcome, version=each.deal.version, first_seq=first,
            last_seq=first + len(each.drafts) - 1 if first else None, override_allowed=each.override_allowed,
            refusals=[{"code": refusal.code, "params": dict(refusal.params)} for refusal in each.refusals],
        )  # fmt: skip
        answers.append(answer)
    BulkAnswer.objects.bulk_create(answers)


_COMMANDS: dict[BulkKind, Callable[[list[Opportunity], Seen, BulkChange, User, datetime], list[Result]]] = {
    BulkKind.OWNER: _edit_fields,
    BulkKind.EXPECTED_CLOSE_ON: _edit_fields,
    BulkKind.DEAL_TYPE: _edit_fields,
    BulkKind.SETPOINT: _move,
    BulkKind.NEXT_STEP: _plan_steps,
}
