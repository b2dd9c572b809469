"""What is asked and promised of a deal: its panel, and the sheets that ask, promise and end."""

from datetime import datetime
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
from pipeline.commands.approvals import ask_approval, withdraw_approval
from pipeline.commands.promises import add_promise, end_promise
from pipeline.enums import PolicyArea
from pipeline.forms.promises import AskForm, EndPromiseForm, PromiseForm
from pipeline.labels.promises import policy_sentence, promised
from pipeline.models import Opportunity, Promise
from pipeline.queries.promises import PromisedRow, approvals_visible_to, get_policies
from pipeline.views.answers import changed, find_deal

STATE_TONES = {"open": "warn", "approved": "ok", "refused": "bad", "kept": "ok", "broken": "bad", "dropped": ""}
STATE_ICONS = {
    "open": "hourglass", "approved": "check", "refused": "x", "kept": "check", "broken": "x", "dropped": "minus",
}  # fmt: skip


def build_promised(rows: list[PromisedRow], *, user_id: int, at: datetime) -> dict[str, Any]:
    """Return the panel of a deal: what was asked, of each area the newest first, and what was promised."""
    today = timezone.localtime(at).date()
    approvals = [_approval(row, user_id, at) for row in reversed(rows) if row.kind == "approval"]
    promises = [_promise(row, today) for row in rows if row.kind == "promise"]
    return {
        "approvals": approvals,
        "promises": promises,
        "handed_over": any(row.kind == "handover" for row in rows),
        "bars": [row for row in approvals if row["bars"]],
        "open_promises": sum(1 for row in promises if row["state"] == "open"),
    }


def _approval(row: PromisedRow, user_id: int, at: datetime) -> dict[str, Any]:
    late = row.state == "open" and row.due_at is not None and row.due_at < at
    return {
        "id": row.record_id,
        "title": f"{label('policy_area', row.area)}, {promised(row.area, row.asked)}" if row.asked is not None else "",
        "text": row.text,
        "answer": row.answer,
        "state": row.state,
        "words": _("Late") if late else label("approval_state", row.state),
        "tone": "bad" if late else STATE_TONES[row.state],
        "icon": STATE_ICONS[row.state],
        "person": row.person,
        "due_at": row.due_at,
        "bars": row.state in ("open", "refused"),
        "is_mine": row.state == "open" and row.person_id == user_id,
    }


def _promise(row: PromisedRow, today: Any) -> dict[str, Any]:
    late = row.state == "open" and row.due_on is not None and row.due_on < today
    area = f"{label('policy_area', row.area)}, {promised(row.area, row.asked)}" if row.asked is not None else ""
    day = row.ended_on if row.state != "open" else row.due_on
    return {
        "id": row.record_id,
        "text": row.text,
        "area": area,
        "state": row.state,
        "words": _("Late") if late else label("promise_state", row.state),
        "tone": "bad" if late else STATE_TONES[row.state] if row.state != "open" else "",
        "icon": "clock-alert" if late else STATE_ICONS[row.state],
        "person": row.person,
        "day": formats.short_day(day) if day else "",
    }


@page
def approval_ask(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Show the form that asks for an approval, beside what the policy says of each area."""
    deal = find_deal(request, deal_id, to_edit=True)
    area = request.GET.get("area", "")
    return _ask(request, deal, AskForm(initial={"area": area if area in set(PolicyArea) else PolicyArea.DISCOUNT}))


@action
def approval_asked(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Ask for an approval."""
    deal, form, at = find_deal(request, deal_id, to_edit=True), AskForm(request.POST), timezone.now()
    if form.is_valid():
        try:
            made = ask_approval(opportunity_id=deal_id, by=request.user, at=at, **form.cleaned_data)
        except NotPermitted:
            raise
        except CommandRefused as refused:
            form.refuse(refused)
        else:
            return changed(request, deal, _("%(name)s was asked.") % {"name": made.approver})
    return _ask(request, deal, form, status=WRONG)


@action
def approval_withdrawn(request: HttpRequest, deal_id: int, approval_id: int) -> HttpResponse:
    """Ask no longer."""
    deal = find_deal(request, deal_id, to_edit=True)
    if not approvals_visible_to(request.user).filter(pk=approval_id, opportunity_id=deal_id).exists():
        raise Http404
    try:
        withdraw_approval(approval_id=approval_id, by=request.user, at=timezone.now())
    except CommandRefused as refused:
        return refuse(request, refused, to=reverse("pipeline:deal_detail", args=[deal_id]))
    return changed(request, deal, _("Withdrawn."))


@page
def promise_new(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Show the form for a promise."""
    deal = find_deal(request, deal_id, to_edit=True)
    return _promise_sheet(request, deal, PromiseForm(), **_new_texts(request))


@action
def promise_added(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Note a promise."""
    deal, form, at = find_deal(request, deal_id, to_edit=True), PromiseForm(request.POST), timezone.now()
    if form.is_valid():
        try:
            add_promise(opportunity_id=deal_id, by=request.user, at=at, **form.cleaned_data)
        except NotPermitted:
            raise
        except CommandRefused as refused:
            form.refuse(refused)
        else:
            return changed(request, deal, _("The promise is noted."))
    return _promise_sheet(request, deal, form, status=WRONG, **_new_texts(request))


@page
def promise_end(request: HttpRequest, deal_id: int, promise_id: int) -> HttpResponse:
    """Ask what became of a promise."""
    deal, promise = find_deal(request, deal_id, to_edit=True), find_promise(deal_id, promise_id)
    form = EndPromiseForm(initial={"ended_on": timezone.localdate()})
    return _promise_sheet(request, deal, form, **_end_texts(promise))


@action
def promise_ended(request: HttpRequest, deal_id: int, promise_id: int) -> HttpResponse:
    """Say what became of a promise."""
    deal, promise = find_deal(request, deal_id, to_edit=True), find_promise(deal_id, promise_id)
    form = EndPromiseForm(request.POST)
    if form.is_valid():
        try:
            ended = end_promise(promise_id=promise_id, by=request.user, at=timezone.now(), **form.cleaned_data)
        except NotPermitted:
            raise
        except CommandRefused as refused:
            form.refuse(refused)
        else:
            return changed(request, deal, f"{promise.text}: {label('promise_state', ended.state)}")
    return _promise_sheet(request, deal, form, status=WRONG, **_end_texts(promise))


def find_promise(deal_id: int, promise_id: int) -> Promise:
    """Return a promise of the deal, 404 for another's."""
    promise = Promise.objects.filter(pk=promise_id, opportunity_id=deal_id).first()
    if promise is None:
        raise Http404
    return promise


def policy_lines() -> list[dict[str, str]]:
    """Return what the policy says of each area today, in a sentence and what sellers should know beside it."""
    policies = get_policies(on=timezone.localdate())
    return [
        {
            "area": str(area),
            "name": label("policy_area", area),
            "says": policy_sentence(policies.get(area)),
            "hint": policies[area].hint if area in policies else "",
        }
        for area in PolicyArea
    ]


def _new_texts(request: HttpRequest) -> dict[str, Any]:
    texts = {
        "title": _("New promise"), "button": _("Note the promise"),
        "text": _("What we told the customer we would do. It goes to delivery when the deal is won."),
    }  # fmt: skip
    return {"texts": texts, "lines": policy_lines()}


def _end_texts(promise: Promise) -> dict[str, Any]:
    return {"texts": {"title": _("What became of it?"), "button": _("Save"), "text": promise.text}, "lines": []}


def _ask(request: HttpRequest, deal: Opportunity, form: AskForm, *, status: int = 200) -> HttpResponse:
    texts = {
        "title": _("Ask for an approval"), "button": _("Ask"),
        "text": _("Until it is answered, the deal stays below 90%."),
    }  # fmt: skip
    return _promise_sheet(request, deal, form, texts=texts, lines=policy_lines(), status=status)


def _promise_sheet(
    request: HttpRequest, deal: Opportunity, form: RecordForm, *, texts: dict[str, str], lines: list[dict[str, str]],
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = {"deal": deal, "form": form, "texts": texts, "lines": lines}
    template = "pipeline/deal_promise.html" + ("#promise_sheet" if request.headers.get("HX-Request") else "")
    return render(request, template, context, status=status)
