"""What is done from My day: a step ended or put off, a lead accepted."""

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib import formats
from crm.lib.errors import CommandRefused
from crm.lib.http import action, page
from crm.queries.access import get_access
from crm.views.answers import WRONG, done, refuse
from pipeline.commands.opportunities import complete_next_step, reschedule_next_step
from pipeline.models import NextStep
from pipeline.queries.opportunities import visible_owner_ids
from reports.forms import FollowingStepForm
from reports.queries import days as queries
from scoring.commands.handoffs import accept_lead
from scoring.queries.leads import leads_visible_to

CHANGED = "day:changed, setpoint:counts"


@page
def step_done_form(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask what comes after a step."""
    step = find_step(request, pk)
    return sheet(request, step, FollowingStepForm(deal=step.opportunity, today=timezone.localdate()))


@action
def step_done(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a step done and plan the next one, or none."""
    step, at = find_step(request, pk), timezone.now()
    form = FollowingStepForm(request.POST, deal=step.opportunity, today=timezone.localdate(at))
    if not form.is_valid():
        return sheet(request, step, form, status=WRONG)
    try:
        following = complete_next_step(step_id=step.pk, then=form.plan(), by=request.user, at=at)
    except CommandRefused as refused:
        return refuse(request, refused, to="/")
    text = _("Done. Next: %(purpose)s.") % {"purpose": following.purpose} if following else _("Done.")
    return done(request, text, to="/", events=CHANGED)


@action
def step_later(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a step to tomorrow."""
    step, at = find_step(request, pk), timezone.now()
    day = max(step.due_on, timezone.localdate(at)) + timedelta(days=1)
    try:
        reschedule_next_step(step_id=step.pk, due_on=day, by=request.user, at=at)
    except CommandRefused as refused:
        return refuse(request, refused, to="/")
    return done(request, _("Moved to %(day)s.") % {"day": formats.day(day, relative=False)}, to="/", events=CHANGED)


@action
def lead_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept a lead that was handed over."""
    lead = leads_visible_to(request.user).filter(pk=pk).first()
    if lead is None:
        raise Http404
    try:
        accept_lead(lead_id=lead.pk, by=request.user, at=timezone.now())
    except CommandRefused as refused:
        return refuse(request, refused, to="/")
    return done(request, _("%(lead)s is yours.") % {"lead": lead}, to="/", events=CHANGED)


def find_step(request: HttpRequest, pk: int) -> NextStep:
    """Return the step, 404 for what the person may not see or what has ended."""
    step = queries.find_step(request.user, pk, visible_owner_ids(get_access(request.user)))
    if step is None or step.done_at or step.dropped_at:
        raise Http404
    return step


def sheet(request: HttpRequest, step: NextStep, form: FollowingStepForm, *, status: int = 200) -> HttpResponse:
    """Show the form in the sheet, or as a page of its own."""
    name = "reports/step_done.html#step_done" if request.headers.get("HX-Request") else "reports/step_done.html"
    return render(request, name, {"step": step, "form": form}, status=status)
