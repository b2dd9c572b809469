"""Why a score is what it is: rows that sum to it (S-5, math.md B23)."""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain

from scoring.enums import ContributionKind, Counting
from scoring.facts import Contribution
from scoring.policies.decay import POINT, to_points
from scoring.policies.plan import PARTS
from scoring.policies.walk import Entry, Walk


def get_contributions(walk: Walk, as_of: datetime, day: int) -> tuple[Contribution, ...]:
    """Return every point of a walk that has come to `as_of`, what happened first, then what holds and what is limited.

    An event that has faded to nothing, or a row that brings nothing, is left out.
    """
    entries = list(
        chain(_as_left(walk, day), _states(walk, as_of, day), _limits(walk, as_of, day), _ends(walk, as_of, day))
    )
    last = {entry.rule.number: number for number, (entry, _) in enumerate(entries) if entry.rule}
    return tuple(
        Contribution(
            kind=entry.kind,
            part=PARTS[entry.rule.part] if entry.rule else ContributionKind.INACTIVITY,
            points=to_points(points),
            at=entry.at if isinstance(entry.at, datetime) else walk.zones.start(entry.at),
            rule=entry.rule.rule.code if entry.rule else "",
            name=entry.rule.rule.name if entry.rule else "",
            event_id=entry.event_id or None,
            event_type=entry.type,
            uncounted=walk.uncounted[entry.rule.rule.code] if entry.rule and last[entry.rule.number] == number else 0,
            given=to_points(entry.points),
        )
        for number, (entry, points) in enumerate(entries)
    )


def _as_left(walk: Walk, day: int) -> Iterator[tuple[Entry, int]]:
    """Give what happened with what is left of it."""
    for entry in walk.ledger:
        points = entry.points
        if entry.rule is not None and not entry.rule.is_steady:
            points = entry.rule.fade.at(day - entry.day)
        if points:
            yield entry, points


def _states(walk: Walk, as_of: datetime, day: int) -> Iterator[tuple[Entry, int]]:
    for each in walk.plan.rules:
        if each.rule.counting is Counting.WHILE and each.points and walk.holds(each, day):
            at = walk.known_at if each.fields and walk.known_at else as_of
            yield Entry(ContributionKind.STATE, each.points, at, each), each.points


def _limits(walk: Walk, as_of: datetime, day: int) -> Iterator[tuple[Entry, int]]:
    for group in walk.plan.moving:
        kept = 0
        for each in group.rules:
            brought = walk.in_rule(each, day)
            kept += brought
            if cut := brought - walk.unlimited(each, day):
                yield Entry(ContributionKind.CAP, cut, as_of, each), cut
        if cut := walk.in_group(group, day) - kept:
            yield (
                Entry(ContributionKind.CAP, cut, as_of, group.rules[-1], type=group.group.name if group.group else ""),
                cut,
            )


def _ends(walk: Walk, as_of: datetime, day: int) -> Iterator[tuple[Entry, int]]:
    """Give what the lowest and the highest score add and take away."""
    stands = walk.base(day) - walk.lost
    floor, ceiling = walk.model.floor * POINT, walk.model.ceiling
    if stands < floor:
        yield Entry(ContributionKind.FLOOR, floor - stands, as_of), floor - stands
    if ceiling is not None and stands > ceiling * POINT:
        cut = ceiling * POINT - stands
        yield Entry(ContributionKind.CEILING, cut, as_of), cut
