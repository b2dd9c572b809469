"""Activities counted per person, day or week, and kind (D-37)."""

from dataclasses import dataclass
from datetime import date

from pipeline.queries.deal_sql import MEMBER, Scope
from pipeline.queries.figures import fetch

DAY, WEEK = "day", "week"


@dataclass(frozen=True, slots=True)
class Effort:
    """What one person did in one local day, or in the week that begins on it: how many of each kind."""

    owner_id: int
    owner: str
    first_day: date
    kinds: dict[str, int]

    @property
    def total(self) -> int:
        """Return how many in all."""
        return sum(self.kinds.values())


def get_efforts(scope: Scope, *, each: str = WEEK) -> list[Effort]:
    """Return what was done in the period, the latest first; credited to the team somebody was in that day.

    What lies ahead or was archived does not count.
    """
    day = "(activity.occurred_at AT TIME ZONE %(zone)s)::date"
    member = MEMBER.format(user="activity.owner_id", day=day) if scope.team_ids is not None else ""
    chosen = ["activity.archived_at IS NULL", "activity.done_at IS NOT NULL", "activity.occurred_at < %(end)s"]
    chosen += ["activity.occurred_at >= %(start)s", "activity.occurred_at <= %(as_of)s"]
    chosen += ["activity.recorded_at <= %(known_at)s"]
    chosen += ["activity.owner_id = ANY(%(visible)s)"] if scope.visible_owner_ids is not None else []
    chosen += ["member.team_id = ANY(%(teams)s)"] if scope.team_ids is not None else []
    chosen += ["activity.owner_id = %(owner)s"] if scope.owner_id is not None else []
    sql = f"""
    SELECT person.id, coalesce(nullif(person.name, ''), person.email), date_trunc(%(each)s, {day})::date, activity.kind, count(*)
    FROM crm_activity activity JOIN crm_user person ON person.id = activity.owner_id {member}
    WHERE {" AND ".join(chosen)} GROUP BY 1, 2, 3, 4 ORDER BY 3 DESC, 2, 1
    """
    found: dict[tuple[int, date], Effort] = {}
    for owner_id, owner, first_day, kind, count in fetch(sql, scope, each=WEEK if each == WEEK else DAY):
        found.setdefault((owner_id, first_day), Effort(owner_id, owner, first_day, {})).kinds[kind] = count
    return list(found.values())
