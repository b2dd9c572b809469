"""The cards of the board: their words and numbers, and how each is drawn."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from crm.enums import ActivityKind
from crm.lib import formats
from crm.lib.labels import label
from crm.lib.values import Money
from pipeline.enums import PIPS, DealType, Severity, SignalCode
from pipeline.labels.signals import ICONS, TONES, badge_words
from pipeline.queries.board import CardFacts

SOON = 1
KNOWN_KINDS = frozenset(ActivityKind)


@dataclass(frozen=True, slots=True)
class Card:
    """A card as `pipeline/_card.html` places it: everything in words."""

    id: str
    version: str
    setpoint_id: str
    account: str
    name: str
    amount: str
    worth: str
    step: str | None
    step_icon: str
    due: str
    is_late: bool
    known: str
    pips: SafeString
    evidenced: str
    badge: str
    badge_icon: str
    badge_tone: str
    days: str
    is_stuck: bool
    type: str
    owner: str
    initials: str
    colour: str


def build_cards(cards: Iterable[CardFacts], *, at: datetime, owners: bool = False) -> list[Card]:
    """Return cards in words; `owners` adds whose each is."""
    today = timezone.localtime(at).date()
    where = (str(formats.locale()), get_language() or "en", timezone.get_current_timezone_name())
    return [_card(card, today, owners, where) for card in cards]


def draw_cards(cards: Iterable[Card]) -> list[SafeString]:
    """Return cards as the board holds them."""
    language = get_language() or "en"
    return [_draw(card, language) for card in cards]


# A card is made of these values alone, and a board is mostly what it was a minute ago: both are remembered.
@lru_cache(maxsize=4096)
def _card(facts: CardFacts, today: date, owners: bool, where: tuple[str, str, str]) -> Card:
    worst = facts.signals[0] if facts.signals else None
    return Card(
        id=str(facts.id),
        version=str(facts.version),
        setpoint_id=str(facts.setpoint_id),
        account=facts.account,
        name=facts.name,
        amount=formats.money(facts.amount, facts.currency) if facts.amount is not None else "",
        worth=f"{facts.amount:f} {facts.currency}" if facts.amount else "",
        step=facts.step,
        step_icon=facts.step_kind if facts.step_kind in KNOWN_KINDS else ActivityKind.TASK.value,
        due=due_words(facts.next_step_on, facts.step_at, today),
        is_late=facts.next_step_on is not None and facts.next_step_on < today,
        known=str(len(facts.pips)),
        pips=draw_pips(facts.pips),
        evidenced=evidenced_words(facts.evidenced) if facts.falls_short else "",
        badge=badge_words(worst.code, worst.since, dict(worst.detail), today) if worst else "",
        badge_icon=ICONS[SignalCode(worst.code)] if worst else "",
        badge_tone=TONES[Severity(worst.severity)] if worst else "",
        is_stuck=worst is not None and worst.code == SignalCode.STUCK,
        days=formats.days((today - timezone.localtime(facts.entered_at).date()).days),
        type=label("deal_type", facts.deal_type) if facts.deal_type != DealType.NEW_BUSINESS else "",
        owner=facts.owner if owners else "",
        initials=formats.initials(facts.owner) if owners else "",
        colour=str(facts.owner_id % 6),
    )


@lru_cache(maxsize=4096)
def _draw(card: Card, language: str) -> SafeString:
    return render_to_string("pipeline/_card.html", {"card": card})


def due_words(on: date | None, moment: datetime | None, today: date) -> str:
    """Return when a step is due: `Overdue 6 d`, `Today`, `Thu 10:00` within the week, `Thu 19 Nov`."""
    if on is None:
        return ""
    late = (today - on).days
    if late > SOON:
        return gettext("Overdue %(days)s") % {"days": formats.days(late)}
    words = formats.day(on)
    return f"{words} {formats.clock(moment)}" if moment is not None and 0 <= -late <= SOON else words


def evidenced_words(name: str | None) -> str:
    """Say how far the facts of a deal carry it, where that is less far than it is claimed to be (P-4)."""
    return gettext("Evidenced: %(setpoint)s") % {"setpoint": name or gettext("none")}


def draw_pips(known: frozenset[str]) -> SafeString:
    """Draw the five pips with the places of those that are missing; the script of the board names them."""
    lacks = "".join(str(place) for place, code in enumerate(PIPS) if code not in known)
    return format_html('<span class="pips-{}" data-lacks="{}"></span>', len(known), lacks)


def money_or_none(money: Money | None) -> str:
    """Return an amount, or a dash."""
    return formats.money(money.amount, money.currency) if money else "–"
