"""When an edit meets somebody else's (D-9)."""

from collections.abc import Mapping
from typing import Any


def conflicts(current: Mapping[str, Any], *, seen: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that changed since they were seen, with what stands now; empty means the edit may go in.

    A field that already holds what is wanted is no conflict: both people meant the same. A form shows nothing and
    an empty text alike.
    """
    return {
        name: current[name]
        for name, value in wanted.items()
        if name in seen and not _same(current[name], seen[name]) and not _same(current[name], value)
    }


def _same(one: Any, other: Any) -> bool:
    return bool(one == other) or (one in (None, "") and other in (None, ""))
