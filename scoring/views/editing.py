"""New leads and events by hand."""

from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.http import action, page
from crm.permissions import hide_unless, refuse_unless
from crm.queries.access import get_access
from crm.views.answers import WRONG, done, go_on, render_part
from scoring.commands.events import record_event
from scoring.commands.leads import create_lead
from scoring.facts import NewEvent
from scoring.forms import EventForm, LeadForm
from scoring.models import Lead
from scoring.permissions import can_create_leads, can_edit_lead
from scoring.queries.leads import get_open_handoff, leads_visible_to
from scoring.views.decisions import CHANGED

NEW_FIELDS = (
    "first_name",
    "last_name",
    "job_title",
    "company",
    "email",
    "phone",
    "country",
    "channel",
    "source_id",
    "owner_id",
)
NEW = ("scoring/lead_new.html", "lead_form")
EVENT = ("scoring/lead_event.html", "event_form")


@page
def lead_new(request: HttpRequest) -> HttpResponse:
    """Show the form of a new lead."""
    access = get_access(request.user)
    hide_unless(can_create_leads(access))
    owner_id = request.user.pk if access.sells and not access.is_marketing else None
    return render_part(request, *NEW, {"form": LeadForm(only=NEW_FIELDS, initial={"owner_id": owner_id})})


@action
def lead_create(request: HttpRequest) -> HttpResponse:
    """Add the lead and open its page."""
    hide_unless(can_create_leads(get_access(request.user)))
    form = LeadForm(request.POST, only=NEW_FIELDS)
    if not form.is_valid():
        return render_part(request, *NEW, {"form": form}, status=WRONG)
    try:
        lead = create_lead(**form.cleaned_data, by=request.user, at=timezone.now())
    except NotPermitted:
        raise
    except CommandRefused as refused:
        form.refuse(refused)
        return render_part(request, *NEW, {"form": form}, status=WRONG)
    visible = leads_visible_to(request.user).filter(pk=lead.pk).exists()
    to = reverse("scoring:lead_detail", args=[lead.pk]) if visible else reverse("scoring:lead_list")
    return go_on(request, _("%(lead)s added.") % {"lead": lead}, to=to)


@page
def lead_event(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask what the lead did; the key in the form makes a second click the same event."""
    lead = _find(request, pk)
    form = EventForm(initial={"occurred_at": timezone.now(), "key": uuid4().hex})
    return render_part(request, *EVENT, {"lead": lead, "form": form})


@action
def lead_event_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Store the event and count it."""
    lead, form = _find(request, pk), EventForm(request.POST)
    if not form.is_valid():
        return render_part(request, *EVENT, {"lead": lead, "form": form}, status=WRONG)
    values = form.cleaned_data
    properties = {"url": values["url"]} if values["url"] else {}
    event = NewEvent(f"page:{values['key']}", values["type"], values["occurred_at"], lead_id=pk, properties=properties)
    try:
        record_event(event=event, by=request.user, at=timezone.now())
    except NotPermitted:
        raise
    except CommandRefused as refused:
        form.refuse(refused)
        return render_part(request, *EVENT, {"lead": lead, "form": form}, status=WRONG)
    return done(request, _("Event added."), to=reverse("scoring:lead_detail", args=[pk]), events=CHANGED)


def _find(request: HttpRequest, pk: int) -> Lead:
    lead = get_object_or_404(leads_visible_to(request.user), pk=pk, merged_into=None)
    refuse_unless(can_edit_lead(get_access(request.user), lead, get_open_handoff(pk)))
    return lead
