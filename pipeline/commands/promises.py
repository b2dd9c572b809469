"""What is promised to customers, what became of it, and what the policy allows (P-14, EE-062, EE-071, EE-089)."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from crm.commands.edits import wait_turn
from crm.commands.grants import require_administrator
from crm.lib.errors import CommandRefused
from crm.lib.values import Refusal
from crm.models import User
from crm.queries.organisation import get_local_date, get_zone
from pipeline.commands.history import EventDraft, record
from pipeline.commands.opportunities.refused import lock_deal
from pipeline.commands.versions import require_seen
from pipeline.enums import PolicyArea, PromiseState
from pipeline.events import EventKind
from pipeline.models import Opportunity, Promise, PromisePolicy
from pipeline.policies import promises as policy
from pipeline.queries.opportunities import is_possible_owner
from pipeline.queries.promises import get_approvals, get_approvers, get_policies


class PromiseRefused(CommandRefused):
    """Nothing was promised, or it did not end like this; the refusals name the fields."""


class PolicyRefused(CommandRefused):
    """The policy stays as it was; the refusals name the fields."""


@transaction.atomic
def add_promise(
    *,
    opportunity_id: int,
    text: str,
    due_on: date | None,
    by: User | None,
    at: datetime,
    area: str = "",
    asked: Decimal | None = None,
    owner_id: int | None = None,
) -> Promise:
    """Note what we told the customer we would do, by when; in an area of the policy, within it or as approved.

    Whoever owns the deal keeps it where nobody else is named. The same promise for the same day is noted once.

    :raises PromiseRefused: it is not sold, needs an approval first, or is not said whole
    :raises NotPermitted: the person may not change the deal
    """
    deal = lock_deal(opportunity_id, by=by)
    if deal.archived_at is not None:
        raise PromiseRefused(Refusal.of("deal_archived"))
    text, approvals = text.strip(), get_approvals([deal.pk]).get(deal.pk, [])
    found = get_policies(on=get_local_date(at)).get(PolicyArea(area)) if area in set(PolicyArea) else None
    refused = policy.promise_refusals(found, area=area, asked=asked, text=text, due_on=due_on, approvals=approvals)
    if len(text) > policy.TEXT_LENGTH:
        refused.append(Refusal.of("too_long", field="text", limit=policy.TEXT_LENGTH))
    owner_id = owner_id or deal.owner_id
    if owner_id != deal.owner_id and not _may_keep(owner_id):
        refused.append(Refusal.of("cannot_answer", field="owner"))
    if refused:
        raise PromiseRefused(refused)
    value = round(asked, 2) if area and asked is not None else None
    said = {"text": text, "due_on": due_on, "area": area, "asked": value}
    if known := Promise.objects.filter(opportunity=deal, state=PromiseState.OPEN, **said).first():
        return known
    approval_id = None if value is None else policy.covering(approvals, area=area, asked=value)
    promise = Promise.objects.create(
        opportunity=deal, owner_id=owner_id, approval_id=approval_id, by=by, at=at, **said,
    )  # fmt: skip
    _record(deal, promise, None, by=by, at=at)
    return promise


@transaction.atomic
def end_promise(
    *, promise_id: int, state: str, by: User | None, at: datetime, ended_on: date | None = None,
    seen_version: int | None = None,
) -> Promise:  # fmt: skip
    """Say whether a promise was kept, broken, or is no longer wanted, and on which local day; today where none is given.

    The same end again changes nothing. A closed deal's promises go on, since delivery keeps them.

    :raises PromiseRefused: it ended already, or the day is not possible
    :raises NotPermitted: the person neither keeps the promise nor may change the deal
    :raises StaleRecord: it changed since it was seen
    """
    deal_id, owner_id = Promise.objects.values_list("opportunity_id", "owner_id").get(pk=promise_id)
    deal = lock_deal(deal_id, by=None if by is None or by.pk == owner_id else by)
    promise = Promise.objects.select_for_update(of=("self",)).get(pk=promise_id)
    today = get_local_date(at)
    day = ended_on or today
    if (promise.state, promise.ended_on) == (state, day) and state != PromiseState.OPEN:
        return promise
    made_on = promise.at.astimezone(get_zone()).date()
    if refused := policy.end_refusals(state, current=promise.state, ended_on=day, made_on=made_on, today=today):
        raise PromiseRefused(refused)
    require_seen(promise, seen_version)
    old = promise_value(promise)
    promise.state, promise.ended_on = state, day
    promise.version += 1
    promise.save(update_fields=["state", "ended_on", "version"])
    _record(deal, promise, old, by=by, at=at)
    return promise


@transaction.atomic
def set_policy(
    *,
    area: str,
    free_to: Decimal | None,
    approval_to: Decimal | None,
    role: str,
    answer_hours: int,
    by: User | None,
    at: datetime,
    standard: Decimal | None = None,
    approver_id: int | None = None,
    hint: str = "",
) -> PromisePolicy:
    """Say from today on what may be promised in an area; what was said before stays for the days it was in force.

    Said again on the same day it replaces that day's; the audit keeps both. What stands already changes nothing.

    :raises NotPermitted: only an administrator may
    :raises PolicyRefused: the limits contradict each other, or the approver cannot answer
    """
    require_administrator(by)
    refused = policy.policy_refusals(
        area=area, free_to=free_to, approval_to=approval_to, role=role, answer_hours=answer_hours
    )
    if approver_id is not None and not _may_keep(approver_id):
        refused.append(Refusal.of("cannot_answer", field="approver"))
    if refused:
        raise PolicyRefused(refused)
    wanted = {
        "free_to": free_to, "approval_to": approval_to, "role": role, "answer_hours": answer_hours,
        "standard": standard, "approver_id": approver_id, "hint": hint.strip()[:300],
    }  # fmt: skip
    wait_turn("promise policies")  # a day has one
    rows = PromisePolicy.objects.filter(area=area, valid_from__lte=get_local_date(at))
    standing = rows.order_by("-valid_from").first()
    if standing is not None and all(getattr(standing, name) == value for name, value in wanted.items()):
        return standing
    if standing is None or standing.valid_from != get_local_date(at):
        return PromisePolicy.objects.create(area=area, valid_from=get_local_date(at), **wanted)
    for name, value in wanted.items():
        setattr(standing, name, value)
    standing.save(update_fields=list(wanted))
    return standing


def promise_value(promise: Promise | None) -> dict[str, object] | None:
    """Return a promise as events hold it."""
    if promise is None:
        return None
    return {
        "promise": promise.pk,
        "area": promise.area,
        "text": promise.text,
        "state": str(promise.state),
        "due_on": promise.due_on.isoformat() if promise.due_on else None,
    }


def _may_keep(user_id: int) -> bool:
    return is_possible_owner(user_id) or any(each.user_id == user_id for each in get_approvers())


def _record(
    deal: Opportunity, promise: Promise, old: dict[str, object] | None, *, by: User | None, at: datetime
) -> None:
    record(deal, [EventDraft(EventKind.PROMISE, at, old, promise_value(promise))], by=by, at=at)
