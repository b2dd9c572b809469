"""Companies: the list, the page of one, a new one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.commands.accounts import archive_account, create_account, restore_account
from crm.forms.lists import AccountListForm, owner_filter_choices
from crm.forms.records import AccountForm
from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.http import action, page
from crm.lib.paging import get_page
from crm.models import Account
from crm.permissions import can_create_account, can_read_company, hide_unless, refuse_unless
from crm.queries.access import get_access
from crm.queries.accounts import (
    accounts_visible_to,
    filter_accounts,
    get_industries,
    search_accounts,
    sort_accounts,
    with_list_columns,
)
from crm.queries.activities import activities_visible_to, open_activities
from crm.queries.audit import get_record_audit
from crm.queries.contacts import get_contacts_of
from crm.queries.organisation import get_organisation
from crm.views.answers import WRONG, go_on, refuse, render_part, render_target
from crm.views.records import find_record, get_facts, may_edit
from crm.views.timeline import get_timeline_panel

NEW_FIELDS = ("name", "domain", "kind", "industry", "employee_count", "country", "city", "owner_id")
SUGGESTIONS = 12


@page
def account_list(request: HttpRequest) -> HttpResponse:
    """List companies by the filters, order and page of the address."""
    access = get_access(request.user)
    hide_unless(can_read_company(access))
    form = AccountListForm(request.GET)
    filters = form.values
    accounts = filter_accounts(request.user, filters)
    listed = sort_accounts(with_list_columns(accounts, user=request.user), filters.get("sort", ""))
    context = {
        "form": form,
        "filters": form.shown,
        "is_filtered": bool(filters),
        "found": get_page(listed, request.GET.get("page")),
        "count": accounts.count(),
        "owners": owner_filter_choices(),
        "industries": get_industries(),
        "can_create": can_create_account(access),
    }
    return render_target(
        request, "crm/account_list.html", {"account-table": "account_table", "more": "account_rows"}, context
    )


@page
def account_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a company with everything known of it; a merged one leads to where it went."""
    account = find_record(request, "account", pk)
    if account.merged_into_id:
        return redirect("crm:account_detail", account.merged_into_id, permanent=True)
    editable = may_edit(request, "account", account)
    planned = open_activities(activities_visible_to(request.user).filter(account=account))
    context = {
        "account": account,
        "facts": get_facts("account", account, editable=editable),
        "editable": editable,
        "can_create": can_create_account(get_access(request.user)),
        "contacts": get_contacts_of(account.pk),
        "planned": planned.select_related("contact", "owner")[:10],
        "changes": get_record_audit(Account, account.pk, limit=5),
        **get_timeline_panel(request, "account", account.pk),
    }
    parts = {"timeline": "timeline", "record-side": "record_side"}
    return render_target(request, "crm/account_detail.html", parts, context)


@page
def account_new(request: HttpRequest) -> HttpResponse:
    """Show the form of a new company."""
    access = get_access(request.user)
    hide_unless(can_read_company(access))
    refuse_unless(can_create_account(access))
    form = AccountForm(
        only=NEW_FIELDS, initial={"owner_id": request.user.pk, "name": request.GET.get("name", "")[:300]}
    )
    return render_part(request, "crm/account_new.html", "account_form", {"form": form})


@action
def account_create(request: HttpRequest) -> HttpResponse:
    """Add a company and open it."""
    hide_unless(can_read_company(get_access(request.user)))
    refuse_unless(can_create_account(get_access(request.user)))
    form = AccountForm(request.POST, only=NEW_FIELDS, currency=get_organisation().currency)
    if form.is_valid():
        try:
            account = create_account(**form.cleaned_data, by=request.user, at=timezone.now())
        except NotPermitted:
            raise
        except CommandRefused as refused:
            form.refuse(refused)
        else:
            return go_on(
                request,
                _("%(name)s was added.") % {"name": account},
                to=reverse("crm:account_detail", args=[account.pk]),
            )
    return render_part(request, "crm/account_new.html", "account_form", {"form": form}, status=WRONG)


@action
def account_archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a company out of the lists."""
    account = get_object_or_404(accounts_visible_to(request.user), pk=pk)
    here = reverse("crm:account_detail", args=[pk])
    try:
        archive_account(account_id=account.pk, by=request.user, at=timezone.now())
    except CommandRefused as refused:
        return refuse(request, refused, to=here)
    return go_on(request, _("%(name)s is archived.") % {"name": account}, to=here)


@action
def account_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a company back into the lists."""
    account = get_object_or_404(accounts_visible_to(request.user), pk=pk)
    here = reverse("crm:account_detail", args=[pk])
    try:
        restore_account(account_id=account.pk, by=request.user, at=timezone.now())
    except CommandRefused as refused:
        return refuse(request, refused, to=here)
    return go_on(request, _("%(name)s is back in the lists.") % {"name": account}, to=here)


@page
def account_choices(request: HttpRequest) -> HttpResponse:
    """Suggest companies for what is typed into a company field."""
    hide_unless(can_read_company(get_access(request.user)))
    named = (name for name in request.GET if name.endswith(("account_id", "parent_id", "q")))
    typed = request.GET.get(next(named, ""), "")
    accounts = accounts_visible_to(request.user).filter(archived_at=None, merged_into=None)
    found = search_accounts(accounts, typed).order_by("name", "pk")[:SUGGESTIONS] if len(typed) > 1 else []
    return render(request, "crm/_account_choices.html", {"accounts": found})
