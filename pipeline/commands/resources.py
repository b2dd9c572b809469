"""Shared hours: asked for, set aside in weeks that have them, declined, spent as effort of the deal (EE-017, EE-038)."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.values import Refusal
from crm.models import User
from crm.queries.access import get_access
from crm.queries.organisation import get_local_date
from pipeline.commands.history import EventDraft, record
from pipeline.commands.opportunities.refused import lock_deal
from pipeline.commands.versions import require_seen
from pipeline.enums import EffortKind, RequestState, ResourceKind
from pipeline.events import EventKind
from pipeline.models import Effort, Opportunity, PlannedHours, Resource, ResourceRequest
from pipeline.permissions import can_edit
from pipeline.policies import resources as policy
from pipeline.queries.economics import get_economics
from pipeline.queries.resources import get_gates, get_kinds_given, get_weeks, request_facts, resources_in_use


class RequestRefused(CommandRefused):
    """Nothing was asked for, or it stays as it is; the refusals name the fields."""


@transaction.atomic
def request_hours(
    *,
    opportunity_id: int,
    kind: str,
    hours: Decimal | None,
    purpose: str,
    due_on: date | None,
    by: User | None,
    at: datetime,
    resource_id: int | None = None,
    reason: str = "",
) -> ResourceRequest:
    """Ask for shared hours until a day, of somebody by name or of whoever gives that kind.

    Where the economics of the deal are not known, or speak against it, a reason is needed, which is kept with who gave
    it. The same asked twice is asked once.

    :raises RequestRefused: it is not said whole, nobody gives it, or no reason carries it
    :raises NotPermitted: the person may not change the deal
    """
    deal, today = lock_deal(opportunity_id, by=by), get_local_date(at)
    _refuse_ended(deal)
    refused = policy.ask_refusals(kind=kind, hours=hours, purpose=purpose, due_on=due_on, today=today)
    given = resources_in_use().filter(kind=kind)
    if not refused and not (given if resource_id is None else given.filter(pk=resource_id)).exists():
        refused = [Refusal.of("nobody_gives", field="resource")]
    if refused or hours is None or due_on is None:
        raise RequestRefused(refused)
    asked = {"kind": kind, "hours": round(hours, 2), "purpose": purpose.strip(), "due_on": due_on}
    asked |= {"resource_id": resource_id, "asked_by": by}
    if same := ResourceRequest.objects.filter(opportunity=deal, state=RequestState.OPEN, **asked).first():
        return same
    against = _refuse_unreasoned(deal, ResourceKind(kind), by=by, reason=reason, at=at)
    request = ResourceRequest.objects.create(
        opportunity=deal, against=against, reason=reason.strip() if against else "", asked_at=at, **asked
    )
    detail: dict[str, object] = {"purpose": request.purpose}
    detail |= {"reason": request.reason} if against else {}
    _record(request, deal, None, detail, by=by, at=at)
    return request


@transaction.atomic
def accept_request(
    *, request_id: int, by: User, at: datetime, resource_id: int | None = None, week: date | None = None,
    answer: str = "", seen_version: int | None = None,
) -> ResourceRequest:  # fmt: skip
    """Give the hours: they are set aside from a week on, this one where none is named, as far as each week has them.

    :raises NotPermitted: it is not theirs to answer
    :raises RequestRefused: it ended, the hours do not fit until the day, or that person gives something else
    :raises StaleRecord: it changed since it was seen
    """
    deal, request = _lock(request_id, by=by)
    if request.state == RequestState.ACCEPTED and request.answered_by_id == by.pk and seen_version is None:
        return request
    require_seen(request, seen_version)
    _refuse_ended(deal)
    chosen, today = _choose(request, resource_id, by=by), get_local_date(at)
    first = policy.monday_of(week or today)
    if refused := policy.accept_refusals(request_facts(request), kind=chosen.kind, first=first, today=today):
        raise RequestRefused(refused)
    found = get_weeks([chosen.pk], policy.weeks_until(first, request.due_on)).get(chosen.pk, [])
    plan = policy.plan_hours(request.hours, {each.monday: each.free for each in found})
    if plan is None:
        free = sum((each.free for each in found), Decimal(0))
        raise RequestRefused(Refusal.of("hours_do_not_fit", field="week", free=f"{free.normalize():f}"))
    PlannedHours.objects.bulk_create(PlannedHours(request=request, monday=day, hours=n) for day, n in plan.items())
    old = request_value(request)
    request.resource, request.answered_by, request.answered_at = chosen, by, at
    _turn(request, RequestState.ACCEPTED, answer, "resource", "answered_by", "answered_at")
    _record(request, deal, old, {"answer": request.answer}, by=by, at=at)
    return request


@transaction.atomic
def decline_request(
    *, request_id: int, answer: str, by: User, at: datetime, seen_version: int | None = None
) -> ResourceRequest:
    """Say no, and why; hours that were set aside for it are free again.

    :raises NotPermitted: it is not theirs to answer
    :raises RequestRefused: it ended, or nobody said why
    :raises StaleRecord: it changed since it was seen
    """
    deal, request = _lock(request_id, by=by)
    if (request.state, request.answer) == (RequestState.DECLINED, answer.strip()):
        return request
    if refused := policy.decline_refusals(request_facts(request), answer=answer):
        raise RequestRefused(refused)
    require_seen(request, seen_version)
    old = request_value(request)
    request.planned.all().delete()
    request.answered_by, request.answered_at, request.ended_at = by, at, at
    _turn(request, RequestState.DECLINED, answer, "answered_by", "answered_at", "ended_at")
    _record(request, deal, old, {"answer": request.answer}, by=by, at=at)
    return request


@transaction.atomic
def finish_request(
    *, request_id: int, hours: Decimal | None, by: User, at: datetime, on: date | None = None, note: str = "",
    seen_version: int | None = None,
) -> ResourceRequest:  # fmt: skip
    """Say that it is done and how many hours it took: they become effort of the deal, and part of its pursuit cost.

    Hours set aside in weeks to come are free again. A deal that ended meanwhile cost them all the same.

    :raises NotPermitted: it is not theirs to answer
    :raises RequestRefused: it was not accepted, or the hours or the day are not possible
    :raises StaleRecord: it changed since it was seen
    """
    deal, request = _lock(request_id, by=by)
    today = get_local_date(at)
    spent = request.effort
    if spent is not None and hours is not None and (spent.minutes, spent.on) == (_minutes(hours), on or today):
        return request
    if refused := policy.finish_refusals(request_facts(request), hours=hours, on=on or today, today=today):
        raise RequestRefused(refused)
    require_seen(request, seen_version)
    assert hours is not None and request.resource is not None
    old = request_value(request)
    request.planned.filter(monday__gt=policy.monday_of(today)).delete()
    request.effort = Effort.objects.create(
        user_id=request.resource.user_id, opportunity=deal, kind=EffortKind(request.kind), minutes=_minutes(hours),
        on=on or today, note=(note.strip() or request.purpose)[:300], recorded_at=at,
    )  # fmt: skip
    request.ended_at = at
    _turn(request, RequestState.DONE, request.answer, "effort", "ended_at")
    _record(request, deal, old, {"spent": f"{hours:.2f}"}, by=by, at=at)
    return request


@transaction.atomic
def withdraw_request(
    *, request_id: int, by: User | None, at: datetime, seen_version: int | None = None
) -> ResourceRequest:
    """Ask no longer; hours that were set aside for it are free again.

    :raises NotPermitted: the person may not change the deal
    :raises RequestRefused: it is done or was declined
    :raises StaleRecord: it changed since it was seen
    """
    deal, request = _lock(request_id, by=None)
    if by is not None and not can_edit(get_access(by), deal):
        raise NotPermitted(Refusal.of("may_not_edit_deal"))
    if request.state == RequestState.WITHDRAWN:
        return request
    if request.state not in {RequestState.OPEN, RequestState.ACCEPTED}:
        raise RequestRefused(Refusal.of("request_ended"))
    require_seen(request, seen_version)
    old = request_value(request)
    request.planned.all().delete()
    request.ended_at = at
    _turn(request, RequestState.WITHDRAWN, request.answer, "ended_at")
    _record(request, deal, old, {}, by=by, at=at)
    return request


def request_value(request: ResourceRequest | None) -> dict[str, object] | None:
    """Return a request as events hold it."""
    if request is None:
        return None
    state, kind = str(request.state), str(request.kind)
    return {"request": request.pk, "kind": kind, "hours": f"{request.hours:.2f}", "state": state}


def _lock(request_id: int, *, by: User | None) -> tuple[Opportunity, ResourceRequest]:
    """Return the deal and the request, locked in that order; `by` is who is going to answer."""
    deal_id = ResourceRequest.objects.values_list("opportunity_id", flat=True).get(pk=request_id)
    deal = lock_deal(deal_id, by=None)
    requests = ResourceRequest.objects.select_for_update(of=("self",)).select_related("resource", "effort")
    request = requests.get(pk=request_id)
    if by is not None:
        access, resource = get_access(by), request.resource
        allowed = policy.may_answer(
            request_facts(request),
            kinds=get_kinds_given(access),
            gives=resource is not None and resource.user_id == by.pk,
            manages=access.manages(resource.user_id if resource else None),
        )
        if not allowed:
            raise NotPermitted(Refusal.of("request_of_another"))
    return deal, request


def _choose(request: ResourceRequest, resource_id: int | None, *, by: User) -> Resource:
    """Return whose hours they are, locked, so that nobody sets the same ones aside meanwhile.

    Somebody else's can be given by who manages them or administers; without a name they are the person's own.
    """
    wanted = request.resource_id if resource_id is None else resource_id
    given = resources_in_use().select_for_update(of=("self",))
    given = given.filter(pk=wanted) if wanted is not None else given.filter(user=by, kind=request.kind)
    chosen = given.first()
    if chosen is None:
        raise RequestRefused(Refusal.of("nobody_gives", field="resource"))
    if chosen.user_id != by.pk and not get_access(by).manages(chosen.user_id):
        raise NotPermitted(Refusal.of("hours_of_another"))
    return chosen


def _refuse_unreasoned(
    deal: Opportunity, kind: ResourceKind, *, by: User | None, reason: str, at: datetime
) -> list[str]:
    """Return what speaks against giving the deal hours, once a reason carries the request past it (EE-053, EE-061)."""
    gate, known = get_gates()[kind], get_economics([deal.pk], user=None, at=at).rows[0].economics
    against = policy.what_speaks_against(
        gate=gate,
        is_checked=known is not None and known.is_checked,
        expected=known.expected.value if known else None,
    )
    manages = by is None or get_access(by).manages(deal.owner_id)
    if by is not None and (refused := policy.against_refusals(against, gate=gate, manages=manages, reason=reason)):
        raise RequestRefused(refused)
    return against


def _refuse_ended(deal: Opportunity) -> None:
    if deal.archived_at is not None:
        raise RequestRefused(Refusal.of("deal_archived"))
    if deal.outcome:
        raise RequestRefused(Refusal.of("deal_closed", outcome=deal.outcome))


def _turn(request: ResourceRequest, state: RequestState, answer: str, *fields: str) -> None:
    """Save a request in its new state."""
    if len(answer.strip()) > policy.TEXT_LENGTH:
        raise RequestRefused(Refusal.of("too_long", field="answer", limit=policy.TEXT_LENGTH))
    request.state, request.answer = state, answer.strip()
    request.version += 1
    request.save(update_fields=["state", "answer", "version", *fields])


def _minutes(hours: Decimal) -> int:
    return int((hours * 60).to_integral_value())


def _record(
    request: ResourceRequest, deal: Opportunity, old: dict[str, object] | None, detail: dict[str, object], *,
    by: User | None, at: datetime,
) -> None:  # fmt: skip
    record(deal, [EventDraft(EventKind.RESOURCE, at, old, request_value(request), detail)], by=by, at=at)
