"""The sheets of a deal's economics: a line, a cost, hours, potential, strategic value; added, changed, taken away."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.forms.records import RecordForm
from crm.lib.errors import CommandRefused
from crm.lib.http import action, page
from crm.permissions import refuse_unless
from crm.queries.access import get_access
from crm.views.answers import WRONG, refuse, render_part
from crm.views.editing import Edited, carry_out, save_edit, show_edit
from pipeline.commands import economics as commands
from pipeline.enums import PolicyArea
from pipeline.forms.economics import (
    ApproveForm,
    CostForm,
    EffortForm,
    ExpansionForm,
    LineForm,
    StrategicForm,
    effort_start,
)
from pipeline.labels.promises import policy_sentence
from pipeline.models import Effort, ExpansionPotential, Opportunity, OpportunityCost, OpportunityLine, StrategicValue
from pipeline.queries.promises import get_policies
from pipeline.views.answers import changed, find_deal
from pipeline.views.economics import currency_of


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of row: its sheet, and the commands behind it; `edit` takes changes and seen, None where it has none."""

    model: type[Model]
    form: Callable[..., RecordForm]
    new: Any
    edited: Any
    add: Callable[..., Any]
    edit: Callable[..., Any] | None
    remove: Callable[..., Any]


def _by_id(command: Callable[..., Any], name: str) -> Callable[..., Any]:
    return lambda row, **given: command(**{name: row.pk}, **given)


def _put(command: Callable[..., Any], *columns: str) -> Callable[..., Any]:
    """Say a row of one kind anew: what was not changed stays."""

    def put(row: Any, *, changes: Mapping[str, Any], seen: Mapping[str, Any], **given: Any) -> Any:
        said = {**{name: getattr(row, name) for name in columns}, **changes}
        return command(opportunity_id=row.opportunity_id, kind=row.kind, seen=seen, **said, **given)

    return put


KINDS: Mapping[str, Kind] = {
    "lines": Kind(
        OpportunityLine, LineForm, gettext_lazy("Add a line"), gettext_lazy("Line"), commands.add_line,
        _by_id(commands.edit_line, "line_id"), _by_id(commands.remove_line, "line_id"),
    ),
    "costs": Kind(
        OpportunityCost, CostForm, gettext_lazy("Add a cost"), gettext_lazy("Direct cost"), commands.add_cost,
        _by_id(commands.edit_cost, "cost_id"), _by_id(commands.remove_cost, "cost_id"),
    ),
    "hours": Kind(
        Effort, EffortForm, gettext_lazy("Log hours"), gettext_lazy("Hours"), commands.log_effort,
        None, _by_id(commands.remove_effort, "effort_id"),
    ),
    "potential": Kind(
        ExpansionPotential, ExpansionForm, gettext_lazy("Add potential"), gettext_lazy("Potential"),
        commands.put_expansion, _put(commands.put_expansion, "yearly", "note"), _by_id(commands.remove_expansion, "expansion_id"),
    ),
    "strategic": Kind(
        StrategicValue, StrategicForm, gettext_lazy("Add strategic value"), gettext_lazy("Strategic value"),
        commands.put_strategic_value, _put(commands.put_strategic_value, "weight", "value", "justification"),
        _by_id(commands.remove_strategic_value, "strategic_id"),
    ),
}  # fmt: skip


@page
def economics_new(request: HttpRequest, deal_id: int, kind: str) -> HttpResponse:
    """Show the sheet that adds a row."""
    deal, found = find_deal(request, deal_id, to_edit=True), find_kind(kind)
    initial = effort_start(timezone.localdate(), request.user.pk) if kind == "hours" else {}
    return _sheet(request, deal, kind, Edited(_form(deal, found)(initial=initial or None), RecordForm()))


@action
def economics_added(request: HttpRequest, deal_id: int, kind: str) -> HttpResponse:
    """Add a row."""
    deal, found = find_deal(request, deal_id, to_edit=True), find_kind(kind)
    form = _form(deal, found)(request.POST)
    if carry_out(form, found.add, opportunity_id=deal_id, by=request.user, at=timezone.now()) is None:
        return _sheet(request, deal, kind, Edited(form, RecordForm(), WRONG))
    return _changed(request, deal, _("Saved."))


@page
def economics_row(request: HttpRequest, deal_id: int, kind: str, row_id: int) -> HttpResponse:
    """Show the sheet of a row."""
    deal, found = find_deal(request, deal_id, to_edit=True), find_kind(kind)
    row = find_row(found, deal_id, row_id)
    form = _form(deal, found, row)
    return _sheet(request, deal, kind, show_edit(form, _values(form, row)), row)


@action
def economics_saved(request: HttpRequest, deal_id: int, kind: str, row_id: int) -> HttpResponse:
    """Change a row, unless a colleague changed the same field since it was shown."""
    deal, found = find_deal(request, deal_id, to_edit=True), find_kind(kind)
    row = find_row(found, deal_id, row_id)
    if found.edit is None:
        raise Http404
    form, command = _form(deal, found, row), partial(found.edit, row, by=request.user, at=timezone.now())
    edited = save_edit(request, form, command, fresh=lambda: _values(form, find_row(found, deal_id, row_id)))
    return _changed(request, deal, _("Saved.")) if edited.saved else _sheet(request, deal, kind, edited, row)


@action
def economics_removed(request: HttpRequest, deal_id: int, kind: str, row_id: int) -> HttpResponse:
    """Take a row away; one that is gone already stays gone."""
    deal, found = find_deal(request, deal_id, to_edit=True), find_kind(kind)
    row = find_row(found, deal_id, row_id, even_removed=True)
    try:
        found.remove(row, by=request.user, at=timezone.now())
    except CommandRefused as refused:
        return refuse(request, refused, to=_address(deal))
    return _changed(request, deal, _("Removed."))


@page
def strategic_ask(request: HttpRequest, deal_id: int, row_id: int) -> HttpResponse:
    """Show the form that lets a strategic value count."""
    deal = find_deal(request, deal_id, to_edit=True)
    refuse_unless(get_access(request.user).manages(deal.owner_id))
    return _approve(request, deal, find_row(KINDS["strategic"], deal_id, row_id))


@action
def strategic_approved(request: HttpRequest, deal_id: int, row_id: int) -> HttpResponse:
    """Let a strategic value count, with a reason (EE-061)."""
    deal, row = find_deal(request, deal_id, to_edit=True), find_row(KINDS["strategic"], deal_id, row_id)
    refuse_unless(get_access(request.user).manages(deal.owner_id))
    form, at = ApproveForm(request.POST), timezone.now()
    if carry_out(form, commands.approve_strategic_value, strategic_id=row.pk, by=request.user, at=at) is None:
        return _approve(request, deal, row, form)
    return _changed(request, deal, _("It counts from now on."))


def find_kind(kind: str) -> Kind:
    """Return a kind of row, 404 for none."""
    if kind not in KINDS:
        raise Http404
    return KINDS[kind]


def find_row(kind: Kind, deal_id: int, row_id: int, *, even_removed: bool = False) -> Any:
    """Return a row of the deal that stands; 404 for another's and for what was taken away."""
    row: Any = kind.model._default_manager.filter(pk=row_id, opportunity_id=deal_id).first()
    if row is None or (row.removed_at is not None and not even_removed):
        raise Http404
    return row


def _form(deal: Opportunity, kind: Kind, row: Any = None) -> Callable[..., RecordForm]:
    return partial(kind.form, row=row, currency=currency_of(deal))


def _values(form: Callable[..., RecordForm], row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in form().fields}


def _address(deal: Opportunity) -> str:
    return reverse("pipeline:deal_economics", args=[deal.pk])


def _changed(request: HttpRequest, deal: Opportunity, text: str) -> HttpResponse:
    return changed(request, deal, text, to=_address(deal))


def _sheet(request: HttpRequest, deal: Opportunity, kind: str, edited: Edited, row: Any = None) -> HttpResponse:
    found = KINDS[kind]
    context = {
        **edited.context, "deal": deal, "kind": kind, "row": row, "title": found.edited if row else found.new,
        "can_save": row is None or found.edit is not None, "policy": _discount_policy() if kind == "lines" else "",
    }  # fmt: skip
    return render_part(request, "pipeline/economics_row.html", "economics_sheet", context, status=edited.status)


def _discount_policy() -> str:
    return policy_sentence(get_policies(on=timezone.localdate()).get(PolicyArea.DISCOUNT))


def _approve(
    request: HttpRequest, deal: Opportunity, row: StrategicValue, form: ApproveForm | None = None
) -> HttpResponse:
    """Show what is claimed now; a form that comes back was wrong."""
    context = {"deal": deal, "row": row, "form": form or ApproveForm(), "seen_at": row.at.isoformat()}
    return render_part(
        request, "pipeline/economics_approve.html", "approve_sheet", context, status=WRONG if form else 200
    )
