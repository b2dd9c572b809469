"""How long a sale took (B3): the deals won in the period one by one, the others as spells alike."""

from collections import defaultdict

from crm.enums import ActivityKind, ActivityOutcome
from pipeline.events import EventKind
from pipeline.figures.cycle import BANDS, LARGEST_BAND, NO_BAND, Course, Courses
from pipeline.figures.survival import CENSORED, Spell
from pipeline.queries.deal_sql import AT_MOMENT, CHANGED, RATE, Scope, deals, dimension
from pipeline.queries.figures import fetch

CREATED_IN_PERIOD = "s.created_at >= %(start)s AND s.created_at < %(end)s AND s.created_at <= %(as_of)s"
WON_IN_PERIOD = "s.outcome = %(won)s AND s.closed_at >= %(start)s AND s.closed_at < %(end)s"

# Asked for all at once: an index has the meetings held, which are few among all that was done.
HELD = f"""
SELECT link.opportunity_id, (min(activity.occurred_at) AT TIME ZONE %(zone)s)::date AS first_on
FROM pipeline_opportunityactivity link JOIN crm_activity activity ON activity.id = link.activity_id
WHERE link.opportunity_id IN (SELECT id FROM known WHERE won)
  AND activity.outcome = '{ActivityOutcome.HELD}' AND activity.archived_at IS NULL
  AND activity.kind IN ('{ActivityKind.DEMO}', '{ActivityKind.MEETING}')
  AND activity.occurred_at <= %(as_of)s AND activity.recorded_at <= %(known_at)s
GROUP BY 1
"""
# Entry to 25%: the first move to a setpoint of a quarter or more (B3's size band, D-35).
QUALIFIED_AT = f"""
SELECT min(e.occurred_at) FROM pipeline_opportunityevent e
JOIN pipeline_setpoint setpoint ON setpoint.id = (e.new->>'setpoint')::bigint AND setpoint.probability >= 0.25
WHERE e.opportunity_id = deal.id AND e.kind = '{EventKind.SETPOINT}'
  AND e.occurred_at <= %(as_of)s AND e.recorded_at <= %(known_at)s
"""
WORTH = AT_MOMENT.format(deal="deal.id", moment=f"({QUALIFIED_AT})", kind=EventKind.AMOUNT)
BAND = (
    f"CASE WHEN deal.value IS NULL THEN '{NO_BAND}' "
    + " ".join(f"WHEN deal.value < {limit} THEN '{name}'" for limit, name in BANDS)
    + f" ELSE '{LARGEST_BAND}' END"
)


def get_courses(scope: Scope) -> dict[str, Courses]:
    """Return the deals won in the period, and the spells of those created in it for the censored view, by group (B3)."""
    group = dimension(scope)
    sql = f"""
    WITH {deals(scope, only=f"({CREATED_IN_PERIOD}) OR ({WON_IN_PERIOD})", valued=False)},
    known AS MATERIALIZED (
        SELECT deal.id, deal.deal_type, deal.outcome, deal.closed_on, deal.amount, deal.currency, deal.backfilled,
               deal.lead_created_at, {group.value} AS name, (deal.created_at AT TIME ZONE %(zone)s)::date AS created_on,
               deal.outcome = %(won)s AND deal.closed_at >= %(start)s AND deal.closed_at < %(end)s AS won,
               deal.created_at >= %(start)s AND NOT deal.backfilled AS watched,
               CASE WHEN deal.id {CHANGED.format(kind=EventKind.AMOUNT)} THEN ({WORTH}) END AS worth
        FROM deal {group.join}
    ),
    sized AS MATERIALIZED (
        SELECT deal.*,
               CASE WHEN deal.worth->>'amount' IS NULL THEN deal.amount ELSE (deal.worth->>'amount')::numeric END
               * CASE WHEN coalesce(deal.worth->>'currency', deal.currency) = %(report)s THEN 1 ELSE plan.rate END AS value
        FROM known deal
        {RATE.format(kind="plan", currency="coalesce(deal.worth->>'currency', deal.currency)", day="%(today)s")}
    ),
    held AS ({HELD})
    SELECT deal.name, {BAND} AS band, deal.deal_type,
           CASE WHEN deal.watched THEN coalesce(deal.closed_on, %(today)s) - deal.created_on END AS days,
           CASE WHEN deal.watched THEN deal.outcome END AS outcome, count(*),
           CASE WHEN deal.won THEN deal.id END AS won_id, CASE WHEN deal.won THEN deal.backfilled END,
           CASE WHEN deal.won THEN deal.closed_on - held.first_on END,
           CASE WHEN deal.won THEN deal.closed_on - deal.created_on END,
           CASE WHEN deal.won THEN deal.closed_on - (deal.lead_created_at AT TIME ZONE %(zone)s)::date END
    FROM sized deal LEFT JOIN held ON held.opportunity_id = deal.id
    GROUP BY 1, 2, 3, 4, 5, 7, 8, 9, 10, 11
    """
    courses: dict[str, list[Course]] = defaultdict(list)
    spells: dict[str, list[Spell]] = defaultdict(list)
    for name, band, deal_type, days, outcome, count, *won in fetch(sql, scope):
        if days is not None:
            spells[name].append(Spell(days, outcome or CENSORED, count, band, deal_type))
        if won[0] is not None:
            courses[name].append(_course(band, deal_type, *won))
    return {
        name: Courses(tuple(sorted(courses[name], key=lambda course: course.opportunity_id)), tuple(spells[name]))
        for name in sorted({*courses, *spells})
    }


def _course(
    band: str, deal_type: str, pk: int, backfilled: bool, held: int | None, created: int, lead: int | None
) -> Course:
    # A deal entered when it was won already says nothing of its length (B3).
    since_created = None if backfilled and created == 0 else created
    return Course(pk, band, deal_type, {"fm_to_won": held, "created_to_won": since_created, "lead_to_won": lead})
