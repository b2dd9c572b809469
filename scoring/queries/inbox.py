"""The leads page: what waits for an answer, what was answered, what waits for release (S-9, D-27)."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Concat

from crm.facts import Access
from crm.lib.paging import CountOf, first_counted
from crm.lib.sql import Fold
from crm.models import User
from crm.queries.access import get_access
from scoring.enums import FINISHED_STATUSES, CrossingState, HandoffAnswer
from scoring.models import Crossing, Handoff, HandoffNotice, Lead, Trial
from scoring.permissions import can_release
from scoring.queries.leads import leads_visible_to
from scoring.queries.trials import trials_visible_to

M = TypeVar("M", Handoff, Lead, Crossing, Trial)
DECIDE, TRY, ACCEPTED, SENT_BACK = "decide", "try", "accepted", "sent_back"
ALL, WAITING = "all", "waiting"
# The expression the search index of leads is built on.
WORDS = Fold(Concat("first_name", Value(" "), "last_name", Value(" "), "company"))
NAME = Fold(Concat("first_name", Value(" "), "last_name"))
LEAD_PARTS = ("lead", "owner")


@dataclass(frozen=True, slots=True)
class LeadFilter:
    """What the address asks for; everything is optional."""

    search: str = ""
    status: str = ""
    owner: str = ""  # a user's id, "me" or "none"
    score: int | None = None


def handoffs_visible_to(user: User) -> QuerySet[Handoff]:
    """Return the handoffs of the person's reach: theirs, their team's and subtree's; all for marketing and admins."""
    access = get_access(user)
    handoffs = Handoff.objects.filter(lead__merged_into=None)
    if access.is_admin or access.is_marketing:
        return handoffs
    if not access.sells:
        return Handoff.objects.none()
    reach = _reach(access)
    return handoffs.filter(Q(owner_id__in=reach) | Q(lead__owner_id__in=reach))


def get_open_handoffs(user: User, chosen: LeadFilter) -> QuerySet[Handoff]:
    """Return what waits for an answer, by when it runs out; without a clock last."""
    found = _filtered(handoffs_visible_to(user).filter(answered_at=None), chosen, user, "lead__", "owner_id")
    return found.select_related(*LEAD_PARTS).order_by(F("due_at").asc(nulls_last=True), "pk")


def get_trials(user: User, chosen: LeadFilter) -> QuerySet[Trial]:
    """Return the leads offered to try, the highest score first."""
    found = _filtered(trials_visible_to(user), chosen, user, "lead__", "owner_id")
    return found.select_related(*LEAD_PARTS).order_by("-score", "pk")


def get_notices(handoff_ids: Collection[int]) -> dict[int, HandoffNotice]:
    """Return the latest that was told of each handoff's present clock."""
    notices = HandoffNotice.objects.filter(handoff_id__in=handoff_ids, assigned_at=F("handoff__assigned_at"))
    return {notice.handoff_id: notice for notice in notices.select_related("to").order_by("at", "pk")}


def get_answered_handoffs(user: User, answer: HandoffAnswer, chosen: LeadFilter) -> QuerySet[Handoff]:
    """Return what was accepted or sent back, the latest first."""
    found = _filtered(handoffs_visible_to(user).filter(answer=answer), chosen, user, "lead__", "owner_id")
    return found.select_related(*LEAD_PARTS, "reason", "answered_by").order_by("-answered_at", "-pk")


def get_leads(user: User, chosen: LeadFilter) -> QuerySet[Lead]:
    """Return every lead the person may see, the highest score first."""
    leads = leads_visible_to(user).filter(merged_into=None, archived_at=None)
    found = _filtered(leads, chosen, user, "", "owner_id")
    if chosen.status:
        found = found.filter(status=chosen.status)
    return found.select_related("owner").order_by(F("score__score").desc(nulls_last=True), "-pk")


def waiting_crossings() -> QuerySet[Crossing]:
    """Return what can be released: a lead qualified, converted or disqualified since is handed over no more."""
    return Crossing.objects.filter(state=CrossingState.WAITING).exclude(lead__status__in=FINISHED_STATUSES)


def get_waiting_crossings(user: User, chosen: LeadFilter) -> QuerySet[Crossing]:
    """Return the release list, the latest crossing first; only for those who may release."""
    if not can_release(get_access(user)):
        return Crossing.objects.none()
    found = _filtered(waiting_crossings(), chosen, user, "lead__", "lead__owner_id")
    return found.select_related("lead").order_by("-crossed_at", "-pk")


def count_tabs(user: User) -> dict[str, int]:
    """Return how many stand under each tab, in one query."""
    handoffs = handoffs_visible_to(user)
    listed: dict[str, QuerySet[Any]] = {
        DECIDE: handoffs.filter(answered_at=None),
        TRY: trials_visible_to(user),
        ACCEPTED: handoffs.filter(answer=HandoffAnswer.ACCEPTED),
        SENT_BACK: handoffs.filter(answer=HandoffAnswer.REJECTED),
        ALL: leads_visible_to(user).filter(merged_into=None, archived_at=None),
    }
    if can_release(get_access(user)):
        listed[WAITING] = waiting_crossings()
    found = User.objects.filter(pk=user.pk).values_list(*map(CountOf, listed.values())).get()
    return dict(zip(listed, found, strict=True))


def count_waiting_for(user: User) -> int | None:
    """Return how many leads wait for this person: handoffs to answer, for marketing crossings to release."""
    access = get_access(user)
    if access.sells and not access.is_admin:
        return first_counted(Handoff.objects.filter(owner_id=user.pk, answered_at=None)).count() or None
    return first_counted(waiting_crossings()).count() or None


def find_handoffs(lead_ids: Collection[int]) -> dict[int, Handoff]:
    """Return the open handoffs of some leads."""
    found = Handoff.objects.filter(lead_id__in=lead_ids, answered_at=None).select_related("owner", "crossing")
    return {handoff.lead_id: handoff for handoff in found}


def _reach(access: Access) -> frozenset[int]:
    return access.team_user_ids | access.managed_user_ids | {access.user_id}


def _filtered(found: "QuerySet[M]", chosen: LeadFilter, user: User, lead: str, owner: str) -> "QuerySet[M]":
    if chosen.score is not None:
        found = found.filter(**{f"{lead}score__score__gte": chosen.score})
        if lead:  # a lead that went to others is listed, but not to be found out about
            found = found.filter(**{f"{lead}pk__in": leads_visible_to(user).values("pk")})
    if chosen.owner == "me":
        found = found.filter(**{owner: user.pk})
    elif chosen.owner == "none":
        found = found.filter(**{f"{owner}__isnull": True})
    elif chosen.owner.isdecimal():
        found = found.filter(**{owner: int(chosen.owner)})
    return _found_by_words(found, chosen.search, user, lead) if chosen.search else found


def _found_by_words(found: "QuerySet[M]", search: str, user: User, lead: str) -> "QuerySet[M]":
    text, access = Fold(Value(search)), get_access(user)
    if not lead:
        return found.alias(words=WORDS).filter(words__contains=text)
    matching = Lead.objects.alias(words=WORDS).filter(words__contains=text)
    if not (access.is_admin or access.is_marketing):  # one that went to others is found by its name alone
        matching = matching.alias(name=NAME).filter(Q(name__contains=text) | Q(pk__in=leads_visible_to(user)))
    return found.filter(**{f"{lead}pk__in": matching.values("pk")})
