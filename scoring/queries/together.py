"""The leads as marketing and sales see them together: where they stand, the goals they share, what they said (LT-067)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from crm.enums import ContentType
from crm.models import User
from crm.queries.access import get_access
from pipeline.enums import Outcome
from scoring.enums import GoalMeasure, LeadStatus
from scoring.models import Conversion, Handoff, Lead, LeadComment, LeadGoal
from scoring.permissions import can_see_leads
from scoring.queries.leads import leads_visible_to
from scoring.queries.scores import SCORED, freshen_scores

KNOWN, HANDED_OVER, ACCEPTED, QUALIFIED, DEALS, SENT_BACK = (
    "known", "handed_over", "accepted", "qualified", "deals", "sent_back",
)  # fmt: skip
COLUMNS: Mapping[str, tuple[LeadStatus, ...]] = {
    KNOWN: (LeadStatus.NEW, LeadStatus.NURTURING),
    HANDED_OVER: (LeadStatus.MQL,),
    ACCEPTED: (LeadStatus.ACCEPTED,),
    QUALIFIED: (LeadStatus.SQL,),
    DEALS: (LeadStatus.CONVERTED,),
    SENT_BACK: (LeadStatus.RECYCLED, LeadStatus.DISQUALIFIED),
}
CARDS = 5


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """Which leads the board is about; everything is optional."""

    source_id: int | None = None
    campaign_id: int | None = None
    channel: str = ""
    content_type: str = ""


@dataclass(frozen=True, slots=True)
class BoardCounts:
    """How many leads of the whole company stand in each column, and what is worth knowing of some of them."""

    columns: dict[str, int]
    late: int
    won: int
    come_again: int


def get_board_counts(chosen: BoardFilter, *, at: datetime) -> BoardCounts:
    """Return how many leads stand where, whoever may see them: counts name nobody, and both teams read the same."""
    wanted = _chosen(chosen)
    columns = {name: Count("pk", filter=Q(status__in=statuses)) for name, statuses in COLUMNS.items()}
    again = Count("pk", filter=Q(status=LeadStatus.RECYCLED))
    counts = Lead.objects.filter(wanted).aggregate(**columns, come_again=again)
    leads = Lead.objects.filter(wanted).values("pk")
    return BoardCounts(
        columns={name: counts[name] for name in COLUMNS},
        come_again=counts["come_again"],
        late=Handoff.objects.filter(answered_at=None, due_at__lt=at, lead__in=leads).count(),
        won=Conversion.objects.filter(opportunity__outcome=Outcome.WON, lead__in=leads).count(),
    )


def get_board_cards(user: User, chosen: BoardFilter, *, at: datetime) -> dict[str, list[Lead]]:
    """Return the leads of each column this person may see, the highest score first, as many as a column shows."""
    # Who sees every lead finds the best by the index of scores; who sees few would walk it past all the others.
    access, score = get_access(user), F("score__score")
    best = score.desc() if access.is_marketing or access.is_admin else score.desc(nulls_last=True)
    visible = leads_visible_to(user).filter(_chosen(chosen), score__isnull=False).order_by(best, "pk")
    first, *others = (
        visible.filter(status__in=statuses).values_list("pk", flat=True)[:CARDS] for statuses in COLUMNS.values()
    )
    ids = list(first.union(*others, all=True))
    leads = list(Lead.objects.filter(pk__in=ids).select_related("owner", SCORED, "source"))
    freshen_scores(leads, at=at)
    leads.sort(key=lambda lead: (-lead.score.score, lead.pk))
    return {name: [lead for lead in leads if lead.status in statuses] for name, statuses in COLUMNS.items()}


def get_goals() -> dict[GoalMeasure, LeadGoal]:
    """Return what both teams want now, by figure; measures without a goal are left out."""
    latest = LeadGoal.objects.order_by("measure", "-pk").distinct("measure").select_related("by")
    return {GoalMeasure(goal.measure): goal for goal in latest if goal.share is not None}


def goals_visible_to(user: User) -> QuerySet[LeadGoal]:
    """Return every goal there was, for whoever sells or markets."""
    goals = LeadGoal.objects.all()
    return goals if can_see_leads(get_access(user)) else goals.none()


def comments_visible_to(user: User) -> QuerySet[LeadComment]:
    """Return what both teams told each other and did not take back, for whoever sells or markets."""
    comments = LeadComment.objects.filter(removed_at=None).select_related("by")
    return comments if can_see_leads(get_access(user)) else comments.none()


def _chosen(chosen: BoardFilter) -> Q:
    wanted = Q(archived_at=None, merged_into=None)
    if chosen.source_id is not None:
        wanted &= Q(source=chosen.source_id)
    if chosen.campaign_id is not None:
        wanted &= Q(campaign=chosen.campaign_id)
    if chosen.channel:
        wanted &= Q(channel=chosen.channel)
    if chosen.content_type:
        # As figures tell it: what its campaign is made of, else its source (D-41).
        by_source = Q(campaign=None) | Q(campaign__content_type=ContentType.OTHER)
        wanted &= Q(campaign__content_type=chosen.content_type) | (
            by_source & Q(source__content_type=chosen.content_type)
        )
    return wanted
