"""Whoever is asked answers here: what waits, one question with what is needed to decide, yes, no, or handed on."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib.http import action, page
from crm.lib.labels import label
from crm.models import User
from crm.permissions import hide_unless
from crm.queries.access import get_access
from crm.views.answers import WRONG, go_on
from crm.views.editing import carry_out
from pipeline.commands.approvals import decide_approval, delegate_approval
from pipeline.enums import ApprovalState, PolicyArea
from pipeline.forms.promises import DecideForm, DelegateForm
from pipeline.labels.economic_figures import SaidFigure
from pipeline.labels.promises import policy_sentence, promised
from pipeline.models import Approval
from pipeline.policies.promises import ANSWERING
from pipeline.queries.economics import get_economics
from pipeline.queries.opportunities import opportunities_visible_to
from pipeline.queries.promises import (
    approvals_addressed_to,
    approvals_visible_to,
    approvals_waiting_for,
    get_earlier_answers,
    get_policies,
    promises_kept_by,
)
from pipeline.queries.questions import questions_waiting_for
from pipeline.views.economics import describe
from pipeline.views.promises import STATE_ICONS, STATE_TONES

SHOWN = 50
# What is given away here costs money.
PRICED = frozenset({PolicyArea.DISCOUNT, PolicyArea.CUSTOM_WORK, PolicyArea.PAYMENT_TERMS})


@page
def approvals(request: HttpRequest) -> HttpResponse:
    """List what waits for the person's answer, what they asked, and what they answered."""
    access, user, at = get_access(request.user), request.user, timezone.now()
    hide_unless(access.reads_company or bool(access.roles & ANSWERING))
    waiting = list(approvals_waiting_for(user)[:SHOWN])
    asked = approvals_visible_to(user).filter(asked_by=user).order_by("-asked_at", "-pk")[:SHOWN]
    answered = approvals_addressed_to(user).exclude(decided_at=None).order_by("-decided_at", "-pk")[:SHOWN]
    groups = [
        {"title": _("Waiting for your answer"), "rows": [row(each, at) for each in waiting]},
        {"title": _("You asked"), "rows": [row(each, at) for each in asked]},
        {"title": _("Answered"), "rows": [row(each, at) for each in answered if each.asked_by_id != user.pk]},
    ]
    late, questions = sum(1 for each in waiting if each.due_at < at), list(questions_waiting_for(user)[:SHOWN])
    context = {
        "groups": groups, "waiting": len(waiting) + len(questions), "late": late, "questions": questions,
        "promises": [] if access.reads_company else list(promises_kept_by(user)[:SHOWN]),
    }  # fmt: skip
    return render(request, "pipeline/approval_list.html", context)


@page
def approval(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one question with what is needed to answer it, and no more of the deal than that."""
    return _render(request, find_approval(request.user, pk), DecideForm())


@action
def approval_decided(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve or refuse."""
    asked, form, decision = find_approval(request.user, pk), DecideForm(request.POST), request.POST.get("decision")
    if decision not in ("approve", "refuse"):
        return _render(request, asked, form)
    approves = decision == "approve"
    decided = carry_out(form, decide_approval, approval_id=pk, approves=approves, by=request.user, at=timezone.now())
    if decided is None:
        return _render(request, asked, form)
    return go_on(request, _("Approved.") if approves else _("Refused."), to=reverse("pipeline:approvals"))


@action
def approval_delegated(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a question on to somebody else."""
    asked = find_approval(request.user, pk)
    form = _delegate_form(asked, request.POST)
    handed = carry_out(form, delegate_approval, approval_id=pk, by=request.user, at=timezone.now())
    if handed is None:
        return _render(request, asked, DecideForm(), delegate=form)
    text = _("%(name)s answers now.") % {"name": handed.approver}
    return go_on(request, text, to=reverse("pipeline:approvals"))


def find_approval(user: User, pk: int) -> Approval:
    """Return a question the person may see, 404 for what is not addressed to them and of no deal of theirs."""
    found = approvals_visible_to(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def row(asked: Approval, at: Any) -> dict[str, Any]:
    """Return a question as a row."""
    late = asked.state == ApprovalState.OPEN and asked.due_at < at
    return {
        "asked": asked,
        "title": f"{label('policy_area', asked.area)}, {promised(asked.area, asked.asked or 0)}",  # type: ignore[arg-type]
        "words": _("Late") if late else label("approval_state", asked.state),
        "tone": "bad" if late else STATE_TONES.get(asked.state, ""),
        "icon": STATE_ICONS.get(asked.state, "minus"),
        "is_open": asked.state == ApprovalState.OPEN,
        "late": late,
    }


def _delegate_form(asked: Approval, data: Any = None) -> DelegateForm:
    return DelegateForm(data, without={asked.approver_id, asked.asked_by_id})


def _margin(asked: Approval, at: datetime) -> SaidFigure:
    """Return what the deal leaves us as it stands, which whoever gives money away decides by (EE-069)."""
    judged = get_economics([asked.opportunity_id], user=None, at=at)
    return describe(judged.rows[0], judged)[0]


def _render(
    request: HttpRequest, asked: Approval, form: DecideForm, *, delegate: DelegateForm | None = None
) -> HttpResponse:
    """Show it; the form that comes back was wrong."""
    user, at = request.user, timezone.now()
    answers = asked.approver_id == user.pk or get_access(user).is_admin
    is_open = asked.state == ApprovalState.OPEN and asked.opportunity.is_open
    context = {
        **row(asked, at),
        "deal": asked.opportunity,
        "form": form,
        "delegate": delegate or _delegate_form(asked),
        "may_decide": is_open and answers and asked.asked_by_id != user.pk,
        "may_delegate": is_open and (answers or asked.escalated_to_id == user.pk),
        "says": policy_sentence(get_policies(on=timezone.localdate(at)).get(PolicyArea(asked.area))),
        "margin": _margin(asked, at) if asked.area in PRICED else None,
        "earlier": [row(each, at) for each in get_earlier_answers(asked)],
        "sees_deal": opportunities_visible_to(user).filter(pk=asked.opportunity_id).exists(),
    }
    status = WRONG if form.is_bound or delegate else 200
    return render(request, "pipeline/approval_detail.html", context, status=status)
