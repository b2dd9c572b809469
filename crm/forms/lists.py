"""The filters of lists, read from the address: what is wrong there is left out, never an error."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.labels import ACCOUNT_KINDS, SENIORITIES, choices
from crm.queries.people import people_who_hold


class ListForm(forms.Form):
    """Filters whose valid values count, whatever else the address says."""

    q = forms.CharField(required=False, max_length=200, label=_("Search"))
    owner = forms.CharField(required=False, max_length=20)
    sort = forms.CharField(required=False, max_length=40)
    archived = forms.BooleanField(required=False)

    @property
    def values(self) -> dict[str, Any]:
        """Return the filters that are set and make sense."""
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None, False)}

    @property
    def shown(self) -> dict[str, Any]:
        """Return every filter as the page shows it, empty where it is not set."""
        return dict.fromkeys(self.fields, "") | self.values


class AccountListForm(ListForm):
    """Filters of the companies' list."""

    kind = forms.ChoiceField(required=False, choices=choices(ACCOUNT_KINDS, empty=_("Any kind")))
    industry = forms.CharField(required=False, max_length=100)
    country = forms.CharField(required=False, max_length=2)


class ContactListForm(ListForm):
    """Filters of the people's list."""

    seniority = forms.ChoiceField(required=False, choices=choices(SENIORITIES, empty=_("Any level")))
    account = forms.IntegerField(required=False)


def owner_filter_choices() -> list[tuple[str, Any]]:
    """Return whose records a list can show: mine, nobody's, one person's."""
    people = [(str(person.pk), str(person)) for person in people_who_hold()]
    return [("", _("Anybody")), ("me", _("Me")), ("none", _("Nobody")), *people]
