"""What leads did, and what was known of them, read a row a lead."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db.models import Case, F, OuterRef, QuerySet, When

from crm.lib.prepared import ask, ask_anew
from scoring.enums import NotCounted
from scoring.facts import KNOWN, ModelFacts, Moment
from scoring.models import VisitorIdentity
from scoring.policies.past import Past, as_moments, get_codes, get_ruled, in_order, is_clear, joined, read_numbers
from scoring.policies.plan import get_plan

AT_ONCE = 5000  # leads a statement
END_OF_TIME = datetime.max.replace(tzinfo=UTC)

# A visitor's event belongs to whom the visitor was known to be then; what came before counts for the first (D-40).
# Instants leave the database as whole microseconds: dates by the million are what takes longest to read. A lead has two
# rows where it has more than events of its own, which by themselves come from their index in order.
PASTS = """
SELECT {columns} FROM (
    SELECT event.lead_id, event.occurred_at AS at, event.type::text AS type, event.id AS event_id, {key} AS key,
           {url} AS url, {details} AS details
    FROM scoring_leadevent event
    WHERE event.lead_id = ANY(%(leads)s) AND {counted}
) moment GROUP BY lead_id
UNION ALL
SELECT {columns} FROM (
    SELECT mine.lead_id, event.occurred_at AS at, event.type::text AS type, event.id AS event_id, {key} AS key,
           {url} AS url, {details} AS details
    FROM scoring_visitoridentity mine
    JOIN scoring_leadevent event ON event.visitor_id = mine.visitor_id
    WHERE mine.lead_id = ANY(%(leads)s) AND event.lead_id IS NULL AND {counted}
      AND mine.lead_id = (
        SELECT identity.lead_id FROM scoring_visitoridentity identity
        WHERE identity.visitor_id = event.visitor_id AND identity.recorded_at <= %(known_at)s
        ORDER BY CASE WHEN identity.identified_at <= event.occurred_at THEN identity.identified_at END DESC NULLS LAST,
                 identity.identified_at, identity.lead_id
        LIMIT 1
      )
    UNION ALL
    SELECT link.lead_id, activity.occurred_at, '', 0, 'activity:' || activity.id, NULL, NULL
    FROM scoring_leadactivity link
    JOIN crm_activity activity ON activity.id = link.activity_id
    WHERE link.lead_id = ANY(%(leads)s) AND activity.is_customer_action AND activity.done_at IS NOT NULL
      AND activity.archived_at IS NULL AND activity.recorded_at <= %(known_at)s
    {known}
) moment GROUP BY lead_id
"""
COLUMNS = """lead_id, array_agg((date_part('epoch', at) * 1000000)::bigint)::text,
    array_agg(COALESCE(array_position(%(codes)s::text[], type), 1) - 1)::text, array_agg(event_id)::text,
    {keys}, {urls}, {details}"""
# What is known at an instant holds for whatever happens at it, and of two rows the later one: so their keys come first.
KNOWN_THEN = f"""UNION ALL
    SELECT known.lead_id, known.valid_from, '{KNOWN}', known.id, chr(1) || lpad(known.id::text, 19, '0'), NULL,
           known.known::text
    FROM scoring_leadknown known
    WHERE known.lead_id = ANY(%(leads)s) AND known.recorded_at <= %(known_at)s"""
COUNTED = "event.not_counted = ''"
# What turned out to be a scanner's counted until then; what was confirmed, or is to be, did not.
COUNTED_THEN = f"""event.recorded_at <= %(known_at)s
      AND event.not_counted = CASE WHEN event.judged_at > %(known_at)s THEN '{NotCounted.SCANNER}' ELSE '' END"""
NONE, NO_ARRAY = "NULL::text", "NULL::text[]"
OF_RULES = "CASE WHEN event.type = ANY(%(ruled)s::text[]) THEN {} END"
ANY_OF_THEM = "CASE WHEN count({0}) > 0 THEN array_agg({0}) END"


def leads_of_visits() -> QuerySet[Any, Any]:
    """Return, for a query of events, whose each visit was: the lead the visitor was known to be then, or first was."""
    known_then = Case(When(identified_at__lte=OuterRef("occurred_at"), then="identified_at"))
    identities = VisitorIdentity.objects.filter(visitor=OuterRef("visitor")).annotate(known_then=known_then)
    latest = F("known_then").desc(nulls_last=True)
    return identities.order_by(latest, "identified_at", "lead_id").values("lead_id")[:1]


def stream_pasts(
    lead_ids: Sequence[int], *, model: ModelFacts, known_at: datetime | None = None
) -> Iterator[tuple[int, Past]]:
    """Yield what each lead did, by time; leads that did nothing are left out.

    Only what `model` asks for is read. `known_at` leaves out what had not been recorded by then. Most leads are read from
    an index alone; of those whose moments share an instant, or may be visits of one page, the rest is read as well.
    """
    ruled = get_ruled(model)
    # Of one lead all is read at once: what is read of it besides takes less than a second question.
    whole = get_plan(model).reads_properties or len(lead_ids) == 1
    for number in range(0, len(lead_ids), AT_ONCE):
        unclear = []
        for lead_id, past in _read(lead_ids[number : number + AT_ONCE], model, known_at, whole=whole):
            if whole or is_clear(past, ruled):
                yield lead_id, in_order(past)
            else:
                unclear.append(lead_id)
        for lead_id, past in _read(unclear, model, known_at, whole=True):
            yield lead_id, in_order(past)


def stream_moments(
    lead_ids: Sequence[int], *, model: ModelFacts, known_at: datetime | None = None
) -> Iterator[tuple[int, list[Moment]]]:
    """Yield each lead with its moments by time, plain tuples in `Moment`'s order; see `stream_pasts`."""
    codes = get_codes(model)
    for lead_id, past in stream_pasts(lead_ids, model=model, known_at=known_at):
        yield lead_id, as_moments(past, codes)


def get_moments(
    lead_ids: Sequence[int], *, model: ModelFacts, known_at: datetime | None = None
) -> dict[int, list[Moment]]:
    """Return the moments of a page's worth of leads in one statement; a lead that did nothing has none."""
    found: dict[int, list[Moment]] = {lead_id: [] for lead_id in lead_ids}
    for lead_id, past in _read(lead_ids, model, known_at, whole=True):
        found[lead_id] = [Moment._make(row) for row in as_moments(in_order(past), get_codes(model))]
    return found


def _read(
    lead_ids: Sequence[int], model: ModelFacts, known_at: datetime | None, *, whole: bool
) -> Iterator[tuple[int, Past]]:
    if not lead_ids:
        return
    given: dict[str, Any] = {
        "leads": list(lead_ids),
        "known_at": known_at or END_OF_TIME,
        "codes": list(get_codes(model)),
        "ruled": list(get_plan(model).read),
    }
    found: dict[int, Past] = {}
    for lead_id, instants, codes, ids, *others in _ask(model, given, whole=whole, asks_when=known_at is not None):
        past = Past(read_numbers(instants), read_numbers(codes), ids, *others)
        found[lead_id] = joined(found[lead_id], past) if lead_id in found else past
    yield from found.items()


def _ask(model: ModelFacts, given: Mapping[str, Any], **what: bool) -> list[Any]:
    sql = _statement(model, **what)
    # One lead is read sooner than its statement is planned; many are planned for how many they are.
    return ask(sql, given) if len(given["leads"]) == 1 else ask_anew(sql, given)


@lru_cache(maxsize=64)
def _statement(model: ModelFacts, *, whole: bool, asks_when: bool) -> str:
    """Return the statement; what is not `whole` reads no column of an event that its index has not."""
    plan = get_plan(model)
    columns = COLUMNS.format(
        keys="array_agg(key)" if whole else NO_ARRAY,
        urls=ANY_OF_THEM.format("url") if whole else NO_ARRAY,
        details=ANY_OF_THEM.format("details") if plan.reads_known or plan.reads_properties else NO_ARRAY,
    )
    return PASTS.format(
        columns=columns,
        key="event.idempotency_key::text" if whole else NONE,
        url=OF_RULES.format("NULLIF(event.properties->>'url', '')") if whole else NONE,
        details=OF_RULES.format("event.properties::text") if plan.reads_properties else NONE,
        counted=COUNTED_THEN if asks_when else COUNTED,
        known=KNOWN_THEN if plan.reads_known else "",
    )
