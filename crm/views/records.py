"""Accounts and contacts alike: the list, the page of one, a new one, putting one away."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.forms.lists import owner_filter_choices
from crm.forms.records import RecordForm
from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.http import action, page
from crm.lib.paging import get_counted_page
from crm.permissions import can_create_account, can_erase, can_read_company, hide_unless, refuse_unless
from crm.queries.access import get_access
from crm.queries.activities import activities_visible_to, open_activities
from crm.queries.audit import get_record_audit
from crm.queries.organisation import get_organisation
from crm.views.answers import WRONG, go_on, refuse, render_part, render_target
from crm.views.facts import Record
from crm.views.kinds import KINDS, RecordKind, find_record, get_facts, may_edit
from crm.views.timeline import get_timeline_panel


@page
def record_list(request: HttpRequest, kind: str) -> HttpResponse:
    """List records by the filters, order and page of the address."""
    known, access = KINDS[kind], get_access(request.user)
    hide_unless(can_read_company(access))
    form = known.list_form(request.GET)
    filters = form.values
    listed = known.listed(request.user, filters)
    found, count = get_counted_page(listed, request.GET.get("page"), ids_first="sort" in filters)
    context = {
        "form": form,
        "filters": form.shown,
        "is_filtered": bool(filters),
        "found": found,
        "count": count,
        "owners": owner_filter_choices(),
        "can_create": can_create_account(access),
        **known.list_context(request.user, filters),
    }
    parts = {f"{kind}-table": f"{kind}_table", "more": f"{kind}_rows"}
    return render_target(request, known.list_template, parts, context)


@page
def record_detail(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Show a record with everything known of it; a merged one leads to where it went."""
    known, record = KINDS[kind], find_record(request, kind, pk)
    if record.merged_into_id:
        return redirect(f"crm:{kind}_detail", record.merged_into_id, permanent=True)
    editable = may_edit(request, kind, record)
    planned = open_activities(activities_visible_to(request.user).filter(**{kind: record}))
    context = {
        kind: record,
        "facts": get_facts(kind, record, editable=editable),
        "editable": editable,
        "can_create": can_create_account(get_access(request.user)),
        "can_erase": kind == "contact" and can_erase(get_access(request.user)),
        "planned": planned.select_related("contact", "owner")[:10],
        "changes": get_record_audit(known.model, pk, limit=5),
        **known.detail_context(record),
        **get_timeline_panel(request, kind, pk),
    }
    parts = {"timeline": "timeline", "record-side": "record_side"}
    return render_target(request, known.detail_template, parts, context)


@page
def record_new(request: HttpRequest, kind: str) -> HttpResponse:
    """Show the form of a new record, with the name or the company the address gives."""
    _refuse_strangers(request)
    wanted = request.GET.get("account", "")
    account_id = int(wanted) if wanted.isdecimal() and len(wanted) < 19 else None
    initial = {"owner_id": request.user.pk, "name": request.GET.get("name", "")[:300], "account_id": account_id}
    return _new(request, KINDS[kind], KINDS[kind].form(only=KINDS[kind].asked, initial=initial))


@action
def record_create(request: HttpRequest, kind: str) -> HttpResponse:
    """Add a record and open its page."""
    _refuse_strangers(request)
    known = KINDS[kind]
    form = known.form(request.POST, only=known.asked, currency=get_organisation().currency)
    if not form.is_valid():
        return _new(request, known, form, status=WRONG)
    try:
        record = known.create(**form.cleaned_data, by=request.user, at=timezone.now())
    except NotPermitted:
        raise
    except CommandRefused as refused:
        form.refuse(refused)
        return _new(request, known, form, status=WRONG)
    text = _("%(name)s was added.") % {"name": record}
    return go_on(request, text, to=reverse(f"crm:{kind}_detail", args=[record.pk]))


@action
def record_archive(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Take a record out of the lists."""
    return _put(request, pk, kind, KINDS[kind].archive, _("%(name)s is archived."))


@action
def record_restore(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Put a record back into the lists."""
    return _put(request, pk, kind, KINDS[kind].restore, _("%(name)s is back in the lists."))


def _refuse_strangers(request: HttpRequest) -> None:
    access = get_access(request.user)
    hide_unless(can_read_company(access))
    refuse_unless(can_create_account(access))


def _new(request: HttpRequest, known: RecordKind, form: RecordForm, *, status: int = 200) -> HttpResponse:
    return render_part(request, known.new_template, f"{known.name}_form", {"form": form}, status=status)


def _put(request: HttpRequest, pk: int, kind: str, command: Callable[..., Record], text: Any) -> HttpResponse:
    record = get_object_or_404(KINDS[kind].visible_to(request.user), pk=pk)
    here = reverse(f"crm:{kind}_detail", args=[pk])
    try:
        command(**{f"{kind}_id": pk}, by=request.user, at=timezone.now())
    except CommandRefused as refused:
        return refuse(request, refused, to=here)
    return go_on(request, text % {"name": record}, to=here)
