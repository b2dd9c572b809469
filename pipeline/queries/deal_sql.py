"""The SQL that figures share: deals as they stood, with credit and value (B0, D-18, D-21, D-46).

Fragments only; `figures.py` runs them. Every name in `%(...)s` is filled by `parameters`.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pipeline.enums import Outcome
from pipeline.events import EventKind
from pipeline.queries.state import KNOWN, opportunity_state


@dataclass(frozen=True, slots=True)
class Scope:
    """Which deals a figure is about, and from which moment they are seen.

    The period is `[start, end)` in instants and `[first_day, last_day)` in local days of `zone`. `is_now` says that
    `as_of` and `known_at` are both the present, so that current rows equal the folded history. `visible_owner_ids`
    None means all deals. `team_ids` are the team asked for and those below it.
    """

    as_of: datetime
    known_at: datetime
    start: datetime
    end: datetime
    first_day: date
    last_day: date
    today: date
    zone: str
    currency: str
    is_now: bool = False
    visible_owner_ids: frozenset[int] | None = None
    team_ids: frozenset[int] | None = None
    owner_id: int | None = None
    pipeline_id: int | None = None
    by: str = ""

    def parameters(self) -> dict[str, Any]:
        """Return what the fragments ask for."""
        return {
            "as_of": self.as_of,
            "known_at": self.known_at,
            "start": self.start,
            "end": self.end,
            "first_day": self.first_day,
            "last_day": self.last_day,
            "today": self.today,
            "zone": self.zone,
            "report": self.currency,
            "visible": sorted(self.visible_owner_ids or ()),
            "teams": sorted(self.team_ids or ()),
            "owner": self.owner_id,
            "pipeline": self.pipeline_id,
            "won": Outcome.WON,
            "declined": Outcome.DECLINED,
        }


CURRENT = """
SELECT o.id, o.pipeline_id, o.deal_type, o.setpoint_id, o.amount, o.amount_currency AS currency, o.expected_close_on,
       o.owner_id, o.outcome, o.closed_at, reason.code AS reason, o.competitor_id
FROM pipeline_opportunity o LEFT JOIN crm_reason reason ON reason.id = o.close_reason_id
WHERE o.archived_at IS NULL AND o.merged_into_id IS NULL
"""

PAST = """
SELECT past.opportunity_id AS id, past.pipeline_id, past.deal_type, past.setpoint_id, past.amount, past.currency,
       past.expected_close_on, past.owner_id, past.outcome, past.closed_at, past.close_reason AS reason, past.competitor_id
FROM ({state}) past
"""

OWNER_AT = f"""
SELECT (e.new->>'owner')::bigint AS owner_id FROM pipeline_opportunityevent e
WHERE e.opportunity_id = {{deal}} AND e.kind = '{EventKind.OWNER}'
  AND e.occurred_at <= {{moment}} AND e.recorded_at <= %(known_at)s
ORDER BY e.occurred_at DESC, e.seq DESC LIMIT 1
"""

REACHED_HALF = f"""
SELECT FROM ({KNOWN}) e JOIN pipeline_setpoint half ON half.id = (e.new->>'setpoint')::bigint
WHERE e.opportunity_id = standing.id AND e.kind = '{EventKind.SETPOINT}' AND half.probability >= 0.5
"""

MEMBER = """
LEFT JOIN crm_teammembership member ON member.user_id = {user}
      AND member.from_on <= {day} AND (member.until_on IS NULL OR member.until_on > {day})
"""

RATE = """
LEFT JOIN LATERAL (
    SELECT rate FROM crm_exchangerate
    WHERE {currency} <> %(report)s AND kind = {kind} AND currency = {currency} AND valid_from <= {day}
    ORDER BY valid_from DESC LIMIT 1
) {name} ON true
"""

# What `--by` and `setpoint` mean for a deal (D-50); all text, empty for unknown.
DIMENSIONS = {
    "owner": "coalesce({t}.credit_id::text, '')",
    "team": "coalesce({t}.credit_team_id::text, '')",
    "pipeline": "{t}.pipeline_code",
    "deal_type": "coalesce({t}.deal_type, '')",
    "source": "coalesce({t}.source_code, '')",
    "industry": "{t}.industry",
    "setpoint": "coalesce({t}.setpoint_code, '')",
    "month": "coalesce(to_char(coalesce({t}.closed_on, {t}.expected_close_on), 'YYYY-MM'), '')",
}


def dimension(scope: Scope, table: str = "deal") -> str:
    """Return the expression figures group by."""
    return DIMENSIONS[scope.by].format(t=table) if scope.by else "''"


def _state(scope: Scope) -> str:
    return (
        CURRENT
        if scope.is_now
        else PAST.format(state=opportunity_state(as_of=scope.as_of, known_at=scope.known_at).sql)
    )


def deals(scope: Scope, *, only: str) -> str:
    """Return CTEs ending in `deal`: the deals of the scope as they stood, with credit and value.

    `only` restricts the state `s` early. Won and lost deals are credited to the owner at close and the team they
    were in that day, open ones to the owner and team at `as_of` (B0). `value` is in the report currency, by the
    booking rate for what was won and the plan rate for all else; null without amount or rate.
    """
    return f"""
state AS ({_state(scope)}),
standing AS (
    SELECT s.*, (s.closed_at AT TIME ZONE %(zone)s)::date AS closed_on,
           coalesce((s.closed_at AT TIME ZONE %(zone)s)::date, %(today)s) AS credit_on,
           CASE WHEN s.outcome = '' THEN s.owner_id ELSE coalesce(closer.owner_id, s.owner_id) END AS credit_id,
           o.owner_id AS current_owner_id, o.account_id, o.source_id, o.created_at, o.lead_created_at, o.backfilled
    FROM state s JOIN pipeline_opportunity o ON o.id = s.id
    LEFT JOIN LATERAL ({OWNER_AT.format(deal="s.id", moment="s.closed_at")}) closer ON s.outcome <> ''
    WHERE {only}
),
deal AS (
    SELECT standing.*, member.team_id AS credit_team_id, account.industry, source.code AS source_code,
           pipeline.code AS pipeline_code, setpoint.code AS setpoint_code, setpoint.rank, setpoint.probability,
           coalesce(setpoint.probability >= 0.25, false) AS qualified,
           standing.outcome = %(declined)s AND EXISTS ({REACHED_HALF}) AS reached_half,
           standing.amount * CASE WHEN standing.currency = %(report)s THEN 1
                                  WHEN standing.outcome = %(won)s THEN booking.rate ELSE plan.rate END AS value,
           standing.amount * CASE WHEN standing.currency = %(report)s THEN 1 ELSE plan.rate END AS at_plan
    FROM standing
    JOIN crm_account account ON account.id = standing.account_id
    JOIN pipeline_pipeline pipeline ON pipeline.id = standing.pipeline_id
    LEFT JOIN crm_source source ON source.id = standing.source_id
    LEFT JOIN pipeline_setpoint setpoint ON setpoint.id = standing.setpoint_id
    {MEMBER.format(user="standing.credit_id", day="standing.credit_on")}
    {RATE.format(kind="'plan'", currency="standing.currency", day="standing.credit_on", name="plan")}
    {RATE.format(kind="'booking'", currency="standing.currency", day="standing.credit_on", name="booking")}
    WHERE {conditions(scope)}
)"""


def conditions(scope: Scope, *, deal: str = "standing", owner: str = "standing.credit_id") -> str:
    """Return the filters of the scope; `owner` is whom the figure credits, `deal` where pipeline and owner now stand."""
    chosen = ["true"]
    if scope.visible_owner_ids is not None:
        chosen.append(f"{deal}.current_owner_id = ANY(%(visible)s)")
    if scope.team_ids is not None:
        chosen.append("member.team_id = ANY(%(teams)s)")
    if scope.owner_id is not None:
        chosen.append(f"{owner} = %(owner)s")
    if scope.pipeline_id is not None:
        chosen.append(f"{deal}.pipeline_id = %(pipeline)s")
    return " AND ".join(chosen)
