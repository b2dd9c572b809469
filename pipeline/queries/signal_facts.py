"""What the rules of signals may know of open deals, for one or for all in one statement (B24).

Every part reads one table once, narrowed to the deals asked for, and is planned by itself (MATERIALIZED): planning all
joins together took five times as long as running them for one deal. Days are local to the organisation.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from crm.enums import ActivityKind, ActivityOutcome
from pipeline.enums import StakeholderRole
from pipeline.events import EventKind
from pipeline.policies.signals import DealSignalFacts, Pause
from pipeline.queries.cycles import BAND
from pipeline.queries.deal_sql import AT_MOMENT, RATE, RATES
from pipeline.queries.signal_history import HISTORY
from pipeline.queries.signal_margins import MARGIN, MARGINS
from pipeline.queries.signal_spans import Moment, Span

TOUCHES = ", ".join(
    f"'{kind}'" for kind in (ActivityKind.CALL, ActivityKind.EMAIL, ActivityKind.MEETING, ActivityKind.DEMO)
)
DECIDERS = ", ".join(f"'{role}'" for role in (StakeholderRole.DECISION_MAKER, StakeholderRole.ECONOMIC_BUYER))
# Activities are looked up by their ids in one go: the planner, who cannot know how many a deal has, read them all.
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
{HISTORY},
link AS MATERIALIZED (
    SELECT opportunity_id, activity_id FROM pipeline_opportunityactivity WHERE opportunity_id {{only}}
),
touch AS MATERIALIZED (
    SELECT link.opportunity_id,
        max(activity.occurred_at) FILTER (WHERE activity.is_customer_action AND activity.occurred_at <= %(at)s) AS acted_at,
        count(*) FILTER (WHERE activity.kind IN ({TOUCHES}) AND activity.done_at IS NOT NULL
            AND activity.occurred_at >= %(window)s AND activity.occurred_at <= %(at)s) AS activities,
        (min(activity.occurred_at) FILTER (WHERE activity.kind IN ('{ActivityKind.MEETING}', '{ActivityKind.DEMO}')
            AND activity.done_at IS NULL AND activity.outcome IN ('', '{ActivityOutcome.MOVED}')
            AND activity.occurred_at >= %(midnight)s) AT TIME ZONE %(zone)s)::date AS meeting_on
    FROM link JOIN crm_activity activity ON activity.id = link.activity_id
    WHERE activity.archived_at IS NULL AND activity.id = ANY(ARRAY(SELECT activity_id FROM link))
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
{MARGINS},
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
