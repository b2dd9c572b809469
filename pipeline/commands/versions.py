"""What was seen of a record is compared with what stands, under its lock (D-9)."""

from typing import Protocol

from crm.lib.errors import StaleRecord


class Versioned(Protocol):
    """A record whose every change raises its version."""

    version: int


def require_seen(record: Versioned, seen_version: int | None) -> None:
    """See that a locked record is as it was seen; None did not look.

    :raises StaleRecord: it changed since
    """
    if seen_version is not None and seen_version != record.version:
        raise StaleRecord(seen=seen_version, now=record.version)
