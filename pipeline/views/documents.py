"""The panel of what was offered, negotiated, written and attached; documents made of templates, as PDF and DOCX."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib import formats
from crm.lib.downloads import download
from crm.lib.http import action, page
from crm.lib.labels import label
from crm.queries.access import get_access
from crm.views.answers import render_part
from crm.views.editing import carry_out
from pipeline.commands.documents import make_document
from pipeline.forms.documents import DocumentForm
from pipeline.labels.documents import document_name, file_name
from pipeline.models import Opportunity, Proposal
from pipeline.permissions import can_edit
from pipeline.queries.documents import (
    DealDocuments,
    documents_visible_to,
    get_deal_documents,
    templates_in_use,
)
from pipeline.renderers.documents import MEDIA_TYPES, render_document
from pipeline.views.answers import changed, find_deal
from pipeline.views.asking import show_sheet


@page
def deal_documents(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Show what was offered, negotiated, written and attached; a panel of the deal's page, loaded as it is reached."""
    deal, found = find_deal(request, deal_id), get_deal_documents(deal_id)
    editable = can_edit(get_access(request.user), deal) and deal.archived_at is None
    context = {
        "deal": deal,
        "editable": editable,
        "proposals": [_proposal(found, each) for each in found.proposals],
        "points": found.points,
        "documents": [{"row": each, "name": document_name(each.kind, each.number)} for each in found.documents],
        "files": found.files,
        "stands_alone": not request.htmx or request.htmx.current_url_abs_path == request.path,  # type: ignore[attr-defined]
    }
    return render_part(request, "pipeline/deal_documents.html", "documents", context)


@page
def document_new(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Show the templates that can be filled from a deal."""
    deal, choices = find_deal(request, deal_id, to_edit=True), _choices()
    first = choices[0][0] if choices else None
    return _sheet(request, deal, DocumentForm(choices=choices, initial={"template_id": first}))


@action
def document_made(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Fill a template from a deal."""
    deal, form = find_deal(request, deal_id, to_edit=True), DocumentForm(request.POST, choices=_choices())
    made = carry_out(form, make_document, opportunity_id=deal_id, by=request.user, at=timezone.now())
    if made is None:
        return _sheet(request, deal, form)
    return changed(request, deal, _("%(name)s is ready.") % {"name": document_name(made.kind, made.number)})


@page
def document_given(request: HttpRequest, deal_id: int, document_id: int, form: str) -> HttpResponseBase:
    """Hand out a document as PDF or DOCX, made of what it said when it was filled."""
    known = documents_visible_to(request.user).filter(pk=document_id, opportunity_id=deal_id)
    found = known.select_related("opportunity__account").first()
    if found is None or form not in MEDIA_TYPES:
        raise Http404
    return download(render_document(found, form), name=file_name(found, form), media_type=MEDIA_TYPES[form])


def _proposal(found: DealDocuments, proposal: Proposal) -> dict[str, Any]:
    sent = proposal.sent_on
    return {
        "row": proposal,
        "name": document_name("proposal", proposal.number),
        "lines": found.lines[proposal.pk],
        "sent_label": _("Sent? Proposal %(number)s") % {"number": proposal.number},
        "change_label": _("Change proposal %(number)s") % {"number": proposal.number},
        "remove_label": _("Take proposal %(number)s back") % {"number": proposal.number},
        "package": label("package", proposal.package),
        "amount": formats.money(proposal.amount.amount, proposal.amount.currency) if proposal.amount else "",
        "meetings": sum(1 for day in found.meetings_on if sent is not None and day <= sent),
    }


def _choices() -> list[tuple[int, str]]:
    offered = [(each, label("document_kind", each.kind)) for each in templates_in_use()]
    return [(each.pk, each.name if each.name == kind else f"{each.name} · {kind}") for each, kind in offered]


def _sheet(request: HttpRequest, deal: Opportunity, form: DocumentForm) -> HttpResponse:
    text = _("A template is filled from the deal as it stands now, and kept as it was filled.")
    return show_sheet(request, deal, form, title=_("Make a document"), text=text, button=_("Make it"))
