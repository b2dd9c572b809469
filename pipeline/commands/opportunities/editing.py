"""Edits of a deal, field by field (D-9), and who it belongs to."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F

from crm.commands.edits import change_record
from crm.lib.errors import NotPermitted
from crm.lib.values import Money, Refusal
from crm.models import User
from crm.queries.access import get_access
from pipeline.commands.history import EventDraft, field_drafts, record
from pipeline.commands.imports.rows import record_all
from pipeline.commands.open_steps import hand_over_steps
from pipeline.commands.opportunities.refused import EditRefused, lock_deal
from pipeline.commands.opportunities.values import refuse_wrong_stage, refuse_wrong_values
from pipeline.commands.stakeholders import set_main_contacts
from pipeline.enums import Fact
from pipeline.events import EventKind
from pipeline.models import NextStep, Opportunity, OpportunityEvent
from pipeline.models.opportunities import OPEN
from pipeline.permissions import can_give_to

EDITABLE = frozenset(
    {
        "name", "amount", "expected_close_on", "decision_on", "owner_id", "deal_type", "category", "source_id",
        "campaign_id", "approach", "contact_id", "required_results", "go_live_on", "stage_id",
    }
)  # fmt: skip


@transaction.atomic
def edit_opportunity(
    *,
    opportunity_id: int,
    changes: Mapping[str, Any],
    seen: Mapping[str, Any] | None = None,
    seen_version: int | None = None,
    by: User | None,
    at: datetime,
) -> Opportunity:
    """Change fields of a deal; what did not change is left alone and recorded nowhere.

    `seen` holds the old value a page showed, by field; `seen_version` the version an API client read.

    :raises StaleRecord: a field in `seen`, or the version, is no longer what it was
    :raises EditRefused: a value may not stand in its field
    :raises NotPermitted: the person may not change the deal, or not give it to that owner
    """
    deal = lock_deal(opportunity_id, by=by)
    if unknown := set(changes) - EDITABLE:
        raise EditRefused(Refusal.of("not_editable", field=", ".join(sorted(unknown))))
    if deal.archived_at is not None:
        raise EditRefused(Refusal.of("deal_archived"))
    refuse_wrong_values({name: value for name, value in changes.items() if getattr(deal, name) != value})
    if changes.get("stage_id", deal.stage_id) != deal.stage_id:
        refuse_wrong_stage(deal, changes["stage_id"])
    owner_id = changes.get("owner_id", deal.owner_id)
    if owner_id != deal.owner_id and by is not None and not can_give_to(get_access(by), owner_id):
        raise NotPermitted(Refusal.of("may_not_give_to"))
    old = {name: getattr(deal, name) for name in changes}
    changed = change_record(deal, changes, seen=seen, seen_version=seen_version)
    new = {name: getattr(deal, name) for name in changed}
    drafts = field_drafts(old, new, at=at)
    if "owner_id" in new:
        hand_over_steps([deal], former={deal.pk: old["owner_id"]})
    if "contact_id" in new:
        set_main_contacts([deal])
    record(deal, drafts, by=by, at=at)
    return deal


@transaction.atomic
def archive_opportunity(*, opportunity_id: int, seen_version: int, by: User | None, at: datetime) -> Opportunity:
    """Put a deal away that should never have been one; its history stays.

    :raises StaleRecord: somebody changed the deal since it was seen
    :raises EditRefused: it is archived already
    """
    deal = lock_deal(opportunity_id, by=by)
    deal.require_version(seen_version)
    if deal.archived_at is not None:
        raise EditRefused(Refusal.of("deal_archived"))
    deal.archived_at = at
    deal.version += 1
    deal.save(update_fields=["archived_at", "version"])
    record(deal, [EventDraft(EventKind.ARCHIVED, at, None, {})], by=by, at=at)
    return deal


@transaction.atomic
def give_away_deals(*, from_user_id: int, to_user_id: int, by: User | None, at: datetime) -> int:
    """Move the open deals and steps of somebody who leaves to another person; return how many deals."""
    deals = Opportunity.objects.select_for_update(of=("self",)).filter(OPEN, owner_id=from_user_id).order_by("pk")
    ids = list(deals.values_list("pk", flat=True))
    Opportunity.objects.filter(pk__in=ids).update(owner_id=to_user_id, version=F("version") + 1)
    given = field_drafts({"owner_id": from_user_id}, {"owner_id": to_user_id}, at=at)
    record_all(dict.fromkeys(ids, given), by=by, recorded_at=dict.fromkeys(ids, at), at=at)
    NextStep.objects.filter(owner_id=from_user_id, done_at=None, dropped_at=None).update(owner_id=to_user_id)
    return len(ids)


@transaction.atomic
def revert_change(*, opportunity_id: int, seq: int, by: User | None, at: datetime) -> Opportunity:
    """Set a field back to what it was before one change, unless it was changed again since.

    :raises StaleRecord: the field changed since
    :raises EditRefused: that event is no change of a field
    """
    event = OpportunityEvent.objects.filter(opportunity_id=opportunity_id, seq=seq).first()
    field = field_of(event) if event else None
    if event is None or field is None:
        raise EditRefused(Refusal.of("not_revertible"))
    name, as_value = field
    return edit_opportunity(
        opportunity_id=opportunity_id,
        changes={name: as_value(event.old or {})},
        seen={name: as_value(event.new or {})},
        by=by,
        at=at,
    )


def field_of(event: OpportunityEvent) -> tuple[str, Any] | None:
    """Return the field an event is about and how to read its value; None where it is about a record of its own."""
    told = {**(event.old or {}), **(event.new or {})}
    if event.kind == EventKind.STAKEHOLDER and "main" not in told:
        return None
    if event.kind == EventKind.EVIDENCE:
        return None if "attestation" in told else FACT_FIELDS.get(told.get("code", ""))
    return REVERTED.get(EventKind(event.kind))


def _money(value: Mapping[str, Any]) -> Money | None:
    return Money(Decimal(value["amount"]), value["currency"]) if value.get("amount") is not None else None


def _day(value: Mapping[str, Any]) -> date | None:
    return date.fromisoformat(value["on"]) if value.get("on") else None


REVERTED: dict[EventKind, tuple[str, Any]] = {
    EventKind.AMOUNT: ("amount", _money),
    EventKind.EXPECTED_CLOSE_ON: ("expected_close_on", _day),
    EventKind.OWNER: ("owner_id", lambda value: value.get("owner")),
    EventKind.DEAL_TYPE: ("deal_type", lambda value: value.get("deal_type")),
    EventKind.CATEGORY: ("category", lambda value: value.get("category")),
    EventKind.APPROACH: ("approach", lambda value: value.get("approach", "")),
    EventKind.STAKEHOLDER: ("contact_id", lambda value: value.get("contact")),
}
FACT_FIELDS: dict[str, tuple[str, Any]] = {
    Fact.DECISION_DATE_KNOWN: ("decision_on", _day),
    Fact.RESULTS_KNOWN: ("required_results", lambda value: value.get("text", "")),
    Fact.GO_LIVE_KNOWN: ("go_live_on", _day),
}
