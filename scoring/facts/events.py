"""Events on their way in, and what became of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from crm.lib.values import Refusal
from scoring.enums import EventStatus


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event as it is sent in. Whose it is: `lead_id`, `external_id`, `email` or `visitor`, first given wins;
    a visitor beside one of the others says who the visitor is. `is_pending`: it waits for somebody to say it was them.
    """

    idempotency_key: str
    type: str
    occurred_at: datetime | None
    lead_id: int | None = None
    external_id: str = ""
    email: str = ""
    visitor: str = ""
    properties: Mapping[str, object] = field(default_factory=dict)
    is_pending: bool = False


@dataclass(frozen=True, slots=True)
class EventAnswer:
    """What became of one event that was sent in; `refusals` say why a rejected one was."""

    idempotency_key: str
    status: EventStatus
    refusals: tuple[Refusal, ...] = ()
    event_id: int | None = None
    lead_id: int | None = None
