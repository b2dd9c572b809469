"""Pages of a list: as many rows as fit, and whether more follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Count, IntegerField, QuerySet, Subquery, Window

from crm.lib.formats import COUNTED
from crm.lib.sql import IsOneOf

T = TypeVar("T")
SIZE = 40
LAST_PAGE = 10_000


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list; `number` counts from 1."""

    rows: Sequence[T]
    number: int
    has_next: bool

    @property
    def next_number(self) -> int:
        """Return the number of the page that follows."""
        return self.number + 1


class CountOf(Subquery):
    """How many rows stand in a list, as a column; one more than `COUNTED` stands for all that are more."""

    template = "(SELECT count(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()
    empty_result_set_value = 0

    def __init__(self, rows: "QuerySet[Any, Any]") -> None:
        super().__init__(first_counted(rows))


def first_counted(rows: "QuerySet[Any, Any]") -> "QuerySet[Any, Any]":
    """Return as many rows as are counted: to the last one takes longer than the page, and nobody reads it."""
    found: QuerySet[Any, Any] = rows.order_by().values("pk")[: COUNTED + 1]
    return found


def get_page(rows: Any, number: Any, *, size: int = SIZE, ids_first: bool = False) -> Page[Any]:
    """Return a page of a queryset or list in one query; a number that is none means the first.

    `ids_first` is for an order no index has: what is sorted is ids, and only the page's rows are read whole.
    """
    page, wanted = _asked(number, size)
    found = list(rows.filter(IsOneOf("pk", rows.values("pk")[wanted])) if ids_first else rows[wanted])
    return Page(rows=found[:size], number=page, has_next=len(found) > size)


def get_counted_page(rows: Any, number: Any, *, ids_first: bool) -> tuple[Page[Any], int]:
    """Return a page of a queryset and how many rows there are in all, in two queries.

    Where an order has no index every row is looked at to find the first, so that they are counted with it.
    """
    page, wanted = _asked(number, SIZE)
    if not ids_first:
        return get_page(rows, number), rows.count()
    found = list(rows.annotate(of=Window(Count("*"))).values_list("pk", "of")[wanted])
    shown = list(rows.filter(pk__in=[pk for pk, _of in found[:SIZE]])) if found else []
    total = found[0][1] if found else rows.count()
    return Page(rows=shown, number=page, has_next=len(found) > SIZE), total


def _asked(number: Any, size: int) -> tuple[int, slice]:
    try:
        page = min(max(1, int(number)), LAST_PAGE)
    except (TypeError, ValueError):
        page = 1
    start = (page - 1) * size
    return page, slice(start, start + size + 1)
