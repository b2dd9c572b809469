"""Files of a deal: attached, handed out, taken away, put back. None is ever shown within a page of ours."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib import formats
from crm.lib.downloads import download
from crm.lib.errors import CommandRefused
from crm.lib.http import action, by_method, page, takes_files
from crm.views.answers import refuse
from pipeline.commands.file_bytes import FilesAway
from pipeline.commands.files import attach_file, remove_file, restore_file
from pipeline.forms.documents import FileForm
from pipeline.models import Opportunity, OpportunityFile
from pipeline.queries.files import files_visible_to, open_bytes
from pipeline.views.answers import changed, find_deal
from pipeline.views.asking import show_sheet

AWAY = 503


@page
def file_new(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Show the form that attaches a file."""
    return _sheet(request, find_deal(request, deal_id, to_edit=True), FileForm())


@action
def file_attached(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Attach a file."""
    deal, form = find_deal(request, deal_id, to_edit=True), FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _sheet(request, deal, form)
    try:
        made = attach_file(opportunity_id=deal_id, by=request.user, at=timezone.now(), **form.values())
    except CommandRefused as refused:
        form.refuse(refused)
        return _sheet(request, deal, form, status=AWAY if isinstance(refused, FilesAway) else None)
    return changed(request, deal, _("%(name)s is attached.") % {"name": made.name})


files = takes_files(by_method(get=file_new, post=file_attached))


@page
def file_given(request: HttpRequest, deal_id: int, file_id: int) -> HttpResponseBase:
    """Hand out a file as a download under the name people gave it, whatever it is."""
    found = files_visible_to(request.user).filter(pk=file_id, opportunity_id=deal_id).first()
    content = open_bytes(found) if found else None
    if found is None or content is None:
        raise Http404
    return download(content, name=found.name, media_type=found.media_type)


@action
def file_removed(request: HttpRequest, deal_id: int, file_id: int) -> HttpResponse:
    """Take a file away; it can be put back."""
    deal = find_deal(request, deal_id, to_edit=True)
    found = _find(deal_id, file_id)
    remove_file(file_id=found.pk, by=request.user, at=timezone.now())
    back = reverse("pipeline:file_restored", args=[deal_id, file_id])
    return changed(request, deal, _("%(name)s was taken away.") % {"name": found.name}, undo=back)


@action
def file_restored(request: HttpRequest, deal_id: int, file_id: int) -> HttpResponse:
    """Put a file back."""
    deal = find_deal(request, deal_id, to_edit=True)
    found = _find(deal_id, file_id)
    try:
        restore_file(file_id=found.pk, by=request.user, at=timezone.now())
    except CommandRefused as refused:
        return refuse(request, refused, to=reverse("pipeline:deal_documents", args=[deal_id]))
    return changed(request, deal, _("%(name)s is back.") % {"name": found.name})


def _find(deal_id: int, file_id: int) -> OpportunityFile:
    found = OpportunityFile.objects.filter(pk=file_id, opportunity_id=deal_id).first()
    if found is None:
        raise Http404
    return found


def _sheet(request: HttpRequest, deal: Opportunity, form: FileForm, *, status: int | None = None) -> HttpResponse:
    limit = formats.number(settings.FILE_LIMIT // 1_000_000)
    text = _("Up to %(limit)s MB: PDF, office documents, pictures, texts, ZIP.") % {"limit": limit}
    return show_sheet(request, deal, form, title=_("Attach a file"), text=text, button=_("Attach"), status=status)
