"""The SQL that figures share: deals as they stood, with credit and value (B0, D-18, D-21, D-46).

Fragments only; `figures.py`, `cohorts.py` and `cycles.py` run them. Every name in `%(...)s` is filled by `parameters`.
Joins stand in a statement only where its scope asks for them: planning a join costs as much as running it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pipeline.enums import Outcome
from pipeline.events import EventKind
from pipeline.queries.state import opportunity_state


@dataclass(frozen=True, slots=True)
class Scope:
    """Which deals a figure is about, and from which moment they are seen.

    The period is `[start, end)` in instants and `[first_day, last_day)` in local days of `zone`. `is_now` says that
    `as_of` and `known_at` are both the present, so that current rows equal the folded history. `visible_owner_ids`
    None means all deals. `by_evidence` says that the facts
    qualify a deal, not where it is claimed to stand. `team_ids` are the team asked for and those below it.
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
    by_evidence: bool = False
    visible_owner_ids: frozenset[int] | None = None
    team_ids: frozenset[int] | None = None
    owner_id: int | None = None
    pipeline_id: int | None = None
    by: str = ""

    @property
    def credits_people(self) -> bool:
        """Whether it matters who a deal is credited to."""
        return self.owner_id is not None or self.by == "owner" or self.credits_teams

    @property
    def credits_teams(self) -> bool:
        """Whether it matters which team a deal is credited to."""
        return self.team_ids is not None or self.by == "team"

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
        }


# The deal's own row: what it is, and how it stands now.
ROW = """
o.id, o.account_id, o.source_id, o.campaign_id, o.owner_id AS current_owner_id, o.evidenced_setpoint_id AS current_evidenced_id,
o.created_at, o.lead_created_at, o.backfilled
"""
CURRENT = f"""
SELECT {ROW}, o.pipeline_id, o.deal_type, o.setpoint_id, o.amount, o.amount_currency AS currency, o.expected_close_on,
       o.owner_id, o.outcome, o.closed_at, o.competitor_id,
       CASE WHEN o.close_reason_id IS NOT NULL THEN (SELECT code FROM crm_reason WHERE id = o.close_reason_id) END AS reason
FROM pipeline_opportunity o
WHERE o.archived_at IS NULL AND o.merged_into_id IS NULL
"""

# A past moment is folded from events only for the deals that something happened to since, or was learnt of since;
# the others stand as they stood.
TELLING = ", ".join(
    f"'{kind}'"
    for kind in (
        EventKind.CREATED, EventKind.SETPOINT, EventKind.MOVE_VOIDED, EventKind.AMOUNT, EventKind.EXPECTED_CLOSE_ON,
        EventKind.OWNER, EventKind.PIPELINE, EventKind.DEAL_TYPE, EventKind.CLOSED, EventKind.REOPENED, EventKind.ARCHIVED,
        EventKind.MERGED,
    )
)  # fmt: skip
CHANGED_SINCE = f"""
SELECT opportunity_id FROM pipeline_opportunityevent WHERE kind IN ({TELLING}) AND occurred_at > %(as_of)s
UNION SELECT opportunity_id FROM pipeline_opportunityevent WHERE kind IN ({TELLING}) AND recorded_at > %(known_at)s
"""
PAST = f"""
{CURRENT} AND o.id NOT IN (SELECT opportunity_id FROM changed_since)
UNION ALL
SELECT {ROW}, past.pipeline_id, past.deal_type, past.setpoint_id, past.amount, past.currency, past.expected_close_on,
       past.owner_id, past.outcome, past.closed_at, past.competitor_id, past.close_reason AS reason
FROM ({{state}}) past JOIN pipeline_opportunity o ON o.id = past.opportunity_id
"""

# Few deals ever change hands or worth: for all others the value now is the value then.
CHANGED = "IN (SELECT opportunity_id FROM pipeline_opportunityevent WHERE kind = '{kind}' AND old IS NOT NULL)"
AT_MOMENT = """
SELECT e.new FROM pipeline_opportunityevent e
WHERE e.opportunity_id = {deal} AND e.kind = '{kind}'
  AND e.occurred_at <= {moment} AND e.recorded_at <= %(known_at)s
ORDER BY e.occurred_at DESC, e.seq DESC LIMIT 1
"""


def owner_at(deal: str, moment: str, otherwise: str) -> str:
    """Return the expression of who owned a deal at a moment; `otherwise` where that never changed."""
    then = AT_MOMENT.format(deal=deal, moment=moment, kind=EventKind.OWNER)
    changed = CHANGED.format(kind=EventKind.OWNER)
    return f"""CASE WHEN {deal} {changed}
        THEN coalesce((({then})->>'owner')::bigint, {otherwise}) ELSE {otherwise} END"""


MEMBER = """
LEFT JOIN crm_teammembership member ON member.user_id = {user}
      AND member.from_on <= {day} AND (member.until_on IS NULL OR member.until_on > {day})
"""

# What a unit of each other currency is worth, by the days each rate is in force.
RATES = """
rate_span AS MATERIALIZED (
    SELECT kind, currency, rate, valid_from,
           lead(valid_from, 1, 'infinity') OVER (PARTITION BY kind, currency ORDER BY valid_from) AS valid_until
    FROM crm_exchangerate WHERE currency <> %(report)s
)"""
RATE = """
LEFT JOIN rate_span {kind} ON {kind}.currency = {currency} AND {kind}.kind = '{kind}'
      AND {kind}.valid_from <= {day} AND {day} < {kind}.valid_until
"""
AT_PLAN = "standing.amount * CASE WHEN standing.currency = %(report)s THEN 1 ELSE plan.rate END"
VALUE = f""",
standing.amount * CASE WHEN standing.currency = %(report)s THEN 1
                       WHEN standing.outcome = %(won)s THEN booking.rate ELSE plan.rate END AS value,
{AT_PLAN} AS at_plan
"""


@dataclass(frozen=True, slots=True)
class Dimension:
    """What figures group by: text, empty for unknown; and the join it needs."""

    value: str
    join: str = ""


ACCOUNT = "JOIN crm_account account ON account.id = {t}.account_id"
PIPELINE = "JOIN pipeline_pipeline pipeline ON pipeline.id = {t}.pipeline_id"
SOURCE = "LEFT JOIN crm_source source ON source.id = {t}.source_id"
CAMPAIGN = "LEFT JOIN crm_campaign campaign ON campaign.id = {t}.campaign_id"
# What brought a deal is told by its campaign, else by its source (D-41).
CONTENT = "coalesce(nullif(campaign.content_type, 'other'), source.content_type, campaign.content_type, '')"
# What `--by` and `setpoint` mean for a deal (D-50).
DIMENSIONS = {
    "": Dimension("''"),
    "owner": Dimension("coalesce({t}.credit_id::text, '')"),
    "team": Dimension("coalesce({t}.credit_team_id::text, '')"),
    "pipeline": Dimension("pipeline.code", PIPELINE),
    "deal_type": Dimension("coalesce({t}.deal_type, '')"),
    "source": Dimension("coalesce(source.code, '')", SOURCE),
    "campaign": Dimension("coalesce(campaign.code, '')", CAMPAIGN),
    "content_type": Dimension(CONTENT, f"{SOURCE} {CAMPAIGN}"),
    "industry": Dimension("account.industry", ACCOUNT),
    "setpoint": Dimension("coalesce(own.code, '')", "LEFT JOIN pipeline_setpoint own ON own.id = {t}.setpoint_id"),
    "month": Dimension("coalesce(to_char(coalesce({t}.closed_on, {t}.expected_close_on), 'YYYY-MM'), '')"),
}


def dimension(scope: Scope, table: str = "deal") -> Dimension:
    """Return what figures group by."""
    found = DIMENSIONS[scope.by]
    return Dimension(found.value.format(t=table), found.join.format(t=table))


def state(scope: Scope) -> str:
    """Return CTEs ending in `state`: every deal as it stood."""
    if scope.is_now:
        return f"state AS ({CURRENT})"
    folded = opportunity_state(
        as_of=scope.as_of, known_at=scope.known_at, only="opportunity_id IN (SELECT opportunity_id FROM changed_since)"
    )
    return f"changed_since AS MATERIALIZED ({CHANGED_SINCE}),\nstate AS ({PAST.format(state=folded.sql)})"


def deals(scope: Scope, *, only: str, valued: bool = True, credited: bool = False) -> str:
    """Return CTEs ending in `deal`: the deals of the scope as they stood, with credit and value.

    `only` restricts the state `s` early. Won and lost deals are credited to the owner at close and the team they
    were in that day, open ones to the owner and team at `as_of` (B0). `value` is in the report currency, by the
    booking rate for what was won and the plan rate for all else; null without amount or rate. A query that needs no
    value says so, one that names who is credited whatever was asked says `credited`.
    """
    credit = owner_at("s.id", "s.closed_at", "s.owner_id") if credited or scope.credits_people else "s.owner_id"
    member = MEMBER.format(user="standing.credit_id", day="standing.credit_on") if scope.credits_teams else ""
    rates = "".join(
        RATE.format(kind=kind, currency="standing.currency", day="standing.credit_on") for kind in ("plan", "booking")
    )
    return f"""
{RATES},
{state(scope)},
standing AS (
    SELECT s.*, (s.closed_at AT TIME ZONE %(zone)s)::date AS closed_on,
           coalesce((s.closed_at AT TIME ZONE %(zone)s)::date, %(today)s) AS credit_on,
           CASE WHEN s.outcome = '' THEN s.owner_id ELSE {credit} END AS credit_id
    FROM state s WHERE {only}
),
deal AS (
    SELECT standing.*, {"member.team_id" if member else "NULL::bigint"} AS credit_team_id{VALUE if valued else ""}
    FROM standing {member} {rates if valued else ""}
    WHERE {conditions(scope)}
)"""


def open_deals(scope: Scope, *, valued: bool = True) -> str:
    """Return CTEs ending in `deal`: what `deals` says of those open at `as_of`.

    Their owner and the day they are seen from need no looking up, so that the planner knows how many pass.
    """
    member = MEMBER.format(user="standing.owner_id", day="%(today)s") if scope.credits_teams else ""
    rate = RATE.format(kind="plan", currency="standing.currency", day="%(today)s")
    return f"""
{RATES},
{state(scope)},
deal AS (
    SELECT standing.*, NULL::date AS closed_on, standing.owner_id AS credit_id,
           {"member.team_id" if member else "NULL::bigint"} AS credit_team_id
           {f", {AT_PLAN} AS value, {AT_PLAN} AS at_plan" if valued else ""}
    FROM state standing {member} {rate if valued else ""}
    WHERE standing.outcome = '' AND {conditions(scope, owner="standing.owner_id")}
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
