"""Handover to delivery: made with the win, taken over, later checked against what was sold (EE-063, LT-053)."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from crm.enums import Role
from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.values import Refusal
from crm.models import User
from crm.queries.access import get_access
from crm.queries.organisation import get_local_date, get_zone
from pipeline.commands.history import EventDraft, record
from pipeline.commands.versions import require_seen
from pipeline.enums import Outcome
from pipeline.events import EventKind
from pipeline.models import Handover, Opportunity
from pipeline.permissions import can_edit
from pipeline.policies import handovers as policy
from pipeline.queries.handovers import get_receivers


class HandoverRefused(CommandRefused):
    """The handover stays as it is; the refusals name the fields."""


def make_handover(deal: Opportunity, *, at: datetime) -> Handover:
    """Hand a won, locked deal over to delivery; won again after it went on, it is handed over anew."""
    fresh = {
        "made_at": at, "to_id": policy.choose_receiver(get_receivers()), "accepted_at": None, "checked_on": None,
        "as_sold": None, "gap": "",
    }  # fmt: skip
    anew = {**fresh, "version": F("version") + 1}
    return Handover.objects.update_or_create(opportunity=deal, defaults=anew, create_defaults=fresh)[0]


@transaction.atomic
def accept_handover(*, handover_id: int, by: User, at: datetime, seen_version: int | None = None) -> Handover:
    """Take a deal over; taken over already nothing changes.

    :raises NotPermitted: it is addressed to somebody else
    :raises HandoverRefused: the deal went on, so nothing is handed over
    :raises StaleRecord: it changed since it was seen
    """
    handover = _lock(handover_id)
    access = get_access(by)
    refused = policy.accept_refusals(
        to_id=handover.to_id, by_id=by.pk, is_admin=access.is_admin, delivers=Role.DELIVERY in access.roles
    )
    if refused:
        raise NotPermitted(refused)
    if handover.accepted_at is None:
        require_seen(handover, seen_version)
        handover.accepted_at, handover.to_id = at, handover.to_id or by.pk
        handover.version += 1
        handover.save(update_fields=["accepted_at", "to", "version"])
    return handover


@transaction.atomic
def check_delivery(
    *, handover_id: int, as_sold: bool, by: User, at: datetime, gap: str = "", checked_on: date | None = None,
    seen_version: int | None = None,
) -> Handover:  # fmt: skip
    """Say whether it was delivered as sold, and what was not; the last check stands, the deal's history keeps those before.

    :raises NotPermitted: the person neither delivers it nor may change the deal
    :raises HandoverRefused: the day is not possible, or nobody said what differs
    :raises StaleRecord: it changed since it was seen
    """
    handover, deal = _lock_with_deal(handover_id)
    access, today = get_access(by), get_local_date(at)
    if by.pk != handover.to_id and not can_edit(access, handover.opportunity):
        raise NotPermitted(Refusal.of("handover_of_another"))
    day, gap = checked_on or today, gap.strip()
    made_on = handover.made_at.astimezone(get_zone()).date()
    if refused := policy.check_refusals(as_sold=as_sold, gap=gap, on=day, made_on=made_on, today=today):
        raise HandoverRefused(refused)
    said = (as_sold, "" if as_sold else gap, day)
    if said == (handover.as_sold, handover.gap, handover.checked_on):
        return handover
    require_seen(handover, seen_version)
    old = delivery_value(handover)
    handover.as_sold, handover.gap, handover.checked_on = said
    handover.version += 1
    handover.save(update_fields=["as_sold", "gap", "checked_on", "version"])
    draft = EventDraft(EventKind.DELIVERY, at, old, delivery_value(handover), {"gap": handover.gap})
    record(deal, [draft], by=by, at=at)
    return handover


def delivery_value(handover: Handover) -> dict[str, object] | None:
    """Return what was delivered as events hold it; None where nobody looked yet."""
    if handover.checked_on is None:
        return None
    return {"as_sold": handover.as_sold, "on": handover.checked_on.isoformat()}


def _lock_with_deal(handover_id: int) -> tuple[Handover, Opportunity]:
    """Return the handover and its deal, the deal locked first as everything that changes one does."""
    deal_id = Handover.objects.values_list("opportunity_id", flat=True).get(pk=handover_id)
    deal = Opportunity.objects.select_for_update(of=("self",)).get(pk=deal_id)
    return _lock(handover_id), deal


def _lock(handover_id: int) -> Handover:
    handover = Handover.objects.select_for_update(of=("self",)).select_related("opportunity").get(pk=handover_id)
    if handover.opportunity.outcome != Outcome.WON:
        raise HandoverRefused(Refusal.of("handover_deal_went_on"))
    return handover
