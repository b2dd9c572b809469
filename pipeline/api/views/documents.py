"""Proposals, negotiation, documents and files of a deal."""

from typing import Any, ClassVar

from django.db.models import F, QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.concurrency import needs_tag
from crm.api.idempotency import idempotent
from crm.api.parsers import UploadParser
from crm.api.problems import Problem, sentence
from crm.lib.downloads import download
from crm.models import User
from pipeline.api.documents import (
    AttachShape,
    DocumentShape,
    FileShape,
    PointShape,
    ProposalShape,
    SentShape,
    SettledShape,
)
from pipeline.api.views.of_deal import OfDeal
from pipeline.commands.documents import make_document
from pipeline.commands.file_bytes import FilesAway
from pipeline.commands.files import attach_file, remove_file
from pipeline.commands.negotiation import note_point, settle_point
from pipeline.commands.proposals import change_proposal, send_proposal, write_proposal
from pipeline.labels.documents import file_name
from pipeline.models import Document, NegotiationPoint, OpportunityFile, Proposal
from pipeline.policies.proposals import SolutionLine
from pipeline.queries.files import files_visible_to, open_bytes
from pipeline.renderers.documents import MEDIA_TYPES, render_document


class Dated(OfDeal):
    """Records of one deal, each of a moment."""

    orderings: ClassVar = {"id": "id", "at": "at"}


class Proposals(Dated):
    """What was offered, those taken back among them."""

    model = Proposal
    serializer_class = ProposalShape

    def visible_to(self, user: User) -> QuerySet[Any]:
        """Return the proposals of the deal with their lines."""
        return super().visible_to(user).prefetch_related("lines")

    @extend_schema(request=ProposalShape, responses={201: ProposalShape})
    @idempotent
    def create(self, request: Request, deal_id: int) -> Response:
        """Write a proposal; where the pipeline asks for the economics first, `override` says why it does without."""
        self.get_queryset()
        given = {"lines": [], **self.read(ProposalShape)}
        return self.see(write_proposal(opportunity_id=deal_id, by=request.user, at=self.at, **given), status=201)

    def retrieve(self, request: Request, pk: int, deal_id: int = 0) -> Response:
        """Give one proposal."""
        return super().retrieve(request, pk)

    @extend_schema(request=ProposalShape, responses=ProposalShape)
    @needs_tag
    def partial_update(self, request: Request, deal_id: int, pk: int) -> Response:
        """Write a proposal anew that was not sent yet; what is left out stays, lines are sent whole."""
        found = self.get_record(pk)
        seen = self.seen(found)
        given = self.read(ProposalShape, partial=True)
        given.pop("override", "")
        standing = {"package": found.package, "amount": found.amount, "note": found.note, "lines": _lines(found)}
        sent = {**standing, **given, "by": request.user, "at": self.at}
        return self.see(change_proposal(proposal_id=found.pk, seen_version=seen, **sent))

    @extend_schema(request=SentShape, responses=ProposalShape)
    @idempotent
    @needs_tag
    def send(self, request: Request, deal_id: int, pk: int) -> Response:
        """Note on which day the customer got a proposal."""
        found = self.get_record(pk)
        seen = self.seen(found)
        given = self.read(SentShape)
        made = send_proposal(proposal_id=found.pk, seen_version=seen, by=request.user, at=self.at, **given)
        return self.see(made)


class Negotiation(Dated):
    """What the customer wants otherwise in price, terms and implementation."""

    model = NegotiationPoint
    serializer_class = PointShape

    @extend_schema(request=PointShape, responses={201: PointShape})
    @idempotent
    def create(self, request: Request, deal_id: int) -> Response:
        """Note what the customer wants otherwise; the same wish of the same day is noted once."""
        self.get_queryset()
        made = note_point(opportunity_id=deal_id, by=request.user, at=self.at, **self.read(PointShape))
        return self.see(made, status=201)

    @extend_schema(request=SettledShape, responses=PointShape)
    @idempotent
    @needs_tag
    def settle(self, request: Request, deal_id: int, pk: int) -> Response:
        """Say what came of a wish, once."""
        found = self.get_record(pk)
        seen = self.seen(found)
        given = self.read(SettledShape)
        return self.see(settle_point(point_id=found.pk, seen_version=seen, by=request.user, at=self.at, **given))


class Bytes(Dated):
    """Records of a deal with bytes, which are asked for in whatever form they are."""

    handing_out: ClassVar[frozenset[str]] = frozenset()

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """Let a client that accepts nothing but a PDF have one; refusals are JSON all the same."""
        return super().perform_content_negotiation(request, force or self.action in self.handing_out)


class Documents(Bytes):
    """Documents made of templates, and their bytes as PDF and DOCX."""

    model = Document
    serializer_class = DocumentShape
    handing_out = frozenset({"pdf", "docx"})

    def visible_to(self, user: User) -> QuerySet[Any]:
        """Return the documents of the deal."""
        return _titled(super().visible_to(user)).select_related("opportunity__account")

    @extend_schema(request=DocumentShape, responses={201: DocumentShape})
    @idempotent
    def create(self, request: Request, deal_id: int) -> Response:
        """Fill a template from the deal; with nothing new since, it is the same document."""
        self.get_queryset()
        made = make_document(opportunity_id=deal_id, by=request.user, at=self.at, **self.read(DocumentShape))
        return self.see(self.get_record(made.pk), status=201)

    @extend_schema(responses={(200, MEDIA_TYPES["pdf"]): OpenApiTypes.BINARY})
    def pdf(self, request: Request, deal_id: int, pk: int) -> HttpResponseBase:
        """Give a document as PDF, made of what it said when it was filled."""
        return self.give(pk, "pdf")

    @extend_schema(responses={(200, MEDIA_TYPES["docx"]): OpenApiTypes.BINARY})
    def docx(self, request: Request, deal_id: int, pk: int) -> HttpResponseBase:
        """Give a document as DOCX, made of what it said when it was filled."""
        return self.give(pk, "docx")

    def give(self, pk: int, form: str) -> HttpResponseBase:
        """Hand out a document."""
        found = self.get_record(pk)
        return download(render_document(found, form), name=file_name(found, form), media_type=MEDIA_TYPES[form])


class Files(Bytes):
    """Files of the deal, those taken away among them; nobody is given the bytes of one that was taken away."""

    model = OpportunityFile
    serializer_class = FileShape
    handing_out = frozenset({"content"})
    parser_classes = (UploadParser,)

    @extend_schema(request={UploadParser.media_type: AttachShape}, responses={201: FileShape})
    @idempotent
    def create(self, request: Request, deal_id: int) -> Response:
        """Attach a file, told by its bytes; the very same file under the same name is attached once."""
        self.get_queryset()
        given = self.read(AttachShape)
        content, note = given["file"], given.get("note", "")
        sent = {"name": content.name, "content": content, "note": note, "by": request.user, "at": self.at}
        try:
            made = attach_file(opportunity_id=deal_id, **sent)
        except FilesAway as away:
            raise Problem(503, "files_away", sentence(away.refusals[0]), headers={"Retry-After": "60"}) from away
        return self.see(made, status=201)

    @extend_schema(responses={(200, "*/*"): OpenApiTypes.BINARY})
    def content(self, request: Request, deal_id: int, pk: int) -> HttpResponseBase:
        """Give the bytes of a file."""
        found = files_visible_to(request.user).filter(pk=pk, opportunity_id=deal_id).first()
        content = open_bytes(found) if found else None
        if found is None or content is None:
            raise Http404
        return download(content, name=found.name, media_type=found.media_type)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, deal_id: int, pk: int) -> Response:
        """Take a file away; on the deal's page it can be put back."""
        remove_file(file_id=self.get_record(pk).pk, by=request.user, at=self.at)
        return Response(status=204)


def _titled(documents: QuerySet[Any]) -> QuerySet[Any]:
    told: QuerySet[Any] = documents.annotate(title=F("content__title"), template_id=F("version__template_id"))
    return told


def _lines(proposal: Proposal) -> list[SolutionLine]:
    return [SolutionLine(line.challenge, line.solution) for line in proposal.lines.all()]
