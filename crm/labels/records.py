"""The words for records and their fields."""

from django.apps import apps
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.lib.labels import label, register

FIELDS = register(
    "field",
    {
        "name": _("Name"),
        "domain": _("Domain"),
        "registration_number": _("Registration number"),
        "industry": _("Industry"),
        "employee_count": _("People"),
        "annual_revenue": _("Annual revenue"),
        "country": _("Country"),
        "city": _("City"),
        "growth_stage": _("Growth stage"),
        "technologies": _("Technologies"),
        "parent": _("Parent account"),
        "kind": _("Kind"),
        "owner": _("Owner"),
        "source": _("Source"),
        "customer_since": _("Customer since"),
        "churned_on": _("Left on"),
        "account": _("Account"),
        "contact": _("Contact"),
        "first_name": _("First name"),
        "last_name": _("Last name"),
        "job_title": _("Job title"),
        "seniority": _("Seniority"),
        "seniority_is_set": _("Seniority set by hand"),
        "department": _("Department"),
        "persona": _("Persona"),
        "email": _("E-mail"),
        "phone": _("Phone"),
        "language": _("Language"),
        "locale": _("Language"),
        "consent": _("Consent"),
        "lawful_basis": _("Lawful basis"),
        "consented_at": _("Consent given"),
        "time_zone": _("Time zone"),
        "theme": _("Theme"),
        "uses_shortcuts": _("Shortcuts"),
        "is_active": _("May sign in"),
        "deactivated_at": _("Left"),
        "role": _("Role"),
        "team": _("Team"),
        "user": _("Person"),
        "granted_at": _("Granted"),
        "revoked_at": _("Revoked"),
        "granted_by": _("Granted by"),
        "revoked_by": _("Revoked by"),
        "from_on": _("From"),
        "until_on": _("Until"),
        "created_at": _("Since"),
        "archived_at": _("Archived"),
        "erased_at": _("Erased"),
        "external_id": _("External id"),
        "merged_into": _("Merged into"),
        "subject": _("Subject"),
        "note": _("Note"),
        "occurred_at": _("When"),
        "due_at": _("Due"),
        "done_at": _("Done"),
        "outcome": _("Outcome"),
        "direction": _("Direction"),
        "by_customer": _("By the customer"),
        "is_customer_action": _("Customer action"),
        "currency": _("Currency"),
        "fiscal_year_start_month": _("Fiscal year starts in"),
        "working_days": _("Working days"),
        "evidence_qualifies": _("Qualified by evidence"),
        "zone": _("Time zone"),
        "valid_from": _("From"),
        "scopes": _("Scopes"),
        "amount": _("Amount"),
    },
)
PERSONA_FIELDS = register(
    "field.crm.Persona",
    {
        "position": _("Position"),
        "responsibilities": _("Answers for"),
        "goals": _("Wants to reach"),
        "challenges": _("Struggles with"),
        "channels": _("Reads and listens to"),
        "decision_criteria": _("Decides by"),
    },
)
INSIGHT_FIELDS = register(
    "field.crm.AccountInsight",
    {
        "kind": _("What it is"),
        "text": _("In a sentence"),
        "on": _("When"),
        "burner": _("How much it matters now"),
        "told_by": _("Told by"),
        "by": _("Noted by"),
    },
)
MODELS = register(
    "model",
    {
        "crm.Account": _("Account"),
        "crm.AccountInsight": _("Insight"),
        "crm.Activity": _("Activity"),
        "crm.ApiToken": _("API token"),
        "crm.Campaign": _("Campaign"),
        "crm.Contact": _("Contact"),
        "crm.CustomerPeriod": _("Customer period"),
        "crm.ExchangeRate": _("Exchange rate"),
        "crm.FeatureSwitch": _("Module"),
        "crm.Organisation": _("Organisation"),
        "crm.OrganisationTimeZone": _("Time zone"),
        "crm.Persona": _("Persona"),
        "crm.Reason": _("Reason"),
        "crm.RoleGrant": _("Role"),
        "crm.Source": _("Source"),
        "crm.Team": _("Team"),
        "crm.TeamMembership": _("Team membership"),
        "crm.User": _("Person"),
    },
)


def field_label(name: str, *, model: str = "") -> str:
    """Return the word for a field, by the app's own words where it has some: kind `field.<model label>`."""
    own = label(f"field.{model}", name)
    known = own if own != name else label("field", name)
    return known if known != name else gettext(name.replace("_", " ").capitalize())


def model_label(name: str) -> str:
    """Return the word for a model label such as `crm.Account`; one nobody named is shown by its own name."""
    known = label("model", name)
    return known if known != name else gettext(str(apps.get_model(name)._meta.verbose_name).capitalize())
