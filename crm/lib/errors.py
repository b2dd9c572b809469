"""What a command may say no with. Edges turn the codes into sentences and HTTP answers."""

from collections.abc import Sequence

from crm.lib.values import Refusal


class CommandRefused(Exception):
    """A command was refused and changed nothing; `refusals` says why, `field` where known."""

    def __init__(self, refusals: Sequence[Refusal] | Refusal, *, field: str = "") -> None:
        self.refusals = [refusals] if isinstance(refusals, Refusal) else list(refusals)
        self.field = field
        super().__init__(", ".join(refusal.code for refusal in self.refusals))


class NotPermitted(CommandRefused):
    """The person may see the record but not do this (403)."""


class Conflict(CommandRefused):
    """Somebody else was faster, and what one wanted to do is done (409)."""


class StaleRecord(CommandRefused):
    """Somebody changed the record since it was seen (409 on pages, 412 in the API).

    `current` holds what stands now, by field, for the person to compare.
    """

    def __init__(self, *, seen: int, now: int, current: dict[str, object] | None = None) -> None:
        self.seen, self.now, self.current = seen, now, current or {}
        super().__init__(Refusal.of("stale_record", seen=seen, now=now))
