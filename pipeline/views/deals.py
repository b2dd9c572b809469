"""The page of a deal, a new deal, and editing one field in place."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib import formats
from crm.lib.errors import CommandRefused, StaleRecord
from crm.lib.http import action, page
from crm.lib.labels import label
from crm.lib.values import Money
from crm.permissions import hide_unless, refuse_unless
from crm.queries.access import get_access
from crm.queries.accounts import accounts_visible_to
from crm.queries.organisation import get_organisation
from crm.views.answers import STALE, WRONG, done, go_on, refuse, render_part
from crm.views.fields import UNDO, answer_fact
from pipeline.commands.opportunities import archive_opportunity, create_opportunity, edit_opportunity
from pipeline.forms.deals import DealForm
from pipeline.models import Opportunity
from pipeline.permissions import can_create_deals
from pipeline.policies.stages import standing_stage
from pipeline.queries.deals import RELATED_ON_PAGE, get_account_deals, get_contact_deals
from pipeline.queries.opportunities import visible_owner_ids
from pipeline.queries.timeline import Names
from pipeline.views.answers import find_deal
from pipeline.views.detail import build_detail

NEW_FIELDS = (
    "account_id",
    "name",
    "pipeline_code",
    "amount",
    "deal_type",
    "expected_close_on",
    "first_meeting_at",
    "owner_id",
    "override",
)
IN_PLACE = (
    "name", "amount", "expected_close_on", "decision_on", "owner_id", "deal_type", "category", "approach", "contact_id",
    "source_id", "campaign_id", "required_results", "go_live_on", "stage_id",
)  # fmt: skip
CODED = {"deal_type": "deal_type", "category": "forecast_category", "approach": "approach"}


@dataclass(frozen=True, slots=True)
class DealFact:
    """One field of a deal as the page shows it, in the shape of `crm/_record_fact.html`."""

    record_id: int
    field: str
    label: str
    text: str
    editable: bool
    href: str = ""
    edit_url: str = "pipeline:deal_field"
    save_url: str = "pipeline:deal_field_save"

    @property
    def record_url(self) -> str:
        """Return the address of the deal."""
        return reverse("pipeline:deal_detail", args=[self.record_id])


def get_fact(deal: Opportunity, field: str, *, editable: bool, names: Names | None = None) -> DealFact:
    """Return one field of a deal in words; `names` are those of its ids where they are known already."""
    kind = field.removesuffix("_id")
    if names is not None and kind != field:
        text = names.get((kind, getattr(deal, field) or 0), "")
    else:
        text = _text(field, getattr(deal, kind))
    return DealFact(deal.pk, field, label("deal_field", field), text, editable)


def _text(field: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if field in CODED:
        return label(CODED[field], value)
    if isinstance(value, Money):
        return formats.money(value.amount, value.currency)
    return formats.day(value, relative=False) if hasattr(value, "isoformat") else str(value)


@page
def deal_detail(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Show a deal: where it stands, what the next setpoint asks for, its next step, people and history."""
    deal = find_deal(request, deal_id, related=RELATED_ON_PAGE)
    context = build_detail(request, deal)
    editable = context["editable"] and deal.archived_at is None
    if stage := standing_stage(context["standing"], deal.stage_id):
        context["names"]["stage", deal.stage_id or 0] = stage.name
    context |= {
        "facts": {field: get_fact(deal, field, editable=editable, names=context["names"]) for field in IN_PLACE},
        "switched_off": get_access(request.user).switched_off,
    }
    standing = context["standing"]
    fields = standing.key_fields if standing and deal.is_open else ()
    context["guide_fields"] = [context["facts"][name] for name in fields if name in context["facts"]]
    return render(request, "pipeline/deal_detail.html", context)


@page
def deal_new(request: HttpRequest) -> HttpResponse:
    """Show the form of a new deal."""
    _require_seller(request)
    account = request.GET.get("account", "")
    initial: dict[str, Any] = {"owner_id": request.user.pk}
    if account.isdecimal() and accounts_visible_to(request.user).filter(pk=int(account[:18])).exists():
        initial["account_id"] = int(account[:18])
    form = DealForm(only=NEW_FIELDS, user=request.user, initial=initial)
    return render_part(request, "pipeline/deal_new.html", "deal_form", {"form": form})


@action
def deal_create(request: HttpRequest) -> HttpResponse:
    """Add a deal at the first setpoint and open it."""
    _require_seller(request)
    form = DealForm(request.POST, only=NEW_FIELDS, user=request.user, currency=get_organisation().currency)
    if form.is_valid():
        try:
            deal = create_opportunity(**form.cleaned_data, by=request.user, at=timezone.now())
        except CommandRefused as refused:
            form.refuse(refused)
        else:
            to = reverse("pipeline:deal_detail", args=[deal.pk])
            return go_on(request, _("%(name)s was added.") % {"name": deal}, to=to)
    return render_part(request, "pipeline/deal_new.html", "deal_form", {"form": form}, status=WRONG)


@page
def deal_field(request: HttpRequest, deal_id: int, field: str) -> HttpResponse:
    """Show the form of one field, in its place or as a page."""
    deal = _editable(request, deal_id, field)
    return _render_field(request, deal, field, _form(request, deal, field), _form(request, deal, field, prefix="seen"))


@action
def deal_field_save(request: HttpRequest, deal_id: int, field: str) -> HttpResponse:
    """Save one field, unless somebody changed the same one since it was shown."""
    deal = _editable(request, deal_id, field)
    form, seen = (
        _form(request, deal, field, data=request.POST),
        _form(request, deal, field, data=request.POST, prefix="seen"),
    )
    if not form.is_valid():
        return _render_field(request, deal, field, form, seen, status=WRONG)
    sent: dict[str, Any] = {"changes": form.cleaned_data, "seen": seen.seen_values}
    try:
        edit_opportunity(opportunity_id=deal_id, by=request.user, at=timezone.now(), **sent)
    except StaleRecord as stale:
        return _both(request, deal_id, field, form, stale)
    except CommandRefused as refused:
        form.refuse(refused)
        return _render_field(request, deal, field, form, seen, status=WRONG)
    return _saved(request, deal_id, field)


def _both(request: HttpRequest, deal_id: int, field: str, form: DealForm, stale: StaleRecord) -> HttpResponse:
    """Show what a colleague wrote beside what the person wrote, for the person to choose."""
    if UNDO in request.POST:
        return refuse(request, stale, to=reverse("pipeline:deal_detail", args=[deal_id]))
    fresh = find_deal(request, deal_id, related=())
    return _render_field(request, fresh, field, form, _form(request, fresh, field, prefix="seen"), status=STALE)


@action
def deal_archive(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Put away a deal that should never have been one."""
    deal = find_deal(request, deal_id, to_edit=True)
    here = reverse("pipeline:deal_detail", args=[deal_id])
    version = request.POST.get("version", "")
    try:
        archive_opportunity(
            opportunity_id=deal_id,
            seen_version=int(version) if version.isdecimal() and len(version) < 10 else 0,
            by=request.user,
            at=timezone.now(),
        )
    except CommandRefused as refused:
        return refuse(request, refused, to=here)
    return go_on(request, _("%(name)s is archived.") % {"name": deal}, to=here)


@page
def account_panel(request: HttpRequest, account_id: int) -> HttpResponse:
    """Return the deals of an account the person may see, for the account's page."""
    access = get_access(request.user)
    hide_unless(access.reads_company)
    deals = get_account_deals(request.user, account_id)
    context = {"subject": "account", "deals": deals, "account_id": account_id, "can_create": can_create_deals(access)}
    return render(request, "pipeline/account_panel.html", context)


@page
def contact_panel(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Return the deals a contact takes part in that the person may see, for the contact's page."""
    hide_unless(get_access(request.user).reads_company)
    deals = get_contact_deals(request.user, contact_id)
    context = {"subject": "contact", "deals": deals, "account_id": None, "can_create": False}
    return render(request, "pipeline/account_panel.html", context)


def _require_seller(request: HttpRequest) -> None:
    access = get_access(request.user)
    hide_unless(visible_owner_ids(access) != frozenset())
    refuse_unless(can_create_deals(access))


def _editable(request: HttpRequest, deal_id: int, field: str) -> Opportunity:
    if field not in IN_PLACE:
        raise Http404
    return find_deal(request, deal_id, to_edit=True, related=())


def _form(
    request: HttpRequest, deal: Opportunity, field: str, *, data: Any = None, prefix: str | None = None
) -> DealForm:
    currency = deal.amount.currency if deal.amount else get_organisation().currency if field == "amount" else "EUR"
    return DealForm(
        data,
        only=[field],
        prefix=prefix,
        user=request.user,
        account_id=deal.account_id,
        setpoint_id=deal.setpoint_id,
        currency=currency,
        initial={field: getattr(deal, field)},
    )


def _render_field(
    request: HttpRequest, deal: Opportunity, field: str, form: DealForm, seen: DealForm, *, status: int = 200
) -> HttpResponse:
    fact = get_fact(deal, field, editable=True)
    theirs = fact.text if status == STALE else None
    context = {"fact": fact, "form": form, "seen": seen, "field": form[field], "theirs": theirs, "record": deal}
    template = "crm/_record_fact_form.html" if request.headers.get("HX-Request") else "crm/record_field.html"
    return render(request, template, context, status=status)


def _saved(request: HttpRequest, deal_id: int, field: str) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        return done(request, _("Saved."), to=reverse("pipeline:deal_detail", args=[deal_id]))
    fact = get_fact(find_deal(request, deal_id, related=()), field, editable=True)
    return answer_fact(request, fact, events="record:changed, setpoint:timeline")
