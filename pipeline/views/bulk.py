"""Changing many deals of the table at once: the sheet, what became of each, and undoing the whole (D-22)."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from crm.labels import refusal_sentence
from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.http import action, page
from crm.lib.values import Refusal
from crm.permissions import can_read_company, hide_unless, refuse_unless
from crm.queries.access import get_access
from crm.views.answers import WRONG, next_url, refuse, render_part
from pipeline.commands.bulk import MOST, edit_deals, undo_bulk_edit
from pipeline.enums import BulkKind, BulkOutcome
from pipeline.forms.bulk import ChosenForm, change_form, chosen_text, read_change
from pipeline.labels.bulk import finding, question, what_was_set
from pipeline.models import BulkAnswer, BulkEdit
from pipeline.permissions import can_create_deals
from pipeline.policies.moves import REASON_LENGTH, UNDO_WITHIN
from pipeline.queries.bulk import ChosenDeal, get_answers, get_bulk_edit, get_chosen, get_name_of_value
from pipeline.queries.opportunities import opportunities_visible_to
from pipeline.views.board import read_address
from pipeline.views.lists import list_deals

CHANGED = (BulkOutcome.CHANGED, BulkOutcome.OVERRIDDEN)


@page
def deals_change(request: HttpRequest) -> HttpResponse:
    """Ask what the chosen deals are given: those named by `deal`, or with `all` every deal of the filter."""
    kind = _kind(request, request.GET)
    if request.GET.get("all"):
        deals = list_deals(request, read_address(request)[-1])
    else:
        deals = opportunities_visible_to(request.user).filter(pk__in=_ids(request.GET.getlist("deal")))
    chosen = get_chosen(deals, kind, limit=MOST)
    if not chosen or len(chosen) > MOST:
        refused = Refusal.of("too_many_deals", most=MOST) if chosen else Refusal.of("no_deals")
        return _render(request, kind, "", 0, alerts=[refusal_sentence(refused)])
    form = _form(request, kind, [deal.id for deal in chosen])
    return _render(request, kind, chosen_text(chosen), len(chosen), form=form)


@action
def deals_changed(request: HttpRequest) -> HttpResponse:
    """Change the chosen deals and show what became of each."""
    kind = _kind(request, request.POST)
    chosen = ChosenForm(request.POST, kind=kind)
    form = _form(request, kind, chosen.ids, data=request.POST)
    if not chosen.is_valid() or not form.is_valid():
        return _wrong(request, kind, chosen, form)
    try:
        edit = edit_deals(
            deals=chosen.cleaned_data["deals"], change=read_change(kind, form), by=request.user, at=timezone.now()
        )
    except NotPermitted:
        raise
    except CommandRefused as refused:
        form.refuse(refused)
        return _wrong(request, kind, chosen, form)
    return _show(request, edit.pk)


@page
def bulk_edit_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what was done to each deal and what was not, why, and how to go on."""
    edit, at = _own(request, pk), timezone.now()
    answers = get_answers(edit, user=request.user)
    changed, refused = _counts(answers)
    liftable = [each for each in answers if each.outcome == BulkOutcome.REFUSED and each.override_allowed]
    context = {
        "edit": edit,
        "value": what_was_set(edit.kind, edit.value, get_name_of_value(edit.kind, edit.value)),
        "rows": [_row(each) for each in answers],
        "finding": finding(changed, refused),
        "may_undo": bool(changed) and edit.undone_at is None and at - edit.at <= UNDO_WITHIN,
        "kept": sum(each.outcome in CHANGED and each.undone_at is None for each in answers),
        "liftable": len(liftable),
        "lifted": chosen_text(ChosenDeal(each.opportunity_id, each.version) for each in liftable),
        "reason_length": REASON_LENGTH,
        "back": next_url(request, _table_url()),
    }
    return render(request, "pipeline/bulk_edit_detail.html", context)


@action
def bulk_edit_undone(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the whole change back."""
    edit = _own(request, pk)
    try:
        undo_bulk_edit(bulk_edit_id=edit.pk, by=request.user, at=timezone.now())
    except CommandRefused as refused:
        return refuse(request, refused, to=reverse("pipeline:bulk_edit_detail", args=[pk]))
    return _show(request, pk)


def _show(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on to what became of each deal."""
    here = reverse("pipeline:bulk_edit_detail", args=[pk])
    to = f"{here}?{urlencode({'next': next_url(request, _table_url())})}"
    return HttpResponse(headers={"HX-Redirect": to}) if request.headers.get("HX-Request") else redirect(to)


def _form(request: HttpRequest, kind: BulkKind, deal_ids: Sequence[int], *, data: Any = None) -> Any:
    return change_form(kind, deal_ids=deal_ids, user=request.user, today=timezone.localdate(), data=data)


def _row(answer: BulkAnswer) -> dict[str, Any]:
    told = [Refusal.of(each["code"], **each["params"]) for each in answer.refusals]
    return {
        "deal": answer.opportunity,
        "outcome": answer.outcome,
        "left": answer.outcome == BulkOutcome.REFUSED,
        "undone": answer.undone_at is not None,
        "why": [refusal_sentence(each) for each in told],
    }


def _counts(answers: Any) -> tuple[int, int]:
    outcomes = [each.outcome for each in answers]
    return sum(each in CHANGED for each in outcomes), outcomes.count(BulkOutcome.REFUSED)


def _own(request: HttpRequest, pk: int) -> BulkEdit:
    edit = get_bulk_edit(pk, user=request.user)
    if edit is None:
        raise Http404
    return edit


def _kind(request: HttpRequest, data: Any) -> BulkKind:
    """Return what is to be changed; 404 for contributors and for what is no such thing, 403 for who only reads."""
    access = get_access(request.user)
    hide_unless(can_read_company(access))
    refuse_unless(can_create_deals(access))
    try:
        return BulkKind(data.get("what", BulkKind.OWNER))
    except ValueError:
        raise Http404 from None


def _ids(told: Sequence[str]) -> list[int]:
    return [int(each) for each in told[: MOST + 1] if each.isascii() and each.isdecimal() and len(each) < 19]


def _table_url() -> str:
    return f"{reverse('pipeline:board')}?as=table"


def _wrong(request: HttpRequest, kind: BulkKind, chosen: ChosenForm, form: Any) -> HttpResponse:
    deals = chosen.cleaned_data.get("deals") or []
    alerts = [str(error) for errors in chosen.errors.values() for error in errors]
    kept = chosen.data.get("deals", "") if deals else ""
    return _render(request, kind, kept, len(deals), form=form, alerts=alerts, status=WRONG)


def _render(
    request: HttpRequest, kind: BulkKind, chosen: str, count: int, *, form: Any = None, alerts: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = {
        "kind": kind,
        "question": question(kind, count),
        "chosen": chosen,
        "count": count,
        "form": form,
        "alerts": alerts,
        "next": next_url(request, _table_url()),
    }
    return render_part(request, "pipeline/deals_change.html", "deals_change", context, status=status)
