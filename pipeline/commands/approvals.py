"""Approvals: somebody is asked whether a deal may go beyond the policy, and answers (P-14, D-17, EE-065 to EE-071)."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.values import Refusal
from crm.models import User
from crm.policies.working_time import add_business_minutes
from crm.queries.access import get_access
from crm.queries.organisation import get_local_date
from crm.queries.working_hours import get_working_hours
from pipeline.commands.history import EventDraft, record
from pipeline.commands.opportunities.refused import lock_deal
from pipeline.commands.versions import require_seen
from pipeline.enums import ApprovalState, PolicyArea, Tier
from pipeline.events import EventKind
from pipeline.facts import ApprovalFacts, PolicyFacts
from pipeline.models import Approval, Opportunity
from pipeline.models.opportunities import OPEN
from pipeline.permissions import can_edit
from pipeline.policies import promises as policy
from pipeline.queries.promises import (
    approval_facts,
    get_approvals,
    get_approvers,
    get_largest_discount,
    get_managers,
    get_policies,
)


class ApprovalRefused(CommandRefused):
    """Nobody was asked, or nothing was decided; the refusals name the fields."""


class OutsidePolicy(CommandRefused):
    """What was wanted is not sold, or needs an approval first."""


@transaction.atomic
def ask_approval(
    *, opportunity_id: int, area: str, asked: Decimal | None, why: str, by: User | None, at: datetime
) -> Approval:
    """Ask whoever the policy names whether the deal may go so far; until they answered it stays below 90%.

    Asking the same again while it waits changes nothing. Asked anew with less, what was refused bars no longer.

    :raises ApprovalRefused: the policy allows it freely or not at all, it waits already, nobody can answer, or a line
        has more
    :raises NotPermitted: the person may not change the deal
    """
    deal = lock_deal(opportunity_id, by=by)
    _refuse_closed(deal)
    found, value = _read(area, asked, at=at)
    standing = get_approvals([deal.pk]).get(deal.pk, [])
    same = [each for each in standing if each.area == area]
    waits = next((each for each in same if each.state == ApprovalState.OPEN), None)
    if waits is not None and (waits.asked, waits.asked_by_id) == (value, by.pk if by else None):
        return Approval.objects.get(pk=waits.approval_id)
    last = same[-1] if same else None
    refused = policy.ask_refusals(
        found, value, refused=last.asked if last and last.state == ApprovalState.REFUSED else None,
        has_open=waits is not None, why=why,
    )  # fmt: skip
    if len(why.strip()) > policy.WHY_LENGTH:
        refused.append(Refusal.of("too_long", field="why", limit=policy.WHY_LENGTH))
    if refused or found is None:
        raise ApprovalRefused(refused)
    _refuse_discount_of_lines(deal, area, found, standing, asked=value)
    approver_id = _choose(found, deal, by=by, at=at)
    approval = Approval.objects.create(
        opportunity=deal, area=area, asked=value, why=why.strip(), approver_id=approver_id,
        due_at=_due(approver_id, found, at=at), asked_by=by, asked_at=at,
    )  # fmt: skip
    _record(deal, approval, None, {"why": approval.why}, by=by, at=at)
    return approval


@transaction.atomic
def decide_approval(
    *, approval_id: int, approves: bool, by: User, at: datetime, answer: str = "", seen_version: int | None = None
) -> Approval:
    """Say yes or no; a no says why, and bars the deal until it is withdrawn or asked anew with less.

    The same answer of the same person again changes nothing.

    :raises NotPermitted: it was not addressed to the person, or they asked themselves
    :raises ApprovalRefused: it is decided already, withdrawn, or the policy no longer allows it
    :raises StaleRecord: it changed since it was seen
    """
    deal, approval = _lock(approval_id)
    state = ApprovalState.APPROVED if approves else ApprovalState.REFUSED
    answer = answer.strip()
    if (approval.state, approval.decided_by_id, approval.answer) == (state, by.pk, answer):
        return approval
    policies = get_policies(on=get_local_date(at))
    refused = policy.decide_refusals(
        approval_facts(approval), by_id=by.pk, is_admin=get_access(by).is_admin, approves=approves,
        policy=policies.get(PolicyArea(approval.area)), answer=answer,
    )  # fmt: skip
    _refuse(refused, answer=answer)
    require_seen(approval, seen_version)
    _refuse_closed(deal)
    old = approval_value(approval)
    approval.state, approval.decided_by, approval.decided_at, approval.answer = state, by, at, answer
    approval.version += 1
    approval.save(update_fields=["state", "decided_by", "decided_at", "answer", "version"])
    _record(deal, approval, old, {"answer": answer}, by=by, at=at)
    return approval


@transaction.atomic
def delegate_approval(
    *, approval_id: int, to_id: int, by: User, at: datetime, seen_version: int | None = None
) -> Approval:
    """Hand the question on to somebody else who can answer; until when it is to be answered stays.

    :raises NotPermitted: it was not addressed to the person
    :raises ApprovalRefused: it is decided, or that person cannot answer it
    :raises StaleRecord: it changed since it was seen
    """
    _deal, approval = _lock(approval_id)
    to = next((each for each in get_approvers() if each.user_id == to_id), None)
    is_admin = get_access(by).is_admin
    _refuse(policy.delegate_refusals(approval_facts(approval), by_id=by.pk, is_admin=is_admin, to=to))
    require_seen(approval, seen_version)
    approval.delegated_from_id, approval.approver_id = approval.approver_id, to_id
    approval.version += 1
    approval.save(update_fields=["delegated_from", "approver", "version"])
    return approval


@transaction.atomic
def withdraw_approval(*, approval_id: int, by: User | None, at: datetime, seen_version: int | None = None) -> Approval:
    """Ask no longer, or live with the no: the deal is as it was before it was asked.

    :raises NotPermitted: the person may not change the deal
    :raises ApprovalRefused: it was given, or a line of the deal still has the discount
    :raises StaleRecord: it changed since it was seen
    """
    deal, approval = _lock(approval_id)
    if by is not None and not can_edit(get_access(by), deal):
        raise NotPermitted(Refusal.of("may_not_edit_deal"))
    if approval.state == ApprovalState.WITHDRAWN:
        return approval
    if approval.state == ApprovalState.APPROVED:
        raise ApprovalRefused(Refusal.of("approval_decided"))
    require_seen(approval, seen_version)
    others = [each for each in get_approvals([deal.pk]).get(deal.pk, []) if each.approval_id != approval.pk]
    found = get_policies(on=get_local_date(at)).get(PolicyArea(approval.area))
    _refuse_discount_of_lines(deal, approval.area, found, others)
    old = approval_value(approval)
    approval.state, approval.withdrawn_at = ApprovalState.WITHDRAWN, at
    approval.version += 1
    approval.save(update_fields=["state", "withdrawn_at", "version"])
    _record(deal, approval, old, {}, by=by, at=at)
    return approval


@transaction.atomic
def escalate_approvals(*, at: datetime) -> int:
    """Tell who manages the approver, else an administrator, of every question past its deadline, once; return how many."""
    late = list(
        Approval.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(
            state=ApprovalState.OPEN, due_at__lt=at, escalated_at=None, opportunity__in=Opportunity.objects.filter(OPEN)
        )
        .order_by("pk")
    )
    if not late:
        return 0
    managers = get_managers({each.approver_id for each in late}, on=get_local_date(at))
    admins = sorted(each.user_id for each in get_approvers() if "admin" in each.roles)
    for each in late:
        known = [*managers.get(each.approver_id, []), *admins]
        others = [user_id for user_id in known if user_id not in {each.approver_id, each.asked_by_id}]
        each.escalated_at, each.escalated_to_id = at, next(iter(others), None)
        each.version += 1
    Approval.objects.bulk_update(late, ["escalated_at", "escalated_to", "version"])
    return len(late)


def require_within_policy(*, deal: Opportunity, area: PolicyArea, asked: Decimal, field: str, at: datetime) -> None:
    """See that a locked deal may go so far in an area: freely, or by an approval that is given or asked for.

    One asked for lets the value stand, since the deal cannot reach 90% before it is given.

    :raises OutsidePolicy: it is not sold, or nobody was asked for as much
    """
    found = get_policies(on=get_local_date(at)).get(area)
    said = policy.tier(found, asked)
    if said == Tier.NOT_SOLD:
        raise OutsidePolicy(policy.not_sold(found), field=field)
    if said == Tier.FREE:
        return
    states = (ApprovalState.APPROVED, ApprovalState.OPEN)
    known = get_approvals([deal.pk]).get(deal.pk, [])
    if not any(each.area == area and each.state in states and each.asked >= asked for each in known):
        raise OutsidePolicy(Refusal.of("promise_needs_approval", field=field), field=field)


def approval_value(approval: Approval | None) -> dict[str, object] | None:
    """Return an approval as events hold it."""
    if approval is None:
        return None
    return {
        "approval": approval.pk,
        "area": str(approval.area),
        "asked": f"{approval.asked:.2f}",
        "state": str(approval.state),
    }


def _lock(approval_id: int) -> tuple[Opportunity, Approval]:
    """Return the deal and the approval, locked in that order, as everything that changes a deal does."""
    deal_id = Approval.objects.values_list("opportunity_id", flat=True).get(pk=approval_id)
    deal = lock_deal(deal_id, by=None)
    return deal, Approval.objects.select_for_update(of=("self",)).get(pk=approval_id)


def _refuse(refused: list[Refusal], *, answer: str = "") -> None:
    if len(answer) > policy.ANSWER_LENGTH:
        refused = [*refused, Refusal.of("too_long", field="answer", limit=policy.ANSWER_LENGTH)]
    if any(each.code in {"approval_own", "approval_of_another"} and not each.params for each in refused):
        raise NotPermitted(refused)
    if refused:
        raise ApprovalRefused(refused)


def _refuse_closed(deal: Opportunity) -> None:
    if deal.archived_at is not None:
        raise ApprovalRefused(Refusal.of("deal_archived"))
    if deal.outcome:
        raise ApprovalRefused(Refusal.of("deal_closed", outcome=deal.outcome))


def _read(area: str, asked: Decimal | None, *, at: datetime) -> tuple[PolicyFacts | None, Decimal]:
    if area not in set(PolicyArea):
        raise ApprovalRefused(Refusal.of("unknown_value", field="area", value=area[:50]))
    if (wrong := policy.value_refusals(asked, area=PolicyArea(area))) or asked is None:
        raise ApprovalRefused(wrong)
    return get_policies(on=get_local_date(at)).get(PolicyArea(area)), round(asked, 2)


def _choose(found: PolicyFacts, deal: Opportunity, *, by: User | None, at: datetime) -> int:
    managers = get_managers([deal.owner_id], on=get_local_date(at)).get(deal.owner_id, [])
    chosen = policy.choose_approver(
        found, asked_by_id=by.pk if by else None, people=get_approvers(), manager_ids=managers
    )
    if chosen is None:
        raise ApprovalRefused(Refusal.of("nobody_approves", field="area", role=found.role))
    return chosen


def _due(approver_id: int, found: PolicyFacts, *, at: datetime) -> datetime:
    return add_business_minutes(at, found.answer_hours * 60, hours=get_working_hours([approver_id])[approver_id])


def _refuse_discount_of_lines(
    deal: Opportunity,
    area: str,
    found: PolicyFacts | None,
    approvals: list[ApprovalFacts],
    *,
    asked: Decimal = Decimal(0),
) -> None:
    """A discount that stands in a line is taken back there first; without its approval nothing would bar the deal."""
    if area != PolicyArea.DISCOUNT:
        return
    given = get_largest_discount(deal.pk)
    if given <= asked or policy.tier(found, given) == Tier.FREE or policy.covering(approvals, area=area, asked=given):
        return
    raise ApprovalRefused(Refusal.of("line_has_discount", percent=f"{given.normalize():f}"))


def _record(
    deal: Opportunity, approval: Approval, old: dict[str, object] | None, detail: dict[str, object], *,
    by: User | None, at: datetime,
) -> None:  # fmt: skip
    record(deal, [EventDraft(EventKind.APPROVAL, at, old, approval_value(approval), detail)], by=by, at=at)
