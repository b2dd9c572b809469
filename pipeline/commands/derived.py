"""What is stored of deals though it follows from their facts: brought up to date in the transaction that changes them."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.db import transaction

from crm.lib.sql import without_loops
from pipeline.commands.signals import refresh_signals
from pipeline.commands.standing import refresh_standing

MANY = 50
_waiting: ContextVar[set[int] | None] = ContextVar("deals_to_refresh", default=None)


def refresh_derived(opportunity_ids: Collection[int] | None, *, at: datetime) -> None:
    """Bring what is derived of deals up to date; None means every open deal. Whoever records an event comes through here.

    Inside `refreshing_once` the deals are kept for its end. The version is never raised (D-9).
    """
    waiting = _waiting.get()
    if waiting is not None and opportunity_ids is not None:
        waiting.update(opportunity_ids)
    elif opportunity_ids is None or len(opportunity_ids) > MANY:
        with transaction.atomic(), without_loops():
            _refresh(opportunity_ids, at=at)
    elif opportunity_ids:
        _refresh(opportunity_ids, at=at)


def _refresh(opportunity_ids: Collection[int] | None, *, at: datetime) -> None:
    refresh_standing(opportunity_ids)
    refresh_signals(opportunity_ids, at=at)


@contextmanager
def refreshing_once(*, at: datetime) -> Iterator[None]:
    """Gather the deals that several commands of one transaction change, and bring them up to date once, at the end."""
    if _waiting.get() is not None:
        yield
        return
    gathered: set[int] = set()
    token = _waiting.set(gathered)
    try:
        yield
    finally:
        _waiting.reset(token)
    refresh_derived(gathered, at=at)
