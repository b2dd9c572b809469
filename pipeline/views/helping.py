"""What colleagues are asked for on a deal: its panel, and the sheets that ask for shared hours or ask who delivers."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib import formats
from crm.lib.errors import CommandRefused
from crm.lib.http import action, page
from crm.lib.labels import label
from crm.queries.access import get_access
from crm.views.answers import refuse
from crm.views.editing import carry_out
from pipeline.commands.questions import ask_delivery
from pipeline.commands.resources import request_hours, withdraw_request
from pipeline.forms.resources import QuestionForm, RequestForm
from pipeline.labels.resources import hours_text, minutes_text
from pipeline.models import Opportunity
from pipeline.permissions import can_edit
from pipeline.queries.deliveries import get_sold_before
from pipeline.queries.resources import HelpRow, get_help
from pipeline.views.answers import changed, find_deal
from pipeline.views.asking import show_sheet
from pipeline.views.requests import find_request

TONES = {"open": "warn", "accepted": "accent", "declined": "bad", "done": "ok", "answered": "ok"}
ICONS = {"open": "hourglass", "accepted": "calendar-clock", "declined": "x", "done": "check", "answered": "check"}
PANEL_RELATED = ("account",)


@page
def deal_help(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Show what colleagues were asked for a deal, and what its customer was sold before."""
    deal, at = find_deal(request, deal_id, related=PANEL_RELATED), timezone.now()
    today = timezone.localtime(at).date()
    rows = [_row(each, request.user.pk, today) for each in get_help(deal_id)]
    context = {
        "deal": deal,
        "rows": rows,
        "waiting": sum(1 for row in rows if row["state"] == "open"),
        "before": get_sold_before(deal),
        "editable": can_edit(get_access(request.user), deal) and deal.is_open,
    }
    template = "pipeline/deal_help.html" + ("#help" if request.headers.get("HX-Request") else "")
    return render(request, template, context)


def _row(row: HelpRow, user_id: int, today: Any) -> dict[str, Any]:
    """Return a request or a question as a row of the panel."""
    is_request = row.what == "request"
    late = row.state == "open" and row.due_on is not None and row.due_on < today
    title = f"{label('resource_kind', row.kind)}, {hours_text(row.hours)}" if is_request and row.hours else row.text
    spent = minutes_text(row.spent_minutes) if row.spent_minutes else ""
    return {
        "what": row.what,
        "id": row.record_id,
        "state": row.state,
        "title": title,
        "text": row.text if is_request else "",
        "icon": "hand-helping" if is_request else "message-circle-question-mark",
        "words": _words(row, late, spent),
        "tone": "bad" if late else TONES[row.state],
        "state_icon": ICONS[row.state],
        "person": row.person,
        "answer": row.answer,
        "due": formats.short_day(row.due_on) if row.due_on and row.state in ("open", "accepted") else "",
        "against": [label("refusal", code) for code in row.against or ()],
        "reason": row.reason,
        "is_mine": row.person_id == user_id and row.state == "open",
        "can_withdraw": is_request and row.state in ("open", "accepted"),
    }


def _words(row: HelpRow, late: bool, spent: str) -> str:
    if late:
        return _("Late")
    if row.state == "answered":
        return _("Answered")
    return _("%(spent)s spent") % {"spent": spent} if spent else label("request_state", row.state)


@page
def hours_ask(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Show the form that asks for shared hours."""
    return _ask(request, find_deal(request, deal_id, to_edit=True), RequestForm())


@action
def hours_asked(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Ask for shared hours."""
    deal, form = find_deal(request, deal_id, to_edit=True), RequestForm(request.POST)
    made = carry_out(form, request_hours, opportunity_id=deal_id, by=request.user, at=timezone.now())
    return changed(request, deal, _("The hours are asked for.")) if made else _ask(request, deal, form)


@action
def hours_withdrawn(request: HttpRequest, deal_id: int, request_id: int) -> HttpResponse:
    """Ask for the hours no longer."""
    deal = find_deal(request, deal_id, to_edit=True)
    find_request(request.user, request_id, deal_id=deal_id)
    try:
        withdraw_request(request_id=request_id, by=request.user, at=timezone.now())
    except CommandRefused as refused:
        return refuse(request, refused, to=reverse("pipeline:deal_detail", args=[deal_id]))
    return changed(request, deal, _("Withdrawn."))


@page
def question_ask(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Show the form that asks somebody who delivers."""
    return _question(request, find_deal(request, deal_id, to_edit=True), QuestionForm())


@action
def question_asked(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Ask somebody who delivers."""
    deal, form = find_deal(request, deal_id, to_edit=True), QuestionForm(request.POST)
    asked = carry_out(form, ask_delivery, opportunity_id=deal_id, by=request.user, at=timezone.now())
    if asked is None:
        return _question(request, deal, form)
    return changed(request, deal, _("%(name)s was asked.") % {"name": asked.to})


def _ask(request: HttpRequest, deal: Opportunity, form: RequestForm) -> HttpResponse:
    nobody = "" if form.fields["giver"].choices else _("Nobody’s hours are shared yet.")  # type: ignore[attr-defined]
    text = _("They are given out by what an hour is expected to be worth.")
    return show_sheet(request, deal, form, title=_("Ask for shared hours"), text=text, button=_("Ask"), nobody=nobody)


def _question(request: HttpRequest, deal: Opportunity, form: QuestionForm) -> HttpResponse:
    nobody = _("Nobody holds the role product, delivery or operations yet.")
    nobody = "" if form.fields["to_id"].choices else nobody  # type: ignore[attr-defined]
    text = _("The answer stands on the deal.")
    return show_sheet(request, deal, form, title=_("Ask who delivers"), text=text, button=_("Ask"), nobody=nobody)
