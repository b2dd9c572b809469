"""The board in five statements: setpoints, sums of the whole filter, the first cards, their pips, money and calendar."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Model, Q, QuerySet, Sum, TextField, Value
from django.db.models.functions import Cast, Concat

from crm.lib.sql import Fold
from crm.models import TeamMembership, User
from crm.queries.access import get_access, team_subtree_ids
from pipeline.models import Opportunity, Setpoint
from pipeline.models.opportunities import OPEN
from pipeline.queries.evidence import get_pips
from pipeline.queries.opportunities import opportunities_visible_to

CARDS = 20
BY_NEXT_STEP = (F("next_step_on").asc(nulls_first=True), "id")


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


CARD_COLUMNS = (
    "id", "version", "setpoint_id", "account__name", "name", "amount", "amount_currency", "deal_type",
    "setpoint_entered_at", "next_step_on", "current_step__purpose", "current_step__kind", "current_step__due_at",
    "owner_id", "owner__name",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SumRow:
    """Deals of one group in one currency: `part` is open, closed, own or all; `key` a setpoint id or an outcome."""

    part: str
    key: str
    currency: str
    count: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class BoardFacts:
    """A board: its setpoints, the first cards of each, and the sums of everything the filter lets through."""

    setpoints: list[Setpoint]
    cards: Mapping[int, list[CardFacts]]
    pips: Mapping[int, set[str]]
    sums: list[SumRow]


def filter_deals(user: User, given: BoardFilter) -> QuerySet[Opportunity]:
    """Return the deals the person may see and the filter lets through, open and closed."""
    deals = opportunities_visible_to(user).filter(pipeline__code=given.pipeline)
    if given.own:
        deals = deals.filter(owner_id=user.pk)
    if given.owner_id is not None:
        deals = deals.filter(owner_id=given.owner_id)
    if given.team_id is not None:
        deals = deals.filter(owner_id__in=_members(given.team_id))
    if given.deal_type:
        deals = deals.filter(deal_type=given.deal_type)
    if given.closes_before is not None:
        deals = deals.filter(expected_close_on__lt=given.closes_before)
    if given.text:
        words = Fold(Concat("account__name", Value(" "), "name", output_field=TextField()))
        deals = deals.annotate(words=words).filter(words__contains=Fold(Value(given.text)))
    return deals


def _members(team_id: int) -> QuerySet[TeamMembership, int]:
    teams = team_subtree_ids([team_id])
    return TeamMembership.objects.filter(team_id__in=teams, until_on=None).values_list("user_id", flat=True)


def get_board(
    user: User, given: BoardFilter, *, closed_between: tuple[datetime, datetime], with_cards: bool = True
) -> BoardFacts:
    """Return the board; `closed_between` bounds what the rails of the outcomes sum."""
    setpoints = list(
        Setpoint.objects.filter(pipeline__code=given.pipeline, retired_at=None)
        .select_related("pipeline")
        .order_by("rank")
    )
    deals = filter_deals(user, given)
    cards = get_cards([deals.filter(OPEN, setpoint=setpoint) for setpoint in setpoints] if with_cards else [])
    by_setpoint: dict[int, list[CardFacts]] = {setpoint.pk: [] for setpoint in setpoints}
    for card in cards:
        by_setpoint[card.setpoint_id].append(card)
    pips = get_pips(card.id for card in cards) if cards else {}
    return BoardFacts(setpoints, by_setpoint, pips, get_sums(user, given, closed_between=closed_between))


def get_cards(columns: Iterable[QuerySet[Opportunity]], *, offset: int = 0) -> list[CardFacts]:
    """Return the next cards of each column in one statement, by next step, missing first."""
    parts: list[QuerySet[Any]] = [
        column.order_by(*BY_NEXT_STEP).values_list(*CARD_COLUMNS)[offset : offset + CARDS] for column in columns
    ]
    if not parts:
        return []
    rows = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return [CardFacts(*row) for row in rows]


def get_card(user: User, deal_id: int) -> CardFacts | None:
    """Return one card wherever it stands; None for a closed deal or one the person may not see."""
    found = opportunities_visible_to(user).filter(OPEN, pk=deal_id).values_list(*CARD_COLUMNS)
    return next((CardFacts(*row) for row in found), None)


def get_sums(
    user: User, given: BoardFilter, *, closed_between: tuple[datetime, datetime] | None = None
) -> list[SumRow]:
    """Return count and amount by setpoint and currency, by outcome where asked, and how many are own and seen at all."""
    deals = filter_deals(user, given).order_by()
    parts = [_sums("open", deals.filter(OPEN), Cast("setpoint_id", TextField()))]
    if closed_between is not None:
        closed = deals.filter(
            ~Q(outcome=""), archived_at=None, closed_at__gte=closed_between[0], closed_at__lt=closed_between[1]
        )
        parts.append(_sums("closed", closed, Cast("outcome", TextField())))
        every = opportunities_visible_to(user).filter(OPEN, pipeline__code=given.pipeline).order_by()
        parts += [_counts("own", every.filter(owner_id=user.pk)), _counts("all", every)]
    rows: QuerySet[Any] = parts[0].union(*parts[1:], all=True)
    return [SumRow(part, key, currency, count, amount or Decimal(0)) for part, key, currency, count, amount in rows]


def _sums(part: str, deals: QuerySet[Opportunity], key: Any) -> QuerySet[Any]:
    return (
        deals.annotate(part=Value(part, TextField()), key=key, code=Cast("amount_currency", TextField()))
        .values("part", "key", "code")
        .annotate(count=Count("pk"), total=Sum("amount"))
        .values_list("part", "key", "code", "count", "total")
    )


def _counts(part: str, deals: QuerySet[Opportunity]) -> QuerySet[Any]:
    nothing = Value("", TextField())
    return (
        deals.annotate(part=Value(part, TextField()), key=nothing, code=nothing)
        .values("part", "key", "code")
        .annotate(count=Count("pk"), total=Sum("amount") * 0)
        .values_list("part", "key", "code", "count", "total")
    )


def get_names(model: type[Model], ids: Iterable[int]) -> dict[int, str]:
    """Return the names of a few records by id, for chips."""
    wanted = [pk for pk in ids if pk is not None]
    return dict(model._default_manager.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


def may_see_team(user: User) -> bool:
    """Whether the person sees more deals than their own."""
    access = get_access(user)
    return access.is_admin or access.is_marketing or bool((access.team_user_ids | access.managed_user_ids) - {user.pk})
