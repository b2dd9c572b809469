"""The log of a negotiation: what the customer wants otherwise, and what came of it (LT-052, FI-016)."""

from datetime import date, datetime

from django.db import transaction

from crm.lib.errors import CommandRefused, StaleRecord
from crm.lib.values import Refusal
from crm.models import User
from crm.queries.organisation import get_local_date
from pipeline.commands.history import EventDraft, record
from pipeline.commands.opportunities.refused import lock_deal
from pipeline.enums import NegotiationState
from pipeline.events import EventKind
from pipeline.models import NegotiationPoint
from pipeline.policies import proposals as policy
from pipeline.queries.opportunities import contacts_of


class NegotiationRefused(CommandRefused):
    """The point may not be noted or settled like this; the refusals name the fields."""


@transaction.atomic
def note_point(
    *,
    opportunity_id: int,
    topic: str,
    asked: str,
    asked_on: date,
    by: User | None,
    at: datetime,
    contact_id: int | None = None,
) -> NegotiationPoint:
    """Note what the customer wants otherwise. The same wish of the same day is noted once.

    :raises NegotiationRefused: it does not say what, or the day lies ahead
    :raises NotPermitted: the person may not change the deal
    """
    deal, asked = lock_deal(opportunity_id, by=by), asked.strip()
    refused = policy.point_refusals(topic=topic, asked=asked, asked_on=asked_on, today=get_local_date(at))
    if deal.archived_at is not None:
        refused.append(Refusal.of("deal_archived"))
    if contact_id is not None and not contacts_of(deal).filter(pk=contact_id).exists():
        refused.append(Refusal.of("not_of_this_deal", field="contact"))
    if refused:
        raise NegotiationRefused(refused)
    said = {"opportunity": deal, "topic": topic, "asked": asked, "asked_on": asked_on, "contact_id": contact_id}
    if known := NegotiationPoint.objects.filter(**said, state=NegotiationState.OPEN).first():
        return known
    point = NegotiationPoint.objects.create(**said, by=by, at=at)
    record(deal, [EventDraft(EventKind.NEGOTIATION, at, None, point_value(point))], by=by, at=at)
    return point


@transaction.atomic
def settle_point(
    *,
    point_id: int,
    seen_version: int,
    state: str,
    by: User | None,
    at: datetime,
    answer: str = "",
    settled_on: date | None = None,
) -> NegotiationPoint:
    """Say whether a wish was agreed or declined, on which local day; today where none is given.

    :raises NegotiationRefused: it was settled already, or the day is not possible
    :raises StaleRecord: somebody changed it since it was seen
    :raises NotPermitted: the person may not change the deal
    """
    deal = lock_deal(NegotiationPoint.objects.values_list("opportunity_id", flat=True).get(pk=point_id), by=by)
    point = NegotiationPoint.objects.select_for_update(of=("self",)).get(pk=point_id)
    today, answer = get_local_date(at), answer.strip()
    day = settled_on or today
    if (point.state, point.answer, point.settled_on) == (state, answer, day) and state != NegotiationState.OPEN:
        return point
    refused = policy.settling_refusals(
        state, current=point.state, answer=answer, settled_on=day, asked_on=point.asked_on, today=today
    )
    if refused:
        raise NegotiationRefused(refused)
    if point.version != seen_version:
        raise StaleRecord(seen=seen_version, now=point.version)
    old = point_value(point)
    point.state, point.answer, point.settled_on = state, answer, day
    point.version += 1
    point.save(update_fields=["state", "answer", "settled_on", "version"])
    record(deal, [EventDraft(EventKind.NEGOTIATION, at, old, point_value(point))], by=by, at=at)
    return point


def point_value(point: NegotiationPoint) -> dict[str, object]:
    """Return a point as events hold it."""
    return {
        "point": point.pk,
        "topic": str(point.topic),
        "text": point.answer or point.asked,
        "state": str(point.state),
        "on": (point.settled_on or point.asked_on).isoformat(),
    }
