"""Cursor paging: a page begins after a record, so nothing shows twice while others write."""

import base64
import binascii
import json
from typing import Any, ClassVar, NoReturn

from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import BaseExpression
from django.utils.translation import gettext as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from crm.api.problems import Problem

KEY = "paging_key"
Cursor = tuple[bool, Any, int]  # forwards, the key's value, the id


class CursorPaging(BasePagination):
    """Pages by one sort key and the id; records without the key come last."""

    cursor_param = "cursor"
    size_param = "page_size"
    order_param = "ordering"
    default_size: ClassVar[int] = 50
    largest_size: ClassVar[int] = 200

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """Return one page; `view.orderings` maps the allowed names to expressions."""
        self.request, self.size = request, self._size(request)
        self.order = request.query_params.get(self.order_param, view.default_ordering)
        name = self.order.removeprefix("-")
        if name not in view.orderings:
            allowed = ", ".join(sorted(view.orderings))
            _refuse(self.order_param, _("Order by one of: %(names)s, with - for descending.") % {"names": allowed})
        self.descending = self.order.startswith("-")
        expression = view.orderings[name]
        keyed = queryset.annotate(**{KEY: F(expression) if isinstance(expression, str) else expression})
        cursor = self._read_cursor(keyed)
        forwards = cursor is None or cursor[0]
        if cursor is not None:
            keyed = keyed.filter(self._after(cursor) if forwards else self._before(cursor))
        found = list(keyed.order_by(*self._order_by(forwards))[: self.size + 1])
        more, page = len(found) > self.size, found[: self.size]
        self.page = page if forwards else page[::-1]
        self.has_next = more if forwards else True
        self.has_previous = cursor is not None if forwards else more
        return self.page

    def get_paginated_response(self, data: Any) -> Response:
        """Return the page between the addresses of its neighbours."""
        return Response({"next": self._link(True), "previous": self._link(False), "results": data})

    def _after(self, cursor: Cursor) -> Q:
        _forwards, value, pk = cursor
        later = Q(pk__lt=pk) if self.descending else Q(pk__gt=pk)
        if value is None:
            return Q(**{f"{KEY}__isnull": True}) & later
        beyond = "lt" if self.descending else "gt"
        # The bound that includes equals lets the index be entered at the right place.
        ahead = Q(**{f"{KEY}__{beyond}e": value}) & (Q(**{f"{KEY}__{beyond}": value}) | later)
        return ahead | Q(**{f"{KEY}__isnull": True}) if self._may_be_null else ahead

    def _before(self, cursor: Cursor) -> Q:
        _forwards, value, pk = cursor
        earlier = Q(pk__gt=pk) if self.descending else Q(pk__lt=pk)
        if value is None:
            return Q(**{f"{KEY}__isnull": False}) | (Q(**{f"{KEY}__isnull": True}) & earlier)
        beyond = "gt" if self.descending else "lt"
        return Q(**{f"{KEY}__{beyond}e": value}) & (Q(**{f"{KEY}__{beyond}": value}) | earlier)

    def _order_by(self, forwards: bool) -> list[BaseExpression]:
        key, pk = F(KEY), F("pk")
        nulls: dict[str, Any] = {}
        if self._may_be_null:
            nulls = {"nulls_last": True} if forwards else {"nulls_first": True}
        if self.descending == forwards:
            return [key.desc(**nulls), pk.desc()]
        return [key.asc(**nulls), pk.asc()]

    def _read_cursor(self, keyed: QuerySet[Any]) -> Cursor | None:
        field = keyed.query.annotations[KEY].output_field
        # Only a column can say that it is never null; NULLS LAST on such a one would keep its index from use.
        self._may_be_null = getattr(field, "null", False) or not hasattr(field, "column")
        text = self.request.query_params.get(self.cursor_param)
        if text is None:
            return None
        try:
            order, forwards, value, pk = json.loads(base64.urlsafe_b64decode(text.encode("ascii")))
            if order != self.order or not isinstance(pk, int) or not isinstance(value, str | None):
                raise ValueError(order)
            if value is not None and "\x00" in value:
                raise ValueError(value)
            return bool(forwards), None if value is None else field.to_python(value), pk
        except (ValueError, TypeError, RecursionError, binascii.Error, ValidationError):
            _refuse(self.cursor_param, _("Follow the addresses in next and previous as they are."))

    def _link(self, forwards: bool) -> str | None:
        if not self.page or not (self.has_next if forwards else self.has_previous):
            return None
        edge = self.page[-1 if forwards else 0]
        value = getattr(edge, KEY)
        text = None if value is None else value.isoformat() if hasattr(value, "isoformat") else str(value)
        packed = json.dumps([self.order, forwards, text, edge.pk], separators=(",", ":")).encode()
        cursor = base64.urlsafe_b64encode(packed).decode("ascii")
        url: str = replace_query_param(self.request.build_absolute_uri(), self.cursor_param, cursor)
        return url

    def _size(self, request: Request) -> int:
        text = request.query_params.get(self.size_param, str(self.default_size))
        if not (text.isascii() and text.isdigit() and len(text) < 5 and 1 <= int(text) <= self.largest_size):
            _refuse(self.size_param, _("A number from 1 to %(most)s.") % {"most": self.largest_size})
        return int(text)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe the page for OpenAPI."""
        link = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Describe the parameters for OpenAPI."""
        orders = [f"{sign}{name}" for name in sorted(view.orderings) for sign in ("", "-")]
        return [
            {
                "name": self.cursor_param,
                "in": "query",
                "description": "Where the page begins; taken from `next` or `previous`.",
                "schema": {"type": "string"},
            },
            {
                "name": self.size_param,
                "in": "query",
                "description": "Records a page.",
                "schema": {"type": "integer", "minimum": 1, "maximum": self.largest_size, "default": self.default_size},
            },
            {
                "name": self.order_param,
                "in": "query",
                "description": "The order; `-` is descending.",
                "schema": {"type": "string", "enum": orders, "default": view.default_ordering},
            },
        ]


def _refuse(name: str, why: str) -> NoReturn:
    raise Problem(400, "invalid", _("See errors for each field."), errors={name: [why]})
