"""Signals are stored as the rules find them: only differences are written, and no version is ever raised (P-11, D-9)."""

import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection, transaction

from crm.lib.bulk import copy_rows
from pipeline.models import Signal
from pipeline.queries.signal_spans import Span, get_spans
from pipeline.queries.signals import DealSignals, get_deal_signals
from pipeline.queries.typical_stays import TYPICAL_STAYS, typical_parameters

BATCH = 5_000
LOCK = "SELECT id FROM pipeline_opportunity WHERE id {only} AND outcome = '' ORDER BY id FOR NO KEY UPDATE"
COLUMNS = ("opportunity_id", "code", "severity", "since", "detail", "snoozed_until")
WEIGH = """
UPDATE pipeline_opportunity deal SET severity = weighed.severity
FROM unnest(%(deals)s::bigint[], %(weights)s::smallint[]) AS weighed(id, severity)
WHERE deal.id = weighed.id AND deal.severity <> weighed.severity AND deal.id {only}
"""
ENCODER = json.JSONEncoder(separators=(",", ":"))


@dataclass(slots=True)
class Refreshed:
    """How many open deals were looked at, and how many of their signals were written or taken away."""

    deals: int = 0
    changed: int = 0


@dataclass(slots=True)
class _Differences:
    gone: list[int] = field(default_factory=list)
    new: list[tuple[Any, ...]] = field(default_factory=list)
    weights: dict[int, int] = field(default_factory=dict)


def refresh_signals(opportunity_ids: Collection[int] | None, *, at: datetime) -> Refreshed:
    """Store what is wrong with deals at a moment, and how badly; None means every open deal.

    Deals stay locked until the transaction ends, so that whoever comes second sees what the first one wrote. Snoozed
    signals do not count in the severity.
    """
    if opportunity_ids is None:
        return refresh_all_signals(at=at)
    return _refresh(Span(ids=sorted(opportunity_ids)), at=at)


def refresh_all_signals(*, at: datetime, batch: int = BATCH, renew: Callable[[], None] = lambda: None) -> Refreshed:
    """Store what is wrong with every open deal, each batch in a transaction of its own; `renew` is called in each."""
    total = Refreshed()
    for span in get_spans(batch):
        with transaction.atomic():
            done = _refresh(span, at=at)
            renew()
        total.deals, total.changed = total.deals + done.deals, total.changed + done.changed
    return total


@transaction.atomic
def refresh_typical_stays(*, at: datetime) -> None:
    """Store how long deals won stayed at each setpoint, by size and type, as limits of those that are open (B24)."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM pipeline_typicalstay")
        cursor.execute(TYPICAL_STAYS, typical_parameters(at))


@transaction.atomic
def _refresh(span: Span, *, at: datetime) -> Refreshed:
    with connection.cursor() as cursor:
        cursor.execute(LOCK.format(only=span.condition), span.parameters())
        deals = cursor.rowcount
    differences = _compare(get_deal_signals(span, at=at))
    _write(differences, span)
    return Refreshed(deals, len(differences.new) + len(differences.gone))


def _compare(deals: Iterable[DealSignals]) -> _Differences:
    differences = _Differences()
    for deal in deals:
        if deal.worst != deal.severity or not deal.found:
            differences.weights[deal.opportunity_id] = deal.worst
        kept = dict(deal.kept)
        for found in deal.found:
            until = deal.snoozed.get(found.code)
            stored = kept.pop(found.code, None)
            if stored is not None:
                if stored.says(found, until):
                    continue
                differences.gone.append(stored.id)
            detail = _written(tuple(found.detail.items()))
            differences.new.append((deal.opportunity_id, found.code, int(found.severity), found.since, detail, until))
        differences.gone += [stored.id for stored in kept.values()]
    return differences


# Thousands of signals have a few details between them.
@lru_cache(maxsize=4096)
def _written(detail: tuple[tuple[str, Any], ...]) -> str:
    return ENCODER.encode(dict(detail))


def _write(differences: _Differences, span: Span) -> None:
    with connection.cursor() as cursor:
        if differences.gone:
            cursor.execute("DELETE FROM pipeline_signal WHERE id = ANY(%s)", [differences.gone])
        copy_rows(Signal, COLUMNS, differences.new)
        if differences.weights:
            weighed = {"deals": list(differences.weights), "weights": list(differences.weights.values())}
            cursor.execute(WEIGH.format(only=span.condition), weighed | span.parameters())
