"""What we assume of every deal, and what an hour costs, as an administrator sets them (B16)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib.http import action, page
from crm.permissions import can_administer, hide_unless
from crm.queries.access import get_access
from crm.queries.organisation import get_organisation
from crm.views.answers import WRONG, go_on
from crm.views.editing import carry_out
from crm.views.settings import settings_places
from pipeline.commands.economics import set_assumptions, set_cost_rates
from pipeline.forms.economics import AssumptionsForm, RatesForm
from pipeline.queries.economics import get_assumptions
from pipeline.queries.economics_parts import get_cost_rates

NAMES = tuple(AssumptionsForm.base_fields)


@page
def assumptions(request: HttpRequest) -> HttpResponse:
    """Show what is assumed of every deal and what an hour of each kind costs."""
    hide_unless(can_administer(get_access(request.user)))
    return _render(request)


@action
def assumptions_saved(request: HttpRequest) -> HttpResponse:
    """Assume this from today on; a job then looks at every open deal anew."""
    hide_unless(can_administer(get_access(request.user)))
    form = AssumptionsForm(request.POST, currency=get_organisation().currency)
    if carry_out(form, set_assumptions, by=request.user, at=timezone.now()) is None:
        return _render(request, form=form)
    return _saved(request, _("Saved. Deals follow within a minute."))


@action
def rates_saved(request: HttpRequest) -> HttpResponse:
    """Say what an hour costs from today on; hours logged before keep the rate of their day."""
    hide_unless(can_administer(get_access(request.user)))
    form = RatesForm(request.POST, currency=get_organisation().currency)
    if carry_out(form, set_cost_rates, by=request.user, at=timezone.now()) is None:
        return _render(request, rates=form)
    return _saved(request, _("The rates stand from today on."))


def _saved(request: HttpRequest, text: str) -> HttpResponse:
    return go_on(request, text, to=reverse("pipeline:assumptions"))


def _render(
    request: HttpRequest, *, form: AssumptionsForm | None = None, rates: RatesForm | None = None
) -> HttpResponse:
    today, currency = timezone.localdate(), get_organisation().currency
    standing = get_assumptions(on=today)
    initial = {name: getattr(standing, name) for name in NAMES} if standing else {"horizon_months": 60}
    context = {
        "form": form or AssumptionsForm(initial=initial, currency=currency),
        "rates": rates or RatesForm(initial=get_cost_rates(on=today), currency=currency),
        "standing": standing,
        **settings_places(request, "assumptions"),
    }
    return render(request, "pipeline/assumptions.html", context, status=WRONG if form or rates else 200)
