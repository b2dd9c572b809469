"""Deals that a later import changes: every followed field makes its event, at the moment of the import."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Max

from crm.commands.imports import Written, save_records
from crm.models import User
from pipeline.commands.dropped_steps import drop_open_steps
from pipeline.commands.history import FOLLOWED, EventDraft, closing_draft, field_drafts, move_detail, setpoint_value
from pipeline.commands.imports.around import add_meetings, plan_steps, set_lines, write_steps
from pipeline.commands.imports.rows import Drafts, record_all
from pipeline.commands.stakeholders import set_main_contacts
from pipeline.enums import DealType
from pipeline.events import EventKind
from pipeline.facts import DealFacts, SetpointFacts
from pipeline.models import NextStep, Opportunity, OpportunityActivity, OpportunityEvent
from pipeline.queries.evidence import get_evidence

if TYPE_CHECKING:
    from pipeline.commands.imports.deals import DealRow

Paths = Mapping[str, list[SetpointFacts]]
STANDING = ("setpoint_id", "setpoint_entered_at", "highest_rank")
CLOSING = ("outcome", "closed_at", "close_reason_id", "competitor_id")


def change_deals(
    rows: Sequence["DealRow"], *, reason: str, paths: Paths, by: User | None, at: datetime
) -> dict[int, Written]:
    """Bring locked deals in line with rows; a deal that closed, or went on, later than the row says is left out."""
    if not rows:
        return {}
    ids = [row.record_id for row in rows if row.record_id]
    deals = {
        deal.pk: deal for deal in Opportunity.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    }
    reopened = _reopened_at(ids)
    pairs = [
        (deals[row.record_id], row)
        for row in rows
        if row.record_id in deals and not _is_older(row, deals[row.record_id].closed_at, reopened.get(row.record_id))
    ]
    ranks = {setpoint.id: setpoint for path in paths.values() for setpoint in path}
    criteria = {each.version_id: each for setpoint in ranks.values() for each in setpoint.cumulative_criteria}
    evidence = get_evidence([deal for deal, _ in pairs], criteria.values())
    drafts: dict[int, Drafts] = {}
    changed: dict[int, set[str]] = {}
    for deal, row in pairs:
        changed[deal.pk] = _set_values(deal, row.values)
        drafts[deal.pk] = _field_events(deal, row, changed[deal.pk], at)
        drafts[deal.pk] += _move(deal, row, ranks, evidence[deal.pk], changed[deal.pk], reason=reason, at=at)
        drafts[deal.pk] += _close(deal, row, changed[deal.pk])
    set_main_contacts([deal for deal, _ in pairs if "contact_id" in changed[deal.pk]])
    _add_around(pairs, drafts, changed, by=by, at=at)
    _drop_steps([deal for deal, _ in pairs if deal.outcome and deal.current_step_id], drafts, changed, at=at)
    _save([deal for deal, _ in pairs if changed[deal.pk]], changed)
    record_all(drafts, by=by, recorded_at=dict.fromkeys(drafts, at))
    return {deal.pk: Written(deal.pk, False, frozenset(changed[deal.pk])) for deal, _ in pairs}


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
    deal._before = {name: getattr(deal, name) for name in FOLLOWED}  # type: ignore[attr-defined]  # read by _field_events
    changed = {name for name, value in values.items() if name != "created_at" and getattr(deal, name) != value}
    for name in changed:
        setattr(deal, name, values[name])
    return changed


def _field_events(deal: Opportunity, row: "DealRow", changed: set[str], at: datetime) -> Drafts:
    before: dict[str, Any] = deal._before  # type: ignore[attr-defined]  # kept by _set_values
    return field_drafts(before, {name: getattr(deal, name) for name in FOLLOWED if name in changed}, at=at)


def _move(
    deal: Opportunity,
    row: "DealRow",
    ranks: Mapping[int, SetpointFacts],
    evidence: Mapping[int, Any],
    changed: set[str],
    *,
    reason: str,
    at: datetime,
) -> Drafts:
    to = row.setpoint
    if to is None or to.id == deal.setpoint_id or deal.outcome:
        return []
    stands = ranks.get(deal.setpoint_id or 0)
    facts = DealFacts(
        id=deal.pk, owner_id=deal.owner_id, pipeline_id=to.pipeline_id, setpoint_id=deal.setpoint_id,
        rank=stands.rank if stands else None, outcome="", is_archived=False, deal_type=DealType(deal.deal_type),
        amount=deal.amount, created_at=deal.created_at, evidence=evidence,
    )  # fmt: skip
    lacks = any(not each.is_met_by(facts) for each in to.cumulative_criteria)
    back = stands is not None and to.rank < stands.rank
    detail = move_detail(facts, to, override=reason if lacks and not back else "", reason=reason if back else "")
    old = setpoint_value(deal.setpoint_id)
    deal.setpoint_id, deal.setpoint_entered_at = to.id, at
    deal.highest_rank = max(to.rank, deal.highest_rank or 0)
    changed.update(STANDING)
    return [EventDraft(EventKind.SETPOINT, at, old, setpoint_value(to.id), detail)]


def _close(deal: Opportunity, row: "DealRow", changed: set[str]) -> Drafts:
    if row.closing is None or row.closed_at is None:
        return []
    wanted = (str(row.closing.outcome), row.closed_at, row.reason_id, row.competitor_id)
    if (deal.outcome, deal.closed_at, deal.close_reason_id, deal.competitor_id) == wanted:
        return []
    deal.outcome, deal.closed_at, deal.close_reason_id, deal.competitor_id = wanted
    changed.update(CLOSING)
    return [
        closing_draft(
            row.closing, closed_at=row.closed_at, setpoint_id=deal.setpoint_id, competitor_id=row.competitor_id,
            amount=deal.amount, backfilled=deal.backfilled,
        )
    ]  # fmt: skip


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
