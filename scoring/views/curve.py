"""The score over time: the chart, and the table of every rise and fall with its causes (S-5)."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.lib import charts, formats
from crm.lib.http import page
from crm.views.answers import render_part
from scoring.enums import EffectKind
from scoring.facts import Curve, Effect, Shift
from scoring.policies.curve import get_spells
from scoring.queries.curves import get_score_curve
from scoring.queries.rules import Rulebook
from scoring.views.leads import find_lead, read_as_of

AHEAD_DAYS = 60
LATEST = 12  # rows; the others are one link away
STEPS = 400  # places along the chart that can be told apart
NEAR_THE_END = 0.85
NOW = gettext_lazy("%(score)s now, %(most)s at the highest on %(day)s.")
WORDS = {
    EffectKind.BEGAN: gettext_lazy("%(name)s"),
    EffectKind.ENDED: gettext_lazy("No more: %(name)s"),
    EffectKind.FADE: gettext_lazy("Fades with age: %(name)s"),
    EffectKind.CAP: gettext_lazy("%(name)s: the limit of points"),
    EffectKind.FLOOR: gettext_lazy("Never below the lowest score"),
    EffectKind.CEILING: gettext_lazy("Never above the highest score"),
}


@page
def lead_curve(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a lead's score over time up to the address's `as_of`; `all` asks for every rise and fall."""
    lead = find_lead(request, pk)
    asked, as_of, is_wrong = read_as_of(request)
    curve, book = get_score_curve(pk, as_of=as_of, ahead_days=AHEAD_DAYS)
    spells = get_spells(curve.shifts)[::-1]
    shown = spells if "all" in request.GET else spells[:LATEST]
    finding = _finding(curve, is_past=bool(asked)) if curve.shifts else ""
    context = {
        "lead": lead,
        "as_of": asked,
        "as_of_wrong": is_wrong,
        "rules": _("Rules v%(number)s") % {"number": book.model.number},
        "finding": finding,
        "drawing": _draw(curve, book, as_of, finding) if curve.shifts else "",
        "rows": [_row(spell, book) for spell in shown],
        "older": len(spells) - len(shown),
        "before_that": shown[-1].before if len(shown) < len(spells) else curve.begin,
        "next_fall": _row(fall, book) if (fall := _next_fall(curve)) else None,
    }
    return render_part(request, "scoring/lead_curve.html", "lead_curve", context)


def _row(shift: Shift, book: Rulebook) -> dict[str, Any]:
    when = formats.day(shift.at) if shift.until else formats.moment(shift.at)
    if shift.until:
        when = _("%(first)s to %(last)s") % {
            "first": formats.short_day(shift.at),
            "last": formats.short_day(shift.until),
        }
    elif not any(effect.event_id or effect.kind is EffectKind.BEGAN for effect in shift.effects):
        when = formats.day(shift.at)
    causes = _causes(shift.effects, book)
    return {"when": when, "causes": causes, "points": shift.after - shift.before, "score": shift.after, "at": shift.at}


def _causes(effects: Sequence[Effect], book: Rulebook) -> list[dict[str, Any]]:
    """Return causes with their points where there are several; all that fades is one."""
    fading = [effect for effect in effects if effect.kind is EffectKind.FADE]
    causes = [(_words(effect, book), effect.points) for effect in effects if effect not in fading]
    if fading:
        names = {"name": ", ".join(effect.name for effect in fading)}
        causes.append((str(WORDS[EffectKind.FADE]) % names, sum(effect.points for effect in fading)))
    return [{"words": words, "points": points if len(causes) > 1 else None} for words, points in causes]


def _next_fall(curve: Curve) -> Shift | None:
    """Return the next fall that shows: what fades falls by less than a tenth a day."""
    now = curve.next_fall.before if curve.next_fall else 0
    falls = (shift for shift in curve.ahead if shift.after < now)
    return next((shift for shift in falls if formats.points(shift.after) != formats.points(now)), curve.next_fall)


def _words(effect: Effect, book: Rulebook) -> str:
    if effect.kind is EffectKind.EVENT:
        return book.names.get(effect.event_type, effect.name)
    if effect.kind is EffectKind.INACTIVITY:
        days = book.model.inactivity_days
        return ngettext("%(days)s day without activity", "%(days)s days without activity", days) % {"days": days}
    return str(WORDS[effect.kind]) % {"name": effect.name}


def _finding(curve: Curve, *, is_past: bool) -> str:
    highest = max(curve.shifts, key=lambda shift: shift.after)
    words = _("%(score)s then, %(most)s at the highest on %(day)s.") if is_past else NOW
    return str(words) % {
        "score": formats.points(curve.shifts[-1].after),
        "most": formats.points(highest.after),
        "day": formats.short_day(highest.at),
    }


def _draw(curve: Curve, book: Rulebook, as_of: datetime, finding: str) -> SafeString:
    begins = curve.shifts[0].at - timedelta(days=1)
    ends = as_of + timedelta(days=AHEAD_DAYS)
    whole = ends - begins

    def place(at: datetime) -> float:
        return (at - begins) / whole

    score = curve.shifts[-1].after
    past = [charts.Point(0, curve.begin), *(charts.Point(place(shift.at), shift.after) for shift in curve.shifts)]
    now = charts.Point(place(as_of), score)
    ahead = [now, *(charts.Point(place(shift.at), shift.after) for shift in curve.ahead)]
    ahead.append(charts.Point(1, ahead[-1].value))
    marks: list[tuple[charts.Number, str]] = [(0, formats.short_day(begins))]
    if now.at < NEAR_THE_END:
        marks += [(now.at, formats.short_day(as_of)), (1, formats.short_day(ends))]
    else:
        marks.append((1, formats.short_day(ends)))
    return charts.lines(
        [
            charts.Line(_("Score"), [*_thin(past), now], kind="step", tone="c1"),
            charts.Line(_("If nothing happens"), ahead, kind="step", tone="c1", dash=True),
        ],
        label=finding,
        height=160,
        target=book.model.threshold,
        ticks=[(book.model.threshold, formats.number(book.model.threshold))],
        marks=marks,
    )


def _thin(points: Sequence[charts.Point]) -> Iterable[charts.Point]:
    """Give no more points than can be told apart: of each place the lowest, the highest and the last."""
    places: dict[int, list[charts.Point]] = {}
    for point in points:
        places.setdefault(int(float(point.at) * STEPS), []).append(point)
    for here in places.values():
        kept = {id(point): point for point in (min(here, key=_value), max(here, key=_value), here[-1])}
        yield from (point for point in here if id(point) in kept)


def _value(point: charts.Point) -> float:
    return float(point.value)
