"""People at companies: the list, the page of one, a new one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.commands.contacts import archive_contact, create_contact, restore_contact
from crm.forms.lists import ContactListForm, owner_filter_choices
from crm.forms.records import ContactForm
from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.http import action, page
from crm.lib.paging import get_page
from crm.models import Contact
from crm.permissions import can_create_account, can_read_company, hide_unless, refuse_unless
from crm.queries.access import get_access
from crm.queries.accounts import accounts_visible_to
from crm.queries.activities import activities_visible_to, open_activities
from crm.queries.audit import get_record_audit
from crm.queries.contacts import contacts_visible_to, filter_contacts, sort_contacts, with_list_columns
from crm.views.answers import WRONG, go_on, refuse, render_part, render_target
from crm.views.records import find_record, get_facts, may_edit
from crm.views.timeline import get_timeline_panel

NEW_FIELDS = ("first_name", "last_name", "job_title", "account_id", "email", "phone", "owner_id")


@page
def contact_list(request: HttpRequest) -> HttpResponse:
    """List people by the filters, order and page of the address."""
    access = get_access(request.user)
    hide_unless(can_read_company(access))
    form = ContactListForm(request.GET)
    filters = form.values
    contacts = filter_contacts(request.user, filters)
    listed = sort_contacts(with_list_columns(contacts, user=request.user), filters.get("sort", ""))
    account_id = filters.get("account")
    context = {
        "form": form,
        "filters": form.shown,
        "is_filtered": bool(filters),
        "found": get_page(listed, request.GET.get("page")),
        "count": contacts.count(),
        "owners": owner_filter_choices(),
        "account": accounts_visible_to(request.user).filter(pk=account_id).first() if account_id else None,
        "can_create": can_create_account(access),
    }
    return render_target(
        request, "crm/contact_list.html", {"contact-table": "contact_table", "more": "contact_rows"}, context
    )


@page
def contact_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a person with everything known of them; a merged one leads to where it went."""
    contact = find_record(request, "contact", pk)
    if contact.merged_into_id:
        return redirect("crm:contact_detail", contact.merged_into_id, permanent=True)
    editable = may_edit(request, "contact", contact) and contact.erased_at is None
    planned = open_activities(activities_visible_to(request.user).filter(contact=contact))
    context = {
        "contact": contact,
        "facts": get_facts("contact", contact, editable=editable),
        "editable": editable,
        "can_create": can_create_account(get_access(request.user)),
        "planned": planned.select_related("contact", "owner")[:10],
        "changes": get_record_audit(Contact, contact.pk, limit=5),
        **get_timeline_panel(request, "contact", contact.pk),
    }
    parts = {"timeline": "timeline", "record-side": "record_side"}
    return render_target(request, "crm/contact_detail.html", parts, context)


@page
def contact_new(request: HttpRequest) -> HttpResponse:
    """Show the form of a new person, at a company where the address names one."""
    access = get_access(request.user)
    hide_unless(can_read_company(access))
    refuse_unless(can_create_account(access))
    wanted = request.GET.get("account", "")
    account_id = int(wanted) if wanted.isdecimal() and len(wanted) < 19 else None
    form = ContactForm(only=NEW_FIELDS, initial={"owner_id": request.user.pk, "account_id": account_id})
    return render_part(request, "crm/contact_new.html", "contact_form", {"form": form})


@action
def contact_create(request: HttpRequest) -> HttpResponse:
    """Add a person and open their page."""
    hide_unless(can_read_company(get_access(request.user)))
    refuse_unless(can_create_account(get_access(request.user)))
    form = ContactForm(request.POST, only=NEW_FIELDS)
    if form.is_valid():
        try:
            contact = create_contact(**form.cleaned_data, by=request.user, at=timezone.now())
        except NotPermitted:
            raise
        except CommandRefused as refused:
            form.refuse(refused)
        else:
            return go_on(
                request,
                _("%(name)s was added.") % {"name": contact},
                to=reverse("crm:contact_detail", args=[contact.pk]),
            )
    return render_part(request, "crm/contact_new.html", "contact_form", {"form": form}, status=WRONG)


@action
def contact_archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a person out of the lists."""
    contact = get_object_or_404(contacts_visible_to(request.user), pk=pk)
    here = reverse("crm:contact_detail", args=[pk])
    try:
        archive_contact(contact_id=contact.pk, by=request.user, at=timezone.now())
    except CommandRefused as refused:
        return refuse(request, refused, to=here)
    return go_on(request, _("%(name)s is archived.") % {"name": contact}, to=here)


@action
def contact_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a person back into the lists."""
    contact = get_object_or_404(contacts_visible_to(request.user), pk=pk)
    here = reverse("crm:contact_detail", args=[pk])
    try:
        restore_contact(contact_id=contact.pk, by=request.user, at=timezone.now())
    except CommandRefused as refused:
        return refuse(request, refused, to=here)
    return go_on(request, _("%(name)s is back in the lists.") % {"name": contact}, to=here)
