"""How the cells of the cube are read: one statement, and a bucket of deals per row."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from pipeline.figures.buckets import Bucket
from pipeline.queries.deal_sql import Scope

BUCKET = """
count(*), coalesce(sum(deal.value), 0), coalesce(sum(deal.at_plan), 0), coalesce(sum(deal.value * deal.value), 0),
coalesce(max(deal.value), 0), array_agg(deal.id),
array_agg(deal.id) FILTER (WHERE deal.amount IS NOT NULL AND deal.value IS NULL),
array_agg(deal.id) FILTER (WHERE deal.amount IS NULL)
"""


def fetch(sql: str, scope: Scope, **more: Any) -> list[tuple[Any, ...]]:
    """Run one statement with the scope's parameters.

    Wrapped, because what does not begin with SELECT gets the audit's context put in front of it.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({sql}) answer", {**scope.parameters(), **more})
        return list(cursor.fetchall())


def bucket_of(row: Sequence[Any]) -> Bucket:
    """Return the deals of a row that selected `BUCKET`."""
    count, amount, at_plan, squares, largest, ids, no_rate, no_amount = row
    return Bucket(
        count,
        amount,
        at_plan,
        squares,
        largest,
        ids=tuple(sorted(ids)),
        no_rate=tuple(sorted(no_rate or ())),
        no_amount=tuple(sorted(no_amount or ())),
    )
