"""Deals that a later import changes: every followed field makes its event, at the moment of the import."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Max

from crm.commands.imports import Written, save_records
from crm.models import User
from pipeline.commands.competitors import settle_competitors
from pipeline.commands.history import FOLLOWED, closing_draft, field_drafts
from pipeline.commands.imports.around import add_meetings, plan_steps, set_lines, write_steps
from pipeline.commands.imports.moving import Barred, Paths, Unmet, barred_deals, move, plan_moves
from pipeline.commands.imports.rows import Drafts, record_all
from pipeline.commands.open_steps import drop_open_steps, hand_over_steps
from pipeline.commands.stakeholders import set_main_contacts
from pipeline.enums import NOT_RECORDED
from pipeline.events import EventKind
from pipeline.facts import Closing
from pipeline.models import NextStep, Opportunity, OpportunityActivity, OpportunityEvent

if TYPE_CHECKING:
    from pipeline.commands.imports.deals import DealRow

STANDING = ("setpoint_id", "setpoint_entered_at", "highest_rank")


def change_deals(
    rows: Sequence["DealRow"], *, reason: str, is_strict: bool, paths: Paths, by: User | None, at: datetime
) -> dict[int, Written | Unmet | Barred]:
    """Bring locked deals in line with rows; a deal that closed, or went on, later than the row says is left out.

    Where `is_strict`, so is a current deal that would go forward without the facts; it is answered with these. One that
    an approval bars is left out always, with the areas.
    """
    if not rows:
        return {}
    pairs = _lock(rows)
    before = {deal.pk: {name: getattr(deal, name) for name in FOLLOWED} for deal, _ in pairs}
    changed = {deal.pk: _set_values(deal, row.values) for deal, row in pairs}
    planned = plan_moves(pairs, paths)
    unmet = {pk: Unmet(tuple(each.code for each in plan.unmet)) for pk, plan in planned.items() if plan.unmet}
    left: dict[int, Unmet | Barred] = {**(unmet if is_strict else {}), **barred_deals(pairs, planned)}
    pairs = [(deal, row) for deal, row in pairs if deal.pk not in left]
    drafts: dict[int, Drafts] = {}
    for deal, row in pairs:
        now = {name: getattr(deal, name) for name in FOLLOWED if name in changed[deal.pk]}
        drafts[deal.pk] = field_drafts(before[deal.pk], now, at=at)
        if deal.pk in planned:
            drafts[deal.pk].append(move(deal, planned[deal.pk], reason=reason, at=at))
            changed[deal.pk].update(STANDING)
        drafts[deal.pk] += _close(deal, row, changed[deal.pk])
    _follow(pairs, changed, before)
    _add_around(pairs, drafts, changed, by=by, at=at)
    _drop_steps([deal for deal, _ in pairs if deal.outcome and deal.current_step_id], drafts, changed, at=at)
    _save([deal for deal, _ in pairs if changed[deal.pk]], changed)
    record_all(drafts, by=by, recorded_at=dict.fromkeys(drafts, at), at=at)
    return {deal.pk: Written(deal.pk, False, frozenset(changed[deal.pk])) for deal, _ in pairs} | left


def _lock(rows: Sequence["DealRow"]) -> list[tuple[Opportunity, "DealRow"]]:
    ids = [row.record_id for row in rows if row.record_id]
    locked = Opportunity.objects.select_for_update(of=("self",)).select_related("close_reason")
    found = locked.filter(pk__in=ids).order_by("pk")
    deals = {deal.pk: deal for deal in found}
    reopened = _reopened_at(ids)
    return [
        (deals[row.record_id], row)
        for row in rows
        if row.record_id in deals and not _is_older(row, deals[row.record_id].closed_at, reopened.get(row.record_id))
    ]


def _reopened_at(deal_ids: Sequence[int]) -> dict[int, datetime]:
    """Return when each deal last went on; a closing before that would say otherwise than its events."""
    voided = OpportunityEvent.objects.filter(
        opportunity_id__in=deal_ids, kind=EventKind.REOPENED, detail__voids_outcome=True
    )
    return dict(voided.values("opportunity_id").annotate(last=Max("occurred_at")).values_list("opportunity_id", "last"))


def _is_older(row: "DealRow", *known: datetime | None) -> bool:
    """Whether the row's closing lies before what is known of the deal."""
    return row.closed_at is not None and any(moment and row.closed_at < moment for moment in known)


def _set_values(deal: Opportunity, values: Mapping[str, Any]) -> set[str]:
    changed = {name for name, value in values.items() if name != "created_at" and getattr(deal, name) != value}
    for name in changed:
        setattr(deal, name, values[name])
    return changed


def _close(deal: Opportunity, row: "DealRow", changed: set[str]) -> Drafts:
    if row.closing is None or row.closed_at is None:
        return []
    told, reason_id, lost_to_id = _ending(deal, row, row.closing)
    wanted: dict[str, Any] = {
        "outcome": str(told.outcome), "closed_at": row.closed_at, "close_reason_id": reason_id,
        "competitor_id": lost_to_id, "close_note": told.note, "revisit_on": told.revisit_on,
    }  # fmt: skip
    if not (ended := _set_values(deal, wanted)):
        return []
    changed.update(ended)
    return [
        closing_draft(
            told, closed_at=row.closed_at, setpoint_id=deal.setpoint_id, competitor_id=lost_to_id,
            amount=deal.amount, backfilled=deal.backfilled,
        )
    ]  # fmt: skip


def _ending(deal: Opportunity, row: "DealRow", told: Closing) -> tuple[Closing, int | None, int | None]:
    """Return how the deal ended, why and to whom; what the row leaves out of an ending that is known stays."""
    if told.outcome != deal.outcome:
        return told, row.reason_id, row.lost_to_id
    told = replace(told, note=told.note or deal.close_note, revisit_on=told.revisit_on or deal.revisit_on)
    lost_to_id = row.lost_to_id or deal.competitor_id
    if told.reason_code != NOT_RECORDED or deal.close_reason is None:
        return told, row.reason_id, lost_to_id
    return replace(told, reason_code=deal.close_reason.code), deal.close_reason_id, lost_to_id


def _follow(
    pairs: Sequence[tuple[Opportunity, "DealRow"]],
    changed: Mapping[int, set[str]],
    before: Mapping[int, dict[str, Any]],
) -> None:
    """Let what hangs on the deals follow them, as it does where a person changes or closes them."""
    set_main_contacts([deal for deal, _ in pairs if "contact_id" in changed[deal.pk]])
    given = [deal for deal, _ in pairs if "owner_id" in changed[deal.pk]]
    hand_over_steps(given, former={deal.pk: before[deal.pk]["owner_id"] for deal in given})
    settle_competitors(
        {
            deal.pk: (deal.outcome, row.competitor_id)
            for deal, row in pairs
            if row.competitor_id or "outcome" in changed[deal.pk]
        }
    )


def _drop_steps(
    deals: Sequence[Opportunity], drafts: dict[int, Drafts], changed: dict[int, set[str]], *, at: datetime
) -> None:
    for deal_id, dropped in drop_open_steps(deals, at=at).items():
        drafts[deal_id] += dropped
        changed[deal_id].update(("current_step_id", "next_step_on"))


def _add_around(
    pairs: Sequence[tuple[Opportunity, "DealRow"]],
    drafts: dict[int, Drafts],
    changed: dict[int, set[str]],
    *,
    by: User | None,
    at: datetime,
) -> None:
    """Add a first meeting, a line and a next step that are new; a step of the same words and day is the same."""
    ids = [deal.pk for deal, _ in pairs]
    met = set(
        OpportunityActivity.objects.filter(opportunity_id__in=ids).values_list(
            "opportunity_id", "activity__occurred_at"
        )
    )
    steps = set(NextStep.objects.filter(opportunity_id__in=ids).values_list("opportunity_id", "purpose", "due_on"))
    add_meetings([(deal, row) for deal, row in pairs if (deal.pk, row.first_meeting_at) not in met], by=by, at=at)
    for deal_id, draft in set_lines(pairs, at=at).items():
        drafts[deal_id].append(draft)
        changed[deal_id].add("version")
    new = [
        (deal, row)
        for deal, row in pairs
        if not deal.outcome
        and row.next_step_on
        and (deal.pk, row.next_step or deal.name, row.next_step_on) not in steps
    ]
    for deal_id, draft in write_steps(plan_steps(new, by=by, at=at), at=at).items():
        drafts[deal_id].append(draft)
        changed[deal_id].update(("current_step_id", "next_step_on"))


def _save(deals: list[Opportunity], changed: Mapping[int, set[str]]) -> None:
    names = {name for deal in deals for name in changed[deal.pk]}
    money = {f"{name}_currency" for name in names if name == "amount"}
    for deal in deals:
        deal.version += 1
    save_records(Opportunity, deals, names | money | {"version"})
