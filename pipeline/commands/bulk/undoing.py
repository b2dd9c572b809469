"""A change of many deals taken back as a whole (D-22): new events say so, nothing is erased."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from crm.commands.edits import set_value
from crm.commands.imports import save_records
from crm.lib.values import Refusal
from crm.models import User
from crm.queries.access import get_access
from pipeline.commands.history import EventDraft, field_drafts, step_value
from pipeline.commands.imports.rows import get_last_seqs, record_all
from pipeline.commands.open_steps import find_current_steps, hand_over_steps
from pipeline.commands.opportunities.editing import field_of
from pipeline.commands.opportunities.moving import STANDING, bars_undoing, void_move
from pipeline.commands.opportunities.refused import UndoRefused
from pipeline.enums import BulkKind
from pipeline.events import EventKind
from pipeline.models import BulkAnswer, BulkEdit, NextStep, Opportunity, OpportunityEvent
from pipeline.permissions import can_edit
from pipeline.policies.moves import undo_refusals
from pipeline.queries.opportunities import opportunities_visible_to
from pipeline.queries.promises import get_bars
from pipeline.queries.setpoints import get_path

Left = dict[int, list[OpportunityEvent]]
Drafts = dict[int, list[EventDraft]]


@transaction.atomic
def undo_bulk_edit(*, bulk_edit_id: int, by: User, at: datetime) -> BulkEdit:
    """Take back what a change of many deals did, on each deal where nothing happened since; the others keep it.

    :raises UndoRefused: somebody else made it, ten minutes have passed, or it was undone already
    """
    edit = BulkEdit.objects.select_for_update().get(pk=bulk_edit_id)
    refused = undo_refusals(moved_by_id=edit.by_id, moved_at=edit.at, is_latest=True, by_id=by.pk, at=at)
    refused = [Refusal.of("undone_already")] if edit.undone_at else refused
    if refused:
        raise UndoRefused(refused)
    edit.undone_at = at
    edit.save(update_fields=["undone_at"])  # before any COPY: it tells the audit who acts
    deals = _deals_left_alone(edit, by)
    drafts = _COMMANDS[BulkKind(edit.kind)](deals, _events_left(edit, deals), at)
    record_all(drafts, by=by, recorded_at=dict.fromkeys(drafts, at), at=at)
    edit.answers.filter(opportunity__in=drafts).update(undone_at=at)
    return edit


def _deals_left_alone(edit: BulkEdit, by: User) -> list[Opportunity]:
    """Return the changed deals, locked, that are still as the change left them and the person's to change."""
    answers = {each.opportunity_id: each for each in edit.answers.filter(last_seq__isnull=False)}
    locked = opportunities_visible_to(by).select_for_update(of=("self",)).filter(pk__in=answers).order_by("pk")
    deals, last, access = list(locked), get_last_seqs(answers), get_access(by)

    def is_left(deal: Opportunity, answer: BulkAnswer) -> bool:
        return (deal.version, last.get(deal.pk)) == (answer.version, answer.last_seq) and can_edit(access, deal)

    return [deal for deal in deals if is_left(deal, answers[deal.pk])]


def _events_left(edit: BulkEdit, deals: list[Opportunity]) -> Left:
    places = {each.opportunity_id: each for each in edit.answers.filter(opportunity__in=deals)}
    left: Left = defaultdict(list)
    for event in OpportunityEvent.objects.filter(opportunity__in=deals, recorded_at=edit.at).order_by("pk"):
        place = places[event.opportunity_id]
        if place.first_seq is not None and event.seq >= place.first_seq:
            left[event.opportunity_id].append(event)
    return left


def _restore_fields(deals: list[Opportunity], left: Left, at: datetime) -> Drafts:
    drafts, former, names = {}, {deal.pk: deal.owner_id for deal in deals}, set()
    for deal in deals:
        event = left[deal.pk][0]
        field = field_of(event)
        assert field is not None
        name, as_value = field
        old, back = {name: getattr(deal, name)}, {name: as_value(event.old or {})}
        set_value(deal, name, back[name])
        deal.version += 1
        names.add(name)
        drafts[deal.pk] = field_drafts(old, back, at=at)
    if "owner_id" in names:
        hand_over_steps(deals, former=former)
    save_records(Opportunity, deals, {*names, "version"})
    return drafts


def _restore_standing(deals: list[Opportunity], left: Left, at: datetime) -> Drafts:
    bars = get_bars([deal.pk for deal in deals])
    path = get_path(deals[0].pipeline_id, held=True) if deals else []
    free = [deal for deal in deals if not bars_undoing(left[deal.pk][0], path, bars.get(deal.pk, ()))]
    drafts = {deal.pk: [void_move(deal, left[deal.pk][0], at=at)] for deal in free}
    save_records(Opportunity, free, STANDING)
    return drafts


def _restore_steps(deals: list[Opportunity], left: Left, at: datetime) -> Drafts:
    """Drop the step each deal was given, and open those again that made way for it."""
    told = {(event.new or {})["step"]: event for deal in deals for event in left[deal.pk]}
    drafts: Drafts = defaultdict(list)
    steps = list(NextStep.objects.filter(pk__in=told, done_at=None).order_by("pk"))
    for step in steps:
        old = step_value(step)
        step.dropped_at = at if told[step.pk].old is None else None
        drafts[step.opportunity_id].append(EventDraft(EventKind.NEXT_STEP, at, old, step_value(step)))
    NextStep.objects.bulk_update(steps, ["dropped_at"])
    find_current_steps(deals)
    save_records(Opportunity, deals, ("current_step_id", "next_step_on"))
    return drafts


_COMMANDS: dict[BulkKind, Callable[[list[Opportunity], Left, datetime], Drafts]] = {
    BulkKind.OWNER: _restore_fields,
    BulkKind.EXPECTED_CLOSE_ON: _restore_fields,
    BulkKind.DEAL_TYPE: _restore_fields,
    BulkKind.SETPOINT: _restore_standing,
    BulkKind.NEXT_STEP: _restore_steps,
}
