"""The board in four statements: setpoints, sums of the whole filter, the first cards, money and calendar."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import BigIntegerField, CharField, Count, Expression, F, Model, Q, QuerySet, Sum, Value

from crm.lib.sql import IsOneOf, Statement
from crm.models import User
from crm.queries.access import get_access
from pipeline.models import Opportunity, Pipeline, Setpoint
from pipeline.models.opportunities import OPEN
from pipeline.queries.board_filter import Asked, BoardFilter, ask, filtered, lets_through, of_pipeline
from pipeline.queries.evidence import known_pips
from pipeline.queries.opportunities import opportunities_visible_to
from pipeline.queries.signal_badges import (
    ON_CARD_ALREADY,
    Badge,
    read_badges,
    worst_signals,
)

CARDS = 20
# Kept of each kind; one takes some ten kilobytes.
STATEMENTS = 256
EVERYTHING, NOTHING = Q(), Q(pk__in=())
NOT_TOLD, NONE = Value(None, output_field=BigIntegerField(null=True)), Value(0)


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
    """Deals of one outcome and currency: what the filter lets through, and what the person sees at all.

    Open deals have no outcome; `stepless` of them have no next step and `late` one that is overdue. They alone are told
    apart by setpoint and by the one that their facts carry them to.
    """

    setpoint_id: int | None
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
    """A board: its setpoints, the first cards of each, and the sums of everything the filter lets through.

    `pipelines` are those in use, each with a board of its own.
    """

    setpoints: list[Setpoint]
    cards: Mapping[int, list[CardFacts]]
    sums: list[SumRow]
    pipelines: list[Pipeline]

    @property
    def last_name(self) -> str:
        """Return the name of the last setpoint."""
        return self.setpoints[-1].name if self.setpoints else ""


def get_board(
    user: User, given: BoardFilter, *, today: date, closed_between: tuple[datetime, datetime], with_cards: bool = True
) -> BoardFacts:
    """Return the board; `closed_between` bounds what the rails of the outcomes sum."""
    everywhere = Setpoint.objects.filter(retired_at=None).select_related("pipeline").order_by("pipeline__order", "rank")
    # The names of the other boards come along with the setpoints of this one.
    known = list(everywhere.filter(Q(pipeline__retired_at=None) | Q(pipeline__code=given.pipeline)))
    setpoints = [setpoint for setpoint in known if setpoint.pipeline.code == given.pipeline]
    asked = ask(user, given)
    by_setpoint: dict[int, list[CardFacts]] = {setpoint.pk: [] for setpoint in setpoints}
    for card in _ask_cards(asked, tuple(by_setpoint)) if with_cards else ():
        by_setpoint[card.setpoint_id].append(card)
    pipelines = {setpoint.pipeline_id: setpoint.pipeline for setpoint in known}
    return BoardFacts(setpoints, by_setpoint, _ask_sums(asked, today, closed_between), list(pipelines.values()))


def get_cards(user: User, given: BoardFilter, setpoint_id: int, *, offset: int = 0) -> list[CardFacts]:
    """Return the next cards of one column."""
    return _ask_cards(ask(user, given), (setpoint_id,), offset)


def get_card(user: User, deal_id: int) -> CardFacts | None:
    """Return one card wherever it stands; None for a closed deal or one the person may not see."""
    return next(iter(_as_cards(_card_rows(opportunities_visible_to(user).filter(OPEN, pk=deal_id)))), None)


def get_sums(user: User, given: BoardFilter, *, today: date, closed_between: tuple[datetime, datetime]) -> list[SumRow]:
    """Return open deals and those closed between two instants, by setpoint, outcome and currency, in one statement."""
    return _ask_sums(ask(user, given), today, closed_between)


def _ask_cards(asked: Asked, setpoint_ids: tuple[int, ...], offset: int = 0) -> list[CardFacts]:
    return _as_cards(_cards_statement(asked, setpoint_ids, offset).rows()) if setpoint_ids else []


@lru_cache(maxsize=STATEMENTS)
def _cards_statement(asked: Asked, setpoint_ids: tuple[int, ...], offset: int) -> Statement:
    # The ids first, each column's from its index: only the deals shown are joined to what a card names.
    order, deals = asked.given.order, filtered(asked).filter(OPEN)
    columns = [deals.filter(setpoint_id=each).order_by(*order).values_list("pk", flat=True) for each in setpoint_ids]
    parts: list[QuerySet[Any]] = [column[offset : offset + CARDS] for column in columns]
    shown = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return Statement(_card_rows(Opportunity.objects.filter(IsOneOf("pk", shown)).order_by(*order)))


def _card_rows(deals: QuerySet[Opportunity]) -> QuerySet[Any, Any]:
    shown = deals.annotate(known=known_pips(), worst=worst_signals(1, without=ON_CARD_ALREADY))
    rows: QuerySet[Any, Any] = shown.values_list(*CARD_COLUMNS)
    return rows


def _as_cards(rows: Iterable[Any]) -> list[CardFacts]:
    made: Iterable[Any] = (
        (*facts, name, reached is None or reached < claimed, frozenset(pips), read_badges(worst))
        for *facts, name, reached, claimed, pips, worst in rows
    )
    return [CardFacts(*values) for values in made]


def _ask_sums(asked: Asked, today: date, closed_between: tuple[datetime, datetime]) -> list[SumRow]:
    return [
        SumRow(setpoint, evidenced, outcome, currency, count, amount or Decimal(0), *rest)
        for setpoint, evidenced, outcome, currency, count, amount, *rest in _sums_statement(
            asked, today, closed_between
        ).rows()
    ]


@lru_cache(maxsize=STATEMENTS)
def _sums_statement(asked: Asked, today: date, closed_between: tuple[datetime, datetime]) -> Statement:
    closed = ~Q(outcome="") & Q(archived_at=None, closed_at__gte=closed_between[0], closed_at__lt=closed_between[1])
    given, deals, wanted, user_id = asked.given, of_pipeline(asked), lets_through(asked), asked.access.user_id
    # Open and closed apart, since each has an index that holds all it sums (the id is not in it).
    if given.text or given.signal or given.unknown:
        # As a condition of the rows words are folded and records beside the deal looked up once, not once a sum.
        parts = [_sum_open(deals.filter(OPEN & wanted), EVERYTHING, NOTHING, user_id, today)]
        parts.append(_sum_open(deals.filter(OPEN), NOTHING, EVERYTHING, user_id, today))
    else:
        parts = [_sum_open(deals.filter(OPEN), wanted, EVERYTHING, user_id, today)]
    return Statement(parts[0].union(*parts[1:], _sum_closed(deals.filter(closed & wanted)), all=True))


def _sum_open(deals: QuerySet[Any], shown: Q, seen: Q, user_id: int, today: date) -> QuerySet[Any, Any]:
    # In the order of the index, so that they are added up as they come.
    found = deals.annotate(evidenced=F("evidenced_setpoint_id"), ended=Value("", output_field=CharField()))
    return _sum_up(
        found,
        ("setpoint_id", "evidenced", "ended", "amount_currency"),
        count=Count("owner_id", filter=shown),
        total=Sum("amount", filter=shown),
        stepless=Count("owner_id", filter=shown & Q(next_step_on=None)),
        late=Count("owner_id", filter=shown & Q(next_step_on__lt=today)),
        own=Count("owner_id", filter=seen & Q(owner_id=user_id)),
        all=Count("owner_id", filter=seen),
    )


def _sum_closed(deals: QuerySet[Any]) -> QuerySet[Any, Any]:
    return _sum_up(
        deals.annotate(stood=NOT_TOLD, evidenced=NOT_TOLD),
        ("stood", "evidenced", "outcome", "amount_currency"),
        count=Count("owner_id"),
        total=Sum("amount"),
        **dict.fromkeys(("stepless", "late", "own", "all"), NONE),
    )


def _sum_up(deals: QuerySet[Any], groups: tuple[str, ...], **sums: Expression) -> QuerySet[Any, Any]:
    rows: QuerySet[Any, Any] = deals.order_by().values(*groups).annotate(**sums).values_list(*groups, *sums)
    return rows


def get_names(model: type[Model], ids: Iterable[int]) -> dict[int, str]:
    """Return the names of a few records by id, for chips."""
    wanted = [pk for pk in ids if pk is not None]
    return dict(model._default_manager.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


def may_see_team(user: User) -> bool:
    """Whether the person sees more deals than their own."""
    access = get_access(user)
    return access.is_admin or access.is_marketing or bool((access.team_user_ids | access.managed_user_ids) - {user.pk})
