"""Templates of proposals and contracts: read by whoever sells, worded by managers and administrators."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.concurrency import needs_tag
from crm.api.idempotency import idempotent
from crm.api.resources import Records
from crm.models import User
from pipeline.api.documents import TemplateChangesShape, TemplateShape
from pipeline.commands.templates import add_template, retire_template, word_template
from pipeline.models import DocumentTemplate
from pipeline.queries.documents import templates_visible_to


class Templates(Records):
    """Templates of documents, retired ones among them."""

    model = DocumentTemplate
    record_url = "api_document_template"
    serializer_class = TemplateShape
    derives = True  # its name, and whether it is in use

    def visible_to(self, user: User) -> QuerySet[Any]:
        """Return the templates, or none."""
        return templates_visible_to(user)

    @extend_schema(request=TemplateShape, responses={201: TemplateShape})
    @idempotent
    def create(self, request: Request) -> Response:
        """Add a template."""
        made = add_template(**self.read(TemplateShape), by=request.user, at=self.at)
        return self.made(self.get_record(made.pk))

    @extend_schema(request=TemplateChangesShape, responses=TemplateShape)
    @needs_tag
    def partial_update(self, request: Request, pk: int) -> Response:
        """Word a template anew; what is left out stays."""
        found = self.get_record(pk)
        seen = self.seen(found)
        standing = {"name": found.name, "title": found.title, "body": found.body}
        sent = {**standing, **self.read(TemplateChangesShape, partial=True), "by": request.user, "at": self.at}
        word_template(template_id=pk, seen_number=seen, **sent)
        return self.see(self.get_record(pk))

    @extend_schema(request=None, responses=TemplateShape)
    @idempotent
    @needs_tag
    def retire(self, request: Request, pk: int) -> Response:
        """Take a template out of use; documents made of it stay."""
        return self.put(pk, is_retired=True)

    @extend_schema(request=None, responses=TemplateShape)
    @idempotent
    @needs_tag
    def use(self, request: Request, pk: int) -> Response:
        """Take a template into use again."""
        return self.put(pk, is_retired=False)

    def put(self, pk: int, *, is_retired: bool) -> Response:
        """Take a template out of use, or into use."""
        self.read_nothing()
        self.seen(self.get_record(pk))
        retire_template(template_id=pk, is_retired=is_retired, by=self.request.user, at=self.at)
        return self.see(self.get_record(pk))
