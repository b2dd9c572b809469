"""What the commands on economics are refused with."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from crm.lib.errors import CommandRefused, StaleRecord
from crm.lib.values import Refusal
from crm.policies.edits import conflicts


class EconomicsRefused(CommandRefused):
    """It may not be said like this; the refusals name the fields."""


def refuse(refusals: Sequence[Refusal]) -> None:
    """Raise what speaks against it.

    :raises EconomicsRefused: anything does
    """
    if refusals:
        raise EconomicsRefused(list(refusals))


def refuse_unknown(changes: Collection[str], editable: Collection[str]) -> None:
    """See that only what can be edited is.

    :raises EconomicsRefused: anything else is named
    """
    if unknown := set(changes) - set(editable):
        raise EconomicsRefused(Refusal.of("not_editable", field=", ".join(sorted(unknown))))


def refuse_stale(current: Mapping[str, Any], *, seen: Mapping[str, Any] | None, wanted: Mapping[str, Any]) -> None:
    """See that no field that is to change was changed since it was seen (D-9).

    :raises StaleRecord: one was
    """
    if stale := conflicts(current, seen=seen or {}, wanted=wanted):
        raise StaleRecord(seen=0, now=0, current=stale)
