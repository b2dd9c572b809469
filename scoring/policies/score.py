"""The score as a pure function of what happened, the rules and the moment (math.md B23, D-26, D-47).

Nothing is ever decremented: a score is replayed from the lead's moments. Hence a job that runs late, twice
or half-way changes nothing.
"""

from collections.abc import Iterable
from datetime import datetime

from scoring.facts import ModelFacts, Moment, Score
from scoring.policies.contributions import get_contributions
from scoring.policies.decay import POINT, to_points
from scoring.policies.walk import NEVER, Walk
from scoring.policies.zones import Zones

LOOK_AHEAD = 400  # changes that leave the score as it is; then it is said to stay


def replay(
    moments: Iterable[Moment], *, model: ModelFacts, zones: Zones, as_of: datetime, explain: bool = True
) -> Score:
    """Return the score as of a moment, with every point traced when `explain`.

    Order and number of calls do not matter, nor does the order of `moments`; each is to be given once.
    """
    walk = Walk(model, zones, explain=explain)
    upcoming: datetime | None = None
    for moment in sorted(moments):
        if moment[0] > as_of:
            upcoming = moment[0]
            break
        walk.take(*moment)
    day = zones.day(as_of)
    walk.reach(day)
    return _score(walk, as_of, day, upcoming, explain=explain)


def _score(walk: Walk, as_of: datetime, day: int, upcoming: datetime | None, *, explain: bool) -> Score:
    """Return where a walk has come to; `upcoming` is the next moment already known to lie ahead."""
    value, parts = walk.value(day), list(walk.parts)
    for group in walk.plan.moving:
        parts[group.part] += walk.in_group(group, day)
    contributions = get_contributions(walk, as_of, day) if explain else ()
    changes_on = next_change(walk, day)
    changes_at = walk.zones.start(changes_on) if changes_on != NEVER else None
    next_score = None
    if changes_at and explain:
        changes_at, next_score = _look_ahead(walk, value, changes_on)
    if upcoming is not None and (changes_at is None or upcoming < changes_at):
        changes_at, next_score = upcoming, None
    return Score(
        score=to_points(value),
        fit=to_points(parts[0]),
        behaviour=to_points(parts[1]),
        engagement=to_points(parts[2]),
        inactivity=to_points(value - sum(parts)),
        last_activity_at=walk.last,
        next_change_at=changes_at,
        next_score=next_score,
        steps=walk.get_steps() if explain or walk.crosses else (),  # nobody asks what armed a lead that never crossed
        contributions=contributions,
    )


def next_change(walk: Walk, day: int) -> int:
    """Return the next local day on which silence or age can change the score."""
    falls = walk.base(day) - walk.lost > walk.model.floor * POINT and walk.model.inactivity_points > 0
    tick = walk.tick if falls else NEVER
    return min(tick, walk.changes_on(day)) if walk.plan.moving else tick


def _look_ahead(walk: Walk, value: int, day: int) -> tuple[datetime | None, float | None]:
    """Walk on until the score is another one; return when and what it is then."""
    for _ in range(LOOK_AHEAD):
        walk.reach(day)
        if walk.value(day) != value:
            return walk.zones.start(day), to_points(walk.value(day))
        day = next_change(walk, day)
        if day == NEVER:
            break
    return None, None
