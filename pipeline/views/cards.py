"""Words and numbers of cards, column heads and totals, made once in Python so that the templates only place them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from crm.enums import ActivityKind
from crm.lib import formats, markup
from crm.lib.labels import label
from crm.lib.values import Money
from pipeline.enums import PIPS, DealType
from pipeline.labels import PIP_NAMES
from pipeline.models import Setpoint
from pipeline.policies.moves import QUALIFIED_FROM
from pipeline.queries.board import BoardFacts, CardFacts, SumRow
from pipeline.queries.money import MoneyFrame

SOON = 1
KNOWN_KINDS = frozenset(ActivityKind)


@dataclass(frozen=True, slots=True)
class Sum:
    """Deals and what they are worth in the report currency; `uncounted` had no rate, by currency."""

    count: int
    amount: Decimal
    uncounted: Mapping[str, int]

    def weighted(self, probability: Decimal) -> Decimal:
        """Return the nominal weighted amount (D-5)."""
        return self.amount * probability


@dataclass(frozen=True, slots=True)
class Column:
    """A setpoint on the board."""

    setpoint: Setpoint
    tone: str
    sum: Sum
    amount: str
    weighted: str
    cards: list[dict[str, Any]]
    more: int
    more_url: str
    shown: bool


def add_up(rows: Iterable[SumRow], rates: Mapping[str, Decimal]) -> Sum:
    """Add amounts at plan rate; a currency without one is listed, never dropped silently (B0)."""
    count, amount = 0, Decimal(0)
    uncounted: dict[str, int] = {}
    for row in rows:
        count += row.count
        if not row.currency:
            continue
        if row.currency in rates:
            amount += row.amount * rates[row.currency]
        else:
            uncounted[row.currency] = uncounted.get(row.currency, 0) + row.count
    return Sum(count, amount, uncounted)


def build_columns(
    board: BoardFacts, frame: MoneyFrame, *, at: datetime, shown: str = "", owners: bool = False, more_url: Any = None
) -> list[Column]:
    """Return the columns in order; `shown` is the setpoint a phone shows, `more_url` says where further cards are."""
    sums: dict[str, list[SumRow]] = {}
    for row in board.sums:
        if row.part == "open":
            sums.setdefault(row.key, []).append(row)
    codes = [setpoint.code for setpoint in board.setpoints]
    current = shown if shown in codes else codes[0] if codes else ""
    return [
        build_column(
            setpoint, order, len(codes), add_up(sums.get(str(setpoint.pk), ()), frame.rates), frame.currency,
            cards=build_cards(board.cards[setpoint.pk], board.pips, at=at, owners=owners),
            shown=setpoint.code == current, more_url=more_url,
        )
        for order, setpoint in enumerate(board.setpoints)
    ]  # fmt: skip


def build_column(
    setpoint: Setpoint, order: int, of: int, total: Sum, currency: str, *, cards: list[dict[str, Any]],
    shown: bool = False, more_url: Any = None,
) -> Column:  # fmt: skip
    """Return one column, or its head where `cards` is empty."""
    return Column(
        setpoint=setpoint,
        tone=markup.setpoint_class(order, of),
        sum=total,
        amount=formats.money(total.amount, currency),
        weighted=formats.money(total.weighted(setpoint.probability), currency),
        cards=cards,
        more=total.count - len(cards),
        more_url=more_url(setpoint.pk, len(cards), total.count) if more_url and total.count > len(cards) else "",
        shown=shown,
    )


def card_words() -> dict[str, str]:
    """Return the words every card repeats, looked up once."""
    return {"add": gettext("Add a next step"), "move": gettext("Move to…")}


def build_cards(
    cards: Iterable[CardFacts], pips: Mapping[int, set[str]], *, at: datetime, owners: bool = False
) -> list[dict[str, Any]]:
    """Return cards as the template places them; `owners` adds whose each is."""
    today = timezone.localtime(at).date()
    return [_card(card, pips.get(card.id, set()), today, owners) for card in cards]


def _card(card: CardFacts, known: set[str], today: date, owners: bool) -> dict[str, Any]:
    kind = card.step_kind if card.step_kind in KNOWN_KINDS else ActivityKind.TASK
    return {
        "id": card.id,
        "version": card.version,
        "setpoint_id": card.setpoint_id,
        "account": card.account,
        "name": card.name,
        "amount": _money(card.amount, card.currency) if card.amount is not None else "",
        "worth": f"{card.amount:f} {card.currency}" if card.amount else "",
        "step": card.step,
        "step_icon": kind,
        "due": due_words(card.next_step_on, card.step_at, today),
        "overdue": card.next_step_on is not None and card.next_step_on < today,
        "pips": draw_pips(tuple(code for code in PIPS if code in known), get_language() or "en"),
        "known": len(known),
        "days": formats.days((today - timezone.localtime(card.entered_at).date()).days),
        "type": label("deal_type", card.deal_type) if card.deal_type != DealType.NEW_BUSINESS else "",
        "owner": owners and card.owner,
        "initials": owners and formats.initials(card.owner),
        "colour": card.owner_id % 6,
    }


@lru_cache(maxsize=4096)
def _money_in(amount: Decimal, currency: str, locale: str) -> str:
    return formats.money(amount, currency)


def _money(amount: Decimal, currency: str) -> str:
    return _money_in(amount, currency, str(formats.locale()))


@lru_cache(maxsize=512)
def _day_in(on: date, today: date, locale: str) -> str:
    return formats.day(on)


def due_words(on: date | None, moment: datetime | None, today: date) -> str:
    """Return when a step is due: `Overdue 6 d`, `Today`, `Thu 10:00` within the week, `Thu 19 Nov`."""
    if on is None:
        return ""
    late = (today - on).days
    if late > SOON:
        return gettext("Overdue %(days)s") % {"days": formats.days(late)}
    words = _day_in(on, today, str(formats.locale()))
    return f"{words} {formats.clock(moment)}" if moment is not None and 0 <= -late <= SOON else words


@lru_cache(maxsize=256)
def draw_pips(known: tuple[str, ...], language: str) -> SafeString:
    """Draw the five pips with the names of what is missing."""
    missing = [str(PIP_NAMES[code]) for code in PIPS if code not in known]
    says = gettext("%(known)s of %(of)s known") % {"known": len(known), "of": len(PIPS)}
    title = gettext("Missing: %(names)s") % {"names": ", ".join(missing)} if missing else says
    return format_html('<span class="pips-{}" role="img" aria-label="{}" title="{}"></span>', len(known), says, title)


def build_totals(columns: Sequence[Column], frame: MoneyFrame, sums: Iterable[SumRow]) -> dict[str, Any]:
    """Return the line above the board: open, qualified beside it, weighted with First meeting apart (D-18, D-50)."""
    qualified = [column for column in columns if column.setpoint.rank >= QUALIFIED_FROM]
    early = [column for column in columns if column.setpoint.rank < QUALIFIED_FROM]
    closed = [row for row in sums if row.part == "closed"]
    won = add_up((row for row in closed if row.key == "won"), frame.rates)
    lost = add_up((row for row in closed if row.key != "won"), frame.rates)
    uncounted: dict[str, int] = {}
    for each in (*(column.sum for column in columns), won):
        for code, count in each.uncounted.items():
            uncounted[code] = uncounted.get(code, 0) + count

    def short(amount: Decimal) -> str:
        return formats.money(amount, frame.currency)

    return {
        "count": sum(column.sum.count for column in columns),
        "open": short(_total(columns)),
        "qualified": short(_total(qualified)),
        "weighted": short(_total(qualified, weighted=True)),
        "early": short(_total(early, weighted=True)),
        "won": short(won.amount),
        "won_count": won.count,
        "lost_count": lost.count,
        "quarter": frame.quarter.code,
        "uncounted": [uncounted_words(code, count) for code, count in sorted(uncounted.items())],
    }


def _total(columns: Iterable[Column], *, weighted: bool = False) -> Decimal:
    return sum(
        (column.sum.weighted(column.setpoint.probability) if weighted else column.sum.amount for column in columns),
        Decimal(0),
    )


def uncounted_words(currency: str, count: int) -> str:
    """Say that deals are not in a sum because their currency has no rate."""
    return ngettext(
        "%(count)s deal in %(currency)s is not counted: no plan rate.",
        "%(count)s deals in %(currency)s are not counted: no plan rate.",
        count,
    ) % {"count": formats.number(count), "currency": currency}


def build_finding(columns: Sequence[Column]) -> str:
    """Return the sentence a manager could say: what has no next step or an overdue one, as far as the cards show."""
    cards = [card for column in columns for card in column.cards]
    stepless = sum(1 for card in cards if card["step"] is None)
    late = sum(1 for card in cards if card["overdue"])
    # Missing and overdue come first: only a column full of them can hide more.
    hidden = any(
        column.more and (column.cards[-1]["step"] is None or column.cards[-1]["overdue"]) for column in columns
    )
    if not cards:
        return gettext("No open deals here.")
    if not stepless and not late:
        return gettext("Every open deal has a next step, and none is overdue.")
    parts = []
    if stepless:
        parts.append(
            ngettext("%(count)s deal has no next step", "%(count)s deals have no next step", stepless)
            % {"count": formats.number(stepless)}
        )
    if late:
        parts.append(
            ngettext("%(count)s next step is overdue", "%(count)s next steps are overdue", late)
            % {"count": formats.number(late)}
        )
    words = (
        gettext("%(first)s, and %(second)s") % {"first": parts[0], "second": parts[1]} if len(parts) == 2 else parts[0]
    )
    return gettext("At least %(finding)s.") % {"finding": words} if hidden else f"{words}."


def money_or_none(money: Money | None) -> str:
    """Return an amount, or a dash."""
    return _money(money.amount, money.currency) if money else "–"
