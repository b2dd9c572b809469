"""The sheet that goes to delivery with a won deal: read, taken over, checked against what was sold."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.enums import Role
from crm.lib.errors import CommandRefused
from crm.lib.http import action, page
from crm.models import User
from crm.permissions import hide_unless
from crm.queries.access import get_access
from crm.views.answers import WRONG, go_on, refuse
from crm.views.editing import carry_out
from pipeline.commands.handovers import accept_handover, check_delivery
from pipeline.forms.promises import CheckForm
from pipeline.models import Handover
from pipeline.permissions import can_edit
from pipeline.policies.handovers import accept_refusals, is_at_risk
from pipeline.queries.handovers import get_sheet, handovers_visible_to, with_follow_up
from pipeline.queries.opportunities import opportunities_visible_to

SHOWN = 200


@page
def handovers(request: HttpRequest) -> HttpResponse:
    """List what waits to be taken over, what is to be checked, what differs from what was sold, and the rest."""
    access, today = get_access(request.user), timezone.localdate()
    hide_unless(access.reads_company or Role.DELIVERY in access.roles or handovers_visible_to(request.user).exists())
    found = with_follow_up(handovers_visible_to(request.user)).order_by("-made_at", "-pk")[:SHOWN]
    kinds: dict[str, list[dict[str, Any]]] = {"waits": [], "check": [], "differs": [], "rest": []}
    for each in found:
        kinds[_kind(each, today)].append(_row(each))
    titles = {
        "waits": _("Wait to be taken over"), "check": _("To be checked"), "differs": _("Renewal at risk"),
        "rest": _("Taken over"),
    }  # fmt: skip
    groups = [{"title": titles[kind], "rows": rows} for kind, rows in kinds.items() if rows]
    context = {"groups": groups, "waiting": len(kinds["waits"]), "at_risk": len(kinds["differs"])}
    return render(request, "pipeline/handover_list.html", context)


def _kind(found: Handover, today: date) -> str:
    """Return in which group a handover stands; `found` has what `with_follow_up` adds."""
    if is_at_risk(as_sold=found.as_sold, broken_promises=found.broken_promises):  # type: ignore[attr-defined]  # annotated
        return "differs"
    if found.accepted_at is None:
        return "waits"
    return "check" if found.checked_on is None and found.check_due_on <= today else "rest"  # type: ignore[attr-defined]  # annotated


def _row(found: Handover) -> dict[str, Any]:
    return {"handover": found, "deal": found.opportunity, "broken": found.broken_promises}  # type: ignore[attr-defined]  # annotated


@page
def handover(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Show what was sold and promised, to whoever delivers it and whoever sees the deal."""
    found = find_handover(request.user, deal_id)
    return _render(request, found, CheckForm(initial={"checked_on": timezone.localdate(), "as_sold": "yes"}))


@action
def handover_accepted(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Take a deal over."""
    found, at = find_handover(request.user, deal_id), timezone.now()
    url = reverse("pipeline:handover", args=[deal_id])
    try:
        accept_handover(handover_id=found.pk, by=request.user, at=at)
    except CommandRefused as refused:
        return refuse(request, refused, to=url)
    return go_on(request, _("You took it over."), to=url)


@action
def handover_checked(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Say whether it was delivered as sold."""
    found, form = find_handover(request.user, deal_id), CheckForm(request.POST)
    if carry_out(form, check_delivery, handover_id=found.pk, by=request.user, at=timezone.now()) is None:
        return _render(request, found, form)
    return go_on(request, _("Noted."), to=reverse("pipeline:handover", args=[deal_id]))


def find_handover(user: User, deal_id: int) -> Handover:
    """Return the handover of a won deal, 404 where it is neither addressed to the person nor of a deal they see."""
    found = handovers_visible_to(user).filter(opportunity_id=deal_id).first()
    if found is None:
        raise Http404
    return found


def _render(request: HttpRequest, found: Handover, form: CheckForm) -> HttpResponse:
    """Show the sheet; a form that comes back was wrong."""
    access, deal = get_access(request.user), found.opportunity
    delivers = Role.DELIVERY in access.roles
    refused = accept_refusals(to_id=found.to_id, by_id=access.user_id, is_admin=access.is_admin, delivers=delivers)
    context: dict[str, Any] = {
        "handover": found,
        "deal": deal,
        "form": form,
        "may_accept": found.accepted_at is None and not refused,
        "may_check": found.to_id == access.user_id or can_edit(access, deal),
        "sees_deal": opportunities_visible_to(request.user).filter(pk=deal.pk).exists(),
        **get_sheet(found),
    }
    return render(request, "pipeline/handover_detail.html", context, status=WRONG if form.is_bound else 200)
