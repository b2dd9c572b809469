"""Moves between setpoints: the sheet that asks for missing facts, the move, its undoing, and what to do when two meet."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.labels import refusal_sentence
from crm.lib import formats
from crm.lib.errors import CommandRefused, NotPermitted, StaleRecord
from crm.lib.http import action, page
from crm.queries.access import get_access
from crm.views.answers import STALE, WRONG, refuse
from pipeline.commands.facts import move_with_facts
from pipeline.commands.opportunities import Move, UndoRefused, move_opportunity, undo_move
from pipeline.facts import SetpointFacts
from pipeline.forms.sheet import MoveForm, SheetForm
from pipeline.labels.history import describe_change
from pipeline.models import Opportunity
from pipeline.policies import moves
from pipeline.queries.deals import DealPath, get_deal_path, get_latest_change
from pipeline.queries.setpoints import find_setpoint
from pipeline.queries.timeline import get_event_names
from pipeline.views.answers import board_parts, board_query, changed, find_deal

SHEET = "pipeline/deal_move.html"


@page
def deal_move(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Ask where to; with `to` in the address, ask for what that setpoint misses."""
    deal = find_deal(request, deal_id, to_edit=True)
    path = get_deal_path(deal)
    wanted = request.GET.get("to", "")
    to = find_setpoint(path.open_setpoints, int(wanted)) if wanted.isdecimal() and len(wanted) < 19 else None
    return _render(request, deal, path, to)


@action
def deal_moved(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Move the deal, with the facts of the sheet where it came from there."""
    deal = find_deal(request, deal_id, to_edit=True, related=())
    form = MoveForm(request.POST)
    if not form.is_valid():
        return _misread(request, deal, form)
    sheet = _read_sheet(request, deal, form.cleaned_data)
    if sheet is not None and not sheet.is_valid():
        return _refused(request, deal, form.cleaned_data, None, sheet)
    try:
        move = _move(request, deal_id, form.cleaned_data, sheet)
    except StaleRecord:
        return _conflict(request, deal_id, form.cleaned_data)
    except NotPermitted:
        raise
    except CommandRefused as refused:
        return _refused(request, deal, form.cleaned_data, refused, sheet)
    return _moved(request, move)


def _move(request: HttpRequest, deal_id: int, given: Mapping[str, Any], sheet: SheetForm | None) -> Move:
    move = partial(move_with_facts, facts=sheet.given()) if sheet else move_opportunity
    return move(
        opportunity_id=deal_id,
        to=given["to"],
        seen_version=given["version"],
        by=request.user,
        at=timezone.now(),
        override=given["override"],
        reason=given["reason"],
        idempotency_key=given["key"] or None,
    )


def _moved(request: HttpRequest, move: Move) -> HttpResponse:
    deal = find_deal(request, move.deal.pk, related=("account", "setpoint"))
    names = {"name": deal.account.name, "setpoint": deal.setpoint.name if deal.setpoint else ""}
    undo = reverse("pipeline:move_undo", args=[deal.pk, move.event.seq])
    text = _("%(name)s moved to %(setpoint)s") % names
    return changed(request, deal, text, columns={move.from_setpoint_id, deal.setpoint_id}, undo=undo, live=f"{text}.")


@page
def deal_criteria(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Say for each setpoint what a lifted card would still miss there."""
    deal = find_deal(request, deal_id, to_edit=True, related=())
    path = get_deal_path(deal)
    standing = [
        {
            "setpoint": to,
            "backward": moves.is_backward(path.facts, to=to),
            "missing": len(moves.unmet_criteria(path.facts, to=to)),
            "of": len(moves.asked_criteria(path.facts, to=to)),
        }
        for to in path.open_setpoints
        if to.id != deal.setpoint_id
    ]
    return render(request, "pipeline/_card_criteria.html", {"standing": standing})


@action
def move_undo(request: HttpRequest, deal_id: int, seq: int) -> HttpResponse:
    """Take back a move as if it had not been."""
    find_deal(request, deal_id, to_edit=True)
    try:
        move = undo_move(opportunity_id=deal_id, seq=seq, by=request.user, at=timezone.now())
    except UndoRefused as refused:
        return refuse(request, refused, to=reverse("pipeline:deal_detail", args=[deal_id]))
    deal = find_deal(request, deal_id)
    names = {"name": deal.account.name, "setpoint": deal.setpoint.name if deal.setpoint else ""}
    text = _("Undone. %(name)s stands at %(setpoint)s again") % names
    return changed(request, deal, text, columns={move.from_setpoint_id, deal.setpoint_id})


@page
def deal_card(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Return a deal's card as it stands now, with the heads around it; without a board, the deal."""
    deal = find_deal(request, deal_id)
    query = board_query(request)
    if query is None:
        return redirect("pipeline:deal_detail", deal_id)
    context = {
        "text": "",
        "undo_url": "",
        "undo_label": "",
        "live": "",
        **board_parts(request, deal, query, {deal.setpoint_id}),
    }
    answer = render(request, "pipeline/_card_again.html", context)
    answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "body", "none"
    return answer


def _read_sheet(request: HttpRequest, deal: Opportunity, given: Mapping[str, Any]) -> SheetForm | None:
    if not given["sheet"]:
        return None
    path = get_deal_path(deal)
    to = find_setpoint(path.open_setpoints, given["to"])
    return _sheet_form(deal, path, to, request.POST) if to else None


def _sheet_form(deal: Opportunity, path: DealPath, to: SetpointFacts, data: Any = None) -> SheetForm:
    backward = moves.is_backward(path.facts, to=to)
    missing = [] if backward else moves.unmet_criteria(path.facts, to=to)
    return SheetForm(data, missing=missing, deal=deal)


def _misread(request: HttpRequest, deal: Opportunity, form: MoveForm) -> HttpResponse:
    """Say what of a move could not be read, on the sheet it is about or where a setpoint is chosen."""
    path = get_deal_path(deal)
    to = find_setpoint(path.open_setpoints, form.cleaned_data.get("to", 0))
    given = {name: form.data.get(name, "") for name in ("reason", "override")}
    return _render(request, deal, path, to, given=given, alerts=form.sentences(), status=WRONG)


def _refused(
    request: HttpRequest,
    deal: Opportunity,
    given: Mapping[str, Any],
    refused: CommandRefused | None,
    sheet: SheetForm | None,
) -> HttpResponse:
    path = get_deal_path(deal)
    to = find_setpoint(path.open_setpoints, given["to"])
    codes = [each for each in (refused.refusals if refused else []) if each.code != moves.UNMET]
    asked = codes and codes[0].code == "reason_needed" and not given["sheet"]
    alerts = [] if asked else [refusal_sentence(each) for each in codes]
    return _render(request, deal, path, to, sheet=sheet, given=given, alerts=alerts, status=WRONG)


def _render(
    request: HttpRequest, deal: Opportunity, path: DealPath, to: SetpointFacts | None, *, sheet: SheetForm | None = None,
    given: Mapping[str, Any] | None = None, alerts: list[str] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    form = sheet or (_sheet_form(deal, path, to) if to else None)
    said = {"alerts": alerts or [], "given": given or {"reason": "", "override": ""}}
    context = {"deal": deal, "to": to, "sheet": form, **said, **_sheet_facts(request, deal, path, to, form)}
    template = f"{SHEET}#move_sheet" if request.headers.get("HX-Request") else SHEET
    answer = render(request, template, context, status=status)
    if status == WRONG:
        answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "#sheet", "innerHTML"
    return answer


def _sheet_facts(
    request: HttpRequest, deal: Opportunity, path: DealPath, to: SetpointFacts | None, form: SheetForm | None
) -> dict[str, Any]:
    standing, facts = path.standing, path.facts
    choices = [each for each in path.open_setpoints if standing is None or each.id != standing.id]
    base = {"standing": standing, "choices": choices, "backward": False, "version": deal.version}
    if to is None or form is None:
        return base
    access = get_access(request.user)
    gates = {criterion.gate for criterion in form.missing}
    weight = standing.probability if standing else 0
    backward = moves.is_backward(facts, to=to)
    met = [(each, facts.evidence[each.version_id]) for each in to.asked_of(facts.deal_type) if each.is_met_by(facts)]
    return base | {
        "backward": backward,
        "met": [] if backward else met,
        "weighted_from": formats.money(deal.amount.amount * weight, deal.amount.currency) if deal.amount else "",
        "weighted_to": formats.money(deal.amount.amount * to.probability, deal.amount.currency) if deal.amount else "",
        "may_override": moves.may_override(access, deal.owner_id, gates=gates),
        "reason_length": moves.REASON_LENGTH,
    }


def _conflict(request: HttpRequest, deal_id: int, given: Mapping[str, Any]) -> HttpResponse:
    """Tell the second of two people what the first did, with both ways on."""
    deal = find_deal(request, deal_id)
    event = get_latest_change(deal_id)
    who = _who_changed(event)
    mine = {
        "who": who,
        "url": reverse("pipeline:deal_move", args=[deal_id]),
        "deal_url": reverse("pipeline:deal_detail", args=[deal_id]),
        "card_url": reverse("pipeline:deal_card", args=[deal_id]),
        "to": given["to"],
        "version": deal.version,
        "reason": given["reason"],
        "override": given["override"],
    }
    query = board_query(request)
    if query is None or given["sheet"]:
        path = get_deal_path(deal)
        to = find_setpoint(path.open_setpoints, given["to"])
        sheet = _read_sheet(request, deal, given)
        again = _("%(who)s Yours was not saved. Send again to use yours.") % {"who": who}
        answer = _render(request, deal, path, to, sheet=sheet, given=given, alerts=[again], status=STALE)
        answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "#sheet", "innerHTML"
        return answer
    context = {
        "text": "",
        "undo_url": "",
        "undo_label": "",
        "live": who,
        **board_parts(request, deal, query, {deal.setpoint_id}),
    }
    answer = render(request, "pipeline/_card_again.html", context | {"conflict": mine}, status=STALE)
    answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "body", "none"
    return answer


def _who_changed(event: Any) -> str:
    if event is None:
        return _("Somebody changed this deal meanwhile.")
    change = describe_change(event, get_event_names([event]))
    by = event.by or _("Somebody")
    when = formats.moment(event.recorded_at)
    return _("%(who)s changed this (%(what)s, %(when)s).") % {"who": by, "what": change.sentence, "when": when}
