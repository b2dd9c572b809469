"""What stands beside the rules: how the latest try found them, and how their points fade."""

from typing import Any

from django.utils.translation import gettext as _

from crm.lib.charts import Line, Point
from crm.lib.formats import number, points
from scoring.enums import DecayKind
from scoring.facts import Decay, ModelFacts
from scoring.figures.hits import get_hits
from scoring.figures.what_if import get_effect
from scoring.policies.decay import get_fade, to_points
from scoring.policies.snapshots import is_same_but_threshold, read_snapshot
from scoring.queries.simulations import get_latest

SHOWN_DAYS, MOST_LINES = 120, 3
DAYS = range(0, SHOWN_DAYS + 1, 2)
TONES = ("c1", "c3", "c4")


def get_evidence(facts: ModelFacts, in_force: ModelFacts, *, editable: bool) -> dict[str, Any]:
    """Return what the latest finished try says of these rules at their threshold; drafts only to who may change them."""
    tried = get_latest(ready=True, published=not editable)
    found = {"tried": tried, "hits": get_hits(tried.result or {}) if tried else {}, "effect": None, "is_dated": False}
    if tried is None or not editable:
        return found
    effect = get_effect(tried.result or {}, threshold=facts.threshold, published=in_force.threshold, as_of=tried.as_of)
    is_dated = not is_same_but_threshold(read_snapshot(tried.rules), facts)
    return found | {"effect": effect, "is_dated": is_dated, "histogram_head": [_("Highest score"), _("Leads")]}


def get_fading(model: ModelFacts) -> dict[str, Any]:
    """Return how the points of some rules fade, as lines; nothing where none do."""
    groups = {group.code: group.decay for group in model.groups}
    found = []
    for rule in model.rules:
        decay = rule.decay or groups.get(rule.group)
        if decay is not None and decay.kind is not DecayKind.NONE and rule.points > 0:
            found.append((rule.name, rule.points, decay))
    chosen = sorted(found, key=lambda each: -each[1])[:MOST_LINES]
    if not chosen:
        return {"fade_lines": []}
    top = chosen[0][1]
    return {
        "fade_lines": [
            _line(*each, tone=tone, dash=bool(at)) for at, (each, tone) in enumerate(zip(chosen, TONES, strict=False))
        ],
        "fade_head": [_("After"), _("Rule"), _("Points left")],
        "fade_ticks": [(0, "0"), (top, number(top))],
        "fade_marks": [(at / SHOWN_DAYS, _("%(days)s d") % {"days": at}) for at in (30, 60, 90)],
        "fade_words": _("After 30 days %(left)s of %(points)s points are left of “%(name)s”")
        % {"name": chosen[0][0], "points": top, "left": points(to_points(get_fade(top, chosen[0][2]).at(30)))},
    }


def _line(name: str, given: int, decay: Decay, *, tone: str, dash: bool) -> Line:
    fade = get_fade(given, decay)
    steps = decay.kind in (DecayKind.STEP, DecayKind.WINDOW, DecayKind.LINEAR)
    places = [
        Point(
            at=day / SHOWN_DAYS,
            value=round(to_points(fade.at(day)), 2),
            label=_("%(days)s days") % {"days": day} if day % 30 == 0 else "",
        )
        for day in DAYS
    ]
    return Line(label=name, points=places, kind="step" if steps else "straight", tone=tone, dash=dash)
