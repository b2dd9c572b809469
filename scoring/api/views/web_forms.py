"""Forms on websites, the websites, and kinds of events: how events come in (S-2, S-13)."""

from abc import abstractmethod
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.concurrency import needs_tag
from crm.api.filters import ChoiceFilter, FlagFilter, IdFilter, RecordFilters
from crm.api.idempotency import idempotent
from crm.api.resources import Records
from crm.lib.sql import Fold
from crm.models import User
from crm.permissions import hide_unless, refuse_unless
from crm.queries.access import get_access
from scoring.api.web_forms import EventTypeShape, SubmissionShape, WebFormShape, WebsiteShape
from scoring.commands.event_types import add_event_type, restore_event_type, retire_event_type
from scoring.commands.forms import add_form, add_website, edit_form, put_form, put_website
from scoring.enums import SubmissionState
from scoring.models import FormSubmission, LeadEventType, WebForm, Website
from scoring.permissions import can_edit_rules, can_read_rules


def require_marketing(user: User) -> None:
    """Hide the resource from who neither sells nor markets, and refuse it to who only sells."""
    access = get_access(user)
    hide_unless(can_read_rules(access))
    refuse_unless(can_edit_rules(access))


class Doors(Records):
    """What events come in by, for as long as it is open; marketing's and the administrators'."""

    @extend_schema(request=None)
    @idempotent
    @needs_tag
    def close(self, request: Request, pk: int) -> Response:
        """Take nothing that comes by it any more."""
        return self._put(pk, is_open=False)

    @extend_schema(request=None)
    @idempotent
    @needs_tag
    def reopen(self, request: Request, pk: int) -> Response:
        """Take what comes by it again."""
        return self._put(pk, is_open=True)

    @abstractmethod
    def put_open(self, pk: int, **how: Any) -> Any:
        """Ask the command that closes one or opens it again."""

    def _put(self, pk: int, *, is_open: bool) -> Response:
        self.read_nothing()
        seen = self.seen(self.get_record(pk))
        return self.see(self.put_open(pk, is_open=is_open, seen_version=seen, by=self.request.user, at=self.at))


class WebFormFilters(RecordFilters):
    """Filters of forms."""

    owner = IdFilter("owner_id")


class WebForms(Doors):
    """Forms on websites; marketing's and the administrators'. Those that are closed come with `archived=true`."""

    model = WebForm
    record_url = "api_web_form"
    serializer_class = WebFormShape
    filterset_class = WebFormFilters
    orderings: ClassVar = {"id": "id", "name": Fold("name")}

    def visible_to(self, user: User) -> QuerySet[WebForm]:
        """Return all of them to who may change them."""
        require_marketing(user)
        return WebForm.objects.select_related("source", "campaign")

    @extend_schema(request=WebFormShape, responses={201: WebFormShape})
    @idempotent
    def create(self, request: Request) -> Response:
        """Make a form."""
        return self.made(add_form(**self.read(WebFormShape), by=request.user, at=self.at))

    @extend_schema(request=WebFormShape, responses=WebFormShape)
    @needs_tag
    def partial_update(self, request: Request, pk: int) -> Response:
        """Change a form; what was sent in by it stays."""
        seen, changes = self.seen(self.get_record(pk)), self.read(WebFormShape, partial=True)
        edit_form(form_id=pk, changes=changes, seen_version=seen, by=request.user, at=self.at)
        return self.see(self.get_record(pk))

    def put_open(self, pk: int, **how: Any) -> WebForm:
        """Close a form, or open it again."""
        return put_form(form_id=pk, **how)


class SubmissionFilters(FilterSet):
    """Filters of what was sent in."""

    state = ChoiceFilter("state", SubmissionState)
    lead = IdFilter("lead_id")


class Submissions(Records):
    """What was sent in by a form."""

    model = FormSubmission
    serializer_class = SubmissionShape
    filterset_class = SubmissionFilters
    orderings: ClassVar = {"id": "id", "submitted_at": "submitted_at"}
    default_ordering = "-submitted_at"

    def visible_to(self, user: User) -> QuerySet[FormSubmission]:
        """Return what came by the form, to marketing."""
        require_marketing(user)
        hide_unless(WebForm.objects.filter(pk=self.kwargs["pk"]).exists())
        return FormSubmission.objects.filter(form=self.kwargs["pk"])


class Websites(Doors):
    """Sites of ours that report their visitors; marketing's and the administrators'."""

    model = Website
    record_url = "api_website"
    serializer_class = WebsiteShape
    filterset_class = RecordFilters

    def visible_to(self, user: User) -> QuerySet[Website]:
        """Return all of them to who may change them."""
        require_marketing(user)
        return Website.objects.all()

    @extend_schema(request=WebsiteShape, responses={201: WebsiteShape})
    @idempotent
    def create(self, request: Request) -> Response:
        """Let a site report its visitors; it gets a key for its pages."""
        return self.made(add_website(**self.read(WebsiteShape), by=request.user, at=self.at))

    def put_open(self, pk: int, **how: Any) -> Website:
        """Take nothing from a site any more, or again."""
        return put_website(website_id=pk, **how)


class EventTypeFilters(FilterSet):
    """Filters of kinds of events."""

    retired = FlagFilter("by_retired", help_text=_("Those taken no more, or those that are."))

    def by_retired(self, queryset: QuerySet[LeadEventType], name: str, value: str) -> QuerySet[LeadEventType]:
        """Return what is taken no more, or what is taken."""
        return queryset.filter(retired_at__isnull=value == "false")


class EventTypes(Records):
    """What leads can do: read by everybody who sells or markets, added to by marketing and administrators."""

    model = LeadEventType
    serializer_class = EventTypeShape
    filterset_class = EventTypeFilters
    orderings: ClassVar = {"id": "id", "code": "code", "name": Fold("name")}
    default_ordering = "code"

    def visible_to(self, user: User) -> QuerySet[LeadEventType]:
        """Return all of them, or nothing at all."""
        hide_unless(can_read_rules(get_access(user)))
        return LeadEventType.objects.all()

    @extend_schema(request=EventTypeShape, responses={201: EventTypeShape})
    @idempotent
    def create(self, request: Request) -> Response:
        """Let events of another type be sent; what it means for silence stays as it is added."""
        self.get_queryset()
        values: dict[str, Any] = self.read(EventTypeShape)
        return self.see(add_event_type(**values, by=request.user, at=self.at), status=201)

    @extend_schema(request=None, responses=EventTypeShape)
    @idempotent
    def retire(self, request: Request, code: str) -> Response:
        """Take events of a type no more; what was recorded keeps counting."""
        self._find(code)
        return self.see(retire_event_type(code=code, by=request.user, at=self.at))

    @extend_schema(request=None, responses=EventTypeShape)
    @idempotent
    def restore(self, request: Request, code: str) -> Response:
        """Take events of a type again."""
        self._find(code)
        return self.see(restore_event_type(code=code, by=request.user))

    def _find(self, code: str) -> None:
        self.read_nothing()
        self.get_queryset().get(code=code)  # unknown ones are not found
