"""What is asked and promised of a deal: its panel, and the sheets that ask, promise and end."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib import formats
from crm.lib.errors import CommandRefused
from crm.lib.http import action, page
from crm.lib.labels import label
from crm.permissions import refuse_unless
from crm.queries.access import get_access
from crm.views.answers import refuse
from crm.views.editing import carry_out
from pipeline.commands.approvals import ask_approval, withdraw_approval
from pipeline.commands.promises import add_promise, end_promise
from pipeline.enums import PolicyArea
from pipeline.forms.promises import AskForm, EndPromiseForm, PromiseForm
from pipeline.labels.promises import policy_sentence, promised
from pipeline.models import Opportunity, Promise
from pipeline.permissions import can_edit
from pipeline.queries.opportunities import opportunities_visible_to
from pipeline.queries.promises import PromisedRow, approvals_visible_to, get_policies, promises_visible_to
from pipeline.views.answers import changed, find_deal
from pipeline.views.asking import show_sheet

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
    deal, form = find_deal(request, deal_id, to_edit=True), AskForm(request.POST)
    made = carry_out(form, ask_approval, opportunity_id=deal_id, by=request.user, at=timezone.now())
    if made is None:
        return _ask(request, deal, form)
    return changed(request, deal, _("%(name)s was asked.") % {"name": made.approver})


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
    return _new(request, find_deal(request, deal_id, to_edit=True), PromiseForm())


@action
def promise_added(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Note a promise."""
    deal, form = find_deal(request, deal_id, to_edit=True), PromiseForm(request.POST)
    made = carry_out(form, add_promise, opportunity_id=deal_id, by=request.user, at=timezone.now())
    return changed(request, deal, _("The promise is noted.")) if made else _new(request, deal, form)


@page
def promise_end(request: HttpRequest, deal_id: int, promise_id: int) -> HttpResponse:
    """Ask what became of a promise, of whoever keeps it or may change the deal."""
    promise = find_promise(request, deal_id, promise_id)
    return _end(request, promise, EndPromiseForm(initial={"ended_on": timezone.localdate()}))


@action
def promise_ended(request: HttpRequest, deal_id: int, promise_id: int) -> HttpResponse:
    """Say what became of a promise."""
    promise, form = find_promise(request, deal_id, promise_id), EndPromiseForm(request.POST)
    ended = carry_out(form, end_promise, promise_id=promise_id, by=request.user, at=timezone.now())
    if ended is None:
        return _end(request, promise, form)
    text = f"{promise.text}: {label('promise_state', ended.state)}"
    return changed(request, promise.opportunity, text, to=_home(request, promise))


def find_promise(request: HttpRequest, deal_id: int, promise_id: int) -> Promise:
    """Return a promise of the deal, 404 where the person neither keeps it nor sees the deal, 403 where not end it."""
    promise = promises_visible_to(request.user).filter(pk=promise_id, opportunity_id=deal_id).first()
    if promise is None:
        raise Http404
    refuse_unless(promise.owner_id == request.user.pk or can_edit(get_access(request.user), promise.opportunity))
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


def _new(request: HttpRequest, deal: Opportunity, form: PromiseForm) -> HttpResponse:
    text = _("What we told the customer we would do. It goes to delivery when the deal is won.")
    return show_sheet(
        request, deal, form, title=_("New promise"), text=text, button=_("Note the promise"), policies=policy_lines()
    )


def _end(request: HttpRequest, promise: Promise, form: EndPromiseForm) -> HttpResponse:
    return show_sheet(
        request, promise.opportunity, form, title=_("What became of it?"), text=promise.text, button=_("Save"),
        home=_home(request, promise),
    )  # fmt: skip


def _home(request: HttpRequest, promise: Promise) -> str:
    """Return where the person reads of the promise: on the deal, or among what waits for them."""
    sees_deal = opportunities_visible_to(request.user).filter(pk=promise.opportunity_id).exists()
    return (
        reverse("pipeline:deal_detail", args=[promise.opportunity_id]) if sees_deal else reverse("pipeline:approvals")
    )


def _ask(request: HttpRequest, deal: Opportunity, form: AskForm) -> HttpResponse:
    text = _("Until it is answered, the deal stays below 90%.")
    return show_sheet(
        request, deal, form, title=_("Ask for an approval"), text=text, button=_("Ask"), policies=policy_lines()
    )
