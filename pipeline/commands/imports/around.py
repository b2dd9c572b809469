"""What an imported deal brings along: its first meeting, next step, people, line and competitor."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from crm.commands.import_activities import import_activities
from crm.commands.imports import Wanted, copy_records
from crm.enums import ActivityKind, ActivityOutcome
from crm.lib.bulk import reserve_ids
from crm.models import User
from pipeline.commands.competitors import settle_competitors
from pipeline.commands.history import EventDraft, line_value, step_value
from pipeline.events import EventKind
from pipeline.models import (
    NextStep,
    Opportunity,
    OpportunityActivity,
    OpportunityLine,
    Product,
    Stakeholder,
)

if TYPE_CHECKING:
    from pipeline.commands.imports.deals import DealRow

Pairs = Sequence[tuple[Opportunity, "DealRow"]]


def add_surroundings(pairs: Pairs, *, by: User | None, at: datetime) -> None:
    """Write what hangs on new deals, their next steps apart."""
    people = [(deal.pk, deal.contact_id) for deal, _ in pairs if deal.contact_id]
    copy_records(
        Stakeholder,
        [{"opportunity_id": deal_id, "contact_id": contact_id, "is_main": True} for deal_id, contact_id in people],
    )
    settle_competitors({deal.pk: (deal.outcome, row.competitor_id) for deal, row in pairs if row.competitor_id})
    add_meetings(pairs, by=by, at=at)


def set_lines(pairs: Pairs, *, at: datetime | None) -> dict[int, EventDraft]:
    """Give each deal the one line its row names, at the deal's amount; return the event of each that is news, by deal.

    `at` is None for new deals, which have had theirs since they came to be. A deal with several lines was not made by
    a file alone and keeps them.
    """
    named = [(deal, row.product_id) for deal, row in pairs if row.product_id]
    products = Product.objects.in_bulk({product_id for _, product_id in named})
    lines: dict[int, list[OpportunityLine]] = defaultdict(list)
    for line in OpportunityLine.objects.filter(
        opportunity__in=[deal for deal, _ in named] if at else (), removed_at=None
    ):
        lines[line.opportunity_id].append(line)
    old = {deal_id: line_value(found[0]) for deal_id, found in lines.items()}
    new: list[OpportunityLine] = []
    changed: list[OpportunityLine] = []
    for deal, product_id in named:
        found = lines[deal.pk]
        if len(found) > 1 or any(line.product_id == product_id for line in found):
            continue
        line = found[0] if found else OpportunityLine(opportunity=deal)
        line.product = products[product_id]
        vars(line).update(price_currency="", cost_currency="", list_price=None, list_price_currency="")
        line.price = deal.amount or line.product.price
        # What one piece costs says nothing beside the price of all of them.
        line.cost = line.product.cost if line.price == line.product.price else None
        (changed if found else new).append(line)
    OpportunityLine.objects.bulk_create(new)
    priced = [f"{name}{part}" for name in ("price", "list_price", "cost") for part in ("", "_currency")]
    OpportunityLine.objects.bulk_update(changed, ["product", *priced])
    mark = {} if at else {"backfilled": True}
    return {
        deal_id: EventDraft(
            EventKind.ECONOMICS, at or line.opportunity.created_at, old.get(deal_id), line_value(line), mark
        )
        for line in new + changed
        for deal_id in [line.opportunity_id]
    }


def add_meetings(pairs: Pairs, *, by: User | None, at: datetime) -> None:
    """Make the first meeting of each row that dates one: held where it lies in the past."""
    dated = [(deal, row.first_meeting_at) for deal, row in pairs if row.first_meeting_at]
    wanted = [
        Wanted(
            None,
            {
                "kind": ActivityKind.MEETING,
                "subject": deal.name,
                "occurred_at": meeting_at,
                "done_at": meeting_at if meeting_at <= at else None,
                "outcome": ActivityOutcome.HELD if meeting_at <= at else "",
                "account_id": deal.account_id,
                "contact_id": deal.contact_id,
                "owner_id": deal.owner_id,
            },
        )
        for deal, meeting_at in dated
    ]
    meetings = import_activities(wanted=wanted, by=by, at=at)
    links = [
        {"opportunity_id": deal.pk, "activity_id": meeting.record_id}
        for (deal, _), meeting in zip(dated, meetings, strict=True)
    ]
    copy_records(OpportunityActivity, links)


def plan_steps(pairs: Pairs, *, by: User | None, at: datetime) -> list[NextStep]:
    """Return the next step of each open deal that plans one; deals keep the earliest as their current one (D-25).

    No field of a row says whom a step was agreed with, so it was with nobody. Steps have their ids already, so that new
    deals can be written with them; they are still to be written themselves.
    """
    planned = [(deal, row, row.next_step_on) for deal, row in pairs if row.next_step_on is not None]
    ids = reserve_ids(NextStep, len(planned))
    steps = [
        NextStep(
            id=pk, opportunity_id=deal.pk, purpose=row.next_step or deal.name, due_on=due_on,
            owner_id=deal.owner_id, created_at=at, created_by=by,
        )
        for pk, (deal, row, due_on) in zip(ids, planned, strict=True)
    ]  # fmt: skip
    for step, (deal, _, due_on) in zip(steps, planned, strict=True):
        if deal.next_step_on is None or due_on < deal.next_step_on:
            deal.current_step_id, deal.next_step_on = step.pk, due_on
    return steps


def write_steps(steps: Sequence[NextStep], *, at: datetime) -> dict[int, EventDraft]:
    """Write planned steps whose deals are there; return the event of each, by deal."""
    names = [field.attname for field in NextStep._meta.concrete_fields]
    copy_records(NextStep, [{name: step.__dict__[name] for name in names} for step in steps])
    return {step.opportunity_id: EventDraft(EventKind.NEXT_STEP, at, None, step_value(step)) for step in steps}
