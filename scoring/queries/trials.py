"""Leads below the threshold as they are drawn and offered (FI-006)."""

from datetime import date

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import MD5, Cast, Concat

from crm.models import User
from crm.queries.access import get_access
from scoring.enums import CrossingState, LeadStatus
from scoring.models import Crossing, Handoff, Lead, Trial
from scoring.policies.trials import REST

STATUSES = (LeadStatus.NEW, LeadStatus.NURTURING, LeadStatus.RECYCLED)


def count_eligible(week_on: date) -> int:
    """Return how many leads below the threshold may be drawn in a week."""
    return _eligible(week_on).count()


def draw_leads(week_on: date, number: int) -> list[Lead]:
    """Return that many of them, drawn by the week and their ids alone: each has the same chance, whoever draws."""
    ticket = MD5(Concat(Value(f"{week_on}:"), Cast("pk", CharField())))
    drawn = _eligible(week_on).annotate(ticket=ticket).order_by("ticket", "pk")
    return list(drawn.select_related("score", "account", "contact")[:number])


def trials_visible_to(user: User) -> QuerySet[Trial]:
    """Return the leads offered to try of the person's reach: theirs, their team's and subtree's; all for marketing."""
    access, trials = get_access(user), open_trials()
    if access.is_admin or access.is_marketing:
        return trials
    reach = access.team_user_ids | access.managed_user_ids | {access.user_id}
    return trials.filter(owner_id__in=reach) if access.sells else Trial.objects.none()


def open_trials() -> QuerySet[Trial]:
    """Return what is offered and not answered; handed over since, a lead waits among the others, and one that went on
    another way is offered no more.
    """
    handed = Handoff.objects.filter(lead_id=OuterRef("lead_id"), answered_at=None)
    return Trial.objects.filter(
        ~Exists(handed), answered_at=None, lead__merged_into=None, lead__archived_at=None, lead__status__in=STATUSES
    )


def get_open_trial(lead_id: int) -> Trial | None:
    """Return the offer of a lead that nobody answered yet."""
    return open_trials().filter(lead_id=lead_id).select_related("owner").first()


def _eligible(week_on: date) -> QuerySet[Lead]:
    """Return the leads one can reach, below the threshold, that sales neither holds nor tried lately."""
    waiting = Crossing.objects.filter(lead_id=OuterRef("pk"), state=CrossingState.WAITING)
    held = Handoff.objects.filter(lead_id=OuterRef("pk"), answered_at=None)
    tried = Trial.objects.filter(lead_id=OuterRef("pk")).filter(Q(week_id__gt=week_on - REST) | Q(answered_at=None))
    return Lead.objects.filter(
        ~Exists(held),
        ~Exists(waiting),
        ~Exists(tried),
        ~Q(phone="") | Q(email__isnull=False),
        status__in=STATUSES,
        merged_into=None,
        archived_at=None,
        score__score__lt=F("score__model__threshold"),
    )
