"""The lists of the leads page, the panel beside them and their tabs."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.lib.paging import get_page
from crm.models import User
from crm.queries.access import get_access
from scoring.enums import HandoffAnswer
from scoring.facts import Score
from scoring.forms import GiveForm
from scoring.models import Crossing, Handoff, Lead, Trial
from scoring.permissions import can_answer_trial, can_decide, can_give
from scoring.queries import inbox
from scoring.queries.clocks import get_clock_start
from scoring.queries.inbox import LeadFilter
from scoring.queries.leads import find_visible, get_open_handoff, leads_visible_to
from scoring.queries.rules import Rulebook
from scoring.queries.scores import get_score
from scoring.queries.trends import get_scores_and_trends
from scoring.queries.trials import get_open_trial
from scoring.views.row_groups import group_rows
from scoring.views.rows import Row, draw_rows, select_address
from scoring.views.why import get_why

A_NUMBER = re.compile(r"[0-9]{1,18}")
PAGE = 25
WHY_ROWS = 10


@dataclass(frozen=True, slots=True)
class Tab:
    """One list of leads, as a link."""

    label: str
    url: str
    current: bool
    count: int | None


def get_list(request: HttpRequest, filters: Mapping[str, Any], *, at: datetime) -> dict[str, Any]:
    """Return the tab's rows, drawn, which of them is selected, and what the panel shows of it."""
    tab = request.GET.get("list", inbox.DECIDE)
    user, chosen = request.user, _filter(filters)
    sources: dict[str, Callable[[], QuerySet[Any]]] = {
        inbox.DECIDE: lambda: inbox.get_open_handoffs(user, chosen),
        inbox.TRY: lambda: inbox.get_trials(user, chosen),
        inbox.ACCEPTED: lambda: inbox.get_answered_handoffs(user, HandoffAnswer.ACCEPTED, chosen),
        inbox.SENT_BACK: lambda: inbox.get_answered_handoffs(user, HandoffAnswer.REJECTED, chosen),
        inbox.ALL: lambda: inbox.get_leads(user, chosen),
        inbox.WAITING: lambda: inbox.get_waiting_crossings(user, chosen),
    }
    tab = tab if tab in sources else inbox.DECIDE
    found = get_page(sources[tab](), request.GET.get("page"), size=PAGE, ids_first=tab == inbox.ALL)
    rows = get_rows(found.rows, user=user, at=at)
    if tab == inbox.DECIDE:
        group_rows(rows, at, is_whole=not found.has_next)
    if tab in (inbox.ACCEPTED, inbox.SENT_BACK):
        _close(rows, user)
    selected = _selected(request, rows)
    selected_id = selected.lead.pk if selected else None
    select = select_address(request.path, request.GET.dict())
    draw_rows(rows, tab=tab, select=select, selected_id=selected_id, user_id=user.pk)
    return {
        "tab": tab,
        "found": found,
        "rows": rows,
        "answers": any(row.decides for row in rows),
        "filters": {"q": "", "owner": "", "status": "", "score": None, **filters},
        "is_filtered": bool(filters),
        "give_form": GiveForm() if any(row.gives for row in rows) else None,
        "panel": _panel_of(selected, user) if selected and request.headers.get("HX-Target") != "more" else None,
    }


def get_tabs(user: User, current: str) -> list[Tab]:
    """Return the lists this person may look at, with how many stand in each."""
    words = {
        inbox.DECIDE: _("To decide"),
        inbox.TRY: _("To try"),
        inbox.ACCEPTED: _("Accepted"),
        inbox.SENT_BACK: _("Sent back"),
        inbox.ALL: _("All"),
        inbox.WAITING: _("Waiting for release"),
    }
    here, counts = reverse("scoring:lead_list"), inbox.count_tabs(user)
    return [Tab(words[name], f"{here}?list={name}", name == current, count) for name, count in counts.items()]


def get_rows(found: Iterable[Handoff | Crossing | Lead | Trial], *, user: User, at: datetime) -> list[Row]:
    """Return rows for what a tab lists, in a constant number of queries."""
    items = list(found)
    leads = [item if isinstance(item, Lead) else item.lead for item in items]
    scores, trends, books = get_scores_and_trends([lead.pk for lead in leads], as_of=at)
    asked = [item.pk for item in items if isinstance(item, Lead)]
    handoffs = inbox.find_handoffs(asked) if asked else {}
    access = get_access(user)
    rows = []
    for item, lead in zip(items, leads, strict=True):
        row = Row(lead, scores[lead.pk], books.of(lead.pk))
        row.handoff = item if isinstance(item, Handoff) else handoffs.get(lead.pk)
        row.trend = trends[lead.pk]
        row.crossing = item if isinstance(item, Crossing) else None
        row.trial = item if isinstance(item, Trial) else None
        handoff = row.handoff
        is_open = handoff is not None and handoff.answered_at is None
        row.decides = (
            can_answer_trial(access, row.trial) if row.trial else is_open and can_decide(access, lead, handoff)
        )
        row.gives = handoff is not None and is_open and handoff.owner_id is None and can_give(access, lead, handoff)
        rows.append(row)
    return rows


def get_panel(request: HttpRequest, lead_id: str, *, at: datetime) -> dict[str, Any] | None:
    """Return what the panel shows of one lead of the list, None where the person may not see it."""
    lead = _find_lead(request.user, int(lead_id)) if A_NUMBER.fullmatch(lead_id) else None
    if lead is None:
        return None
    score, book = get_score(lead.pk, as_of=at)
    handoff = get_open_handoff(lead.pk)
    return _panel(request.user, lead, handoff, get_clock_start(handoff), score, book)


def _panel_of(row: Row, user: User) -> dict[str, Any] | None:
    lead = _find_lead(user, row.lead.pk)
    if lead is None:
        return None
    known = row.handoff if row.handoff and row.handoff.answered_at is None else None
    listed_as_lead = row.handoff is None and row.crossing is None and row.trial is None
    handoff = known if known or listed_as_lead else get_open_handoff(lead.pk)
    return _panel(user, lead, handoff, row.started_at if known else get_clock_start(handoff), row.score, row.book)


def _panel(
    user: User, lead: Lead, handoff: Handoff | None, started_at: datetime | None, score: Score, book: Rulebook
) -> dict[str, Any]:
    access = get_access(user)
    trial = get_open_trial(lead.pk) if handoff is None else None
    return {
        "lead": lead,
        "handoff": handoff,
        "trial": trial if trial and can_answer_trial(access, trial) else None,
        "started_at": started_at,
        "decides": handoff is not None and can_decide(access, lead, handoff),
        "gives": handoff is not None and can_give(access, lead, handoff),
        "why": get_why(score, book, limit=WHY_ROWS),
    }


def _find_lead(user: User, lead_id: int) -> Lead | None:
    return leads_visible_to(user).select_related("source", "owner", "account").filter(pk=lead_id).first()


def _filter(filters: Mapping[str, Any]) -> LeadFilter:
    return LeadFilter(
        search=filters.get("q", ""),
        status=filters.get("status", ""),
        owner=filters.get("owner", ""),
        score=filters.get("score"),
    )


def _selected(request: HttpRequest, rows: list[Row]) -> Row | None:
    asked = request.GET.get("selected", "")
    opening = [row for row in rows if row.opens]
    return next((row for row in opening if str(row.lead.pk) == asked), opening[0] if opening else None)


def _close(rows: list[Row], user: User) -> None:
    """Leave of leads the person may not see any more only that they had them."""
    seen = find_visible({row.lead.pk for row in rows}, by=user)
    for row in rows:
        row.opens = row.lead.pk in seen
