"""What a board or list is asked for: its filter, who asks, and the deals that pass."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Concat

from crm.facts import Access
from crm.lib.sql import Fold
from crm.models import TeamMembership, User
from crm.queries.access import get_access, team_subtree_ids
from pipeline.models import Opportunity, Pipeline
from pipeline.queries.opportunities import opportunities_reached_by
from pipeline.queries.signal_badges import LANGUISHES, NEEDS_ATTENTION, has_signal
from pipeline.queries.unknown import not_known

NO_STEP, OVERDUE = "none", "overdue"
# Whether the facts carry a deal as far as it is claimed to be (P-4).
SHORT, CARRIED = "short", "carried"
FACTS_FALL_SHORT = Q(evidenced_setpoint=None) | Q(evidenced_setpoint__rank__lt=F("setpoint__rank"))
BY_NEXT_STEP = (F("next_step_on").asc(nulls_first=True), "id")
BY_ATTENTION = (F("severity").desc(), *BY_NEXT_STEP)
NEXT_STEP = "next_step"


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """Which deals a board or list shows, beyond what the person may see at all."""

    pipeline: str = "new_business"
    own: bool = False
    owner_id: int | None = None
    team_id: int | None = None
    deal_type: str = ""
    setpoint: str = ""
    closes_before: date | None = None
    text: str = ""
    step: str = ""
    evidence: str = ""
    signal: str = ""
    unknown: str = ""
    sort: str = ""
    today: date | None = None

    @property
    def is_a_view(self) -> bool:
        """Whether the filter is one of the two that have a tab of their own."""
        return self.signal in (NEEDS_ATTENTION, LANGUISHES)

    @property
    def order(self) -> tuple[Any, ...]:
        """Return in which order a column stands: what needs attention first, or by the next step."""
        return BY_NEXT_STEP if self.sort == NEXT_STEP else BY_ATTENTION


@dataclass(frozen=True, slots=True)
class Asked:
    """A filter with who asks, and the teams below the one it names: equal ones make the same statements."""

    access: Access
    given: BoardFilter
    teams: frozenset[int]


def filter_deals(user: User, given: BoardFilter) -> QuerySet[Opportunity]:
    """Return the deals the person may see and the filter lets through, open and closed."""
    return filtered(ask(user, given))


def ask(user: User, given: BoardFilter) -> Asked:
    """Return a filter and all that it depends on besides the deals."""
    teams = team_subtree_ids([given.team_id]) if given.team_id is not None else frozenset()
    return Asked(get_access(user), given, teams)


def filtered(asked: Asked) -> QuerySet[Opportunity]:
    """Return the deals of `filter_deals`."""
    return of_pipeline(asked).filter(lets_through(asked))


def of_pipeline(asked: Asked) -> QuerySet[Opportunity]:
    """Return the deals of the pipeline that the person may see at all."""
    # A value the planner looks up once, not a table it joins to every deal.
    pipeline = Subquery(Pipeline.objects.filter(code=asked.given.pipeline).order_by().values("pk"))
    deals = opportunities_reached_by(asked.access).filter(pipeline=pipeline)
    words = Fold(Concat("account__name", Value(" "), "name", output_field=TextField()))
    return deals.annotate(words=words) if asked.given.text else deals


def lets_through(asked: Asked) -> Q:
    """Return what the filter asks of the deals of `of_pipeline`."""
    given, wanted = asked.given, _of_people(asked)
    plain = {
        "deal_type": given.deal_type,
        "setpoint__code": given.setpoint,
        "expected_close_on__lt": given.closes_before,
    }
    wanted &= Q(**{name: value for name, value in plain.items() if value})
    if given.evidence:
        wanted &= Q(outcome="") & (FACTS_FALL_SHORT if given.evidence == SHORT else ~FACTS_FALL_SHORT)
    if given.signal:
        wanted &= has_signal(given.signal)
    if given.unknown:
        wanted &= not_known(given.unknown)
    if given.step:
        late = Q(next_step_on__lt=given.today)
        wanted &= Q(outcome="") & (late if given.step == OVERDUE else Q(next_step_on=None))
    if given.text:
        wanted &= Q(words__contains=Fold(Value(given.text)))
    return wanted


def _of_people(asked: Asked) -> Q:
    wanted = Q()
    owner_id = asked.access.user_id if asked.given.own else asked.given.owner_id
    if owner_id is not None:
        wanted &= Q(owner_id=owner_id)
    if asked.given.team_id is not None:
        members = TeamMembership.objects.filter(team_id__in=asked.teams, until_on=None)
        wanted &= Q(owner_id__in=members.values("user_id"))
    return wanted
