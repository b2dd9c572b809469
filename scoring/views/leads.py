"""The leads page and the page of one lead."""

import re
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from crm.forms.lists import owner_filter_choices
from crm.lib.http import page
from crm.lib.moments import BadMoment
from crm.permissions import hide_unless
from crm.queries.access import get_access
from crm.queries.activities import activities_visible_to, open_activities
from crm.queries.audit import get_record_audit
from crm.queries.organisation import read_local_moment
from crm.views.answers import render_target
from crm.views.timeline import get_timeline_panel
from scoring.forms import LeadListForm
from scoring.models import Lead
from scoring.permissions import can_create_leads, can_decide, can_edit_lead, can_see_leads
from scoring.queries.clocks import get_clock_start
from scoring.queries.leads import get_open_handoff, leads_visible_to
from scoring.queries.scores import SCORED, freshen_scores, get_score
from scoring.queries.stamps import MOST_SHOWN, get_stamp
from scoring.queries.uncounted import get_uncounted
from scoring.views.facts import get_facts
from scoring.views.inbox import A_NUMBER, WHY_ROWS, get_list, get_panel, get_tabs
from scoring.views.meaning import get_meaning
from scoring.views.why import get_why

PARTS = {"lead-inbox": "lead_inbox", "lead-panel": "lead_panel", "lead-tabs": "lead_tabs", "more": "lead_rows"}
PARTS_OF_ONE = {"lead-side": "lead_side", "timeline": "timeline", "lead-head": "lead_head"}

UNDER_WAY = 5_000  # milliseconds
A_ROW = re.compile(r"lead-\d")  # ids of rows; the panel, which asks as well, is called otherwise
SCORE_STEPS = (10, 25, 50, 75)


@page
def lead_list(request: HttpRequest) -> HttpResponse:
    """List the leads of a tab by the filters of the address, the selected one beside them."""
    access = get_access(request.user)
    hide_unless(can_see_leads(access))
    form = LeadListForm(request.GET)
    target = request.headers.get("HX-Target", "")
    context: dict[str, Any] = {"form": form, "can_create": can_create_leads(access)}
    if target == "lead-panel" and A_ROW.match(request.headers.get("HX-Trigger", "")):
        context["panel"] = get_panel(request, request.GET.get("selected", ""), at=timezone.now())
        return render_target(request, "scoring/lead_list.html", PARTS, context)
    at = timezone.now()
    context |= get_list(request, form.values, at=at)
    if target in ("", "main", "page", "lead-tabs"):
        context |= {"tabs": get_tabs(request.user, context["tab"]), "owners": owner_filter_choices()}
        context |= {"score_steps": SCORE_STEPS, "stamp": "", "since": to_milliseconds(at)}
    return render_target(request, "scoring/lead_list.html", PARTS, context)


@page
def lead_stamp(request: HttpRequest) -> HttpResponse:
    """Tell the lists to load again where they are not what was seen any more."""
    hide_unless(can_see_leads(get_access(request.user)))
    shown = [int(pk) for pk in request.GET.getlist("lead")[:MOST_SHOWN] if A_NUMBER.fullmatch(pk)]
    stamp, seen = get_stamp(request.user, shown), request.GET.get("seen")
    answer = render(request, "scoring/_lead_stamp.html", {"stamp": stamp.text})
    if seen != stamp.text if seen else _is_newer(stamp.newest, request.GET.get("since", "")):
        answer.headers["HX-Trigger"] = "leads:changed"
    return answer


def to_milliseconds(at: datetime) -> int:
    """Return a moment as addresses carry it."""
    return int(at.timestamp() * 1000)


def _is_newer(newest: datetime | None, since: str) -> bool:
    """Whether something changed since a list was read; what was under way then may have its time from before."""
    if newest is None or not A_NUMBER.fullmatch(since):
        return False
    return to_milliseconds(newest) > int(since) - UNDER_WAY


@page
def lead_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a lead with everything known of it; `as_of` asks for the score of another moment."""
    lead = find_lead(request, pk)
    if lead.merged_into_id:
        return redirect("scoring:lead_detail", lead.merged_into_id, permanent=True)
    access, handoff = get_access(request.user), get_open_handoff(pk)
    editable = can_edit_lead(access, lead, handoff)
    planned = open_activities(activities_visible_to(request.user).filter(lead_links__lead=lead))
    context = {
        "lead": lead,
        "handoff": handoff,
        "started_at": get_clock_start(handoff),
        "facts": get_facts(lead, handoff, editable=editable),
        "editable": editable,
        "decides": can_decide(access, lead, handoff),
        "conversion": getattr(lead, "conversion", None),
        "planned": planned.select_related("contact", "owner")[:10],
        "changes": get_record_audit(Lead, pk, limit=5),
        **get_why_context(request, lead),
        **get_timeline_panel(request, "lead", pk, can_log=editable),
    }
    return render_target(request, "scoring/lead_detail.html", PARTS_OF_ONE, context)


@page
def lead_why(request: HttpRequest, pk: int) -> HttpResponse:
    """Show why a lead has its score, for the pop-over."""
    lead = find_lead(request, pk)
    return render(request, "scoring/_lead_why.html", get_why_context(request, lead, title=str(lead), limit=WHY_ROWS))


@page
def account_panel(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the leads of a company, for its page."""
    return _panel(request, "account", account_id=pk)


@page
def contact_panel(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the leads a person was, for the person's page."""
    return _panel(request, "contact", contact_id=pk)


def _panel(request: HttpRequest, subject: str, **of: int) -> HttpResponse:
    hide_unless(can_see_leads(get_access(request.user)))
    leads = leads_visible_to(request.user).filter(merged_into=None, archived_at=None, **of)
    rows = list(leads.select_related("owner", SCORED).order_by("-created_at", "-pk")[:20])
    freshen_scores(rows, at=timezone.now())
    scored = [(lead, lead.score.score if hasattr(lead, "score") else 0) for lead in rows]
    return render(request, "scoring/_account_panel.html", {"subject": subject, "leads": scored})


def find_lead(request: HttpRequest, pk: int) -> Lead:
    """Return the lead with what its page names, or 404 where the person may not see it."""
    related = ("source", "campaign", "owner", "account", "conversion")
    return get_object_or_404(leads_visible_to(request.user).select_related(*related), pk=pk)


def get_why_context(request: HttpRequest, lead: Lead, *, title: str = "", limit: int | None = None) -> dict[str, Any]:
    """Return the why card of a lead as of the address's `as_of`, by default now."""
    asked, as_of, wrong = read_as_of(request)
    score, book = get_score(lead.pk, as_of=as_of)
    why = get_why(score, book, as_of=as_of if asked else None, title=title, limit=limit)
    uncounted = sum(get_uncounted(lead.pk, as_of=as_of).values())
    meant = get_meaning(score, book)
    return {"why": why, "uncounted": uncounted, "meant": meant, "as_of": asked, "as_of_wrong": wrong}


def read_as_of(request: HttpRequest) -> tuple[str, datetime, bool]:
    """Return the address's `as_of` as it was written and as a moment, by default now, and whether it is none."""
    asked, now = request.GET.get("as_of", ""), timezone.now()
    if not asked:
        return "", now, False
    try:
        return asked, read_local_moment(asked), False
    except BadMoment:
        return "", now, True
