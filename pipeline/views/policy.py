"""What may be promised: everybody who sells or answers reads it, an administrator sets it (P-14, EE-064 to EE-066)."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib.http import action, page
from crm.lib.labels import label
from crm.permissions import can_administer, hide_unless
from crm.queries.access import get_access
from crm.views.answers import WRONG, go_on, render_part
from crm.views.editing import carry_out
from crm.views.settings import settings_places
from pipeline.commands.promises import set_policy
from pipeline.enums import PolicyArea
from pipeline.forms.promises import PolicyForm
from pipeline.labels.promises import promised
from pipeline.models import PromisePolicy
from pipeline.policies.promises import ANSWERING
from pipeline.queries.promises import get_policy_rows

FIELDS = ("free_to", "approval_to", "role", "approver_id", "standard", "answer_hours", "hint")


@page
def policy(request: HttpRequest) -> HttpResponse:
    """Show the five areas with what is free, what needs an approval, and what is not sold."""
    access, today = get_access(request.user), timezone.localdate()
    hide_unless(access.reads_company or bool(access.roles & ANSWERING))
    standing = {each.area: each for each in reversed(get_policy_rows()) if each.valid_from <= today}
    rows = [policy_row(PolicyArea(area), standing.get(area)) for area in PolicyArea]
    context = {"rows": rows, "editable": can_administer(access), **settings_places(request, "policy")}
    return render(request, "pipeline/policy.html", context)


@page
def policy_area(request: HttpRequest, area: str) -> HttpResponse:
    """Show the form of one area above what the policy said before."""
    return _render(request, find_area(request, area))


@action
def policy_set(request: HttpRequest, area: str) -> HttpResponse:
    """Set what may be promised in an area from today on."""
    found = find_area(request, area)
    form = PolicyForm(request.POST, area=found)
    if carry_out(form, set_policy, area=area, by=request.user, at=timezone.now()) is None:
        return _render(request, found, form)
    return go_on(request, _("The policy stands from today on."), to=reverse("pipeline:policy"))


def find_area(request: HttpRequest, area: str) -> PolicyArea:
    """Return the area, 404 where there is none or the person does not administer."""
    if area not in set(PolicyArea) or not can_administer(get_access(request.user)):
        raise Http404
    return PolicyArea(area)


def policy_row(area: PolicyArea, row: PromisePolicy | None) -> dict[str, Any]:
    """Return a policy in words, a column a tier."""
    free, most = (row.free_to, row.approval_to) if row else (None, None)
    limit = most if most is not None else free
    return {
        "area": area,
        "name": label("policy_area", area),
        "row": row,
        "free": _("Everything")
        if free is None
        else _("Up to %(limit)s") % {"limit": promised(area, free)}
        if free
        else _("Nothing"),
        "approval": "–"
        if free is None or free == most
        else _("Everything else")
        if most is None
        else _("Up to %(limit)s") % {"limit": promised(area, most)},
        "not_sold": "–"
        if free is None or most is None
        else _("More than %(limit)s") % {"limit": promised(area, limit)},  # type: ignore[arg-type]
        "whom": str(row.approver or label("role", row.role)) if row else "",
        "standard": promised(area, row.standard) if row and row.standard and area == PolicyArea.PAYMENT_TERMS else "",
    }


def _render(request: HttpRequest, area: PolicyArea, form: PolicyForm | None = None) -> HttpResponse:
    """Show the sheet of an area; a form that comes back was wrong."""
    rows, today = [each for each in get_policy_rows() if each.area == area], timezone.localdate()
    standing = next((each for each in rows if each.valid_from <= today), None)
    initial = {name: getattr(standing, name) for name in FIELDS} if standing else {"answer_hours": 16}
    context = {
        "area": area,
        "title": label("policy_area", area),
        "form": form or PolicyForm(initial=initial, area=area),
        "history": [policy_row(area, each) for each in rows],
    }
    return render_part(request, "pipeline/policy_area.html", "policy_sheet", context, status=WRONG if form else 200)
