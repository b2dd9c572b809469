"""Next steps: agree, done and plan the next, reschedule, drop."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib.errors import CommandRefused, NotPermitted, StaleRecord
from crm.lib.http import action, page
from crm.permissions import can_read_company, hide_unless
from crm.queries.access import get_access
from crm.queries.accounts import accounts_visible_to
from crm.views.answers import STALE, WRONG, next_url, refuse, render_part
from pipeline.commands.opportunities import (
    complete_next_step,
    drop_next_step,
    reschedule_next_step,
    set_next_step,
)
from pipeline.forms.steps import PURPOSE_LENGTH, StepForm, read_words, step_moment, step_plan
from pipeline.models import NextStep, Opportunity
from pipeline.queries.following import get_open_deals
from pipeline.views.answers import changed, find_deal

SHEET = "pipeline/deal_step.html"
WAYS = ("add", "done", "move")
NEXT = "next"  # asked after an activity: what is planned so far may stay
FIELDS = {"move": ("due_on", "due_at")}


@page
def deal_step(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Show the form of a next step: `way` add, done (and plan the next), move or next; `inline=1` is the card's.

    `purpose` in the address says what may happen next, to be sent or written anew.
    """
    deal = find_deal(request, deal_id, to_edit=True)
    way = request.GET.get("way", "add")
    step = deal.current_step
    if way == NEXT:
        way = "done" if step else "add"
    way = way if way in WAYS and (way == "add" or step) else "add"
    return _render(request, deal, way, step, _form(deal, way, step, purpose=request.GET.get("purpose", "")))


@action
def deal_step_saved(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Agree a step, end one and plan the next, or move one to another day."""
    deal = find_deal(request, deal_id, to_edit=True)
    way = request.POST.get("way", "add")
    step = None if way == "add" else _meant_step(request, deal)
    if way not in WAYS or (way != "add" and step is None):
        raise Http404
    form = _form(deal, way, step, data=request.POST)
    if not form.is_valid():
        return _render(request, deal, way, step, form, status=WRONG)
    try:
        text = _COMMANDS[way](request, deal, step, form.cleaned_data)
    except StaleRecord:
        form.add_error(None, _("Somebody rescheduled this step meanwhile. Send again to use your day."))
        return _render(request, deal, way, _meant_step(request, deal), form, status=STALE)
    except NotPermitted:
        raise
    except CommandRefused as refused:
        form.refuse(refused)
        return _render(request, deal, way, step, form, status=WRONG)
    return changed(request, find_deal(request, deal_id), text)


@page
def account_steps(request: HttpRequest, account_id: int) -> HttpResponse:
    """Ask which open deal of an account an activity moved on, to plan its next step."""
    hide_unless(can_read_company(get_access(request.user)))
    account = get_object_or_404(accounts_visible_to(request.user), pk=account_id)
    context = {
        "account": account,
        "deals": get_open_deals(account_id, user=request.user),
        "next": next_url(request, reverse("crm:account_detail", args=[account_id])),
    }
    return render_part(request, "pipeline/account_steps.html", "account_steps", context)


@page
def step_words(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Say how the words of a step are understood, before they are saved; a chosen day needs no understanding."""
    deal = find_deal(request, deal_id, to_edit=True, related=())
    spoken, person = read_words(request.GET.get("purpose", ""), deal=deal, today=timezone.localdate())
    context = {
        "spoken": spoken,
        "person": person,
        "agreed": request.GET.get("agreed_with_id") == str(spoken.person_id),
        "chosen": bool(request.GET.get("due_on")),
        "inline": "inline" in request.GET,
    }
    return render(request, "pipeline/_step_words.html", context)


@action
def deal_step_ended(request: HttpRequest, deal_id: int, step_id: int) -> HttpResponse:
    """Mark a step done, or drop it, without planning another."""
    deal = find_deal(request, deal_id, to_edit=True)
    step = NextStep.objects.filter(opportunity=deal, pk=step_id).first()
    if step is None:
        raise Http404
    drop = request.POST.get("how") == "drop"
    try:
        (drop_next_step if drop else complete_next_step)(step_id=step.pk, by=request.user, at=timezone.now())
    except CommandRefused as refused:
        return refuse(request, refused, to=reverse("pipeline:deal_detail", args=[deal_id]))
    text = (_("Dropped: %(purpose)s") if drop else _("Done: %(purpose)s")) % {"purpose": step.purpose}
    return changed(request, find_deal(request, deal_id), text)


def _meant_step(request: HttpRequest, deal: Opportunity) -> NextStep | None:
    """Return the step the form was about, which another may have ended since; the current one where it names none."""
    named = request.POST.get("step", "")
    if not named:
        return deal.current_step
    pk = int(named) if named.isdecimal() and len(named) < 19 else 0
    return NextStep.objects.filter(opportunity=deal, pk=pk).first()


def _form(deal: Opportunity, way: str, step: NextStep | None, *, data: Any = None, purpose: str = "") -> StepForm:
    initial: dict[str, Any] = {
        "purpose": purpose[:PURPOSE_LENGTH]
    }  # nobody is chosen before somebody says whom it was agreed with
    if way == "move" and step is not None:
        local = timezone.localtime(step.due_at).time() if step.due_at else None
        initial = {"due_on": step.due_on, "due_at": local}
    return StepForm(data, only=FIELDS.get(way, ()), deal=deal, today=timezone.localdate(), initial=initial)


def _add(request: HttpRequest, deal: Opportunity, step: None, values: dict[str, Any]) -> str:
    plan = step_plan(values)
    set_next_step(
        opportunity_id=deal.pk,
        purpose=plan.purpose,
        due_on=plan.due_on,
        due_at=plan.due_at,
        kind=plan.kind,
        agreed_with_id=plan.agreed_with_id,
        by=request.user,
        at=timezone.now(),
    )
    return _("Next step for %(name)s: %(purpose)s") % {"name": deal.account.name, "purpose": plan.purpose}


def _done(request: HttpRequest, deal: Opportunity, step: NextStep, values: dict[str, Any]) -> str:
    plan = step_plan(values)
    complete_next_step(step_id=step.pk, then=plan, by=request.user, at=timezone.now())
    return _("Done. Next for %(name)s: %(purpose)s") % {"name": deal.account.name, "purpose": plan.purpose}


def _move(request: HttpRequest, deal: Opportunity, step: NextStep, values: dict[str, Any]) -> str:
    reschedule_next_step(
        step_id=step.pk,
        due_on=values["due_on"],
        due_at=step_moment(values),
        seen_due_on=_seen_day(request),
        by=request.user,
        at=timezone.now(),
    )
    return _("%(purpose)s has another day") % {"purpose": step.purpose}


def _seen_day(request: HttpRequest) -> date | None:
    try:
        return date.fromisoformat(request.POST.get("seen", ""))
    except ValueError:
        return None


_COMMANDS: dict[str, Callable[[HttpRequest, Opportunity, Any, dict[str, Any]], str]] = {
    "add": _add,
    "done": _done,
    "move": _move,
}


def _render(
    request: HttpRequest, deal: Opportunity, way: str, step: NextStep | None, form: StepForm, *, status: int = 200
) -> HttpResponse:
    inline = "inline" in request.GET or "inline" in request.POST
    fragment = "pipeline/_step_inline.html" if inline else f"{SHEET}#step_sheet"
    template = fragment if request.headers.get("HX-Request") else SHEET
    context = {
        "deal": deal,
        "way": way,
        "step": step,
        "form": form,
        "asked": request.GET.get("way") == NEXT or "asked" in request.POST,
        "next": next_url(request, reverse("pipeline:deal_detail", args=[deal.pk])),
    }
    answer = render(request, template, context, status=status)
    if inline and status == WRONG:
        answer.headers["HX-Reswap"] = "outerHTML"
    return answer
