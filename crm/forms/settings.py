"""Own settings, the organisation's, people and teams."""

from typing import Any
from zoneinfo import available_timezones

from babel.dates import get_month_names
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crm.enums import Role, TokenScope
from crm.forms.fields import DayField
from crm.forms.records import RecordForm
from crm.labels import ROLES, THEMES, TOKEN_SCOPES, WEEKDAYS, choices
from crm.lib import formats
from crm.models import Team, User
from crm.policies.contact_details import is_country
from crm.policies.money import CURRENCIES
from crm.queries.people import open_teams, people_who_hold

FEW_CURRENCIES = ("EUR", "USD", "GBP", "SEK", "NOK", "DKK", "PLN", "CZK", "CHF", "TRY", "UAH", "JPY")


def zone_choices() -> list[tuple[str, str]]:
    """Return the time zones by name."""
    return [(name, name.replace("_", " ")) for name in sorted(available_timezones()) if "/" in name or name == "UTC"]


def month_choices() -> list[tuple[int, str]]:
    """Return the months in the reader's language."""
    return [(number, str(name)) for number, name in get_month_names("wide", locale=formats.locale()).items()]


def currency_choices() -> list[tuple[str, str]]:
    """Return the currencies, the usual ones first."""
    rest = sorted(CURRENCIES - set(FEW_CURRENCIES))
    return [(code, code) for code in (*FEW_CURRENCIES, *rest)]


def country_choices() -> list[tuple[str, str]]:
    """Return the countries by name in the reader's language."""
    known = sorted((name, code) for code, name in formats.locale().territories.items() if is_country(code))
    return [("", "–"), *((code, name) for name, code in known)]


class ProfileForm(RecordForm):
    """A person's own settings."""

    name = forms.CharField(max_length=200)
    locale = forms.ChoiceField(choices=settings.LANGUAGES, label=_("Language"))
    time_zone = forms.ChoiceField(choices=zone_choices)
    country = forms.ChoiceField(
        required=False, choices=country_choices, label=_("Country"), help_text=_("Its holidays are yours.")
    )
    theme = forms.ChoiceField(choices=choices(THEMES))
    uses_shortcuts = forms.BooleanField(required=False, label=_("Single keys are shortcuts, such as L to log a call"))


class TokenForm(RecordForm):
    """A new API token."""

    name = forms.CharField(max_length=200, label=_("What it is for"))
    scopes = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, label=_("What it may do"))
    expires_on = DayField(required=False, label=_("Expires on"))

    def __init__(self, *args: Any, is_admin: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = {code: word for code, word in TOKEN_SCOPES.items() if is_admin or code != TokenScope.ADMIN}
        self.fields["scopes"].choices = choices(allowed)  # type: ignore[attr-defined]


class OrganisationForm(RecordForm):
    """The organisation's settings."""

    name = forms.CharField(max_length=200)
    currency = forms.ChoiceField(choices=currency_choices)
    fiscal_year_start_month = forms.TypedChoiceField(coerce=int, choices=month_choices)
    zone = forms.ChoiceField(choices=zone_choices, label=_("Time zone"))
    language = forms.ChoiceField(choices=settings.LANGUAGES)
    working_days = forms.TypedMultipleChoiceField(
        coerce=int, choices=choices(WEEKDAYS), widget=forms.CheckboxSelectMultiple
    )
    evidence_qualifies = forms.BooleanField(required=False, label=_("A deal is qualified by its facts"))


class InviteForm(RecordForm):
    """Somebody who is to work here."""

    name = forms.CharField(max_length=200)
    email = forms.CharField(max_length=254, widget=forms.TextInput(attrs={"inputmode": "email"}))
    roles = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False, label=_("Roles"))
    team_id = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, label=_("Team"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = choices(ROLES)  # type: ignore[attr-defined]
        self.fields["team_id"].choices = team_choices  # type: ignore[attr-defined]


class GrantForm(RecordForm):
    """One role for a person; a manager's names the team."""

    role = forms.ChoiceField(choices=choices(ROLES))
    team_id = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, label=_("Team managed"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team_id"].choices = team_choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Keep the team for managers only; the others have none."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("role") != Role.MANAGER:
            cleaned["team_id"] = None
        return cleaned


class MembershipForm(RecordForm):
    """The team a person is in from a day on."""

    team_id = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, label=_("Team"))
    from_on = DayField(required=False, label=_("From"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team_id"].choices = team_choices  # type: ignore[attr-defined]


class TeamForm(RecordForm):
    """A team and the one above it."""

    name = forms.CharField(max_length=200)
    parent_id = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, label=_("Below"))

    def __init__(self, *args: Any, team: Team | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [choice for choice in team_choices() if team is None or choice[0] != team.pk]
        self.fields["parent_id"].choices = known  # type: ignore[attr-defined]


class DeactivateForm(RecordForm):
    """Who takes over from somebody who leaves."""

    reassign_to_id = forms.TypedChoiceField(coerce=int, label=_("New owner of everything open"))

    def __init__(self, *args: Any, leaving: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [(person.pk, str(person)) for person in people_who_hold() if person.pk != leaving.pk]
        self.fields["reassign_to_id"].choices = [("", "–"), *others]  # type: ignore[attr-defined]


class AuditForm(forms.Form):
    """What the audit page shows."""

    model = forms.CharField(required=False, max_length=60)
    by = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    record = forms.IntegerField(required=False, min_value=1, max_value=2**62)


def team_choices() -> list[tuple[Any, str]]:
    """Return the teams in use as choices."""
    return [("", "–"), *((team.pk, team.name) for team in open_teams())]
