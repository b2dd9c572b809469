"""The board and the same deals as a table."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.enums import Role
from crm.lib import formats
from crm.lib.http import page
from crm.lib.labels import label
from crm.models import Team, User
from crm.permissions import can_read_company, hide_unless
from crm.queries.access import get_access
from pipeline.enums import PIPS
from pipeline.forms.board import EVIDENCE, SIGNALS, STEPS, UNKNOWN, BoardForm, FilterForm, read_filter
from pipeline.labels import PIP_NAMES
from pipeline.models import Setpoint
from pipeline.permissions import can_create_deals
from pipeline.queries.board import (
    CARDS,
    BoardFacts,
    get_board,
    get_cards,
    get_names,
    may_see_team,
)
from pipeline.queries.board_filter import NEXT_STEP, BoardFilter
from pipeline.queries.money import get_money_frame
from pipeline.queries.signal_badges import LANGUISHES, NEEDS_ATTENTION
from pipeline.views.cards import build_cards, draw_cards
from pipeline.views.columns import build_columns, build_finding, build_totals
from pipeline.views.lists import build_list, read_ids


@page
def board(request: HttpRequest) -> HttpResponse:
    """Show the pipeline as a board, or as a table with `as=table`."""
    at = timezone.now()
    view, given = read_address(request)
    frame, today = get_money_frame(at), timezone.localtime(at).date()
    as_table = request.GET.get("as") == "table" or bool(read_ids(request))
    found = get_board(request.user, given, today=today, closed_between=frame.bounds(), with_cards=not as_table)
    columns = build_columns(
        found, frame, at=at, shown=request.GET.get("at", ""), owners=view == "team", more_url=partial(more_url, request)
    )
    context = {
        "columns": columns,
        "totals": build_totals(columns, frame, found.sums),
        "finding": None if as_table else build_finding(columns, request.GET),
        "as_table": as_table,
        "as_board": not as_table,
        "pip_names": "|".join(str(PIP_NAMES[code]) for code in PIPS),
        "can_create": can_create_deals(get_access(request.user)),
        "list": build_list(request, given, at=at) if as_table else None,
        **page_facts(request, view, given, found),
    }
    return render(request, "pipeline/board.html", context)


@page
def board_cards(request: HttpRequest) -> HttpResponse:
    """Return the next cards of one column, in the order of the board."""
    view, given = read_address(request)
    setpoint_id, offset = _number(request.GET.get("setpoint")), _number(request.GET.get("offset"))
    cards = get_cards(request.user, given, setpoint_id, offset=offset)
    shown, total = offset + len(cards), _number(request.GET.get("of"))
    context = {
        "cards": draw_cards(build_cards(cards, at=timezone.now(), owners=view == "team")),
        "more": max(0, total - shown) if len(cards) == CARDS else 0,
        "more_url": more_url(request, setpoint_id, shown, total),
        "all_url": f"{reverse('pipeline:board')}?{_table_query(request)}",
    }
    return render(request, "pipeline/_cards.html", context)


@page
def board_filters(request: HttpRequest) -> HttpResponse:
    """Return the form that sets the filters."""
    hide_unless(can_read_company(get_access(request.user)))
    form = FilterForm(request.GET, user=request.user)
    form.full_clean()
    sheet = "pipeline/board_filters.html" + ("#filter_form" if request.htmx else "")  # type: ignore[attr-defined]
    return render(request, sheet, {"form": form, "view": request.GET.get("view", "")})


def read_address(request: HttpRequest) -> tuple[str, BoardFilter]:
    """Return the view an address names, and the filter it makes; 404 for contributors."""
    hide_unless(can_read_company(get_access(request.user)))
    values = BoardForm(request.GET).values()
    view = values.get("view") or default_view(request.user)
    return view, read_filter(values, view=view, today=timezone.localdate())


def default_view(user: User) -> str:
    """Return what a person sees first: reps their own deals, everybody else the team's."""
    return "my" if Role.REP in get_access(user).roles else "team"


def page_facts(request: HttpRequest, view: str, given: BoardFilter, found: BoardFacts) -> dict[str, Any]:
    """Return tabs, chips and addresses that board and table share."""
    seen = [row for row in found.sums if not row.outcome]
    return {
        "pipelines": found.pipelines if len(found.pipelines) > 1 else [],
        "pipeline": next((each for each in found.pipelines if each.code == given.pipeline), None),
        "view": view,
        "is_my": view == "my" and not given.is_a_view,
        "is_team": view == "team" and not given.is_a_view,
        "may_see_team": may_see_team(request.user),
        "own_count": sum(row.own for row in seen),
        "all_count": sum(row.all for row in seen),
        "chips": _chips(request, view, given, found.setpoints),
        "needs_attention": given.signal == NEEDS_ATTENTION,
        "languishing": given.signal == LANGUISHES,
        "last_setpoint": found.last_name,
        "by_next_step": given.sort == NEXT_STEP,
        "text": given.text,
        "filtered": any(
            (
                given.text,
                given.owner_id,
                given.team_id,
                given.deal_type,
                given.setpoint,
                given.closes_before,
                given.signal,
                given.unknown,
            )
        ),
        "kept": [(name, value) for name, value in request.GET.items() if name not in ("q", "page", "at")],
        "query": _table_query(request, table=False),
        "all_url": f"?{_table_query(request)}",
    }


def _chips(request: HttpRequest, view: str, given: BoardFilter, setpoints: list[Setpoint]) -> list[dict[str, str]]:
    chips = _people_chips(request, view, given)
    if given.deal_type:
        chips.append(_chip(_("Type is"), label("deal_type", given.deal_type), "tag", _without(request, "type")))
    if given.setpoint:
        name = next((each.name for each in setpoints if each.code == given.setpoint), given.setpoint)
        chips.append(_chip(_("Setpoint is"), name, "columns-3", _without(request, "stands_at")))
    if given.closes_before is not None:
        day = formats.short_day(given.closes_before)
        chips.append(_chip(_("Closes before"), day, "calendar", _without(request, "closes_before")))
    told: tuple[tuple[str, str, Mapping[str, Any], str], ...] = (
        ("evidence", _("Evidence"), EVIDENCE, "badge-check"),
        ("signal", _("Warning"), SIGNALS, "triangle-alert"),
        ("unknown", _("Not known"), UNKNOWN, "circle-question-mark"),
        ("step", _("Next step is"), STEPS, "flag"),
    )
    for name, words, titles, icon in told:
        if value := getattr(given, name):
            chips.append(_chip(words, str(titles[value]), icon, _without(request, name)))
    return chips


def _people_chips(request: HttpRequest, view: str, given: BoardFilter) -> list[dict[str, str]]:
    chips = []
    if view == "my":
        without = _without(request, "view") | {"view": "team"}
        chips.append(_chip(_("Owner is"), str(request.user), "user", without))
    if given.owner_id is not None:
        names = get_names(User, [given.owner_id])
        chips.append(_chip(_("Owner is"), names.get(given.owner_id, "–"), "user", _without(request, "owner")))
    if given.team_id is not None:
        names = get_names(Team, [given.team_id])
        chips.append(_chip(_("Team is"), names.get(given.team_id, "–"), "users", _without(request, "team")))
    return chips


def _chip(words: str, value: str, icon: str, query: dict[str, Any]) -> dict[str, str]:
    return {"label": words, "value": value, "icon": icon, "remove": f"?{urlencode(query)}"}


def _without(request: HttpRequest, name: str) -> dict[str, Any]:
    return {key: value for key, value in request.GET.items() if key not in (name, "page")}


def _table_query(request: HttpRequest, *, table: bool = True) -> str:
    query = {key: value for key, value in request.GET.items() if key not in ("as", "page", "setpoint", "offset", "of")}
    return urlencode(query | ({"as": "table"} if table else {}))


def more_url(request: HttpRequest, setpoint_id: int, offset: int, total: int) -> str:
    """Return where the next cards of a column are."""
    kept = {key: value for key, value in request.GET.items() if key not in ("setpoint", "offset", "of", "at")}
    return f"{reverse('pipeline:board_cards')}?{urlencode(kept | {'setpoint': setpoint_id, 'offset': offset, 'of': total})}"


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0
