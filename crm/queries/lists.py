"""What lists of records have in common."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db.models import Expression, F, QuerySet
from django.db.models.expressions import OrderBy

Q = TypeVar("Q", bound="QuerySet[Any]")


def filter_owner(records: Q, owner: str, *, user_id: int) -> Q:
    """Return the records of one person (an id), of oneself (`me`), of nobody (`none`), or all."""
    if owner == "me":
        return records.filter(owner_id=user_id)
    if owner == "none":
        return records.filter(owner=None)
    if owner.isdecimal() and len(owner) < 19:
        return records.filter(owner_id=int(owner))
    return records


def ordering(sorts: Mapping[str, Any], sort: str) -> list[OrderBy]:
    """Return the order by a name of `sorts`, turned round by `-`; an unknown name means the first."""
    name = sort.removeprefix("-")
    if name not in sorts:
        name, sort = next(iter(sorts)), ""
    column = sorts[name]
    expression: F | Expression = F(column) if isinstance(column, str) else column
    if sort.startswith("-"):
        return [OrderBy(expression, descending=True, nulls_last=True)]
    # Names are indexed without a word on nulls, and have none.
    return [OrderBy(expression, nulls_last=True) if isinstance(column, str) else OrderBy(expression)]
