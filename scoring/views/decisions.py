"""Accept, send back, convert, release: what people decide about leads."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.http import action, page
from crm.lib.values import Refusal
from crm.permissions import hide_unless, refuse_unless
from crm.queries.access import get_access
from crm.queries.organisation import get_organisation
from crm.views.answers import STALE, WRONG, done, go_on, next_url, refuse, render_part
from scoring.commands.conversion import convert_lead
from scoring.commands.giving import give_lead, give_leads
from scoring.commands.handoffs import accept_lead, reject_lead, release_crossings
from scoring.forms import ConvertForm, GiveForm, RejectForm
from scoring.models import Lead
from scoring.permissions import can_decide, can_give, can_see_leads
from scoring.queries.leads import get_open_handoff, leads_visible_to

CHANGED = "leads:changed, day:changed, setpoint:counts, record:changed, setpoint:timeline"
CONVERT = ("scoring/lead_convert.html", "convert_form")
GIVE = ("scoring/lead_give.html", "give_form")
REJECT = ("scoring/lead_reject.html", "reject_form")


@action
def lead_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the lead."""
    lead = _find(request, pk)
    here = next_url(request, reverse("scoring:lead_detail", args=[pk]))
    try:
        accept_lead(lead_id=pk, by=request.user, at=timezone.now())
    except CommandRefused as refused:
        return refuse(request, refused, to=here)
    return done(request, _("%(lead)s accepted.") % {"lead": lead}, to=here, events=CHANGED)


@page
def lead_reject(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask why the lead goes back."""
    lead = _find(request, pk)
    refuse_unless(can_decide(get_access(request.user), lead, get_open_handoff(pk)))
    return render_part(request, *REJECT, _asked(request, lead, RejectForm()))


@action
def lead_rejected(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the lead back with its reason."""
    lead, form = _find(request, pk), RejectForm(request.POST)
    refuse_unless(can_decide(get_access(request.user), lead, get_open_handoff(pk)))
    if not form.is_valid():
        return render_part(request, *REJECT, _asked(request, lead, form), status=WRONG)
    try:
        reject_lead(lead_id=pk, **form.cleaned_data, by=request.user, at=timezone.now())
    except NotPermitted:
        raise
    except CommandRefused as refused:
        form.refuse(refused)
        return render_part(request, *REJECT, _asked(request, lead, form), status=WRONG)
    # Sent back, the lead may be nobody's, and its page closed to who sent it.
    here = next_url(request, reverse("scoring:lead_list"))
    return done(request, _("%(lead)s sent back to marketing.") % {"lead": lead}, to=here, events=CHANGED)


@page
def lead_give(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask who answers a lead that nobody has."""
    lead = _find(request, pk)
    handoff = get_open_handoff(pk)
    refuse_unless(can_give(get_access(request.user), lead, handoff))
    holder_id = handoff.owner_id if handoff else None
    form = GiveForm(initial={"owner_id": None if holder_id else lead.owner_id, "from_owner_id": holder_id})
    return render_part(request, *GIVE, _asked(request, lead, form))


@action
def lead_given(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the lead to somebody and start the clock."""
    lead, form = _find(request, pk), GiveForm(request.POST)
    refuse_unless(can_give(get_access(request.user), lead, get_open_handoff(pk)))
    if not form.is_valid():
        return render_part(request, *GIVE, _asked(request, lead, form), status=WRONG)
    try:
        given = give_lead(lead_id=pk, **form.cleaned_data, by=request.user, at=timezone.now())
    except NotPermitted:
        raise
    except CommandRefused as refused:
        form.refuse(refused)
        return render_part(request, *GIVE, _asked(request, lead, form), status=WRONG)
    here = next_url(request, reverse("scoring:lead_detail", args=[pk]))
    return done(
        request, _("%(lead)s is with %(owner)s.") % {"lead": lead, "owner": given.owner}, to=here, events=CHANGED
    )


@action
def leads_given(request: HttpRequest) -> HttpResponse:
    """Give the chosen leads that nobody has to somebody."""
    hide_unless(can_see_leads(get_access(request.user)))
    here, form = next_url(request, reverse("scoring:lead_list")), GiveForm(request.POST)
    chosen = leads_visible_to(request.user).filter(pk__in=_chosen(request, "lead"))
    if not form.is_valid():
        return refuse(request, CommandRefused(Refusal.of("choose_offered")), to=here)
    try:
        given = give_leads(
            lead_ids=chosen.values_list("pk", flat=True),
            owner_id=form.cleaned_data["owner_id"],
            by=request.user,
            at=timezone.now(),
        )
    except CommandRefused as refused:
        return refuse(request, refused, to=here)
    text = ngettext("%(count)s lead given.", "%(count)s leads given.", len(given)) % {"count": len(given)}
    return done(request, text, to=here, events=CHANGED)


@page
def lead_convert(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for what the deal needs: its first meeting above all."""
    lead = _find(request, pk)
    refuse_unless(can_decide(get_access(request.user), lead, get_open_handoff(pk)))
    initial = {"deal_name": lead.company, "account_id": lead.account_id, "version": lead.version}
    return render_part(request, *CONVERT, _asked(request, lead, _convert_form(initial=initial)))


@action
def lead_converted(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the account, the contact and the deal, and open the deal."""
    lead, form = _find(request, pk), _convert_form(request.POST)
    refuse_unless(can_decide(get_access(request.user), lead, get_open_handoff(pk)))
    if not form.is_valid():
        return render_part(request, *CONVERT, _asked(request, lead, form), status=WRONG)
    asked = dict(form.cleaned_data)
    asked |= {"opens_deal": not asked.pop("without_deal"), "seen_version": asked.pop("version")}
    try:
        found = convert_lead(lead_id=pk, **asked, by=request.user, at=timezone.now())
    except NotPermitted:
        raise
    except CommandRefused as refused:
        form.refuse(refused)
        status = STALE if hasattr(refused, "seen") else WRONG
        return render_part(request, *CONVERT, _asked(request, lead, form), status=status)
    to = f"/deals/{found.opportunity_id}/" if found.opportunity_id else reverse("scoring:lead_detail", args=[pk])
    return go_on(request, _("%(lead)s is a customer to be.") % {"lead": lead}, to=to)


@action
def crossings_release(request: HttpRequest) -> HttpResponse:
    """Hand over the selected leads that waited."""
    hide_unless(can_see_leads(get_access(request.user)))
    here = reverse("scoring:lead_list") + "?list=waiting"
    try:
        handoffs = release_crossings(crossing_ids=_chosen(request, "crossing"), by=request.user, at=timezone.now())
    except CommandRefused as refused:
        return refuse(request, refused, to=here)
    count = len(handoffs)
    text = ngettext("%(count)s lead handed over.", "%(count)s leads handed over.", count) % {"count": count}
    return done(request, text, to=here, events=CHANGED)


def _find(request: HttpRequest, pk: int) -> Lead:
    return get_object_or_404(leads_visible_to(request.user), pk=pk, merged_into=None)


def _chosen(request: HttpRequest, name: str) -> list[int]:
    return [int(text) for text in request.POST.getlist(name) if text.isascii() and text.isdigit() and len(text) < 19]


def _asked(request: HttpRequest, lead: Lead, form: Any) -> dict[str, Any]:
    return {"lead": lead, "form": form, "next": next_url(request, reverse("scoring:lead_detail", args=[lead.pk]))}


def _convert_form(*args: Any, **kwargs: Any) -> ConvertForm:
    return ConvertForm(*args, currency=get_organisation().currency, **kwargs)
