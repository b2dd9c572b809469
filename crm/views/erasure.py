"""The sheet that erases a person on request, and afterwards says who did and what is left to look at (D-8)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.commands.erasure import erase_person
from crm.forms.erasure import ErasureForm
from crm.lib.http import action, page
from crm.models import Contact
from crm.permissions import can_erase, refuse_unless
from crm.queries.access import get_access
from crm.queries.erasure import get_erasure, get_left_files
from crm.views.answers import WRONG, go_on, render_part
from crm.views.editing import carry_out
from crm.views.kinds import find_record


@page
def contact_erase(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what goes and what stays, and ask why; of somebody erased, who did it and which files to look at."""
    contact = _find(request, pk)
    if contact.merged_into_id:
        return redirect("crm:contact_erase", contact.merged_into_id, permanent=True)
    return _sheet(request, contact, ErasureForm())


@action
def contact_erased(request: HttpRequest, pk: int) -> HttpResponse:
    """Erase the person."""
    contact, form = _find(request, pk), ErasureForm(request.POST)
    if carry_out(form, erase_person, contact_id=pk, by=request.user, at=timezone.now()) is None:
        return _sheet(request, contact, form, status=WRONG)
    return go_on(request, _("The person is erased."), to=reverse("crm:contact_detail", args=[pk]))


def _find(request: HttpRequest, pk: int) -> Contact:
    contact: Contact = find_record(request, "contact", pk)
    refuse_unless(can_erase(get_access(request.user)))
    return contact


def _sheet(request: HttpRequest, contact: Contact, form: ErasureForm, *, status: int = 200) -> HttpResponse:
    context = {"contact": contact, "form": form, "erasure": get_erasure(contact), "files": get_left_files(contact)}
    return render_part(request, "crm/contact_erase.html", "erase_sheet", context, status=status)
