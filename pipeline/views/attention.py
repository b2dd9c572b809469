"""What people do about what is wrong with a deal: rest a warning, wait, plan a restart."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.forms.records import RecordForm
from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.http import action, page
from crm.lib.labels import label
from crm.views.answers import WRONG, refuse
from pipeline.commands.attention import pause_deal, plan_restart, resume_deal, snooze_signal, wake_signal
from pipeline.forms.attention import RestartForm, RestForm
from pipeline.models import Opportunity
from pipeline.policies.signals import SIGNALS
from pipeline.queries.warnings import Restart
from pipeline.views.answers import changed, find_deal
from pipeline.views.warnings import acted_words, find_restart

REST_DAYS, PAUSE_DAYS = 7, 30


@page
def deal_snooze(request: HttpRequest, deal_id: int, code: str) -> HttpResponse:
    """Ask until when a warning may rest, and why."""
    deal = find_deal(request, deal_id, to_edit=True)
    initial = {"until": timezone.localdate() + timedelta(days=REST_DAYS)}
    return _sheet_page(request, deal, RestForm(initial=initial), _snoozing(code))


@action
def deal_snoozed(request: HttpRequest, deal_id: int, code: str) -> HttpResponse:
    """Let a warning rest."""
    deal, texts, form = find_deal(request, deal_id, to_edit=True), _snoozing(code), RestForm(request.POST)
    return _saved(request, deal, form, texts, lambda values: snooze_signal(
        opportunity_id=deal_id, code=code, by=request.user, at=timezone.now(), **values,
    ))  # fmt: skip


@action
def deal_woken(request: HttpRequest, deal_id: int, code: str) -> HttpResponse:
    """Let a warning that rests speak again."""
    deal = find_deal(request, deal_id, to_edit=True)
    _snoozing(code)
    try:
        wake_signal(opportunity_id=deal_id, code=code, by=request.user, at=timezone.now())
    except CommandRefused as refused:
        return refuse(request, refused, to=reverse("pipeline:deal_detail", args=[deal_id]))
    return changed(request, deal, _("%(signal)s speaks again.") % {"signal": label("signal", code)})


@page
def deal_pause(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Ask until when the customer wants to wait, and why."""
    deal = find_deal(request, deal_id, to_edit=True)
    until = deal.paused_until or timezone.localdate() + timedelta(days=PAUSE_DAYS)
    return _sheet_page(request, deal, RestForm(initial={"until": until, "reason": deal.pause_reason}), _pausing())


@action
def deal_paused(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Let a deal wait."""
    deal, form = find_deal(request, deal_id, to_edit=True), RestForm(request.POST)
    return _saved(request, deal, form, _pausing(), lambda values: pause_deal(
        opportunity_id=deal_id, by=request.user, at=timezone.now(), **values,
    ))  # fmt: skip


@action
def deal_resumed(request: HttpRequest, deal_id: int) -> HttpResponse:
    """End a pause before its day."""
    find_deal(request, deal_id, to_edit=True)
    try:
        resume_deal(opportunity_id=deal_id, by=request.user, at=timezone.now())
    except CommandRefused as refused:
        return refuse(request, refused, to=reverse("pipeline:deal_detail", args=[deal_id]))
    return changed(request, find_deal(request, deal_id), _("The clocks run again."))


@page
def deal_restart(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Ask what gets a deal going again."""
    deal, at = find_deal(request, deal_id, to_edit=True), timezone.now()
    found = find_restart(deal, at)
    return _sheet_page(request, deal, RestartForm(initial={"note": found.note}), _restarting(found, at))


@action
def deal_restarted(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Keep the plan."""
    deal, form, at = find_deal(request, deal_id, to_edit=True), RestartForm(request.POST), timezone.now()
    return _saved(request, deal, form, _restarting(find_restart(deal, at), at), lambda values: plan_restart(
        opportunity_id=deal_id, by=request.user, at=at, **values,
    ))  # fmt: skip


def _snoozing(code: str) -> dict[str, str]:
    if code not in set(SIGNALS):
        raise Http404
    name = label("signal", code)
    return {
        "title": _("Let “%(signal)s” rest") % {"signal": name},
        "text": _("It comes back on that day. The next review shows who said why."),
        "button": _("Let it rest"),
        "done": _("“%(signal)s” rests.") % {"signal": name},
    }


def _pausing() -> dict[str, str]:
    return {
        "title": _("Wait with the customer"),
        "text": _(
            "They asked us to come back on a day. Clocks rest until then, 90 days at most; the days are counted."
        ),
        "button": _("Wait"),
        "done": _("The deal waits."),
    }


def _restarting(found: Restart, at: datetime) -> dict[str, str]:
    acted = acted_words(found, at) or _("Nothing that was logged")
    return {
        "title": _("Plan a restart"),
        "text": _("Last thing the customer did: %(acted)s. What can we do so that they act again?") % {"acted": acted},
        "button": _("Save the plan"),
        "done": _("Restart planned."),
    }


def _saved(
    request: HttpRequest, deal: Opportunity, form: RecordForm, texts: dict[str, str], command: Callable[[Any], object]
) -> HttpResponse:
    if form.is_valid():
        try:
            command(form.cleaned_data)
        except NotPermitted:
            raise
        except CommandRefused as refused:
            form.refuse(refused)
        else:
            return changed(request, find_deal(request, deal.pk), texts["done"])
    return _sheet_page(request, deal, form, texts, status=WRONG)


def _sheet_page(
    request: HttpRequest, deal: Opportunity, form: RecordForm, texts: dict[str, str], *, status: int = 200
) -> HttpResponse:
    name = "pipeline/deal_attention.html"
    template = f"{name}#attention_sheet" if request.headers.get("HX-Request") else name
    return render(request, template, {"deal": deal, "form": form, "texts": texts}, status=status)
