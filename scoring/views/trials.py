"""Leads below the threshold that reps are offered to try: take one, or pass (FI-006)."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib.errors import CommandRefused
from crm.lib.http import action
from crm.permissions import hide_unless
from crm.queries.access import get_access
from crm.views.answers import done, next_url, refuse
from scoring.commands.trials import pass_trial, take_trial
from scoring.models import Lead, Trial
from scoring.permissions import can_see_leads
from scoring.queries.inbox import TRY
from scoring.queries.leads import leads_visible_to
from scoring.views.decisions import CHANGED


@action
def trial_taken(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a lead that was offered to try."""
    lead = _find(request, pk)
    return _answer(request, partial(take_trial, lead_id=pk), _("%(lead)s is yours.") % {"lead": lead})


@action
def trial_passed(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave a lead that was offered to try."""
    lead = _find(request, pk)
    return _answer(request, partial(pass_trial, lead_id=pk), _("%(lead)s is left as it is.") % {"lead": lead})


def _find(request: HttpRequest, pk: int) -> Lead:
    hide_unless(can_see_leads(get_access(request.user)))
    return get_object_or_404(leads_visible_to(request.user), pk=pk, merged_into=None)


def _answer(request: HttpRequest, command: "partial[Trial]", text: str) -> HttpResponse:
    here = next_url(request, f"{reverse('scoring:lead_list')}?list={TRY}")
    try:
        command(by=request.user, at=timezone.now())
    except CommandRefused as refused:
        return refuse(request, refused, to=here)
    return done(request, text, to=here, events=CHANGED)
