"""The price list and what we assume of every deal, as an administrator keeps them (P-13)."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.forms.records import RecordForm
from crm.lib.http import action, page
from crm.permissions import can_administer, hide_unless
from crm.queries.access import get_access
from crm.queries.organisation import get_organisation
from crm.views.answers import WRONG, go_on
from crm.views.editing import Edited, carry_out, save_edit, show_edit
from crm.views.settings import settings_places
from pipeline.commands.products import EDITABLE, add_product, edit_product, put_product
from pipeline.forms.economics import ProductForm
from pipeline.models import Product


@page
def products(request: HttpRequest) -> HttpResponse:
    """Show the price list; what was put away stands below it."""
    hide_unless(can_administer(get_access(request.user)))
    every = list(Product.objects.order_by("family", "name", "pk"))
    context = {
        "on_sale": [each for each in every if each.archived_at is None],
        "put_away": [each for each in every if each.archived_at is not None],
        **settings_places(request, "products"),
    }
    return render(request, "pipeline/products.html", context)


@page
def product_new(request: HttpRequest) -> HttpResponse:
    """Show the form of a new product."""
    hide_unless(can_administer(get_access(request.user)))
    return _sheet(request, Edited(_form()(), RecordForm()))


@action
def product_added(request: HttpRequest) -> HttpResponse:
    """Put something on the price list."""
    hide_unless(can_administer(get_access(request.user)))
    form = _form()(request.POST)
    made = carry_out(form, add_product, by=request.user, at=timezone.now())
    if made is None:
        return _sheet(request, Edited(form, RecordForm(), WRONG))
    return _saved(request, _("%(name)s is on the price list.") % {"name": made.name})


@page
def product(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form of a product."""
    found = _find(request, pk)
    return _sheet(request, show_edit(_form(), _values(found)), found)


@action
def product_saved(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a product; lines of deals keep the price they were sold at."""
    found = _find(request, pk)
    command = partial(edit_product, product_id=pk, by=request.user, at=timezone.now())
    edited = save_edit(request, _form(), command, fresh=lambda: _values(_find(request, pk)))
    return _saved(request, _("Saved.")) if edited.saved else _sheet(request, edited, found)


@action
def product_put(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a product away, so that no new line has it, or back."""
    found = _find(request, pk)
    is_sold = request.POST.get("is_sold") == "yes"
    put_product(product_id=found.pk, is_sold=is_sold, by=request.user, at=timezone.now())
    return _saved(request, _("Back on the price list.") if is_sold else _("Put away."))


def _find(request: HttpRequest, pk: int) -> Product:
    hide_unless(can_administer(get_access(request.user)))
    found: Product = get_object_or_404(Product, pk=pk)
    return found


def _form() -> Any:
    return partial(ProductForm, currency=get_organisation().currency)


def _values(found: Product) -> dict[str, Any]:
    return {name: getattr(found, name) for name in EDITABLE}


def _saved(request: HttpRequest, text: str) -> HttpResponse:
    return go_on(request, text, to=reverse("pipeline:products"))


def _sheet(request: HttpRequest, edited: Edited, found: Product | None = None) -> HttpResponse:
    context = {**edited.context, "product": found, "title": found.name if found else _("New product")}
    template = "pipeline/product.html" + ("#product_sheet" if request.headers.get("HX-Request") else "")
    return render(request, template, context, status=edited.status)
