"""A lead's fields as its page shows them, each edited in its place (D-9)."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.labels import field_label
from crm.lib import formats
from crm.lib.errors import CommandRefused, NotPermitted, StaleRecord
from crm.lib.http import action, page
from crm.lib.labels import label
from crm.permissions import refuse_unless
from crm.queries.access import get_access
from crm.views.answers import STALE, WRONG, done
from crm.views.facts import Fact
from scoring.commands.leads import edit_lead
from scoring.forms import LeadForm
from scoring.models import Handoff, Lead
from scoring.permissions import can_edit_lead
from scoring.queries.leads import get_open_handoff, leads_visible_to

SHOWN = (
    "first_name", "last_name", "job_title", "seniority", "company", "email", "phone", "industry", "employee_count",
    "country", "technologies", "channel", "source_id", "campaign_id", "account_id", "owner_id",
)  # fmt: skip
CODED = {"seniority": "seniority", "channel": "channel"}


@dataclass(frozen=True, slots=True)
class LeadFact(Fact):
    """One field of a lead."""

    @property
    def edit_url(self) -> str:
        """Return the name of the address that shows its form."""
        return "scoring:lead_field"

    @property
    def save_url(self) -> str:
        """Return the name of the address that saves it."""
        return "scoring:lead_field_save"

    @property
    def record_url(self) -> str:
        """Return the address of the lead's page."""
        return reverse("scoring:lead_detail", args=[self.record_id])


def get_facts(lead: Lead, handoff: Handoff | None, *, editable: bool) -> list[LeadFact]:
    """Return every field of a lead, whose open handoff is given."""
    return [get_fact(lead, field, handoff, editable=editable) for field in SHOWN]


def get_fact(lead: Lead, field: str, handoff: Handoff | None = None, *, editable: bool) -> LeadFact:
    """Return one field of a lead; nobody owns what was handed over before it is accepted."""
    name = field.removesuffix("_id")
    value = getattr(lead, name)
    text = _text(name, value)
    if name == "owner" and not text and handoff and handoff.owner:
        text = _("%(rep)s, once accepted") % {"rep": handoff.owner}
    words = field_label(name, model="scoring.lead")
    return LeadFact("lead", lead.pk, field, words, text, _href(name, value), editable)


@page
def lead_field(request: HttpRequest, pk: int, field: str) -> HttpResponse:
    """Show the form of one field, in its place or as a page."""
    lead = _editable(request, pk, field)
    return _render(request, lead, field, _shown(lead, field), _shown(lead, field, prefix="seen"))


@action
def lead_field_save(request: HttpRequest, pk: int, field: str) -> HttpResponse:
    """Save one field, unless somebody changed the same one since it was shown."""
    lead = _editable(request, pk, field)
    form = LeadForm(request.POST, only=[field])
    seen = LeadForm(request.POST, only=[field], prefix="seen")
    if not form.is_valid():
        return _render(request, lead, field, form, seen, status=WRONG)
    known = seen.cleaned_data if f"seen-{field}" in request.POST and seen.is_valid() else None
    try:
        edit_lead(lead_id=pk, changes=form.cleaned_data, seen=known, by=request.user, at=timezone.now())
    except StaleRecord:
        fresh = _find(request, pk)
        return _render(request, fresh, field, form, _shown(fresh, field, prefix="seen"), status=STALE)
    except NotPermitted:
        raise
    except CommandRefused as refused:
        form.refuse(refused)
        return _render(request, lead, field, form, seen, status=WRONG)
    return _saved(request, pk, field)


def _saved(request: HttpRequest, pk: int, field: str) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        return done(request, _("Saved."), to=reverse("scoring:lead_detail", args=[pk]))
    fact = get_fact(_find(request, pk), field, get_open_handoff(pk), editable=True)
    answer = render(request, "crm/_record_fact.html", {"fact": fact})
    answer.headers["HX-Trigger"] = "record:changed"
    return answer


def _render(
    request: HttpRequest, lead: Lead, field: str, form: LeadForm, seen: LeadForm, *, status: int = 200
) -> HttpResponse:
    fact = get_fact(lead, field, editable=True)
    theirs = fact.text if status == STALE else None
    context = {"fact": fact, "form": form, "seen": seen, "field": form[field], "theirs": theirs, "record": lead}
    template = "crm/_record_fact_form.html" if request.headers.get("HX-Request") else "crm/record_field.html"
    return render(request, template, context, status=status)


def _find(request: HttpRequest, pk: int) -> Lead:
    leads = leads_visible_to(request.user).select_related("source", "campaign", "owner", "account")
    return get_object_or_404(leads, pk=pk, merged_into=None)


def _editable(request: HttpRequest, pk: int, field: str) -> Lead:
    if field not in LeadForm.base_fields:
        raise Http404
    lead = _find(request, pk)
    refuse_unless(can_edit_lead(get_access(request.user), lead, get_open_handoff(pk)))
    return lead


def _shown(lead: Lead, field: str, prefix: str | None = None) -> LeadForm:
    return LeadForm(initial={field: getattr(lead, field)}, only=[field], prefix=prefix)


def _text(name: str, value: Any) -> str:
    if value in (None, "", []):
        return ""
    if name in CODED:
        return label(CODED[name], value)
    if isinstance(value, int):
        return formats.number(value)
    return ", ".join(value) if isinstance(value, list) else str(value)


def _href(name: str, value: Any) -> str:
    if not value:
        return ""
    if name == "account":
        return reverse("crm:account_detail", args=[value.pk])
    return {"email": f"mailto:{value}", "phone": f"tel:{value}"}.get(name, "")
