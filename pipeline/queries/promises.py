"""What the promise policy says, who can be asked, and what was asked and promised of deals (P-14)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from crm.enums import Role
from crm.lib.values import Refusal
from crm.models import User
from crm.queries.access import get_access
from crm.queries.names import user_name
from pipeline.enums import ApprovalState, PolicyArea, PromiseState
from pipeline.facts import ApprovalFacts, ApproverFacts, PolicyFacts
from pipeline.models import Approval, Opportunity, OpportunityLine, Promise, PromisePolicy
from pipeline.models.opportunities import OPEN
from pipeline.policies.economics import discount_given
from pipeline.policies.promises import ANSWERING, bars_of
from pipeline.queries.opportunities import opportunities_visible_to

# Everybody who manages the team of each person, or one above it.
MANAGERS = """
WITH RECURSIVE above AS (
    SELECT member.user_id, team.id, team.parent_id FROM crm_teammembership member JOIN crm_team team ON team.id = member.team_id
    WHERE member.user_id = ANY(%(people)s) AND member.from_on <= %(day)s
      AND (member.until_on IS NULL OR member.until_on > %(day)s)
    UNION
    SELECT above.user_id, team.id, team.parent_id FROM above JOIN crm_team team ON team.id = above.parent_id
)
SELECT above.user_id, held.user_id FROM above
JOIN crm_rolegrant held ON held.team_id = above.id AND held.role = 'manager' AND held.revoked_at IS NULL
JOIN crm_user manager ON manager.id = held.user_id AND manager.is_active
WHERE held.user_id <> above.user_id ORDER BY 1, 2
"""


def get_policies(*, on: date) -> dict[PolicyArea, PolicyFacts]:
    """Return the policy of each area in force on a local day."""
    rows = PromisePolicy.objects.filter(valid_from__lte=on).order_by("area", "-valid_from").distinct("area")
    return {PolicyArea(row.area): policy_facts(row) for row in rows.select_related("approver")}


def get_policy_rows() -> list[PromisePolicy]:
    """Return every policy there was, by area, the newest first."""
    return list(PromisePolicy.objects.select_related("approver").order_by("area", "-valid_from"))


def policy_facts(row: PromisePolicy) -> PolicyFacts:
    """Return a policy as the rules read it; a named approver who left is none."""
    approver = row.approver if row.approver and row.approver.is_active else None
    return PolicyFacts(
        area=PolicyArea(row.area),
        free_to=row.free_to,
        approval_to=row.approval_to,
        role=row.role,
        approver_id=approver.pk if approver else None,
        approver=str(approver or ""),
        standard=row.standard,
        answer_hours=row.answer_hours,
        hint=row.hint,
        valid_from=row.valid_from,
    )


def get_approvers() -> list[ApproverFacts]:
    """Return everybody who can be asked, with how many questions wait for each."""
    waiting = Approval.objects.filter(
        approver=OuterRef("pk"), state=ApprovalState.OPEN, opportunity__in=Opportunity.objects.filter(OPEN)
    )
    counted = waiting.order_by().values("approver").annotate(n=Count("pk")).values("n")
    people = people_who_answer().annotate(
        held=ArrayAgg("grants__role", filter=Q(grants__revoked_at=None), distinct=True),
        waiting=Coalesce(Subquery(counted, output_field=IntegerField()), 0),
    )
    return [ApproverFacts(pk, frozenset(held), n) for pk, held, n in people.values_list("pk", "held", "waiting")]


def people_who_answer(roles: Collection[Role] = ANSWERING) -> QuerySet[User]:
    """Return active people with one of these roles, by name."""
    held = User.objects.filter(grants__role__in=sorted(roles), grants__revoked_at=None).order_by().values("pk")
    return User.objects.filter(pk__in=held, is_active=True).order_by("name", "pk")


def get_managers(user_ids: Iterable[int], *, on: date) -> dict[int, list[int]]:
    """Return who manages each of these people on a day, from their own team up."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({MANAGERS}) found", {"people": list(user_ids), "day": on})
        found: dict[int, list[int]] = {}
        for user_id, manager_id in cursor.fetchall():
            found.setdefault(user_id, []).append(manager_id)
    return found


def get_approvals(deal_ids: Collection[int]) -> dict[int, list[ApprovalFacts]]:
    """Return what was asked of each deal and not withdrawn; one statement however many deals."""
    rows = Approval.objects.filter(opportunity_id__in=deal_ids).exclude(state=ApprovalState.WITHDRAWN)
    values = rows.order_by("pk").values_list(
        "opportunity_id", "pk", "area", "state", "asked", "approver_id", "asked_by_id", "approver__name"
    )
    found: dict[int, list[ApprovalFacts]] = {}
    for deal_id, pk, area, state, asked, approver_id, asked_by_id, name in values:
        facts = ApprovalFacts(
            pk, PolicyArea(area), ApprovalState(state), asked or Decimal(0), approver_id, asked_by_id, name
        )
        found.setdefault(deal_id, []).append(facts)
    return found


def get_bars(deal_ids: Collection[int]) -> dict[int, tuple[Refusal, ...]]:
    """Return what bars each deal from 90% and from being won; deals that nothing bars are left out (D-17)."""
    barred = {deal_id: tuple(bars_of(approvals)) for deal_id, approvals in get_approvals(deal_ids).items()}
    return {deal_id: bars for deal_id, bars in barred.items() if bars}


def approval_facts(approval: Approval) -> ApprovalFacts:
    """Return a question as the rules read it."""
    return ApprovalFacts(
        approval.pk,
        PolicyArea(approval.area),
        ApprovalState(approval.state),
        approval.asked or Decimal(0),
        approval.approver_id,
        approval.asked_by_id,
        escalated_to_id=approval.escalated_to_id,
    )


def get_largest_discount(deal_id: int) -> Decimal:
    """Return the most that a line of the deal gives away of its list price, in percent."""
    lines = OpportunityLine.objects.filter(opportunity_id=deal_id, removed_at=None)
    given = (discount_given(price=each.price, discount=each.discount, list_price=each.list_price) for each in lines)
    return max(given, default=Decimal(0)) * 100


@dataclass(frozen=True, slots=True)
class PromisedRow:
    """An approval, a promise or the handover of a deal, as its panel shows it; `person` answers or keeps it."""

    kind: str
    record_id: int
    area: str
    asked: Decimal | None
    text: str
    state: str
    due_at: datetime | None
    due_on: date | None
    person_id: int | None
    person: str
    asked_by_id: int | None
    answer: str
    ended_on: date | None


PROMISED = f"""
SELECT 'approval', approval.id, approval.area, approval.asked, approval.why, approval.state, approval.due_at, NULL::date,
    approval.approver_id, {user_name("person")}, approval.asked_by_id, approval.answer, NULL::date
FROM pipeline_approval approval LEFT JOIN crm_user person ON person.id = approval.approver_id
WHERE approval.opportunity_id = %(deal)s AND approval.state <> '{ApprovalState.WITHDRAWN}'
UNION ALL
SELECT 'promise', promise.id, promise.area, promise.asked, promise.text, promise.state, NULL, promise.due_on,
    promise.owner_id, {user_name("person")}, promise.by_id, '', promise.ended_on
FROM pipeline_promise promise LEFT JOIN crm_user person ON person.id = promise.owner_id
WHERE promise.opportunity_id = %(deal)s
UNION ALL
SELECT 'handover', handover.id, '', NULL, '', '', NULL, NULL, handover.to_id, '', NULL, '', NULL
FROM pipeline_handover handover WHERE handover.opportunity_id = %(deal)s
ORDER BY 1, 8, 2
"""


def get_promised(deal_id: int) -> list[PromisedRow]:
    """Return what was asked and promised of a deal, withdrawn questions left out; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({PROMISED}) found", {"deal": deal_id})
        return [PromisedRow(*row) for row in cursor.fetchall()]


def bars_of_rows(rows: Iterable[PromisedRow]) -> tuple[Refusal, ...]:
    """Return what bars the deal these rows are of, as `get_bars` would."""
    approvals = [
        ApprovalFacts(
            row.record_id, PolicyArea(row.area), ApprovalState(row.state), row.asked or Decimal(0),
            row.person_id or 0, row.asked_by_id, row.person,
        )
        for row in rows
        if row.kind == "approval"
    ]  # fmt: skip
    return tuple(bars_of(approvals))


RELATED = (
    "opportunity__account",
    "opportunity__setpoint",
    "opportunity__owner",
    "approver",
    "asked_by",
    "delegated_from",
)


def approvals_addressed_to(user: User) -> QuerySet[Approval]:
    """Return what the person was asked, handed on or told of, whatever deal it is about."""
    addressed = Q(approver=user) | Q(delegated_from=user) | Q(escalated_to=user) | Q(decided_by=user)
    return Approval.objects.filter(addressed).select_related(*RELATED)


def approvals_visible_to(user: User) -> QuerySet[Approval]:
    """Return what was addressed to the person and, for whoever sees deals, what was asked of those (D-49)."""
    seen = Q(opportunity__in=opportunities_visible_to(user)) if get_access(user).reads_company else Q()
    addressed = Q(approver=user) | Q(delegated_from=user) | Q(escalated_to=user) | Q(decided_by=user)
    return Approval.objects.filter(addressed | seen if seen else addressed).select_related(*RELATED)


def approvals_waiting_for(user: User) -> QuerySet[Approval]:
    """Return what waits for the person's answer, or was not answered by whom they manage; the next to be late first."""
    mine = Q(approver=user) | Q(escalated_to=user)
    open_deals = Opportunity.objects.filter(OPEN)
    waiting = Approval.objects.filter(mine, state=ApprovalState.OPEN, opportunity__in=open_deals)
    return waiting.select_related(*RELATED).order_by("due_at", "pk")


def promises_visible_to(user: User) -> QuerySet[Promise]:
    """Return what the person is to keep and, for whoever sees deals, what was promised on those."""
    seen = Q(owner=user)
    if get_access(user).reads_company:
        seen |= Q(opportunity__in=opportunities_visible_to(user))
    return Promise.objects.filter(seen).select_related("opportunity__account", "owner")


def promises_kept_by(user: User) -> QuerySet[Promise]:
    """Return what the person is still to keep, the next to fall due first."""
    kept = Promise.objects.filter(owner=user, state=PromiseState.OPEN).select_related("opportunity__account")
    return kept.order_by("due_on", "pk")


def get_earlier_answers(asked: Approval) -> list[Approval]:
    """Return what was answered before in the same area to deals of the same company, the latest first."""
    same = Approval.objects.filter(area=asked.area, opportunity__account_id=asked.opportunity.account_id)
    answered = same.exclude(pk=asked.pk).exclude(decided_at=None).select_related(*RELATED)
    return list(answered.order_by("-decided_at", "-pk")[:5])
