"""Accounts and contacts alike: their facts, and editing one of them in place (D-9)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.commands.accounts import edit_account
from crm.commands.contacts import edit_contact
from crm.facts import Access
from crm.forms.records import AccountForm, ContactForm, RecordForm
from crm.labels import field_label
from crm.lib import formats
from crm.lib.errors import CommandRefused, NotPermitted, StaleRecord
from crm.lib.http import action, page
from crm.lib.labels import label
from crm.lib.values import Money
from crm.models import Account, Contact, User
from crm.permissions import can_edit_account, can_edit_contact, refuse_unless
from crm.queries.access import get_access
from crm.queries.accounts import accounts_visible_to
from crm.queries.contacts import contacts_visible_to
from crm.queries.organisation import get_organisation
from crm.views.answers import STALE, WRONG, done

Record = Account | Contact
WORDED = frozenset({"industry", "growth_stage"})
CODED = {"kind": "account_kind", "seniority": "seniority", "lawful_basis": "lawful_basis"}


@dataclass(frozen=True, slots=True)
class RecordKind:
    """What the pages of one kind of record need."""

    name: str
    form: type[RecordForm]
    visible_to: Callable[[User], QuerySet[Any]]
    can_edit: Callable[[Access, Any], bool]
    edit: Callable[..., Record]
    related: tuple[str, ...]
    shown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """One field as a page shows it; `editable` where the reader may change it in place."""

    record_kind: str
    record_id: int
    field: str
    label: str
    text: str
    href: str = ""
    editable: bool = False

    @property
    def edit_url(self) -> str:
        """Return the name of the address that shows its form."""
        return f"crm:{self.record_kind}_field"

    @property
    def save_url(self) -> str:
        """Return the name of the address that saves it."""
        return f"crm:{self.record_kind}_field_save"

    @property
    def record_url(self) -> str:
        """Return the address of the record's page."""
        return reverse(f"crm:{self.record_kind}_detail", args=[self.record_id])


KINDS = {
    "account": RecordKind(
        "account", AccountForm, accounts_visible_to, can_edit_account, edit_account, ("owner", "parent", "source"),
        ("name", "domain", "kind", "industry", "employee_count", "annual_revenue", "country", "city", "growth_stage",
         "technologies", "registration_number", "parent_id", "owner_id", "source_id", "customer_since", "churned_on"),
    ),
    "contact": RecordKind(
        "contact", ContactForm, contacts_visible_to, can_edit_contact, edit_contact, ("owner", "account"),
        ("first_name", "last_name", "job_title", "seniority", "department", "account_id", "email", "phone", "country",
         "language", "owner_id", "consent", "lawful_basis"),
    ),
}  # fmt: skip


def get_facts(kind: str, record: Record, *, editable: bool) -> list[Fact]:
    """Return every field of a record as its page shows it."""
    return [get_fact(kind, record, field, editable=editable) for field in KINDS[kind].shown]


def get_fact(kind: str, record: Record, field: str, *, editable: bool) -> Fact:
    """Return one field of a record as its page shows it."""
    name = field.removesuffix("_id")
    value = getattr(record, name)
    text, href = _text(name, value), _href(name, value)
    return Fact(kind, record.pk, field, field_label(name), text, href, editable)


def find_record(request: HttpRequest, kind: str, pk: int) -> Any:
    """Return the record with what its facts name, or 404 where the person may not see it."""
    known = KINDS[kind]
    return get_object_or_404(known.visible_to(request.user).select_related(*known.related), pk=pk)


def may_edit(request: HttpRequest, kind: str, record: Record) -> bool:
    """Whether the person may change this record, which a merge closes."""
    return record.merged_into_id is None and KINDS[kind].can_edit(get_access(request.user), record)


@page
def record_field(request: HttpRequest, pk: int, field: str, kind: str) -> HttpResponse:
    """Show the form of one field, in its place or as a page."""
    record = _editable(request, kind, pk, field)
    form = KINDS[kind].form(initial=_values(record, field), only=[field], **_currency(kind))
    return _render_form(request, kind, record, field, form, _seen(kind, record, field))


@action
def record_field_save(request: HttpRequest, pk: int, field: str, kind: str) -> HttpResponse:
    """Save one field, unless somebody changed the same one since it was shown."""
    record = _editable(request, kind, pk, field)
    known, at = KINDS[kind], timezone.now()
    form = known.form(request.POST, only=[field], **_currency(kind))
    seen = known.form(request.POST, only=[field], prefix="seen", **_currency(kind))
    if not form.is_valid():
        return _render_form(request, kind, record, field, form, seen, status=WRONG)
    try:
        known.edit(**{f"{kind}_id": pk}, changes=form.cleaned_data, seen=_seen_values(seen), by=request.user, at=at)
    except StaleRecord:
        fresh = find_record(request, kind, pk)
        return _render_form(request, kind, fresh, field, form, _seen(kind, fresh, field), status=STALE)
    except NotPermitted:
        raise
    except CommandRefused as refused:
        form.refuse(refused)
        return _render_form(request, kind, record, field, form, seen, status=WRONG)
    return _saved(request, kind, pk, field)


def _saved(request: HttpRequest, kind: str, pk: int, field: str) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        return done(request, _("Saved."), to=reverse(f"crm:{kind}_detail", args=[pk]))
    record = find_record(request, kind, pk)
    fact = get_fact(kind, record, field, editable=may_edit(request, kind, record))
    answer = render(request, "crm/_record_fact.html", {"fact": fact})
    answer.headers["HX-Trigger"] = "record:changed"
    return answer


def _render_form(
    request: HttpRequest,
    kind: str,
    record: Record,
    field: str,
    form: RecordForm,
    seen: RecordForm,
    *,
    status: int = 200,
) -> HttpResponse:
    stale = get_fact(kind, record, field, editable=True).text if status == STALE else None
    fact = get_fact(kind, record, field, editable=True)
    context = {"fact": fact, "form": form, "seen": seen, "field": form[field], "theirs": stale, "record": record}
    template = "crm/_record_fact_form.html" if request.headers.get("HX-Request") else "crm/record_field.html"
    return render(request, template, context, status=status)


def _editable(request: HttpRequest, kind: str, pk: int, field: str) -> Record:
    if field not in KINDS[kind].form.base_fields:
        raise Http404
    record: Record = find_record(request, kind, pk)
    refuse_unless(may_edit(request, kind, record))
    return record


def _values(record: Record, field: str) -> dict[str, Any]:
    return {field: getattr(record, field)}


def _seen(kind: str, record: Record, field: str) -> RecordForm:
    return KINDS[kind].form(initial=_values(record, field), only=[field], prefix="seen", **_currency(kind))


def _seen_values(seen: RecordForm) -> dict[str, Any]:
    """Return what the page showed; without it, or where it is no value, nothing is compared."""
    sent = any(name.startswith("seen-") for name in seen.data)
    return seen.cleaned_data if sent and seen.is_valid() else dict(getattr(seen, "cleaned_data", {}) if sent else {})


def _currency(kind: str) -> dict[str, str]:
    return {"currency": get_organisation().currency} if kind == "account" else {}


def _text(name: str, value: Any) -> str:
    if value is None or value in ("", []):
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, str):
        return label(CODED[name], value) if name in CODED else formats.in_words(value) if name in WORDED else value
    return _written(value)


def _written(value: Any) -> str:
    if isinstance(value, Money):
        return formats.money(value.amount, value.currency)
    if isinstance(value, int):
        return formats.number(value)
    if isinstance(value, list):
        return ", ".join(value)
    return formats.day(value, relative=False) if isinstance(value, date) else str(value)


def _href(name: str, value: Any) -> str:
    if not value:
        return ""
    if name == "domain":
        return f"https://{value}"
    if name in ("parent", "account"):
        return reverse("crm:account_detail", args=[value.pk])
    return {"email": f"mailto:{value}", "phone": f"tel:{value}"}.get(name, "")
