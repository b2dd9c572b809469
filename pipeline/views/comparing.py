"""Deals side by side by what they leave us, not by what they cost the customer (EE-052, EE-058, EE-060)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.lib import formats
from crm.lib.http import page
from crm.permissions import hide_unless
from crm.queries.access import get_access
from pipeline.labels.economic_figures import SaidFigure
from pipeline.queries.economics import DealRows, get_economics, get_offered
from pipeline.views.economics import describe, of

MOST, USUALLY = 12, 8
USUAL = "-margin"
# Address, words, what it sorts by: None stands last either way.
COLUMNS: tuple[tuple[str, Any, Callable[[DealRows], Decimal | None]], ...] = (
    ("amount", _("Amount"), lambda rows: rows.amount),
    ("margin", _("Gross margin"), lambda rows: of(rows).margin.value),
    ("share", _("Share"), lambda rows: of(rows).margin.parts["share"].value),
    ("lifetime", _("Lifetime value"), lambda rows: of(rows).lifetime.value),
    ("acquisition", _("Cost of winning them"), lambda rows: of(rows).acquisition.value),
    ("payback", _("Payback"), lambda rows: of(rows).payback.value),
    ("expected", _("Worth of pursuing it"), lambda rows: of(rows).expected.value),
    ("strategic", _("Strategic value"), lambda rows: Decimal(weight_of(rows)) or None),
)
SORTS = {name: key for name, _words, key in COLUMNS}


@page
def deals_compare(request: HttpRequest) -> HttpResponse:
    """Show chosen deals beside each other; without a choice the largest open ones the person may see."""
    hide_unless(get_access(request.user).reads_company)
    at = timezone.now()
    offered = get_offered(request.user)
    chosen = _chosen(request) or [deal.pk for deal in offered[:USUALLY]]
    judged = get_economics(chosen, user=request.user, at=at)
    sort = request.GET.get("sort", USUAL)
    sort = sort if sort.removeprefix("-") in SORTS else USUAL
    shown = [rows.deal.pk for rows in judged.rows]
    context = {
        "rows": [_row(rows, describe(rows, judged), judged.currency, shown) for rows in order(judged.rows, sort)],
        "heads": [_head(name, words, sort, shown) for name, words, _key in COLUMNS],
        "chosen": shown,
        "offered": [deal for deal in offered if deal.pk not in shown] if len(shown) < MOST else [],
        "limit": judged.assumed.payback_limit,
        "over": sum(1 for rows in judged.rows if of(rows).payback.detail.get("over_limit")),
    }
    return render(request, "pipeline/deals_compare.html", context)


def order(rows: list[DealRows], sort: str) -> list[DealRows]:
    """Return deals by one of their figures; those without it stand last either way."""
    key, falling = SORTS[sort.removeprefix("-")], sort.startswith("-")
    known = [(value, each) for each in rows if (value := key(each)) is not None]
    known.sort(key=lambda pair: pair[0], reverse=falling)
    return [each for _value, each in known] + [each for each in rows if key(each) is None]


def weight_of(rows: DealRows) -> int:
    """Return how much of a deal's strategic value somebody agreed to: the sum of its weights."""
    return sum(claim.weight for claim in rows.strategic if claim.approved_at is not None)


def _chosen(request: HttpRequest) -> list[int]:
    given = [text for text in request.GET.getlist("deal") if text.isascii() and text.isdecimal() and len(text) < 19]
    return list(dict.fromkeys(int(text) for text in given))[:MOST]


def _query(chosen: list[int], sort: str) -> str:
    return "?" + urlencode([("deal", pk) for pk in chosen] + [("sort", sort)])


def _head(name: str, words: Any, sort: str, chosen: list[int]) -> dict[str, Any]:
    state = {name: "ascending", f"-{name}": "descending"}.get(sort, "")
    following = name if state == "descending" else f"-{name}"
    return {"label": words, "href": _query(chosen, following), "sorted": state, "numeric": name != "strategic"}


def _row(rows: DealRows, said: list[SaidFigure], currency: str, chosen: list[int]) -> dict[str, Any]:
    figures = {each.code: each for each in said}
    margin = of(rows).margin.value
    return {
        "deal": rows.deal,
        "amount": formats.money(rows.amount, currency) if rows.amount is not None else "–",
        "margin": formats.money(margin, currency) if margin is not None else "–",
        "loses": margin is not None and margin < 0,
        "share": figures["margin"],
        "figures": [figures[code] for code in ("lifetime", "acquisition", "payback", "expected")],
        "over_limit": of(rows).payback.detail.get("over_limit"),
        "strategic": rows.strategic,
        "without": _query([pk for pk in chosen if pk != rows.deal.pk], USUAL),
    }
