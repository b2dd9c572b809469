"""Heads of columns, the sums above the board and the sentence a manager could say, made of sums of the whole filter."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from crm.lib import formats, markup
from pipeline.enums import Outcome
from pipeline.facts import QUALIFIED_FROM
from pipeline.models import Setpoint
from pipeline.queries.board import BoardFacts, SumRow
from pipeline.queries.board_filter import NO_STEP, OVERDUE
from pipeline.queries.money import MoneyFrame
from pipeline.views.cards import Card, build_cards, draw_cards


@dataclass(frozen=True, slots=True)
class Sum:
    """Deals and what they are worth in the report currency; `uncounted` had no rate, by currency.

    `stepless` have no next step, of `late` it is overdue; the facts of `evidenced` carry them where they stand (P-4).
    """

    count: int
    amount: Decimal
    uncounted: Mapping[str, int]
    stepless: int = 0
    late: int = 0
    evidenced: int = 0

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
    cards: list[Card]
    more: int
    more_url: str
    shown: bool

    @property
    def drawn(self) -> list[SafeString]:
        """Return the cards as the page holds them."""
        return draw_cards(self.cards)


def add_up(rows: Iterable[SumRow], rates: Mapping[str, Decimal], ranks: Mapping[int, int] | None = None) -> Sum:
    """Add amounts at plan rate; a currency without one is listed, never dropped silently (B0).

    `ranks` are those of the setpoints: by them deals are evidenced that stand no higher than their facts carry them.
    """
    count, amount, stepless, late, evidenced, ranks = 0, Decimal(0), 0, 0, 0, ranks or {}
    uncounted: dict[str, int] = {}
    for row in rows:
        count, stepless, late = count + row.count, stepless + row.stepless, late + row.late
        if ranks.get(row.evidenced_id or 0, -1) >= ranks.get(row.setpoint_id or 0, 0):
            evidenced += row.count
        if not row.currency or not row.count:
            continue
        if row.currency in rates:
            amount += row.amount * rates[row.currency]
        else:
            uncounted[row.currency] = uncounted.get(row.currency, 0) + row.count
    return Sum(count, amount, uncounted, stepless, late, evidenced)


def build_columns(
    board: BoardFacts, frame: MoneyFrame, *, at: datetime, shown: str = "", owners: bool = False, more_url: Any = None
) -> list[Column]:
    """Return the columns in order; `shown` is the setpoint a phone shows, `more_url` says where further cards are."""
    sums: dict[int, list[SumRow]] = {}
    for row in board.sums:
        if row.setpoint_id is not None and not row.outcome:
            sums.setdefault(row.setpoint_id, []).append(row)
    codes = [setpoint.code for setpoint in board.setpoints]
    ranks = {setpoint.pk: setpoint.rank for setpoint in board.setpoints}
    current = shown if shown in codes else codes[0] if codes else ""
    return [
        build_column(
            setpoint, order, len(codes), add_up(sums.get(setpoint.pk, ()), frame.rates, ranks), frame.currency,
            cards=build_cards(board.cards[setpoint.pk], at=at, owners=owners),
            shown=setpoint.code == current, more_url=more_url,
        )
        for order, setpoint in enumerate(board.setpoints)
    ]  # fmt: skip


def build_column(
    setpoint: Setpoint, order: int, of: int, total: Sum, currency: str, *, cards: list[Card],
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


def build_totals(columns: Sequence[Column], frame: MoneyFrame, sums: Iterable[SumRow]) -> dict[str, Any]:
    """Return the line above the board: open, qualified beside it, weighted with First meeting apart (D-18, D-50)."""
    claimed = [column for column in columns if column.setpoint.probability >= QUALIFIED_FROM]
    qualified, early = _by_qualification(columns, frame, sums)
    closed = [row for row in sums if row.outcome]
    won = add_up((row for row in closed if row.outcome == Outcome.WON), frame.rates)
    lost = add_up((row for row in closed if row.outcome != Outcome.WON), frame.rates)
    uncounted: dict[str, int] = {}
    for each in (*(column.sum for column in columns), won):
        for code, count in each.uncounted.items():
            uncounted[code] = uncounted.get(code, 0) + count

    def short(amount: Decimal) -> str:
        return formats.money(amount, frame.currency)

    return {
        "count": sum(column.sum.count for column in columns),
        "claimed": sum(column.sum.count for column in claimed),
        "evidenced": sum(column.sum.evidenced for column in claimed),
        "open": short(sum((column.sum.amount for column in columns), Decimal(0))),
        "qualified": short(sum((each.amount for _, each in qualified), Decimal(0))),
        "weighted": short(sum((each.weighted(weight) for weight, each in qualified), Decimal(0))),
        "early": short(sum((each.weighted(weight) for weight, each in early), Decimal(0))),
        "won": short(won.amount),
        "won_count": won.count,
        "lost_count": lost.count,
        "quarter": frame.quarter.code,
        "by_evidence": frame.by_evidence,
        "uncounted": [uncounted_words(code, count) for code, count in sorted(uncounted.items())],
    }


def _by_qualification(
    columns: Sequence[Column], frame: MoneyFrame, sums: Iterable[SumRow]
) -> tuple[list[tuple[Decimal, Sum]], list[tuple[Decimal, Sum]]]:
    """Return what is qualified and what is not yet, each with the weight of where it is claimed to stand (D-18)."""
    weights = {column.setpoint.pk: column.setpoint.probability for column in columns}
    parts: tuple[list[tuple[Decimal, Sum]], list[tuple[Decimal, Sum]]] = ([], [])
    for row in sums:
        if row.outcome or row.setpoint_id not in weights:
            continue
        place = row.evidenced_id if frame.by_evidence else row.setpoint_id
        is_qualified = weights.get(place or 0, Decimal(0)) >= QUALIFIED_FROM
        parts[0 if is_qualified else 1].append((weights[row.setpoint_id], add_up([row], frame.rates)))
    return parts


def uncounted_words(currency: str, count: int) -> str:
    """Say that deals are not in a sum because their currency has no rate."""
    return ngettext(
        "%(count)s deal in %(currency)s is not counted: no plan rate.",
        "%(count)s deals in %(currency)s are not counted: no plan rate.",
        count,
    ) % {"count": formats.number(count), "currency": currency}


@dataclass(frozen=True, slots=True)
class Finding:
    """The sentence a manager could say: words, or up to two parts with where the deals they count are listed."""

    text: str = ""
    parts: Sequence[tuple[str, str]] = ()


def build_finding(columns: Sequence[Column], address: Mapping[str, str]) -> Finding:
    """Return how many open deals have no next step or an overdue one; `address` is the filter they are counted in."""
    if not any(column.sum.count for column in columns):
        return Finding(gettext("No open deals here."))
    stepless = sum(column.sum.stepless for column in columns)
    late = sum(column.sum.late for column in columns)
    kept = {name: value for name, value in address.items() if name not in ("at", "ids", "page", "step")}
    none = ngettext("%(count)s deal has no next step", "%(count)s deals have no next step", stepless)
    overdue = ngettext("%(count)s next step is overdue", "%(count)s next steps are overdue", late)
    parts = [
        (words % {"count": formats.number(count)}, f"?{urlencode(kept | {'step': step})}")
        for words, count, step in ((none, stepless, NO_STEP), (overdue, late, OVERDUE))
        if count
    ]
    return Finding(parts=parts) if parts else Finding(gettext("Every open deal has a next step, and none is overdue."))
