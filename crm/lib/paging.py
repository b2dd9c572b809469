"""Pages of a list: as many rows as fit, and whether more follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

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


def get_page(rows: Any, number: Any, *, size: int = SIZE) -> Page[Any]:
    """Return a page of a queryset or list in one query; a number that is none means the first."""
    try:
        page = min(max(1, int(number)), LAST_PAGE)
    except (TypeError, ValueError):
        page = 1
    start = (page - 1) * size
    found = list(rows[start : start + size + 1])
    return Page(rows=found[:size], number=page, has_next=len(found) > size)
