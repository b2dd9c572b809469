"""The board in four statements: setpoints, sums of the whole filter, the first cards, money and calendar."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, Count, F, Model, Q, QuerySet, Subquery, Sum, TextField, Value
from django.db.models.functions import Concat

from crm.lib.sql import Fold, IsOneOf
from crm.models import TeamMembership, User
from crm.queries.access import get_access, team_subtree_ids
from pipeline.models import Opportunity, Pipeline, Setpoint
from pipeline.models.opportunities import OPEN
from pipeline.queries.evidence import known_pips
from pipeline.queries.opportunities import opportunities_visible_to
from pipeline.queries.signal_badges import (
    LANGUISHES,
    NEEDS_ATTENTION,
    ON_CARD_ALREADY,
    Badge,
    has_signal,
    read_badges,
    worst_signals,
)
from pipeline.queries.unknown import not_known

CARDS = 20
NO_STEP, OVERDUE = "none", "overdue"
# Whether the facts carry a deal as far as it is claimed to be (P-4).
SHORT, CARRIED = "short", "carried"
FACTS_FALL_SHORT = Q(evidenced_setpoint=None) | Q(evidenced_setpoint__rank__lt=F("setpoint__rank"))
EVERYTHING, NOTHING = Q(), Q(pk__in=())
NOT_TOLD = Value(None, output_field=BigIntegerField(null=True))
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
class CardFacts:
    """What a card shows, as stored."""

    id: int
    version: int
    setpoint_id: int
    account: str
    name: str
    amount: Decimal | None
    currency: str
    deal_type: str
    entered_at: datetime
    next_step_on: date | None
    step: str | None
    step_kind: str | None
    step_at: datetime | None
    owner_id: int
    owner: str
    evidenced: str | None
    falls_short: bool
    pips: frozenset[str]
    signals: tuple[Badge, ...] = ()


CARD_COLUMNS = (
    "id", "version", "setpoint_id", "account__name", "name", "amount", "amount_currency", "deal_type",
    "setpoint_entered_at", "next_step_on", "current_step__purpose", "current_step__kind", "current_step__due_at",
    "owner_id", "owner__name", "evidenced_setpoint__name", "evidenced_setpoint__rank", "setpoint__rank", "known", "worst",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SumRow:
    """Deals of one setpoint, outcome and currency: what the filter lets through, and what the person sees at all.

    Open deals have no outcome; `stepless` of them have no next step and `late` one that is overdue. They are told apart
    by the setpoint that their facts carry them to.
    """

    setpoint_id: int
    evidenced_id: int | None
    outcome: str
    currency: str
    count: int
    amount: Decimal
    stepless: int
    late: int
    own: int
    all: int


@dataclass(frozen=True, slots=True)
class BoardFacts:
    """A board: its setpoints, the first cards of each, and the sums of everything the filter lets through."""

    setpoints: list[Setpoint]
    cards: Mapping[int, list[CardFacts]]
    sums: list[SumRow]

    @property
    def last_name(self) -> str:
        """Return the name of the last setpoint."""
        return self.setpoints[-1].name if self.setpoints else ""


def filter_deals(user: User, given: BoardFilter) -> QuerySet[Opportunity]:
    """Return the deals the person may see and the filter lets through, open and closed."""
    return _of_pipeline(user, given).filter(_lets_through(user, given))


def _of_pipeline(user: User, given: BoardFilter) -> QuerySet[Opportunity]:
    # A value the planner looks up once, not a table it joins to every deal.
    pipeline = Subquery(Pipeline.objects.filter(code=given.pipeline).order_by().values("pk"))
    deals = opportunities_visible_to(user).filter(pipeline=pipeline)
    words = Fold(Concat("account__name", Value(" "), "name", output_field=TextField()))
    return deals.annotate(words=words) if given.text else deals


def _lets_through(user: User, given: BoardFilter) -> Q:
    asked = _of_people(user, given)
    if given.deal_type:
        asked &= Q(deal_type=given.deal_type)
    if given.closes_before is not None:
        asked &= Q(expected_close_on__lt=given.closes_before)
    if given.evidence:
        asked &= Q(outcome="") & (FACTS_FALL_SHORT if given.evidence == SHORT else ~FACTS_FALL_SHORT)
    if given.signal:
        asked &= has_signal(given.signal)
    if given.unknown:
        asked &= not_known(given.unknown)
    if given.step:
        late = Q(next_step_on__lt=given.today)
        asked &= Q(outcome="") & (late if given.step == OVERDUE else Q(next_step_on=None))
    if given.text:
        asked &= Q(words__contains=Fold(Value(given.text)))
    return asked


def _of_people(user: User, given: BoardFilter) -> Q:
    asked = Q()
    owner_id = user.pk if given.own else given.owner_id
    if owner_id is not None:
        asked &= Q(owner_id=owner_id)
    if given.team_id is not None:
        asked &= Q(owner_id__in=_members(given.team_id))
    return asked


def _members(team_id: int) -> QuerySet[TeamMembership, int]:
    teams = team_subtree_ids([team_id])
    return TeamMembership.objects.filter(team_id__in=teams, until_on=None).values_list("user_id", flat=True)


def get_board(
    user: User, given: BoardFilter, *, today: date, closed_between: tuple[datetime, datetime], with_cards: bool = True
) -> BoardFacts:
    """Return the board; `closed_between` bounds what the rails of the outcomes sum."""
    setpoints = list(
        Setpoint.objects.filter(pipeline__code=given.pipeline, retired_at=None)
        .select_related("pipeline")
        .order_by("rank")
    )
    deals = filter_deals(user, given)
    columns = [deals.filter(OPEN, setpoint=setpoint) for setpoint in setpoints] if with_cards else []
    cards = get_cards(columns, order=given.order)
    by_setpoint: dict[int, list[CardFacts]] = {setpoint.pk: [] for setpoint in setpoints}
    for card in cards:
        by_setpoint[card.setpoint_id].append(card)
    return BoardFacts(setpoints, by_setpoint, get_sums(user, given, today=today, closed_between=closed_between))


def get_cards(
    columns: Iterable[QuerySet[Opportunity]], *, order: tuple[Any, ...] = BY_ATTENTION, offset: int = 0
) -> list[CardFacts]:
    """Return the next cards of each column in one statement, in an order of `BoardFilter`."""
    # The ids first, each column's from its index: only the deals shown are joined to what a card names.
    parts: list[QuerySet[Any]] = [
        column.order_by(*order).values_list("pk", flat=True)[offset : offset + CARDS] for column in columns
    ]
    if not parts:
        return []
    shown = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return _read_cards(Opportunity.objects.filter(IsOneOf("pk", shown)).order_by(*order))


def get_card(user: User, deal_id: int) -> CardFacts | None:
    """Return one card wherever it stands; None for a closed deal or one the person may not see."""
    return next(iter(_read_cards(opportunities_visible_to(user).filter(OPEN, pk=deal_id))), None)


def _read_cards(deals: QuerySet[Opportunity]) -> list[CardFacts]:
    rows: Iterable[Any] = deals.annotate(
        known=known_pips(), worst=worst_signals(1, without=ON_CARD_ALREADY)
    ).values_list(*CARD_COLUMNS)
    made: Iterable[Any] = (
        (*facts, name, reached is None or reached < claimed, frozenset(pips), read_badges(worst))
        for *facts, name, reached, claimed, pips, worst in rows
    )
    return [CardFacts(*values) for values in made]


def get_sums(user: User, given: BoardFilter, *, today: date, closed_between: tuple[datetime, datetime]) -> list[SumRow]:
    """Return open deals and those closed between two instants, by setpoint, outcome and currency, in one statement."""
    closed = ~Q(outcome="") & Q(archived_at=None, closed_at__gte=closed_between[0], closed_at__lt=closed_between[1])
    deals, asked = _of_pipeline(user, given), _lets_through(user, given)
    # Open and closed apart, since each has an index that holds all it sums (the id is not in it).
    carried: Any = F("evidenced_setpoint_id")
    parts = [(OPEN, asked, EVERYTHING, carried), (closed, asked, EVERYTHING, NOT_TOLD)]
    if given.text or given.signal or given.unknown:
        # As a condition of the rows words are folded and records beside the deal looked up once, not once a sum.
        parts = [(rows & asked, EVERYTHING, NOTHING, evidenced) for rows, _, _, evidenced in parts]
        parts.append((OPEN, NOTHING, EVERYTHING, NOT_TOLD))
    first, *others = (
        _sum_up(deals.filter(rows).annotate(evidenced=evidenced), shown, seen, user, today)
        for rows, shown, seen, evidenced in parts
    )
    return [
        SumRow(setpoint, evidenced, outcome, currency, count, amount or Decimal(0), *rest)
        for setpoint, evidenced, outcome, currency, count, amount, *rest in first.union(*others, all=True)
    ]


def _sum_up(deals: QuerySet[Any], shown: Q, seen: Q, user: User, today: date) -> QuerySet[Any, Any]:
    groups = deals.order_by().values("setpoint_id", "evidenced", "outcome", "amount_currency")
    sums = groups.annotate(
        count=Count("owner_id", filter=shown),
        total=Sum("amount", filter=shown),
        stepless=Count("owner_id", filter=shown & Q(next_step_on=None)),
        late=Count("owner_id", filter=shown & Q(next_step_on__lt=today)),
        own=Count("owner_id", filter=seen & Q(owner_id=user.pk)),
        all=Count("owner_id", filter=seen),
    )
    rows: QuerySet[Any, Any] = sums.values_list(
        "setpoint_id", "evidenced", "outcome", "amount_currency", "count", "total", "stepless", "late",
        "own", "all",
    )  # fmt: skip
    return rows


def get_names(model: type[Model], ids: Iterable[int]) -> dict[int, str]:
    """Return the names of a few records by id, for chips."""
    wanted = [pk for pk in ids if pk is not None]
    return dict(model._default_manager.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


def may_see_team(user: User) -> bool:
    """Whether the person sees more deals than their own."""
    access = get_access(user)
    return access.is_admin or access.is_marketing or bool((access.team_user_ids | access.managed_user_ids) - {user.pk})
