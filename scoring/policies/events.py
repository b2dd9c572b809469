"""Which events may be stored (contract.md `POST events/`, D-51)."""

import json
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from crm.lib.values import Refusal
from scoring.facts import NewEvent

LONGEST_KEY = 200
LONGEST_PROPERTIES = 20_000  # characters of JSON
# Clocks of senders go wrong by minutes or by a zone, not by more.
CLOCK_SKEW = timedelta(hours=24)
OLDEST = datetime(1990, 1, 1, tzinfo=UTC)


def refusals(event: NewEvent, *, known_types: Collection[str], at: datetime) -> list[Refusal]:
    """Return every reason an event cannot be stored; an empty list means it can."""
    checks = [*_key(event), *_type(event, known_types), *_time(event, at), *_properties(event)]
    if not (event.lead_id or event.external_id or event.email or event.visitor):
        checks.append(Refusal("missing_lead"))
    return checks


def _key(event: NewEvent) -> list[Refusal]:
    if not event.idempotency_key.strip():
        return [Refusal("missing_key")]
    if len(event.idempotency_key) > LONGEST_KEY:
        return [Refusal.of("key_too_long", longest=LONGEST_KEY)]
    texts = (event.idempotency_key, event.email, event.external_id, event.visitor)
    return [Refusal("bad_character")] if any("\0" in text for text in texts) else []


def _type(event: NewEvent, known_types: Collection[str]) -> list[Refusal]:
    return [] if event.type in known_types else [Refusal.of("unknown_type", type=event.type)]


def _time(event: NewEvent, at: datetime) -> list[Refusal]:
    if event.occurred_at is None:
        return [Refusal("missing_time")]
    if event.occurred_at > at + CLOCK_SKEW:
        return [Refusal.of("in_future", occurred_at=event.occurred_at.isoformat())]
    if event.occurred_at < OLDEST:
        return [Refusal.of("too_long_ago", occurred_at=event.occurred_at.isoformat())]
    return []


def _properties(event: NewEvent) -> list[Refusal]:
    try:
        text = json.dumps(event.properties, allow_nan=False, ensure_ascii=False)
        text.encode()
    except UnicodeEncodeError:
        return [Refusal("bad_character")]
    except ValueError:
        return [Refusal("bad_number")]
    except (TypeError, RecursionError):
        return [Refusal("bad_properties")]
    if len(text) > LONGEST_PROPERTIES:
        return [Refusal.of("properties_too_long", longest=LONGEST_PROPERTIES)]
    return [Refusal("bad_character")] if "\\u0000" in text.replace("\\\\", "") else []
