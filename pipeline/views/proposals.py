"""Proposals of a deal: written, sent on a day, taken back; what was negotiated about them."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib import formats
from crm.lib.errors import CommandRefused, StaleRecord
from crm.lib.http import action, page
from crm.lib.labels import label
from crm.queries.organisation import get_organisation
from crm.views.answers import STALE
from crm.views.editing import carry_out
from pipeline.commands.negotiation import note_point, settle_point
from pipeline.commands.opportunities import MoveRefused
from pipeline.commands.proposals import change_proposal, remove_proposal, send_proposal, write_proposal
from pipeline.forms.documents import PointForm, ProposalForm, SentForm, SettleForm
from pipeline.models import NegotiationPoint, Opportunity, Proposal
from pipeline.policies.proposals import SolutionLine
from pipeline.queries.documents import proposals_of
from pipeline.views.answers import changed, find_deal
from pipeline.views.asking import show_sheet


@page
def proposal_new(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Show the form of a new proposal."""
    deal = find_deal(request, deal_id, to_edit=True)
    return _proposal_sheet(request, deal, ProposalForm(initial={"package": "custom", "amount": deal.amount}))


@action
def proposal_added(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Write a proposal; where the economics were not looked at, the form asks for a reason."""
    deal = find_deal(request, deal_id, to_edit=True)
    form = ProposalForm(request.POST, currency=_currency(deal))
    if not form.is_valid():
        return _proposal_sheet(request, deal, form)
    try:
        made = write_proposal(opportunity_id=deal_id, by=request.user, at=timezone.now(), **form.values())
    except CommandRefused as refused:
        return _proposal_sheet(request, deal, _asking(form, refused))
    return changed(request, deal, _("Proposal %(number)s is there.") % {"number": made.number})


@page
def proposal_edit(request: HttpRequest, deal_id: int, proposal_id: int) -> HttpResponse:
    """Show the form of a proposal that was not sent yet."""
    deal = find_deal(request, deal_id, to_edit=True)
    return _proposal_sheet(request, deal, _filled(_find(deal_id, proposal_id)))


@action
def proposal_changed(request: HttpRequest, deal_id: int, proposal_id: int) -> HttpResponse:
    """Write a proposal anew; what a colleague wrote meanwhile is shown beside it."""
    deal, proposal = find_deal(request, deal_id, to_edit=True), _find(deal_id, proposal_id)
    form = ProposalForm(request.POST, lines=_lines(proposal), currency=_currency(deal))
    if not form.is_valid():
        return _proposal_sheet(request, deal, form)
    try:
        change_proposal(proposal_id=proposal.pk, by=request.user, at=timezone.now(), **form.values())
    except StaleRecord as stale:
        return _both(request, deal, _find(deal_id, proposal_id), stale)
    except CommandRefused as refused:
        form.refuse(refused)
        return _proposal_sheet(request, deal, form)
    return changed(request, deal, _("Saved."))


@page
def proposal_send(request: HttpRequest, deal_id: int, proposal_id: int) -> HttpResponse:
    """Ask when the customer got it."""
    deal = find_deal(request, deal_id, to_edit=True)
    initial = {"sent_on": timezone.localdate(), "seen_version": _find(deal_id, proposal_id).version}
    return show_sheet(request, deal, SentForm(initial=initial), **_sent_texts())


@action
def proposal_sent(request: HttpRequest, deal_id: int, proposal_id: int) -> HttpResponse:
    """Note when the customer got it."""
    deal, proposal = find_deal(request, deal_id, to_edit=True), _find(deal_id, proposal_id)
    form, at = SentForm(request.POST), timezone.now()
    if carry_out(form, send_proposal, proposal_id=proposal.pk, by=request.user, at=at) is None:
        return show_sheet(request, deal, form, **_sent_texts())
    return changed(request, deal, _("Proposal %(number)s was sent.") % {"number": proposal.number})


@action
def proposal_removed(request: HttpRequest, deal_id: int, proposal_id: int) -> HttpResponse:
    """Take a proposal back."""
    deal, proposal = find_deal(request, deal_id, to_edit=True), _find(deal_id, proposal_id)
    remove_proposal(proposal_id=proposal.pk, by=request.user, at=timezone.now())
    return changed(request, deal, _("Proposal %(number)s was taken back.") % {"number": proposal.number})


@page
def point_new(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Show the form for what the customer wants otherwise."""
    deal = find_deal(request, deal_id, to_edit=True)
    initial = {"topic": "price", "asked_on": timezone.localdate(), "contact_id": deal.contact_id}
    return show_sheet(request, deal, PointForm(deal=deal, initial=initial), **_point_texts())


@action
def point_added(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Note what the customer wants otherwise."""
    deal = find_deal(request, deal_id, to_edit=True)
    form = PointForm(request.POST, deal=deal)
    if carry_out(form, note_point, opportunity_id=deal_id, by=request.user, at=timezone.now()) is None:
        return show_sheet(request, deal, form, **_point_texts())
    return changed(request, deal, _("Noted."))


@page
def point_settle(request: HttpRequest, deal_id: int, point_id: int) -> HttpResponse:
    """Ask what came of a wish."""
    deal, point = find_deal(request, deal_id, to_edit=True), _find_point(deal_id, point_id)
    initial = {"settled_on": timezone.localdate(), "seen_version": point.version}
    return show_sheet(request, deal, SettleForm(initial=initial), **_settle_texts(point))


@action
def point_settled(request: HttpRequest, deal_id: int, point_id: int) -> HttpResponse:
    """Say what came of a wish."""
    deal, point = find_deal(request, deal_id, to_edit=True), _find_point(deal_id, point_id)
    form = SettleForm(request.POST)
    if carry_out(form, settle_point, point_id=point.pk, by=request.user, at=timezone.now()) is None:
        return show_sheet(request, deal, form, **_settle_texts(point))
    return changed(request, deal, _("Noted."))


def _both(request: HttpRequest, deal: Opportunity, proposal: Proposal, stale: StaleRecord) -> HttpResponse:
    """Show what a colleague wrote beside what the person wrote; saved again, it replaces theirs."""
    mine = request.POST.copy()
    mine["version"] = str(proposal.version)
    form = ProposalForm(mine, lines=_lines(proposal), currency=_currency(deal))
    form.refuse(stale)
    lines = [f"{line.challenge}: {line.solution}" for line in _lines(proposal)]
    amount = formats.money(proposal.amount.amount, proposal.amount.currency) if proposal.amount else "–"
    theirs = " · ".join([str(label("package", proposal.package)), amount, *lines, *filter(None, [proposal.note])])
    return _proposal_sheet(request, deal, form, text=_("It says now: %(theirs)s") % {"theirs": theirs}, status=STALE)


def _asking(form: ProposalForm, refused: CommandRefused) -> ProposalForm:
    """Return the form with why it was refused, asking for a reason where one may stand in for what is missing."""
    if isinstance(refused, MoveRefused) and refused.override_allowed:
        form = ProposalForm(form.data, asks_reason=True)
        form.full_clean()
    form.refuse(refused)
    return form


def _find(deal_id: int, proposal_id: int) -> Proposal:
    found = proposals_of(deal_id).filter(pk=proposal_id).first()
    if found is None:
        raise Http404
    return found


def _find_point(deal_id: int, point_id: int) -> NegotiationPoint:
    found = NegotiationPoint.objects.filter(pk=point_id, opportunity_id=deal_id).first()
    if found is None:
        raise Http404
    return found


def _lines(proposal: Proposal) -> list[SolutionLine]:
    return [SolutionLine(line.challenge, line.solution) for line in proposal.lines.all()]


def _filled(proposal: Proposal) -> ProposalForm:
    initial = {name: getattr(proposal, name) for name in ("package", "amount", "note", "version")}
    return ProposalForm(initial=initial, lines=_lines(proposal))


def _currency(deal: Opportunity) -> str:
    return deal.amount.currency if deal.amount else get_organisation().currency


def _proposal_sheet(
    request: HttpRequest, deal: Opportunity, form: ProposalForm, *, text: str = "", status: int | None = None
) -> HttpResponse:
    text = text or _("Line by line: what this customer struggles with, and how we solve it.")
    return show_sheet(request, deal, form, title=_("Proposal"), text=text, button=_("Save"), status=status)


def _sent_texts() -> dict[str, Any]:
    text = _("What was sent stays as it is; a change is a new proposal.")
    return {"title": _("The proposal was sent"), "text": text, "button": _("It was sent")}


def _point_texts() -> dict[str, Any]:
    text = _("What they want otherwise in price, terms or implementation.")
    return {"title": _("Negotiation"), "text": text, "button": _("Note it")}


def _settle_texts(point: NegotiationPoint) -> dict[str, Any]:
    return {"title": _("What came of it?"), "text": point.asked, "button": _("Save")}
