"""What may be promised freely, what with whose approval, what not at all, and who answers (P-14, EE-064 to EE-071)."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal

from crm.enums import Role
from crm.lib.values import Refusal
from pipeline.enums import ApprovalState, Outcome, PolicyArea, PromiseState, Tier
from pipeline.facts import ApprovalFacts, ApproverFacts, PolicyFacts

# From here on a deal may not stand with an approval that is open or was refused (D-17).
BARRED_FROM = Decimal("0.9")
MOST = Decimal("99999999.99")
WHY_LENGTH, TEXT_LENGTH, ANSWER_LENGTH = 1000, 500, 1000
# Who may be asked: whoever manages, administers, or contributes from the side that has to keep the promise.
ANSWERING = frozenset(
    {Role.MANAGER, Role.ADMIN, Role.CONTRIBUTOR, Role.OPERATIONS, Role.PRODUCT, Role.DELIVERY, Role.FINANCE}
)


def tier(policy: PolicyFacts | None, asked: Decimal) -> Tier:
    """Return what the policy says of a value; a limit belongs to its own tier, and a limit of none has no end."""
    if policy is None or policy.free_to is None or asked <= policy.free_to:
        return Tier.FREE
    if policy.approval_to is None or asked <= policy.approval_to:
        return Tier.APPROVAL
    return Tier.NOT_SOLD


def value_refusals(asked: Decimal | None, *, area: PolicyArea) -> list[Refusal]:
    """Return why a value can stand in no policy of the area."""
    if asked is None:
        return [Refusal.of("required", field="asked")]
    most = Decimal(100) if area == PolicyArea.DISCOUNT else MOST
    if not asked.is_finite() or not 0 <= asked <= most:
        return [Refusal.of("out_of_range", field="asked")]
    return []


def ask_refusals(
    policy: PolicyFacts | None, asked: Decimal, *, refused: Decimal | None, has_open: bool, why: str
) -> list[Refusal]:
    """Return why nobody can be asked for this; `refused` is what was refused in the area and still stands."""
    said = tier(policy, asked)
    if said == Tier.FREE:
        return [Refusal.of("promise_free", field="asked")]
    if said == Tier.NOT_SOLD:
        return [not_sold(policy)]
    if has_open:
        return [Refusal.of("approval_waits_already", field="asked")]
    if refused is not None and asked >= refused:
        return [Refusal.of("approval_refused_before", field="asked", limit=f"{refused.normalize():f}")]
    return [] if why.strip() else [Refusal.of("required", field="why")]


def not_sold(policy: PolicyFacts | None) -> Refusal:
    """Say that nobody can approve it, with the most that somebody can."""
    limit = policy.approval_to if policy else None
    return Refusal.of("promise_not_sold", field="asked", limit="" if limit is None else f"{limit.normalize():f}")


def choose_approver(
    policy: PolicyFacts, *, asked_by_id: int | None, people: Collection[ApproverFacts], manager_ids: Collection[int]
) -> int | None:
    """Return who is asked: the named approver, else a holder of the role, else an administrator; never who asks.

    Of several the one with the least to answer. For a manager's approval those who manage the deal's owner come first.
    """
    others = sorted((each for each in people if each.user_id != asked_by_id), key=lambda each: each.rank)
    named = [each for each in others if each.user_id == policy.approver_id]
    holders = [each for each in others if policy.role in each.roles]
    if policy.role == Role.MANAGER:
        holders.sort(key=lambda each: each.user_id not in manager_ids)
    admins = [each for each in others if Role.ADMIN in each.roles]
    return next((each.user_id for each in (*named, *holders, *admins)), None)


def decide_refusals(
    approval: ApprovalFacts, *, by_id: int, is_admin: bool, approves: bool, policy: PolicyFacts | None, answer: str
) -> list[Refusal]:
    """Return why the person cannot decide; who asked never decides, not as an administrator either."""
    if approval.asked_by_id == by_id:
        return [Refusal.of("approval_own")]
    if by_id != approval.approver_id and not is_admin:
        return [Refusal.of("approval_of_another")]
    if approval.state != ApprovalState.OPEN:
        return [Refusal.of("approval_decided")]
    if approves and tier(policy, approval.asked) == Tier.NOT_SOLD:
        return [not_sold(policy)]
    return [] if approves or answer.strip() else [Refusal.of("say_why_refused", field="answer")]


def delegate_refusals(
    approval: ApprovalFacts, *, by_id: int, is_admin: bool, to: ApproverFacts | None
) -> list[Refusal]:
    """Return why the question cannot be handed on to that person."""
    if by_id not in {approval.approver_id, approval.escalated_to_id} and not is_admin:
        return [Refusal.of("approval_of_another")]
    if approval.state != ApprovalState.OPEN:
        return [Refusal.of("approval_decided")]
    if to is None or not to.roles & ANSWERING:
        return [Refusal.of("cannot_answer", field="to")]
    if to.user_id == approval.asked_by_id:
        return [Refusal.of("approval_own", field="to")]
    return [Refusal.of("has_it_already", field="to")] if to.user_id == approval.approver_id else []


def bars_of(approvals: Iterable[ApprovalFacts]) -> list[Refusal]:
    """Return what no reason overrides: of each area the newest approval that stands, where it is open or refused."""
    newest: dict[str, ApprovalFacts] = {}
    for each in sorted(approvals, key=lambda each: each.approval_id):
        if each.state != ApprovalState.WITHDRAWN:
            newest[each.area] = each
    codes = {ApprovalState.OPEN: "approval_open", ApprovalState.REFUSED: "approval_refused"}
    return [
        Refusal.of(codes[each.state], area=each.area, approver=each.approver)
        for each in newest.values()
        if each.state in codes
    ]


def bars_at(probability: Decimal) -> bool:
    """Whether a deal needs every approval to stand at a setpoint of this weight."""
    return probability >= BARRED_FROM


def bars_outcome(outcome: str) -> bool:
    """Whether a deal needs every approval to end like this: only to be won."""
    return outcome == Outcome.WON


def promise_refusals(
    policy: PolicyFacts | None, *, area: str, asked: Decimal | None, text: str, due_on: date | None,
    approvals: Sequence[ApprovalFacts],
) -> list[Refusal]:  # fmt: skip
    """Return why something may not be noted as promised: beyond the policy it needs an approval that covers it."""
    refused = [] if text.strip() else [Refusal.of("required", field="text")]
    refused += [Refusal.of("required", field="due_on")] if due_on is None else []
    if not area:
        return refused
    if area not in set(PolicyArea):
        return [*refused, Refusal.of("unknown_value", field="area", value=area[:50])]
    if wrong := value_refusals(asked, area=PolicyArea(area)):
        return refused + wrong
    assert asked is not None
    said = tier(policy, asked)
    if said == Tier.NOT_SOLD:
        return [*refused, not_sold(policy)]
    if said == Tier.APPROVAL and covering(approvals, area=area, asked=asked) is None:
        return [*refused, Refusal.of("promise_needs_approval", field="asked")]
    return refused


def covering(approvals: Iterable[ApprovalFacts], *, area: str, asked: Decimal) -> int | None:
    """Return the newest approval given in the area for at least as much."""
    given = [
        each.approval_id
        for each in approvals
        if each.area == area and each.state == ApprovalState.APPROVED and each.asked >= asked
    ]
    return max(given, default=None)


def end_refusals(state: str, *, current: str, ended_on: date, made_on: date, today: date) -> list[Refusal]:
    """Return why a promise cannot end like this on that day."""
    if current != PromiseState.OPEN:
        return [Refusal.of("promise_ended")]
    if state not in {PromiseState.KEPT, PromiseState.BROKEN, PromiseState.DROPPED}:
        return [Refusal.of("unknown_value", field="state", value=state[:50])]
    if not made_on <= ended_on <= today:
        return [Refusal.of("promise_ended_when", field="ended_on")]
    return []


def policy_refusals(
    *, area: str, free_to: Decimal | None, approval_to: Decimal | None, role: str, answer_hours: int
) -> list[Refusal]:
    """Return why a policy cannot say this."""
    if area not in set(PolicyArea):
        return [Refusal.of("unknown_value", field="area", value=area[:50])]
    refused = []
    for name, limit in (("free_to", free_to), ("approval_to", approval_to)):
        if limit is not None and value_refusals(limit, area=PolicyArea(area)):
            refused.append(Refusal.of("out_of_range", field=name))
    if role not in ANSWERING:
        refused.append(Refusal.of("unknown_value", field="role", value=role[:50]))
    if not 1 <= answer_hours <= 400:
        refused.append(Refusal.of("out_of_range", field="answer_hours"))
    if not refused and approval_to is not None and (free_to is None or free_to > approval_to):
        refused.append(Refusal.of("approval_below_free", field="approval_to"))
    return refused
