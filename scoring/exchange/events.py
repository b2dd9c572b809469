"""What leads did, from a file (S-2, D-10, D-51)."""

from typing import Any, ClassVar

from crm.exchange import fields as f
from crm.exchange.fields import Field
from crm.exchange.kinds import BaseHandler, Result, Row, Run, live
from scoring.commands.events import record_events
from scoring.enums import EventStatus, WaitingReason
from scoring.exchange.references import refresh_touched, resolve_leads, touched
from scoring.facts import EventAnswer, NewEvent
from scoring.queries.imports import get_event_types, get_events_by_key

KIND = "lead-events"
PREFIX = "property."
LONGEST_KEY = 200


class LeadEvents(BaseHandler):
    """Recognised by key, kept with the kind before it (D-10). Events never change, and make no lead (D-51)."""

    id_field: ClassVar[str] = "idempotency_key"
    prefixes: ClassVar[tuple[str, ...]] = (PREFIX,)
    fields: ClassVar[tuple[Field, ...]] = (
        f.text("idempotency_key", LONGEST_KEY - len(KIND) - 1, required=True),
        f.text("lead", 254, required=True, repeats=True),
        f.text("type", 100, required=True, repeats=True),
        f.moment("occurred_at", required=True),
    )

    def natural_id(self, values: dict[str, Any], run: Run) -> str:
        """Return the key as it is stored; parts of an expanded row carry the kind already."""
        key: str = values["idempotency_key"]
        return key if key.startswith(f"{KIND}:") else f"{KIND}:{key}"

    def write(self, rows: list[Row], run: Run) -> None:
        """Record a batch; scores follow at the end of the run."""
        types = run.remember("event_types", get_event_types)
        for row in rows:
            if row.values["type"] not in types:
                row.refuse("not_allowed", field="type", allowed=", ".join(types))
            elif row.known_id is not None:
                row.refuse("key_reused", field=self.id_field)
        resolve_leads(rows)
        ready = live(rows)
        answers = record_events(
            events=[_event(row) for row in ready],
            by=run.by,
            at=run.at,
            waiting=WaitingReason.IMPORTED,
            makes_leads=False,
            refreshes=False,
        )
        repeated = []
        for row, answer in zip(ready, answers, strict=True):
            if answer.status is EventStatus.ACCEPTED:
                row.done(answer.event_id, Result.CREATED)
                touched(run).add(row.ids["lead"])
            elif answer.status is EventStatus.DUPLICATE:
                repeated.append(row)
            else:
                _refuse(row, answer)
        self._recognise(repeated)

    def _recognise(self, rows: list[Row]) -> None:
        """Let an event that came another way before be the same, if it says the same."""
        known = get_events_by_key([row.natural_id for row in rows]) if rows else {}
        for row in rows:
            event = known[row.natural_id]
            said = (event.type, event.occurred_at, event.lead_id)
            if said == (row.values["type"], row.values["occurred_at"], row.ids["lead"]):
                row.done(event.pk, Result.UNCHANGED)
            else:
                row.refuse("key_reused", field=self.id_field)

    def finish(self, run: Run) -> None:
        """Replay the leads that did something."""
        refresh_touched(run)


def _event(row: Row) -> NewEvent:
    properties = {name[len(PREFIX) :]: value for name, value in row.values.items() if name.startswith(PREFIX)}
    return NewEvent(
        idempotency_key=row.natural_id,
        type=row.values["type"],
        occurred_at=row.values["occurred_at"],
        lead_id=row.ids["lead"],
        properties=properties,
    )


def _refuse(row: Row, answer: EventAnswer) -> None:
    code = answer.refusals[0].code
    known = {"in_future": ("in_future", "occurred_at"), "unknown_lead": ("unknown_reference", "lead")}
    problem, field = known.get(code, ("refused", ""))
    row.refuse(problem, field=field, detail=code, what="lead")
