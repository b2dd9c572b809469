"""Deals as a table: filter, sort, page."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.lib import formats
from crm.lib.labels import label
from crm.lib.sql import Fold, IsOneOf
from pipeline.commands.bulk import MOST
from pipeline.enums import Outcome, Severity, SignalCode
from pipeline.labels.bulk import ICONS as ICONS_OF_KINDS
from pipeline.labels.bulk import KINDS
from pipeline.labels.signals import ICONS, TONES, badge_words
from pipeline.models import Opportunity
from pipeline.models.opportunities import OPEN
from pipeline.queries.board_filter import BoardFilter, filter_deals
from pipeline.queries.opportunities import opportunities_visible_to
from pipeline.queries.signal_badges import Badge, read_badges, worst_signals
from pipeline.queries.unknown import known_of_buying
from pipeline.views.cards import due_words, money_or_none

PAGE = 50
SIGNALS = 2
IDS = 1000
NOT_WON = "not_won"
# Address, words, what it sorts by, whether it holds numbers.
COLUMNS: tuple[tuple[str, Any, Any, bool], ...] = (
    ("account", _("Account"), Fold("account__name"), False),
    ("name", _("Deal"), Fold("name"), False),
    ("setpoint", _("Setpoint"), F("setpoint__rank"), False),
    ("evidenced", _("Evidenced"), F("evidenced_setpoint__rank"), False),
    ("amount", _("Amount"), F("amount"), True),
    ("next_step", _("Next step"), F("next_step_on"), False),
    ("close", _("Expected close"), F("expected_close_on"), True),
    ("owner", _("Owner"), Fold("owner__name"), False),
    ("days", _("Days there"), F("setpoint_entered_at"), True),
    ("attention", _("Warnings"), F("severity"), False),
)
# Heads whose word opens its definition.
MEANINGS = {"setpoint": "setpoint", "evidenced": "evidenced", "next_step": "next-step", "attention": "signal"}
SORTS = {name: expression for name, _words, expression, _numeric in COLUMNS}


def build_list(request: HttpRequest, given: BoardFilter, *, at: datetime) -> dict[str, Any]:
    """Return one page of the table with its heads; one row more than a page tells whether another follows."""
    sort = request.GET.get("sort", "next_step")
    name = sort.removeprefix("-")
    sort, name = (sort, name) if name in SORTS else ("next_step", "next_step")
    number = _page_number(request)
    deals = list_deals(request, given)
    found = _page(deals, _order(name, sort.startswith("-")), number, known_of_buying() if given.unknown else {})
    today = timezone.localtime(at).date()
    return {
        "rows": [_row(deal, today) for deal in found[:PAGE]],
        "heads": [_head(request, *column, sort=sort) for column in COLUMNS],
        "number": number,
        "previous": _query(request, page=number - 1) if number > 1 else "",
        "next": _query(request, page=number + 1) if len(found) > PAGE else "",
        "outcome": request.GET.get("outcome", ""),
        # The totals above the table count what is open, not the end or the very deals that an address names.
        "is_counted": not request.GET.get("outcome") and not request.GET.get("ids"),
        "most": MOST,
        "choosing": [(name, value) for name, value in request.GET.items() if name not in ("as", "page", "sort", "at")],
        "bulk_kinds": [(kind, words, ICONS_OF_KINDS[kind]) for kind, words in KINDS.items()],
    }


def list_deals(request: HttpRequest, given: BoardFilter) -> QuerySet[Opportunity]:
    """Return the deals of the table: open ones, those of an outcome, or the very ids a figure names."""
    if ids := read_ids(request):
        return opportunities_visible_to(request.user).filter(pk__in=ids)
    deals = filter_deals(request.user, given)
    outcome = request.GET.get("outcome", "")
    if outcome == NOT_WON:
        return deals.filter(~Q(outcome=""), ~Q(outcome=Outcome.WON), archived_at=None)
    if outcome in set(Outcome):
        return deals.filter(outcome=outcome, archived_at=None)
    return deals.filter(OPEN)


def read_ids(request: HttpRequest) -> list[int]:
    """Return the deals an address names, as the links of figures do."""
    return [int(part) for part in request.GET.get("ids", "").split(",")[:IDS] if part.isdecimal() and len(part) < 19]


def _page(deals: QuerySet[Opportunity], order: list[Any], number: int, marks: Mapping[str, Any]) -> list[Opportunity]:
    # The ids first: only the rows shown are read whole and joined to what they name.
    shown = deals.order_by(*order).values("pk")[(number - 1) * PAGE : number * PAGE + 1]
    rows = (
        Opportunity.objects.filter(IsOneOf("pk", shown))
        .annotate(worst=worst_signals(SIGNALS), **marks)
        .order_by(*order)
    )
    return list(rows.select_related("account", "owner", "setpoint", "evidenced_setpoint", "current_step"))


def _order(name: str, falling: bool) -> list[Any]:
    expression = SORTS[name]
    falling = falling != (name == "days")  # the longest stay began first
    order = expression.desc(nulls_last=True) if falling else expression.asc(nulls_first=name == "next_step" or None)
    return [order, "-id" if falling else "id"]


def _row(deal: Opportunity, today: date) -> dict[str, Any]:
    step = deal.current_step
    entered = deal.setpoint_entered_at
    return {
        "id": deal.pk,
        "account": deal.account.name,
        "name": deal.name,
        "setpoint": deal.setpoint.name if deal.setpoint and not deal.outcome else label("outcome", deal.outcome),
        "evidenced": deal.evidenced_setpoint.name if deal.evidenced_setpoint else "–",
        "falls_short": _falls_short(deal),
        "outcome": deal.outcome,
        "amount": money_or_none(deal.amount),
        "step": step.purpose if step else "",
        "due": due_words(deal.next_step_on, step.due_at if step else None, today),
        "overdue": deal.next_step_on is not None and deal.next_step_on < today and not deal.outcome,
        "close": formats.short_day(deal.expected_close_on) if deal.expected_close_on else "–",
        "owner": deal.owner.name,
        "buying": _buying(deal),
        "signals": [_badge(each, today) for each in read_badges(deal.worst)],  # type: ignore[attr-defined]
        "days": formats.days((today - timezone.localtime(entered).date()).days)
        if entered and not deal.outcome
        else "–",
    }


def _buying(deal: Opportunity) -> dict[str, Any] | None:
    """Return what is known of who decides and how, and the step that finds out the rest; None where nobody asked (RU-041)."""
    if not hasattr(deal, "knows_decider"):
        return None
    decider, process = deal.knows_decider, deal.knows_process  # type: ignore[attr-defined]  # annotated
    purpose = _("Find out who decides, and how") if not (decider or process) else _("Find out how they decide")
    purpose = _("Find out who decides, and meet them") if process and not decider else purpose
    step_url = reverse("pipeline:deal_step", args=[deal.pk])
    return {"decider": decider, "process": process, "url": f"{step_url}?{urlencode({'purpose': purpose})}"}


def _badge(signal: Badge, today: date) -> dict[str, str]:
    return {
        "words": badge_words(signal.code, signal.since, dict(signal.detail), today),
        "icon": ICONS[SignalCode(signal.code)],
        "tone": TONES[Severity(signal.severity)],
    }


def _falls_short(deal: Opportunity) -> bool:
    """Whether an open deal is claimed to stand higher than its facts carry it."""
    if deal.outcome or deal.setpoint is None:
        return False
    return deal.evidenced_setpoint is None or deal.evidenced_setpoint.rank < deal.setpoint.rank


def _head(request: HttpRequest, name: str, words: Any, expression: Any, numeric: bool, *, sort: str) -> dict[str, Any]:
    state = {name: "ascending", f"-{name}": "descending"}.get(sort, "")
    following = f"-{name}" if state == "ascending" else name
    means = f"{reverse('pipeline:glossary')}#{MEANINGS[name]}" if name in MEANINGS else ""
    return {
        "label": words, "href": _query(request, sort=following), "sorted": state, "numeric": numeric, "means": means,
    }  # fmt: skip


def _query(request: HttpRequest, **changes: Any) -> str:
    kept = {key: value for key, value in request.GET.items() if key != "page"}
    return f"?{urlencode(kept | changes)}"


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    return max(1, int(text)) if text.isdecimal() and len(text) < 7 else 1
