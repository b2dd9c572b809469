"""Where a change comes from: bound once at the edge, read by events and by the audit."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import pghistory


@dataclass(frozen=True, slots=True)
class Origin:
    """`via` is page, api, import, job or command; `reference` a request, run or job id."""

    via: str
    reference: str = ""


_current: ContextVar[Origin] = ContextVar("origin", default=Origin(via="command"))  # noqa: B039  frozen


def current() -> Origin:
    """Return the origin bound by the edge that is running."""
    return _current.get()


@contextmanager
def origin(*, via: str, reference: str = "", by_id: int | None = None) -> Iterator[Origin]:
    """Bind the origin for the domain events and, through pghistory, for the audit."""
    bound = Origin(via=via, reference=reference)
    token = _current.set(bound)
    try:
        with pghistory.context(via=via, reference=reference, by=by_id):
            yield bound
    finally:
        _current.reset(token)
