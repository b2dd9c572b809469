"""The meetings of a deal and what was learned: a panel, and the sheets that write it down (LT-050, FI-011)."""

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib.http import action, page
from crm.queries.access import get_access
from crm.views.answers import WRONG, render_part
from crm.views.editing import Edited, carry_out, save_edit, show_edit
from pipeline.commands.meetings import log_meeting, write_meeting_record
from pipeline.forms.meetings import MeetingForm, MeetingRecordForm
from pipeline.labels.meetings import SECTION_NAMES
from pipeline.models import Opportunity
from pipeline.permissions import can_edit
from pipeline.policies.meetings import SECTIONS
from pipeline.queries.meetings import Meeting, get_meeting, get_meetings
from pipeline.views.answers import changed, find_deal


@page
def deal_meetings(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Show the meetings of a deal with what was learned; a panel by htmx, a page without."""
    deal, at = find_deal(request, deal_id, related=("account",)), timezone.now()
    editable = can_edit(get_access(request.user), deal) and deal.archived_at is None
    context = {"deal": deal, "editable": editable, "meetings": [_row(each) for each in get_meetings(deal_id, at=at)]}
    return render_part(request, "pipeline/deal_meetings.html", "deal_meetings", context)


@page
def meeting_new(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Show the form of a meeting that was held."""
    deal = find_deal(request, deal_id, to_edit=True)
    initial = {"occurred_at": timezone.now(), "contact_id": deal.contact_id}
    return _new(request, deal, MeetingForm(initial=initial, account_id=deal.account_id))


@action
def meeting_logged(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Log a meeting with what was learned."""
    deal = find_deal(request, deal_id, to_edit=True)
    form = MeetingForm(request.POST, account_id=deal.account_id)
    if carry_out(form, log_meeting, opportunity_id=deal_id, by=request.user, at=timezone.now()) is None:
        return _new(request, deal, form)
    return changed(request, deal, _("The meeting is written down."))


@page
def meeting_record(request: HttpRequest, deal_id: int, activity_id: int) -> HttpResponse:
    """Show the form of what was learned at a meeting."""
    deal, meeting = find_deal(request, deal_id, to_edit=True), find_meeting(deal_id, activity_id)
    return _render(request, deal, meeting, show_edit(MeetingRecordForm, _values(meeting)))


@action
def meeting_written(request: HttpRequest, deal_id: int, activity_id: int) -> HttpResponse:
    """Write down what was learned, section by section."""
    deal, meeting = find_deal(request, deal_id, to_edit=True), find_meeting(deal_id, activity_id)
    given: dict[str, Any] = {"opportunity_id": deal_id, "activity_id": activity_id}
    command = partial(write_meeting_record, **given, by=request.user, at=timezone.now())
    fresh = partial(_fresh, deal_id, activity_id)
    edited = save_edit(request, MeetingRecordForm, command, fresh=fresh)
    if edited.saved:
        return changed(request, deal, _("The meeting is written down."))
    return _render(request, deal, meeting, edited)


def find_meeting(deal_id: int, activity_id: int) -> Meeting:
    """Return a meeting of the deal, 404 for another's and for what is none."""
    meeting = get_meeting(deal_id, activity_id, at=timezone.now())
    if meeting is None:
        raise Http404
    return meeting


def sections_of(meeting: Meeting) -> list[tuple[Any, str]]:
    """Return what was learned at a meeting, each section with its name; those that say nothing left out."""
    if meeting.record is None:
        return []
    said = ((SECTION_NAMES[name], getattr(meeting.record, name)) for name in SECTIONS)
    return [(words, text) for words, text in said if text]


def _row(meeting: Meeting) -> dict[str, Any]:
    return {"activity": meeting.activity, "record": meeting.record, "sections": sections_of(meeting),
            "can_be_written": meeting.can_be_written}  # fmt: skip


def _values(meeting: Meeting) -> dict[str, str]:
    return {name: getattr(meeting.record, name) if meeting.record else "" for name in SECTIONS}


def _fresh(deal_id: int, activity_id: int) -> dict[str, str]:
    return _values(find_meeting(deal_id, activity_id))


def _new(request: HttpRequest, deal: Opportunity, form: MeetingForm) -> HttpResponse:
    status = WRONG if form.is_bound else 200
    context = {"deal": deal, "form": form, "seen": (), "title": _("Meeting held"), "subject": deal.account.name}
    return render_part(request, "pipeline/deal_meeting.html", "meeting_sheet", context, status=status)


def _render(request: HttpRequest, deal: Opportunity, meeting: Meeting, edited: Edited) -> HttpResponse:
    context = {"deal": deal, "title": _("What was learned"), "subject": str(meeting.activity), **edited.context}
    return render_part(request, "pipeline/deal_meeting.html", "meeting_sheet", context, status=edited.status)
