"""Why a score: the rows of the card, in words (S-5)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.lib import formats
from scoring.enums import ContributionKind, ScorePart
from scoring.facts import Contribution, ModelFacts, Score
from scoring.labels import SCORE_PARTS
from scoring.policies.grades import get_grade
from scoring.queries.rules import Rulebook

# What a limit made of what was brought; `name` is the rule's or the group's.
LIMITS = {
    ContributionKind.FLOOR: gettext_lazy("Never below the lowest score"),
    ContributionKind.CEILING: gettext_lazy("Never above the highest score"),
    ContributionKind.CAP: gettext_lazy("%(name)s: the limit of points"),
}


@dataclass(frozen=True, slots=True)
class _Group:
    """Contributions shown as one row: a spell of silence is one, however many ticks it had."""

    rows: tuple[Contribution, ...]

    @property
    def points(self) -> float:
        return sum(row.points for row in self.rows)

    @property
    def shows(self) -> bool:
        """Whether it is still as much as is written down: what has faded to nothing is no reason any more."""
        return formats.points(abs(self.points)) != formats.points(0)

    @property
    def is_fit(self) -> bool:
        return self.rows[0].part == ScorePart.FIT


def get_why(
    score: Score,
    book: Rulebook,
    *,
    title: str = "",
    as_of: datetime | None = None,
    limit: int | None = None,
) -> dict[str, Any]:
    """Return what the why card takes: rows with points, words and dates that sum to the score, and what comes next.

    `as_of` is named where it is another moment than now; `limit` sums what is older than the latest rows.
    """
    model, names = book.model, book.names
    heading = {"score": formats.points(score.score)}
    rules = _("Rules v%(number)s") % {"number": model.number}
    if as_of is not None:
        rules = _("Rules v%(number)s, as of %(moment)s") % {"number": model.number, "moment": formats.moment(as_of)}
    return {
        "title": _("Why %(score)s?") % heading,
        "subtitle": f"{title} · {rules}" if title else rules,
        "score": score.score,
        "grade": get_grade(score, model),
        "threshold": model.threshold,
        "rows": _rows(score, model, names, limit),
        "parts": _parts(score),
        "foot": _next_change(score),
        "href": reverse("scoring:rules"),
        "link": _("See rules"),
        "top": max(100, score.score, model.threshold),
    }


def get_reasons(score: Score, names: Mapping[str, str], count: int = 2) -> list[str]:
    """Return what brought the most points, in a few words each."""
    earned: dict[str, tuple[float, int]] = {}
    for row in score.contributions:
        if row.kind in (ContributionKind.EVENT, ContributionKind.STATE) and row.points > 0:
            what = row.event_type or row.name
            points, times = earned.get(what, (0, 0))
            earned[what] = (points + row.points, times + 1)
    best = sorted(earned.items(), key=lambda entry: (-entry[1][0], entry[0]))[:count]
    return [_times(names.get(event_type, event_type), times) for event_type, (_points, times) in best]


def _times(name: str, times: int) -> str:
    return name if times == 1 else _("%(name)s ×%(times)s") % {"name": name, "times": times}


def _groups(contributions: Iterable[Contribution]) -> list[_Group]:
    groups: list[_Group] = []
    for row in contributions:
        last = groups[-1].rows[-1] if groups else None
        if last and row.kind is last.kind is ContributionKind.INACTIVITY:
            groups[-1] = _Group((*groups[-1].rows, row))
        else:
            groups.append(_Group((row,)))
    return groups[::-1]


def _rows(score: Score, model: ModelFacts, names: Mapping[str, str], limit: int | None) -> list[dict[str, Any]]:
    """Return what the lead did, the latest first and what is too long ago summed, and then who they are."""
    groups = [group for group in _groups(score.contributions) if group.shows]
    are = [_row(group, model, names) for group in groups if group.is_fit]
    did = [group for group in groups if not group.is_fit]
    most = len(did) if limit is None else max(limit - len(are), 1)
    rows = [_row(group, model, names) for group in (did if len(did) <= most else did[: most - 1])]
    if older := did[len(rows) :]:
        words = ngettext("%(count)s earlier", "%(count)s earlier", len(older)) % {"count": len(older)}
        since = formats.short_day(older[-1].rows[0].at)
        points = sum(group.points for group in older)
        rows.append({"points": points, "text": words, "note": since, "kind": "did", "first": True})
    if rows and are:
        are[0]["first"] = True
    return [*rows, *are]


def _row(group: _Group, model: ModelFacts, names: Mapping[str, str]) -> dict[str, Any]:
    row = group.rows[0]
    if row.kind is ContributionKind.INACTIVITY:
        days = len(group.rows) * model.inactivity_days
        words = ngettext("%(days)s day without activity", "%(days)s days without activity", days) % {"days": days}
        note = formats.short_day(group.rows[-1].at)
        return {"points": group.points, "text": words, "note": note, "kind": "fade", "first": False}
    if row.kind in LIMITS:
        words = LIMITS[row.kind] % {"name": row.event_type or row.name}
        return {"points": row.points, "text": words, "note": "", "kind": "fade", "first": False}
    if row.kind is ContributionKind.STATE:
        kind = "are" if row.part == ScorePart.FIT else "did"
        return {"points": row.points, "text": row.name, "note": formats.short_day(row.at), "kind": kind, "first": False}
    note = formats.moment(row.at)
    if row.uncounted:
        note = ngettext("%(count)s more not counted", "%(count)s more not counted", row.uncounted) % {
            "count": row.uncounted
        }
    if row.given is not None and row.points != row.given:
        points = {"left": formats.points(row.points), "given": formats.points(row.given)}
        note = _("%(note)s, %(left)s of %(given)s left") % {"note": note, **points}
    kind = "are" if row.part == ScorePart.FIT else "did"
    return {
        "points": row.points,
        "text": names.get(row.event_type, row.name),
        "note": note,
        "kind": kind,
        "first": False,
    }


def _parts(score: Score) -> list[dict[str, Any]]:
    """Return the bar's parts; what silence took is taken off what they did, so that the bar ends at the score."""
    did = score.behaviour + score.engagement + score.inactivity
    parts = [{"label": SCORE_PARTS[ScorePart.BEHAVIOUR], "value": did, "kind": "did"}]
    if score.fit:
        parts.append({"label": SCORE_PARTS[ScorePart.FIT], "value": score.fit, "kind": "are"})
    return parts


def _next_change(score: Score) -> str:
    if score.next_score is None or score.next_change_at is None:
        return ""
    words = {"score": formats.points(score.next_score), "day": formats.short_day(score.next_change_at)}
    if words["score"] == formats.points(score.score):
        return ""
    if score.next_score > score.score:  # points taken for something fade as well
        return _("Rises to %(score)s on %(day)s if nothing happens") % words
    return _("Falls to %(score)s on %(day)s if nothing happens") % words
