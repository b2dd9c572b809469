"""What is still to be done on deals that end or change hands, by whichever path they do."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from pipeline.commands.history import EventDraft, step_value
from pipeline.events import EventKind
from pipeline.models import NextStep, Opportunity


def drop_open_steps(deals: Sequence[Opportunity], *, at: datetime) -> dict[int, list[EventDraft]]:
    """Drop the open steps of locked deals; the drafts, and saving what the deals repeat of a step, are the caller's."""
    drafts: dict[int, list[EventDraft]] = defaultdict(list)
    steps = list(NextStep.objects.filter(opportunity__in=deals, done_at=None, dropped_at=None).order_by("id"))
    for step in steps:
        old = step_value(step)
        step.dropped_at = at
        drafts[step.opportunity_id].append(EventDraft(EventKind.NEXT_STEP, at, old, step_value(step)))
    NextStep.objects.bulk_update(steps, ["dropped_at"])
    for deal in deals:
        deal.current_step_id, deal.next_step_on = None, None
    return drafts


def hand_over_steps(deals: Sequence[Opportunity], *, former: Mapping[int, int]) -> None:
    """Give the open steps of locked deals' former owners, by deal, to who owns the deals now."""
    owners = {deal.pk: deal.owner_id for deal in deals}
    steps = NextStep.objects.filter(opportunity__in=deals, done_at=None, dropped_at=None)
    moved = [step for step in steps if step.owner_id == former[step.opportunity_id]]
    for step in moved:
        step.owner_id = owners[step.opportunity_id]
    NextStep.objects.bulk_update(moved, ["owner"])
