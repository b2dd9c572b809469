"""Forms of accounts and contacts: whole for a new record, one field at a time in place."""

from collections.abc import Collection
from typing import Any

from django import forms

from crm.forms.fields import AccountField, DayField, MoneyFormField, OwnerField, PersonaField, TagsField
from crm.labels import ACCOUNT_KINDS, LAWFUL_BASES, SENIORITIES, choices, field_label, refusal_sentence
from crm.lib.errors import CommandRefused, NotPermitted
from crm.models import Source


class RecordForm(forms.Form):
    """A form whose fields are named like the record's columns; `only` keeps some of them."""

    def __init__(self, *args: Any, only: Collection[str] = (), currency: str = "EUR", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if only:
            self.fields = {name: field for name, field in self.fields.items() if name in only}
        for name, field in self.fields.items():
            field.label = field.label or field_label(name.removesuffix("_id"))
            if isinstance(field, MoneyFormField):
                field.currency = currency

    @property
    def seen_values(self) -> dict[str, Any]:
        """Return what the page showed, of a form with its own prefix; what never was a value is left out.

        What could be chosen once counts, even where it is offered no longer: else a colleague's change of an owner who
        left would be overwritten unseen.
        """
        if not any(name.startswith(f"{self.prefix}-") for name in self.data):
            return {}
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):
                field.valid_value = lambda value: True  # type: ignore[method-assign]  # of this field alone
        self.full_clean()
        return dict(self.cleaned_data)

    def values(self) -> dict[str, Any]:
        """Return what the form says, as the command takes it."""
        return dict(self.cleaned_data)

    def refuse(self, refused: CommandRefused) -> None:
        """Show why a command refused, at its fields where they are here.

        :raises NotPermitted: it was not theirs to do, which no other input mends
        """
        if isinstance(refused, NotPermitted):
            raise refused
        for refusal in refused.refusals:
            name = dict(refusal.params).get("field", refused.field)
            shown = name if name in self.fields else f"{name}_id" if f"{name}_id" in self.fields else None
            self.add_error(shown, refusal_sentence(refusal))


class AccountForm(RecordForm):
    """A company."""

    name = forms.CharField(max_length=300)
    domain = forms.CharField(required=False, max_length=300)
    kind = forms.ChoiceField(choices=choices(ACCOUNT_KINDS), initial="prospect")
    industry = forms.CharField(required=False, max_length=100)
    employee_count = forms.IntegerField(required=False, min_value=0, max_value=2_147_483_647)
    annual_revenue = MoneyFormField(required=False)
    country = forms.CharField(
        required=False, max_length=2, widget=forms.TextInput(attrs={"autocapitalize": "characters"})
    )
    city = forms.CharField(required=False, max_length=200)
    growth_stage = forms.CharField(required=False, max_length=100)
    technologies = TagsField(required=False, max_length=2000)
    registration_number = forms.CharField(required=False, max_length=100)
    parent_id = AccountField(required=False, max_length=320)
    owner_id = OwnerField()
    source_id = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    customer_since = DayField(required=False)
    churned_on = DayField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "source_id" in self.fields:
            self.fields["source_id"].choices = source_choices  # type: ignore[attr-defined]


class ContactForm(RecordForm):
    """A person at a company."""

    first_name = forms.CharField(required=False, max_length=200)
    last_name = forms.CharField(required=False, max_length=200)
    job_title = forms.CharField(required=False, max_length=200)
    seniority = forms.ChoiceField(required=False, choices=choices(SENIORITIES, empty="–"))
    department = forms.CharField(required=False, max_length=200)
    persona_id = PersonaField()
    account_id = AccountField(required=False, max_length=320)
    email = forms.CharField(required=False, max_length=254, widget=forms.TextInput(attrs={"inputmode": "email"}))
    phone = forms.CharField(required=False, max_length=40, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    country = forms.CharField(
        required=False, max_length=2, widget=forms.TextInput(attrs={"autocapitalize": "characters"})
    )
    language = forms.CharField(required=False, max_length=10)
    owner_id = OwnerField()
    consent = forms.NullBooleanField(required=False)
    lawful_basis = forms.ChoiceField(required=False, choices=choices(LAWFUL_BASES))


def source_choices() -> list[tuple[Any, str]]:
    """Return the sources in use as choices."""
    sources = Source.objects.filter(archived_at=None).order_by("name").values_list("pk", "name")
    return [("", "–"), *sources]
