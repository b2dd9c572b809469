"""What is wrong with a deal on its page, and what people do about it: rest a warning, wait, plan a restart."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.forms.records import RecordForm
from crm.lib import formats
from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.http import action, page
from crm.lib.labels import label
from crm.views.answers import WRONG, refuse
from pipeline.commands.attention import pause_deal, plan_restart, resume_deal, snooze_signal, wake_signal
from pipeline.enums import SignalCode
from pipeline.forms.attention import RestartForm, RestForm
from pipeline.labels.signals import describe_signal
from pipeline.models import Opportunity
from pipeline.policies.signals import SIGNALS, Action, Pause, covered_days
from pipeline.queries.pauses import get_pauses
from pipeline.queries.warnings import StoredWarning, get_restart, get_restart_note, get_warnings
from pipeline.views.answers import changed, find_deal

REST_DAYS, PAUSE_DAYS = 7, 30


def build_warnings(deal: Opportunity, *, setpoint: str, at: datetime) -> dict[str, Any]:
    """Return the panel of what is wrong with an open deal: what speaks, what rests, how long it waits."""
    if not deal.is_open:
        return {"speaking": [], "resting": [], "restart": None, "paused": ""}
    today = timezone.localtime(at).date()
    stored = get_warnings(deal.pk)
    rows = [(each, _row(deal, each, today, setpoint)) for each in stored]
    languishes = any(each.code == SignalCode.STUCK and each.detail.get("last") for each in stored)
    return {
        "speaking": [row for each, row in rows if each.snoozed_until is None],
        "resting": [row for each, row in rows if each.snoozed_until is not None],
        "restart": _restart(deal, at) if languishes else None,
        "paused": _pause_words(deal, at),
        "is_paused": deal.paused_until is not None and deal.paused_until > today,
    }


def _row(deal: Opportunity, stored: StoredWarning, today: Any, setpoint: str) -> dict[str, Any]:
    said = describe_signal(stored.code, stored.severity, stored.since, stored.detail, today, setpoint=setpoint)
    return {
        "said": said,
        "until": formats.short_day(stored.snoozed_until) if stored.snoozed_until else "",
        "reason": stored.reason,
        "by": stored.by,
        **_way_out(deal, stored),
    }


def _way_out(deal: Opportunity, stored: StoredWarning) -> dict[str, Any]:
    """Return the words and the address of what clears a warning, and where its form opens."""
    act = SIGNALS[SignalCode(stored.code)].action
    if act == Action.PLAN_RESTART and not stored.detail.get("last"):
        act = Action.PLAN_STEP
    opens, target = WAYS_OUT[act](deal)
    return {"action": label("signal_action", act), "href": opens, "target": target}


def _field(name: str) -> Callable[[Opportunity], tuple[str, str]]:
    element = f"#fact-{name}"
    return lambda deal: (reverse("pipeline:deal_field", args=[deal.pk, name]), element)


def _sheet(name: str, query: str = "") -> Callable[[Opportunity], tuple[str, str]]:
    return lambda deal: (reverse(name, args=[deal.pk]) + query, "#sheet")


WAYS_OUT: dict[Action, Callable[[Opportunity], tuple[str, str]]] = {
    Action.PLAN_STEP: _sheet("pipeline:deal_step"),
    Action.MOVE_STEP: _sheet("pipeline:deal_step", "?way=move"),
    Action.PLAN_RESTART: _sheet("pipeline:deal_restart"),
    Action.MOVE_CLOSE_DATE: _field("expected_close_on"),
    Action.CHECK_AMOUNT: _field("amount"),
    Action.CHECK_MARGIN: lambda deal: (reverse("pipeline:deal_economics", args=[deal.pk]), ""),
    Action.SHOW_CRITERIA: lambda deal: (reverse("pipeline:deal_detail", args=[deal.pk]) + "#criteria", ""),
    Action.ASSESS: lambda deal: (reverse("pipeline:deal_detail", args=[deal.pk]) + "#qualification", ""),
    Action.ADD_CONTACT: _sheet("pipeline:deal_person_new"),
}


def _restart(deal: Opportunity, at: datetime) -> dict[str, Any]:
    found = get_restart(deal.pk, since=deal.setpoint_entered_at or deal.created_at, at=at)
    acted = ""
    if found.acted_at is not None:
        days = (timezone.localtime(at).date() - timezone.localtime(found.acted_at).date()).days
        what = found.subject or label("activity_kind", found.kind)
        acted = _("%(what)s, %(day)s, %(days)s ago") % {
            "what": what, "day": formats.short_day(found.acted_at), "days": formats.days_in_words(days),
        }  # fmt: skip
    return {"acted": acted, "note": found.note, "planned": found.planned_at, "by": found.by}


def _pause_words(deal: Opportunity, at: datetime) -> str:
    """Say until when a deal waits, and how many days it has waited in all; empty for one that never did."""
    if deal.paused_until is None:
        return ""
    today = timezone.localtime(at).date()
    pauses = [Pause(each.start, min(each.until, today)) for each in get_pauses(deal.pk, at=at)]
    spent = covered_days(pauses, start=timezone.localtime(deal.created_at).date(), end=today)
    waited = _("%(days)s waited in all.") % {"days": formats.days_in_words(spent)}
    if deal.paused_until <= today:
        return waited
    words = _("Waits until %(day)s: %(reason)s") % {
        "day": formats.short_day(deal.paused_until), "reason": deal.pause_reason,
    }  # fmt: skip
    return f"{words} · {waited}" if spent else words


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
    deal = find_deal(request, deal_id, to_edit=True)
    return _sheet_page(request, deal, RestartForm(initial={"note": get_restart_note(deal_id)}), _restarting())


@action
def deal_restarted(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Keep the plan."""
    deal, form = find_deal(request, deal_id, to_edit=True), RestartForm(request.POST)
    return _saved(request, deal, form, _restarting(), lambda values: plan_restart(
        opportunity_id=deal_id, by=request.user, at=timezone.now(), **values,
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


def _restarting() -> dict[str, str]:
    return {
        "title": _("Plan a restart"),
        "text": _("What can we do so that the customer acts again?"),
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
