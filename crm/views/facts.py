"""The fields of accounts and contacts as their pages show them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.labels import field_label
from crm.lib import formats
from crm.lib.labels import label
from crm.lib.values import Money
from crm.models import Account, Contact

Record = Account | Contact
WORDED = frozenset({"industry", "growth_stage"})
CODED = {"kind": "account_kind", "seniority": "seniority", "lawful_basis": "lawful_basis"}


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


def get_fact(kind: str, record: Record, field: str, *, editable: bool) -> Fact:
    """Return one field of a record as its page shows it."""
    name = field.removesuffix("_id")
    value = getattr(record, name)
    text, href = _text(name, value), _href(name, value)
    return Fact(kind, record.pk, field, field_label(name), text, href, editable)


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
    if name == "persona":
        return f"{reverse('crm:personas')}#persona-{value.pk}"
    return {"email": f"mailto:{value}", "phone": f"tel:{value}"}.get(name, "")
