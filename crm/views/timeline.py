"""The timeline of any record, loaded as it is scrolled (C-6)."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.facts import TimelineCursor
from crm.lib.http import page
from crm.lib.labels import label
from crm.queries.timeline import PAGE, Asked, find_subject, get_timeline, get_timeline_kinds


def get_timeline_panel(
    request: HttpRequest,
    subject: str,
    record_id: int,
    *,
    can_log: bool = True,
    at_once: bool = True,
    reveals: bool = False,
) -> dict[str, Any]:
    """Return what `crm/_timeline.html` shows of a record the person may see: the page after the address's cursor.

    Who only reads the record is offered nothing to log on it. With `at_once` it goes without what the record's page shows
    on reveal, and with `reveals` there is some of that: then it loads itself whole once it is reached.
    """
    kinds = get_timeline_kinds(subject)
    shown = request.GET.get("show", "")
    shown = shown if shown in kinds else ""
    before = read_cursor(request.GET.get("before", ""))
    entries = get_timeline(Asked(subject, record_id, request.user, before, [shown] if shown else [], at_once=at_once))
    more = len(entries) > PAGE
    entries = entries[:PAGE]
    return {
        "subject": subject,
        "subject_id": record_id,
        "timeline_tabs": [_tab(request, subject, record_id, kind, current=kind == shown) for kind in ["", *kinds]],
        "shown_kind": shown,
        "can_log": can_log,
        "reveals": reveals,
        "entries": entries,
        "next_cursor": write_cursor(entries[-1].cursor) if more else "",
    }


@page
def timeline(request: HttpRequest, subject: str, pk: int) -> HttpResponse:
    """Show the timeline of a record; with a cursor only the entries that follow."""
    found = find_subject(subject, pk, user=request.user)
    if found is None:
        raise Http404
    context = {"record": found, **get_timeline_panel(request, subject, pk, can_log=found.can_log, at_once=False)}
    if not request.headers.get("HX-Request"):
        return render(request, "crm/timeline.html", context)
    template = "crm/_timeline_entries.html" if request.GET.get("before") else "crm/_timeline.html"
    return render(request, template, context)


def _tab(request: HttpRequest, subject: str, record_id: int, kind: str, *, current: bool) -> dict[str, Any]:
    """Return one way to read the timeline: its address on the page that shows it, and that of the fragment."""
    get = reverse("crm:timeline", args=[subject, record_id])
    on_page = (
        request.headers.get("HX-Current-URL", request.path).partition("?")[0] if request.path == get else request.path
    )
    query = f"?show={kind}" if kind else ""
    return {
        "label": label("timeline_kind", kind) if kind else _("Everything"),
        "href": f"{urlsplit(on_page).path}{query}",
        "get": f"{get}{query}",
        "current": current,
    }


def write_cursor(cursor: TimelineCursor) -> str:
    """Return a cursor as it stands in an address."""
    return f"{cursor.at.isoformat()}~{cursor.source}~{cursor.record_id}"


def read_cursor(text: str) -> TimelineCursor | None:
    """Read a cursor from an address; what is none begins at the top."""
    try:
        at, source, record_id = text.split("~")
        moment = datetime.fromisoformat(at)
        return TimelineCursor(moment, source, int(record_id)) if moment.tzinfo else None
    except ValueError:
        return None
