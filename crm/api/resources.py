"""What every resource of the API has in common: scopes, strict parameters, tags, and the edge's duties."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import datetime
from typing import Any, ClassVar

from django.db import connection
from django.db.models import Model, Q, QuerySet, Value
from django.http import Http404, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from crm.api.concurrency import is_unchanged, require_tag, seen_version, stale, tag_of
from crm.api.paging import CursorPaging
from crm.api.problems import Moved, Problem
from crm.api.throttling import RequestRate
from crm.enums import TokenScope
from crm.lib.errors import StaleRecord
from crm.lib.http import refuse_writes
from crm.lib.origin import origin
from crm.lib.sql import Fold
from crm.models import User

Values = dict[str, Any]
LONGEST_SEARCH = 200
METHODS = ["get", "post", "patch", "delete", "head"]


class ApiView(GenericViewSet[Any]):
    """An edge: reads the clock once, binds the origin, refuses unknown parameters; a GET that writes raises.

    `parameters` names the query parameters of each action beside those of lists.
    """

    http_method_names = METHODS
    throttle_classes = (RequestRate,)
    pagination_class: Any = None
    filter_backends: Any = ()
    reading: ClassVar[frozenset[TokenScope]] = frozenset({TokenScope.READ})
    writing: ClassVar[frozenset[TokenScope]] = frozenset({TokenScope.WRITE})
    parameters: ClassVar[Mapping[str, frozenset[str]]] = {}
    derives: ClassVar[bool] = False
    at: datetime

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer within what `initial` binds."""
        with ExitStack() as self._bound:
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Check who asks and with which parameters, then bind what the commands and the audit read."""
        refuse_odd_text(request)
        super().initial(request, *args, **kwargs)
        refuse_unknown(request, self.allowed_parameters())
        self.at = timezone.now()
        reference = getattr(request, "request_id", "")
        self._bound.enter_context(origin(via="api", reference=reference, by_id=request.user.pk))
        if request.method in SAFE_METHODS:
            self._bound.enter_context(connection.execute_wrapper(refuse_writes))

    def scopes_for(self, method: str | None) -> frozenset[TokenScope]:
        """Return the scopes of which a token needs one."""
        return self.reading if method in SAFE_METHODS else self.writing

    def allowed_parameters(self) -> set[str]:
        """Return the query parameters of the action."""
        return set(self.parameters.get(self.action or "", ()))

    def read(self, shape: type[Any], *, partial: bool = False) -> Values:
        """Return the values of the body, or refuse it field by field."""
        serializer = shape(data=self.request.data, partial=partial, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        values: Values = serializer.validated_data
        return values

    def read_nothing(self) -> None:
        """Refuse a body where none is read."""
        if self.request.data:
            raise Problem(400, "invalid", errors={"body": [_("This request has no body.")]})

    def tag(self, record: Any, shown: Any) -> str:
        """Return the tag of a record as it is shown."""
        return tag_of(record, shown if self.derives else None)

    def see(self, record: Any, *, status: int = 200, shape: type[Any] | None = None, location: str = "") -> Response:
        """Return a record with its tag."""
        serializer = (shape or self.serializer_class)(record, context=self.get_serializer_context())  # type: ignore[misc]  # every resource has one
        shown = serializer.data
        headers = {"ETag": self.tag(record, shown)} | ({"Location": location} if location else {})
        return Response(shown, status, headers=headers)


class Records(ApiView, ABC):
    """A resource of records: list, one, and through its own methods the commands that change one.

    `orderings` maps the allowed orders to columns or expressions. `words` is what `search`
    looks through, the expression of an index. `derives` means
    that the shape holds what may change without the version, so that the tag must tell that as well.
    """

    model: ClassVar[type[Model]]
    record_url: ClassVar[str]
    orderings: ClassVar[Mapping[str, Any]] = {"id": "id"}
    default_ordering: ClassVar[str] = "id"
    words: ClassVar[Fold | None] = None
    beginnings: ClassVar[tuple[str, ...]] = ()
    pagination_class = CursorPaging
    filter_backends = (DjangoFilterBackend,)

    @abstractmethod
    def visible_to(self, user: User) -> QuerySet[Any]:
        """Return the records the person may see."""

    def search(self, records: QuerySet[Any], text: str) -> QuerySet[Any]:
        """Return the records that hold the text, accents and case aside, or begin with it in a field of letters."""
        found = Q(folded_words__contains=Fold(Value(text)))
        for field in self.beginnings:
            found |= Q(**{f"{field}__startswith": text.lower()})
        narrowed: QuerySet[Any] = records.annotate(folded_words=self.words).filter(found)
        return narrowed

    @classmethod
    def searches(cls) -> bool:
        """Whether the resource takes `search`."""
        return cls.words is not None

    def get_queryset(self) -> QuerySet[Any]:
        """Return what the person may see; nothing while the schema is made."""
        if getattr(self, "swagger_fake_view", False):
            return self.model._default_manager.none()
        return self.visible_to(self.request.user)

    def allowed_parameters(self) -> set[str]:
        """Return the filters and those of paging for a list."""
        allowed = super().allowed_parameters()
        if self.action != "list":
            return allowed
        filters = getattr(self, "filterset_class", None)
        allowed |= set(filters.base_filters) if filters else set()
        allowed |= {CursorPaging.cursor_param, CursorPaging.size_param, CursorPaging.order_param}
        return allowed | ({"search"} if self.searches() else set())

    def list(self, request: Request, **parts: Any) -> Response:
        """List what you may see, a page at a time."""
        records = self.filter_queryset(self.listed(self.get_queryset()))
        text = request.query_params.get("search", "").strip()
        if text:
            if len(text) > LONGEST_SEARCH:
                raise Problem(400, "invalid", errors={"search": [_("At most 200 characters.")]})
            records = self.search(records, text)
        page = self.paginate_queryset(records)
        serializer = self.get_serializer(page, many=True)
        return self.get_paginated_response(serializer.data)

    def listed(self, records: QuerySet[Any]) -> QuerySet[Any]:
        """Return what a list shows: everything but merged records, which only redirect."""
        return records.filter(merged_into=None) if hasattr(self.model, "merged_into") else records

    def retrieve(self, request: Request, pk: int) -> Response:
        """Give one record, or 304 where you hold its present version."""
        response = self.see(self.get_record(pk))
        if is_unchanged(request, response["ETag"]):
            return Response(status=304, headers={"ETag": response["ETag"]})
        return response

    def get_record(self, pk: int) -> Any:
        """Return the record.

        :raises Http404: it is not there for the person
        :raises Moved: it was merged into one that is
        """
        visible = self.get_queryset()
        record = visible.filter(pk=pk).first()
        if record is None or getattr(record, "merged_into_id", None) is not None:
            raise self._elsewhere(visible, pk)
        return record

    def seen(self, record: Any) -> int:
        """Return the version the client holds, which must be the present one."""
        return seen_version(self.request, record, lambda: self.current_of(record))

    def require_seen(self, record: Any) -> None:
        """See that the client holds a record without versions just as it stands now."""
        require_tag(self.request, record, self.tag(record, self.shown(record)), lambda: self.current_of(record))

    def shown(self, record: Any) -> Values:
        """Return a record as the API shows it."""
        values: Values = self.serializer_class(record, context=self.get_serializer_context()).data  # type: ignore[misc]  # every resource has one
        return values

    def current_of(self, record: Any) -> Values | None:
        """Return what stands now in the fields an edit sent, for its sender to compare; None where it is no edit."""
        sent = self.request.data if self.action == "partial_update" else None
        if not isinstance(sent, Mapping):
            return None
        shown = self.shown(record)
        return {name: shown[name] for name in sent if name in shown}

    def handle_exception(self, exc: Exception) -> Response:
        """Say what stands now where somebody was faster between the look and the lock."""
        if isinstance(exc, StaleRecord) and self.action == "partial_update":
            record = self.get_record(self.kwargs["pk"])
            tag = "" if hasattr(record, "version") else self.tag(record, self.shown(record))
            exc = stale(record, self.current_of(record), tag=tag)
        answered: Response = super().handle_exception(exc)
        return answered

    def made(self, record: Any) -> Response:
        """Return a new record and its address."""
        location = self.request.build_absolute_uri(reverse(self.record_url, args=[record.pk]))
        return self.see(record, status=201, location=location)

    def _elsewhere(self, visible: QuerySet[Any], pk: int) -> Exception:
        if hasattr(self.model, "merged_into"):
            known = dict.fromkeys([pk])
            target: int | None = pk
            while target is not None:
                target = self.model._default_manager.filter(pk=target).values_list("merged_into_id", flat=True).first()
                if target is None or target in known:
                    break
                known[target] = None
            survivor = list(known)[-1]
            if survivor != pk and visible.filter(pk=survivor).exists():
                match = self.request.resolver_match
                name = match.view_name if match else self.record_url
                return Moved(reverse(name, kwargs={**self.kwargs, "pk": survivor}))
        return Http404()


def refuse_odd_text(request: Request) -> None:
    """Refuse a query that holds what the database cannot: the character U+0000.

    :raises Problem: it does
    """
    for name, values in request.query_params.lists():
        if "\x00" in name or any("\x00" in value for value in values):
            raise Problem(400, "unreadable", _("A parameter holds the character U+0000."))


def refuse_unknown(request: Request, allowed: set[str]) -> None:
    """Refuse parameters nobody reads, and one given twice, since nobody knows which was meant.

    :raises Problem: there is one
    """
    errors = {name: [_("There is no such parameter here.")] for name in request.query_params if name not in allowed}
    errors |= {
        name: [_("Give this parameter once.")] for name, values in request.query_params.lists() if len(values) > 1
    }
    if errors:
        raise Problem(400, "invalid", _("See errors for each field."), errors=errors)
