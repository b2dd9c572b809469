"""What the rules of signals may know of open deals, for one or for all in one statement (B24).

Every part reads one table once, narrowed to the deals asked for, and is planned by itself (MATERIALIZED): planning all
joins together took five times as long as running them for one deal. Days are local to the organisation; events of one
moment count in the order they were recorded.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from crm.enums import ActivityKind, ActivityOutcome
from pipeline.enums import StakeholderRole
from pipeline.events import EventKind
from pipeline.models import Opportunity
from pipeline.models.opportunities import OPEN
from pipeline.policies.signals import QUALIFIED_FROM, WINDOW_DAYS, Calendar, DealSignalFacts, Pause
from pipeline.queries.cycles import BAND
from pipeline.queries.deal_sql import AT_MOMENT, RATE, RATES

TOUCHES = ", ".join(
    f"'{kind}'" for kind in (ActivityKind.CALL, ActivityKind.EMAIL, ActivityKind.MEETING, ActivityKind.DEMO)
)
DECIDERS = ", ".join(f"'{role}'" for role in (StakeholderRole.DECISION_MAKER, StakeholderRole.ECONOMIC_BUYER))
TOLD = ", ".join(
    f"'{kind}'"
    for kind in (
        EventKind.SETPOINT, EventKind.EXPECTED_CLOSE_ON, EventKind.AMOUNT, EventKind.NEXT_STEP, EventKind.QUALIFICATION,
        EventKind.EVIDENCE, EventKind.PAUSE,
    )
)  # fmt: skip

# What a deal leaves as a share of its net price, at plan rates of today (B15); null where a price, a cost or a rate is not
# known. Where no floor is assumed nobody asks.
MARGINS = """
floor AS MATERIALIZED (
    SELECT margin_floor FROM pipeline_economicassumptions WHERE valid_from <= %(today)s ORDER BY valid_from DESC LIMIT 1
),
today_rate AS MATERIALIZED (
    SELECT currency, rate FROM rate_span WHERE kind = 'plan' AND valid_from <= %(today)s AND %(today)s < valid_until
    UNION ALL SELECT %(report)s, 1
),
earned AS MATERIALIZED (
    SELECT line.opportunity_id,
        sum(line.quantity * line.price * price_rate.rate * (1 - line.discount) * {times}) AS net,
        sum(line.quantity * line.cost * cost_rate.rate * {times}) AS spent,
        bool_and(line.price * price_rate.rate IS NOT NULL AND line.cost * cost_rate.rate IS NOT NULL) AS is_whole
    FROM pipeline_opportunityline line
    LEFT JOIN today_rate price_rate ON price_rate.currency = line.price_currency
    LEFT JOIN today_rate cost_rate ON cost_rate.currency = line.cost_currency
    WHERE line.removed_at IS NULL AND line.opportunity_id {only}
      AND EXISTS (SELECT FROM floor WHERE margin_floor IS NOT NULL)
    GROUP BY 1
),
direct AS MATERIALIZED (
    SELECT cost.opportunity_id, sum(cost.amount * today_rate.rate) AS spent,
        bool_and(cost.amount * today_rate.rate IS NOT NULL) AS is_whole
    FROM pipeline_opportunitycost cost LEFT JOIN today_rate ON today_rate.currency = cost.amount_currency
    WHERE cost.removed_at IS NULL AND cost.opportunity_id {only}
      AND EXISTS (SELECT FROM floor WHERE margin_floor IS NOT NULL)
    GROUP BY 1
)"""
TIMES = "CASE line.billing WHEN 'monthly' THEN line.months WHEN 'yearly' THEN line.months / 12.0 ELSE 1 END"
MARGIN = """CASE WHEN earned.is_whole AND coalesce(direct.is_whole, true) AND earned.net > 0
    THEN (earned.net - earned.spent - coalesce(direct.spent, 0)) / earned.net END"""

# What happened to the deals, each event beside the one of its kind before it. A voided move never was (D-22), and a
# close date moved while the deal was closed is no push (B10). Pauses, which are few, are put in order apart: all else is
# added up without sorting.
HISTORY = f"""
void AS MATERIALIZED (
    SELECT event.opportunity_id, (event.detail->>'voids')::int AS seq FROM pipeline_opportunityevent event
    WHERE event.kind = '{EventKind.MOVE_VOIDED}' AND event.opportunity_id {{only}}
),
ending AS MATERIALIZED (
    SELECT event.opportunity_id, event.kind, event.occurred_at, event.seq FROM pipeline_opportunityevent event
    WHERE event.opportunity_id {{only}} AND event.opportunity_id IN (SELECT id FROM deal)
      AND (event.kind = '{EventKind.CLOSED}'
           OR (event.kind = '{EventKind.REOPENED}' AND (event.detail->>'voids_outcome')::boolean))
),
told AS MATERIALIZED (
    SELECT event.opportunity_id, event.kind, event.occurred_at, event.seq, event.old, event.new,
           lag(event.new) OVER before AS was, lag(event.occurred_at) OVER before AS since,
           lead(event.occurred_at) OVER before AS next_at
    FROM pipeline_opportunityevent event
    WHERE event.kind IN ({TOLD}) AND event.opportunity_id {{only}} AND event.occurred_at <= %(at)s
      AND NOT (event.kind = '{EventKind.SETPOINT}'
               AND (event.opportunity_id, event.seq) IN (SELECT opportunity_id, seq FROM void))
    WINDOW before AS (PARTITION BY event.opportunity_id, event.kind ORDER BY event.occurred_at, event.seq)
),
history AS MATERIALIZED (
    SELECT told.opportunity_id,
        count(*) FILTER (WHERE told.kind = '{EventKind.SETPOINT}') AS stays,
        max(told.occurred_at) FILTER (WHERE told.kind = '{EventKind.SETPOINT}') AS moved_at,
        min(told.occurred_at) FILTER (WHERE told.kind = '{EventKind.SETPOINT}' AND here.probability >= {QUALIFIED_FROM})
            AS qualified_at,
        max(told.occurred_at) FILTER (WHERE told.kind = '{EventKind.NEXT_STEP}'
            AND told.new->>'done' = 'true' AND coalesce(told.old->>'done', 'false') = 'false') AS kept_at,
        max(told.occurred_at) FILTER (WHERE (told.kind = '{EventKind.SETPOINT}' AND here.rank > there.rank)
            OR (told.kind = '{EventKind.EVIDENCE}' AND told.new IS NOT NULL)
            OR (told.kind = '{EventKind.QUALIFICATION}'
                AND (told.new->>'level')::int > coalesce((told.old->>'level')::int, 0))) AS progressed_at,
        count(*) FILTER (WHERE {{pushed}}) AS pushes,
        max(told.occurred_at) FILTER (WHERE {{pushed}}) AS pushed_at,
        count(*) FILTER (WHERE told.kind = '{EventKind.AMOUNT}') > 1 AS repriced,
        max((told.was->>'amount')::numeric) FILTER (WHERE told.kind = '{EventKind.AMOUNT}'
            AND told.occurred_at >= %(window)s AND told.occurred_at - told.since >= interval '1 day'
            AND told.was->>'currency' = deal.amount_currency) AS amount_before
    FROM told JOIN deal ON deal.id = told.opportunity_id
    LEFT JOIN place here ON told.kind = '{EventKind.SETPOINT}' AND here.id = (told.new->>'setpoint')::bigint
    LEFT JOIN place there ON told.kind = '{EventKind.SETPOINT}' AND there.id = (told.was->>'setpoint')::bigint
    GROUP BY told.opportunity_id
),
pause AS MATERIALIZED (
    SELECT opportunity_id,
        array_agg((occurred_at AT TIME ZONE %(zone)s)::date ORDER BY occurred_at, seq) AS paused_from,
        array_agg(least((new->>'until')::date, (next_at AT TIME ZONE %(zone)s)::date) ORDER BY occurred_at, seq) AS paused_until
    FROM told WHERE kind = '{EventKind.PAUSE}' AND new IS NOT NULL
    GROUP BY opportunity_id
)"""
PUSHED = f"""told.kind = '{EventKind.EXPECTED_CLOSE_ON}' AND told.new->>'on' > told.was->>'on'
            AND (told.opportunity_id NOT IN (SELECT opportunity_id FROM ending) OR (
                SELECT ending.kind FROM ending WHERE ending.opportunity_id = told.opportunity_id
                  AND (ending.occurred_at, ending.seq) < (told.occurred_at, told.seq)
                ORDER BY ending.occurred_at DESC, ending.seq DESC LIMIT 1) IS DISTINCT FROM '{EventKind.CLOSED}')"""
FACTS = f"""
WITH {RATES},
deal AS MATERIALIZED (
    SELECT id, pipeline_id, setpoint_id, evidenced_setpoint_id, deal_type, created_at, setpoint_entered_at,
        expected_close_on, amount, amount_currency, contact_id, backfilled, severity
    FROM pipeline_opportunity
    WHERE outcome = '' AND archived_at IS NULL AND merged_into_id IS NULL AND id {{only}}
),
place AS MATERIALIZED (
    SELECT id, rank, probability, stall_limit_days,
        rank >= max(rank) FILTER (WHERE retired_at IS NULL) OVER (PARTITION BY pipeline_id) AS is_last
    FROM pipeline_setpoint
),
{HISTORY.format(only="{only}", pushed=PUSHED)},
touch AS MATERIALIZED (
    SELECT link.opportunity_id,
        max(activity.occurred_at) FILTER (WHERE activity.is_customer_action AND activity.occurred_at <= %(at)s) AS acted_at,
        count(*) FILTER (WHERE activity.kind IN ({TOUCHES}) AND activity.done_at IS NOT NULL
            AND activity.occurred_at >= %(window)s AND activity.occurred_at <= %(at)s) AS activities,
        (min(activity.occurred_at) FILTER (WHERE activity.kind IN ('{ActivityKind.MEETING}', '{ActivityKind.DEMO}')
            AND activity.done_at IS NULL AND activity.outcome IN ('', '{ActivityOutcome.MOVED}')
            AND activity.occurred_at >= %(midnight)s) AT TIME ZONE %(zone)s)::date AS meeting_on
    FROM (SELECT * FROM pipeline_opportunityactivity WHERE opportunity_id {{only}} OFFSET 0) link
    JOIN crm_activity activity ON activity.id = link.activity_id
    WHERE activity.archived_at IS NULL
    GROUP BY link.opportunity_id
),
step AS MATERIALIZED (
    SELECT opportunity_id, min(due_on) AS step_on,
        min(due_on) FILTER (WHERE agreed_with_id IS NOT NULL AND due_on >= %(today)s) AS agreed_on
    FROM pipeline_nextstep WHERE done_at IS NULL AND dropped_at IS NULL AND opportunity_id {{only}}
    GROUP BY opportunity_id
),
people AS MATERIALIZED (
    SELECT opportunity_id, count(*) AS contacts, count(*) FILTER (WHERE role IN ({DECIDERS})) AS deciders
    FROM pipeline_stakeholder WHERE left_at IS NULL AND opportunity_id {{only}}
    GROUP BY opportunity_id
),
worth AS MATERIALIZED (
    SELECT deal.id, deal.setpoint_id, deal.deal_type, CASE WHEN history.repriced AND history.qualified_at IS NOT NULL
        THEN ({AT_MOMENT.format(deal="deal.id", moment="history.qualified_at", kind=EventKind.AMOUNT)})
        END AS worth, deal.amount, deal.amount_currency
    FROM deal LEFT JOIN history ON history.opportunity_id = deal.id
    WHERE EXISTS (SELECT FROM pipeline_typicalstay)
),
sized AS MATERIALIZED (
    SELECT deal.id, deal.setpoint_id, deal.deal_type,
        CASE WHEN deal.worth IS NULL THEN deal.amount ELSE (deal.worth->>'amount')::numeric END
        * CASE WHEN coalesce(deal.worth->>'currency', deal.amount_currency) = %(report)s THEN 1 ELSE plan.rate END AS value
    FROM worth deal
    {RATE.format(kind="plan", currency="coalesce(deal.worth->>'currency', deal.amount_currency)", day="%(today)s")}
),
{MARGINS.format(only="{only}", times=TIMES)},
typical AS MATERIALIZED (
    SELECT deal.id, stay.days, stay.wins
    FROM sized deal JOIN pipeline_typicalstay stay
        ON stay.setpoint_id = deal.setpoint_id AND stay.deal_type = deal.deal_type AND stay.band = {BAND}
)
SELECT deal.pipeline_id, deal.severity, deal.id, place.rank, place.probability, place.is_last,
    (deal.created_at AT TIME ZONE %(zone)s)::date, (deal.setpoint_entered_at AT TIME ZONE %(zone)s)::date,
    (greatest(deal.created_at, history.moved_at, history.kept_at, touch.acted_at) AT TIME ZONE %(zone)s)::date,
    place.stall_limit_days, typical.days, coalesce(typical.wins, 0),
    CASE WHEN history.stays > 1 THEN true WHEN deal.backfilled OR history.stays IS NULL THEN NULL ELSE false END,
    step.step_on, least(step.agreed_on, touch.meeting_on), deal.expected_close_on, coalesce(history.pushes, 0),
    (history.pushed_at AT TIME ZONE %(zone)s)::date, coalesce(evidenced.rank, -1), coalesce(people.deciders, 0),
    greatest(coalesce(people.contacts, 0), (deal.contact_id IS NOT NULL)::int), deal.amount, history.amount_before,
    coalesce(touch.activities, 0), (history.progressed_at AT TIME ZONE %(zone)s)::date,
    {MARGIN}, (SELECT margin_floor FROM floor), pause.paused_from, pause.paused_until
FROM deal
JOIN place ON place.id = deal.setpoint_id
LEFT JOIN place evidenced ON evidenced.id = deal.evidenced_setpoint_id
LEFT JOIN history ON history.opportunity_id = deal.id
LEFT JOIN pause ON pause.opportunity_id = deal.id
LEFT JOIN touch ON touch.opportunity_id = deal.id
LEFT JOIN step ON step.opportunity_id = deal.id
LEFT JOIN people ON people.opportunity_id = deal.id
LEFT JOIN typical ON typical.id = deal.id
LEFT JOIN earned ON earned.opportunity_id = deal.id
LEFT JOIN direct ON direct.opportunity_id = deal.id
"""
SOME, RANGE = "= ANY(%(ids)s)", "BETWEEN %(low)s AND %(high)s"


@dataclass(frozen=True, slots=True)
class Span:
    """Deals by their ids: these, or all from one to another."""

    ids: Collection[int] | None = None
    low: int = 0
    high: int = 0

    @property
    def condition(self) -> str:
        """Return what an id has to be, with `parameters`."""
        return RANGE if self.ids is None else SOME

    def parameters(self) -> dict[str, Any]:
        """Return the values of the condition."""
        return {"low": self.low, "high": self.high} if self.ids is None else {"ids": list(self.ids)}


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant as the organisation's people see it, and the currency sizes are measured in."""

    at: datetime
    zone: str
    currency: str
    calendar: Calendar

    def parameters(self) -> dict[str, Any]:
        """Return what FACTS asks for."""
        zone, today = ZoneInfo(self.zone), self.calendar.today
        return {
            "at": self.at, "known_at": self.at, "zone": self.zone, "report": self.currency, "today": today,
            "midnight": datetime.combine(today, time.min, tzinfo=zone),
            "window": datetime.combine(today - timedelta(days=WINDOW_DAYS), time.min, tzinfo=zone),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class OpenDeal:
    """An open deal's facts, with what decides its limits and what it was told to weigh."""

    pipeline_id: int
    severity: int
    facts: DealSignalFacts


def get_signal_facts(span: Span, moment: Moment) -> Iterator[OpenDeal]:
    """Give what the rules may know of the open deals of a span."""
    with connection.cursor() as cursor:
        cursor.execute(FACTS.replace("{only}", span.condition), moment.parameters() | span.parameters())
        rows = cursor.fetchall()
    for pipeline_id, severity, *told, starts, ends in rows:
        facts: tuple[Any, ...] = (*told, tuple(map(Pause, starts, ends)) if starts else ())
        yield OpenDeal(pipeline_id, severity, DealSignalFacts(*facts))


def get_spans(size: int) -> Iterator[Span]:
    """Give spans of ids that hold so many open deals each, and among them every deal there is."""
    low = 0
    open_ids = Opportunity.objects.filter(OPEN).order_by("pk").values_list("pk", flat=True)
    while ids := list(open_ids.filter(pk__gt=low)[:size]):
        yield Span(low=low + 1, high=ids[-1])
        low = ids[-1]
    yield Span(low=low + 1, high=2**62)
