"""What is still to be done on deals that end or change hands, by whichever path they do."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db.models import QuerySet

from pipeline.commands.history import EventDraft, step_value
from pipeline.events import EventKind
from pipeline.models import NextStep, Opportunity


def drop_open_steps(deals: Sequence[Opportunity], *, at: datetime) -> dict[int, list[EventDraft]]:
    """Drop the open steps of locked deals; the drafts, and saving what the deals repeat of a step, are the caller's."""
    drafts = _drop(NextStep.objects.filter(opportunity__in=deals), at=at)
    for deal in deals:
        deal.current_step_id, deal.next_step_on = None, None
    return drafts


def drop_overdue_steps(deals: Sequence[Opportunity], *, today: date, at: datetime) -> dict[int, list[EventDraft]]:
    """Drop those open steps of locked deals that a new one takes the place of: their day has passed."""
    return _drop(NextStep.objects.filter(opportunity__in=deals, due_on__lt=today), at=at)


def _drop(steps: QuerySet[NextStep], *, at: datetime) -> dict[int, list[EventDraft]]:
    drafts: dict[int, list[EventDraft]] = defaultdict(list)
    dropped = list(steps.filter(done_at=None, dropped_at=None).order_by("id"))
    for step in dropped:
        old = step_value(step)
        step.dropped_at = at
        drafts[step.opportunity_id].append(EventDraft(EventKind.NEXT_STEP, at, old, step_value(step)))
    NextStep.objects.bulk_update(dropped, ["dropped_at"])
    return drafts


def find_current_steps(deals: Sequence[Opportunity]) -> None:
    """Repeat the earliest open step of each deal on it, for sorting and cards; saving is the caller's."""
    steps = NextStep.objects.filter(opportunity__in=deals, done_at=None, dropped_at=None)
    earliest = steps.order_by("opportunity_id", "due_on", "id").distinct("opportunity_id")
    current = {step.opportunity_id: step for step in earliest}
    for deal in deals:
        step = current.get(deal.pk)
        deal.current_step, deal.next_step_on = step, step.due_on if step else None


def hand_over_steps(deals: Sequence[Opportunity], *, former: Mapping[int, int]) -> None:
    """Give the open steps of locked deals' former owners, by deal, to who owns the deals now."""
    owners = {deal.pk: deal.owner_id for deal in deals}
    steps = NextStep.objects.filter(opportunity__in=deals, done_at=None, dropped_at=None)
    moved = [step for step in steps if step.owner_id == former[step.opportunity_id]]
    for step in moved:
        step.owner_id = owners[step.opportunity_id]
    NextStep.objects.bulk_update(moved, ["owner"])
