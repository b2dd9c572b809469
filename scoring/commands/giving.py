"""Who answers a lead, as people say it: given, given to another, moved from somebody who leaves (B20, D-27)."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F

from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.values import Refusal
from crm.models import User
from crm.queries.access import get_access
from pipeline.queries.opportunities import is_possible_owner
from scoring.commands.clocks import assign
from scoring.commands.handoffs import lock_lead
from scoring.enums import RoutedBy
from scoring.facts import Route
from scoring.models import Handoff, Lead
from scoring.permissions import can_give, can_give_to


class GiveRefused(CommandRefused):
    """The lead stays with whoever has it, or with nobody."""


@transaction.atomic
def give_lead(
    *,
    lead_id: int,
    owner_id: int,
    by: User,
    at: datetime,
    from_owner_id: int | None = None,
    seen_version: int | None = None,
) -> Handoff:
    """Give a lead that was handed over to somebody who sells; a new clock starts now. Theirs already: nothing.

    `from_owner_id` is who had it as the person saw it, None for nobody.

    :raises NotPermitted: the person may not hand over
    :raises GiveRefused: nothing waits for an answer, somebody else has it, or who is to have it cannot answer
    :raises StaleRecord: the lead changed since it was seen
    """
    lead, handoff = lock_lead(lead_id)
    _refuse_giving([(lead, handoff)], owner_id=owner_id, by=by)
    if handoff is None:
        raise GiveRefused(Refusal.of("no_open_handoff"))
    if seen_version is not None:
        lead.require_version(seen_version)
    if handoff.owner_id not in (None, from_owner_id, owner_id):
        raise GiveRefused(Refusal.of("given_already", owner=str(handoff.owner)))
    if handoff.owner_id != owner_id:
        assign(handoffs=[handoff], routes={lead_id: Route(owner_id, RoutedBy.PERSON)}, at=at)
    return handoff


@transaction.atomic
def give_leads(*, lead_ids: Collection[int], owner_id: int, by: User, at: datetime) -> list[Handoff]:
    """Give the chosen leads that nobody has to somebody who sells, all or none; the clocks start now.

    One that somebody has by now, or that was answered, is left alone.

    :raises NotPermitted: the person may not hand one of them over, or not to this one
    :raises GiveRefused: none is chosen, or who is to have them cannot answer
    """
    leads = list(Lead.objects.select_for_update(no_key=True).filter(pk__in=lead_ids).order_by("pk"))
    if not leads:
        raise GiveRefused(Refusal.of("choose_leads"))
    open_ = Handoff.objects.select_for_update(no_key=True).filter(lead_id__in=lead_ids, answered_at=None)
    handoffs = {handoff.lead_id: handoff for handoff in open_.order_by("lead_id")}
    _refuse_giving([(lead, handoffs.get(lead.pk)) for lead in leads], owner_id=owner_id, by=by)
    given = [handoff for handoff in handoffs.values() if handoff.owner_id is None]
    assign(handoffs=given, routes=dict.fromkeys(handoffs, Route(owner_id, RoutedBy.PERSON)), at=at)
    return given


def _refuse_giving(pairs: Iterable[tuple[Lead, Handoff | None]], *, owner_id: int, by: User) -> None:
    access = get_access(by)
    if not (can_give_to(access, owner_id) and all(can_give(access, lead, handoff) for lead, handoff in pairs)):
        raise NotPermitted(Refusal.of("may_not_give"))
    if not is_possible_owner(owner_id):
        raise GiveRefused(Refusal.of("cannot_answer_leads", field="owner_id"), field="owner_id")


def assign_if_nobodys(*, handoff: Handoff | None, owner_id: int | None, at: datetime) -> None:
    """Give a locked open handoff that nobody has to somebody who can answer, and start the clock (D-27)."""
    if handoff is None or handoff.owner_id is not None or owner_id is None or not is_possible_owner(owner_id):
        return
    assign(handoffs=[handoff], routes={handoff.lead_id: Route(owner_id, RoutedBy.LEAD_OWNER)}, at=at)


@transaction.atomic
def give_away_leads(*, from_user_id: int, to_user_id: int, by: User | None, at: datetime) -> int:
    """Move the leads and open handoffs of somebody who leaves; the clocks of the handoffs start again (B20)."""
    leads = Lead.objects.filter(owner_id=from_user_id, archived_at=None, merged_into=None)
    # Locked in the order everybody locks them in, which an update by itself does not keep.
    locked = list(leads.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    moved = Lead.objects.filter(pk__in=locked).update(owner_id=to_user_id, version=F("version") + 1)
    held = Handoff.objects.select_for_update(no_key=True).filter(owner_id=from_user_id, answered_at=None)
    handoffs = list(held.order_by("lead_id"))
    routes = {handoff.lead_id: Route(to_user_id, RoutedBy.PERSON) for handoff in handoffs}
    assign(handoffs=handoffs, routes=routes, at=at)
    return moved
