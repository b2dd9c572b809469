"""What is worth knowing of a company before a call: a panel of its page, and the sheets that write it (TR-038, TR-045)."""

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.commands.insights import FIELDS, add_insight, edit_insight, end_insight
from crm.enums import Burner, InsightKind
from crm.forms.playbook import InsightForm, insight_values
from crm.labels import BURNERS, INSIGHT_LISTS
from crm.lib.errors import CommandRefused
from crm.lib.http import action, page
from crm.models import Account, AccountInsight
from crm.permissions import can_add_insight, can_edit_insight, refuse_unless
from crm.queries.access import get_access
from crm.queries.accounts import accounts_visible_to
from crm.queries.insights import get_insights, insights_visible_to
from crm.views.answers import done, refuse, render_part
from crm.views.editing import Edited, save_edit, save_new, show_edit

NOTED = "insight:changed"


@page
def insights(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is known of a company by kind, goals by burner; a panel by htmx, a page without."""
    account = find_account(request, pk)
    if account.merged_into_id:
        return redirect("crm:account_insights", account.merged_into_id, permanent=True)
    access, found = get_access(request.user), get_insights(pk)
    for row in (row for rows in found.values() for row in rows):
        row.account = account
        row.editable = can_edit_insight(access, row)  # type: ignore[attr-defined]
    context = {
        "account": account,
        "lists": [(kind, INSIGHT_LISTS[kind], found[kind]) for kind in InsightKind if kind != InsightKind.GOAL],
        "burners": [(each, BURNERS[each], [row for row in found[InsightKind.GOAL] if row.burner == each])
                    for each in Burner],
        "can_add": can_add_insight(access),
        "is_empty": not any(found.values()),
        "today": timezone.localdate(),
    }  # fmt: skip
    return render_part(request, "crm/account_insights.html", "account_insights", context)


@page
def insight_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form of something new, of the `kind` the address gives."""
    account = find_account(request, pk, to_add=True)
    values = insight_values(None, kind=request.GET.get("kind", ""))
    return _render(request, account, None, show_edit(partial(InsightForm, account_id=pk), values))


@action
def insight_added(request: HttpRequest, pk: int) -> HttpResponse:
    """Note something."""
    account = find_account(request, pk, to_add=True)
    edited = save_new(request, partial(InsightForm, account_id=pk), partial(add_insight, account_id=pk))
    if edited.saved:
        return done(request, _("Noted."), to=_url(pk), events=NOTED)
    return _render(request, account, None, edited)


@page
def insight(request: HttpRequest, pk: int, insight_id: int) -> HttpResponse:
    """Show the form of what was noted."""
    found = find_insight(request, pk, insight_id)
    return _render(request, found.account, found, show_edit(partial(InsightForm, account_id=pk), _values(found)))


@action
def insight_saved(request: HttpRequest, pk: int, insight_id: int) -> HttpResponse:
    """Put right what was noted, field by field."""
    found = find_insight(request, pk, insight_id)
    command = partial(edit_insight, insight_id=insight_id, by=request.user, at=timezone.now())
    edited = save_edit(
        request, partial(InsightForm, account_id=pk), command,
        fresh=lambda: _values(find_insight(request, pk, insight_id)),
    )  # fmt: skip
    if edited.saved:
        return done(request, _("Saved."), to=_url(pk), events=NOTED)
    return _render(request, found.account, found, edited)


@action
def insight_ended(request: HttpRequest, pk: int, insight_id: int) -> HttpResponse:
    """Note that something is no longer so."""
    find_insight(request, pk, insight_id)
    try:
        end_insight(insight_id=insight_id, by=request.user, at=timezone.now())
    except CommandRefused as refused:
        return refuse(request, refused, to=_url(pk))
    return done(request, _("Taken away."), to=_url(pk), events=NOTED)


def find_account(request: HttpRequest, pk: int, *, to_add: bool = False) -> Account:
    """Return the account, 404 where the person may not see it, 403 where not note anything of it."""
    account: Account = get_object_or_404(accounts_visible_to(request.user), pk=pk)
    if to_add:
        refuse_unless(can_add_insight(get_access(request.user)))
    return account


def find_insight(request: HttpRequest, pk: int, insight_id: int) -> AccountInsight:
    """Return what was noted of this account and still holds, 403 where it is a colleague's."""
    rows = insights_visible_to(request.user).filter(account_id=pk, archived_at=None).select_related("account")
    found = rows.filter(pk=insight_id).first()
    if found is None:
        raise Http404
    refuse_unless(can_edit_insight(get_access(request.user), found))
    return found


def _values(found: AccountInsight) -> dict[str, Any]:
    return {name: getattr(found, name) for name in FIELDS}


def _url(pk: int) -> str:
    return reverse("crm:account_detail", args=[pk])


def _render(request: HttpRequest, account: Account, found: AccountInsight | None, edited: Edited) -> HttpResponse:
    context = {"account": account, "insight": found, **edited.context}
    return render_part(request, "crm/account_insight.html", "insight_sheet", context, status=edited.status)
