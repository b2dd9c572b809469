"""Rows of the leads page: each with its score, two reasons, and what can be done about it."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib import formats
from crm.lib.paging import get_page
from crm.models import User
from crm.queries.access import get_access
from scoring.enums import HandoffAnswer
from scoring.facts import ModelFacts, Score
from scoring.models import Crossing, Handoff, Lead
from scoring.permissions import can_decide
from scoring.policies.sla import clock_starts_at
from scoring.queries import inbox
from scoring.queries.choices import get_event_names
from scoring.queries.inbox import LeadFilter
from scoring.queries.leads import get_open_handoff, leads_visible_to
from scoring.queries.reps import get_working_hours
from scoring.queries.scores import get_scores
from scoring.views.why import get_reasons, get_why

PAGE = 40
WHY_ROWS = 10
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Tab:
    """One list of leads, as a link."""

    label: str
    url: str
    current: bool
    count: int | None


@dataclass(slots=True)
class Row:
    """One line: a lead, and where it has one its handoff or waiting crossing."""

    lead: Lead
    score: int
    reasons: list[str]
    threshold: int
    handoff: Handoff | None = None
    crossing: Crossing | None = None
    decides: bool = False
    starts: str = ""
    group: str = ""
    opens_group: bool = False
    group_size: int | None = None
    is_urgent: bool = False


def get_list(request: HttpRequest, filters: Mapping[str, Any], *, at: datetime) -> dict[str, Any]:
    """Return the tab's rows and which of them is selected."""
    tab = request.GET.get("list", inbox.DECIDE)
    user, chosen = request.user, _filter(filters)
    sources: dict[str, Callable[[], QuerySet[Any]]] = {
        inbox.DECIDE: lambda: inbox.get_open_handoffs(user, chosen),
        inbox.ACCEPTED: lambda: inbox.get_answered_handoffs(user, HandoffAnswer.ACCEPTED, chosen),
        inbox.SENT_BACK: lambda: inbox.get_answered_handoffs(user, HandoffAnswer.REJECTED, chosen),
        inbox.ALL: lambda: inbox.get_leads(user, chosen),
        inbox.WAITING: lambda: inbox.get_waiting_crossings(user, chosen),
    }
    tab = tab if tab in sources else inbox.DECIDE
    found = get_page(sources[tab](), request.GET.get("page"), size=PAGE)
    rows = get_rows(found.rows, user=user, at=at)
    if tab == inbox.DECIDE:
        _group(rows, at, is_whole=not found.has_next)
    return {
        "tab": tab,
        "found": found,
        "rows": rows,
        "filters": {"q": "", "owner": "", "status": "", "score": None, **filters},
        "selected_id": _selected(request, rows),
        "is_filtered": bool(filters),
    }


def get_tabs(user: User, current: str) -> list[Tab]:
    """Return the lists this person may look at, with how many stand in each."""
    words = {
        inbox.DECIDE: _("To decide"),
        inbox.ACCEPTED: _("Accepted"),
        inbox.SENT_BACK: _("Sent back"),
        inbox.ALL: _("All"),
        inbox.WAITING: _("Waiting for release"),
    }
    here, counts = reverse("scoring:lead_list"), inbox.count_tabs(user)
    return [Tab(words[name], f"{here}?list={name}", name == current, count) for name, count in counts.items()]


def get_rows(found: Iterable[Handoff | Crossing | Lead], *, user: User, at: datetime) -> list[Row]:
    """Return rows for what a tab lists, in a constant number of queries."""
    items = list(found)
    leads = [item if isinstance(item, Lead) else item.lead for item in items]
    scores, model = get_scores([lead.pk for lead in leads], as_of=at)
    names = get_event_names()
    handoffs = inbox.find_handoffs([item.pk for item in items if isinstance(item, Lead)])
    access = get_access(user)
    rows = []
    for item, lead in zip(items, leads, strict=True):
        handoff = item if isinstance(item, Handoff) else handoffs.get(lead.pk)
        row = _row(lead, scores[lead.pk], model, names)
        row.handoff, row.crossing = handoff, item if isinstance(item, Crossing) else None
        row.decides = handoff is not None and handoff.answered_at is None and can_decide(access, lead, handoff)
        rows.append(row)
    return rows


def get_panel(request: HttpRequest, lead_id: int | None, *, at: datetime) -> dict[str, Any] | None:
    """Return what the docked panel shows of the selected lead, None where nothing is selected."""
    leads = leads_visible_to(request.user).select_related("source", "owner", "account")
    lead = leads.filter(pk=lead_id).first() if lead_id else None
    if lead is None:
        return None
    scores, model = get_scores([lead.pk], as_of=at)
    handoff = get_open_handoff(lead.pk)
    return {
        "lead": lead,
        "handoff": handoff,
        "decides": handoff is not None and can_decide(get_access(request.user), lead, handoff),
        "why": get_why(scores[lead.pk], model, names=get_event_names(), limit=WHY_ROWS),
    }


def _row(lead: Lead, score: Score, model: ModelFacts, names: Mapping[str, str]) -> Row:
    return Row(lead=lead, score=score.score, reasons=get_reasons(score, names), threshold=model.threshold)


def _filter(filters: Mapping[str, Any]) -> LeadFilter:
    return LeadFilter(
        search=filters.get("q", ""),
        status=filters.get("status", ""),
        owner=filters.get("owner", ""),
        score=filters.get("score"),
    )


def _selected(request: HttpRequest, rows: list[Row]) -> int | None:
    asked = request.GET.get("selected", "")
    known = [row.lead.pk for row in rows]
    return next((pk for pk in known if str(pk) == asked), known[0] if known else None)


def _group(rows: list[Row], at: datetime, *, is_whole: bool) -> None:
    """Say for each row when it runs out, and where a new group begins; sizes only where no page follows."""
    hours = get_working_hours({row.handoff.owner_id for row in rows if row.handoff and row.handoff.owner_id})
    previous = None
    for row in rows:
        handoff = row.handoff
        if handoff and handoff.assigned_at and handoff.owner_id in hours:
            starts = clock_starts_at(handoff.assigned_at, hours=hours[handoff.owner_id])
            if starts > at:
                row.starts = _("Starts %(time)s") % {"time": formats.clock(starts)}
        row.group, row.is_urgent = _group_name(handoff.due_at if handoff else None, at)
        row.opens_group = row.group != previous
        previous = row.group
    sizes = Counter(row.group for row in rows)
    for row in rows:
        row.group_size = sizes[row.group] if is_whole else None


def _group_name(due_at: datetime | None, at: datetime) -> tuple[str, bool]:
    if due_at is None:
        return _("Nobody has it yet"), True
    if due_at < at:
        return _("Late"), True
    if due_at <= at + HOUR:
        return _("Answer within the hour"), True
    days = (timezone.localdate(due_at) - timezone.localdate(at)).days
    return {0: _("Today"), 1: _("Tomorrow")}.get(days, _("Later")), False
