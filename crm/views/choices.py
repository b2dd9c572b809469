"""Suggestions for what is typed or chosen in forms."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from crm.forms.activities import ActivityForm
from crm.lib.http import page
from crm.permissions import can_log_activity, can_read_company, hide_unless
from crm.queries.access import get_access
from crm.queries.accounts import open_accounts, search_accounts

SUGGESTIONS = 12


@page
def account_choices(request: HttpRequest) -> HttpResponse:
    """Suggest companies for what is typed into a company field."""
    hide_unless(can_read_company(get_access(request.user)))
    named = (name for name in request.GET if name.endswith(("account_id", "parent_id", "q")))
    typed = request.GET.get(next(named, ""), "")
    found = search_accounts(open_accounts(), typed).order_by("name", "pk")[:SUGGESTIONS] if len(typed) > 1 else []
    return render(request, "crm/_account_choices.html", {"accounts": found})


@page
def contact_choices(request: HttpRequest) -> HttpResponse:
    """Give the people of the company that was just chosen in the form."""
    hide_unless(can_log_activity(get_access(request.user)))
    form = ActivityForm(request.GET)
    form.is_valid()
    account_id = form.cleaned_data.get("account_id")
    return render(request, "crm/_contact_choices.html", {"form": ActivityForm(account_id=account_id)})
