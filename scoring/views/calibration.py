"""Calibration: what scores were worth, and what each rule should give by that (S-8)."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib.charts import Bar
from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.formats import number, percent
from crm.lib.http import action, page
from crm.permissions import hide_unless
from crm.queries.access import get_access
from crm.views.answers import go_on, refuse, render_part
from scoring.commands.calibration import take_suggestion
from scoring.facts import ModelFacts
from scoring.figures.calibration import Band
from scoring.figures.counts import OUTCOMES
from scoring.figures.evidence import Calibration, get_calibration
from scoring.labels.simulations import OUTCOME_COUNTS, OUTCOME_FEW, OUTCOME_WORDS
from scoring.models import Simulation
from scoring.permissions import can_edit_rules, can_read_rules
from scoring.policies.snapshots import read_snapshot
from scoring.queries.rules import get_draft, get_published_model, to_facts
from scoring.queries.simulations import get_latest
from scoring.views.meaning import band_words
from scoring.views.simulations import require_editor

PAGE = ("scoring/calibration.html", "calibration_panels")
CURVE_AT = (10, 25, 40, 50, 60, 75, 90)


@page
def calibration(request: HttpRequest) -> HttpResponse:
    """Show what the scores of the latest try were worth; drafts only to those who may change them."""
    hide_unless(can_read_rules(get_access(request.user)))
    editable = can_edit_rules(get_access(request.user))
    tried = get_latest(ready=True, published=not editable)
    if tried is None:
        return render_part(request, *PAGE, {"editable": editable})
    return render_part(request, *PAGE, _context(tried, editable=editable, outcome=_outcome(request.GET)))


@action
def calibration_take(request: HttpRequest) -> HttpResponse:
    """Take what is suggested for one rule into the draft, by the outcome that was looked at."""
    require_editor(request)
    outcome = _outcome(request.POST)
    back = _address(outcome)
    try:
        take_suggestion(code=request.POST.get("rule", ""), outcome=outcome, by=request.user, at=timezone.now())
    except NotPermitted:
        raise
    except CommandRefused as refused:
        return refuse(request, refused, to=back)
    return go_on(request, _("Taken into the draft. Nobody is scored by it yet."), to=back)


def _outcome(values: QueryDict) -> str:
    """Return what scores are held against; what is none of that counts as the first of them."""
    asked = values.get("outcome", "")
    return asked if asked in OUTCOMES else next(iter(OUTCOMES))


def _address(outcome: str) -> str:
    return f"{reverse('scoring:calibration')}?outcome={outcome}"


def _context(tried: Simulation, *, editable: bool, outcome: str) -> dict[str, Any]:
    facts = read_snapshot(tried.rules)
    found = get_calibration(tried.result or {}, codes=[rule.code for rule in facts.rules], outcome=outcome)
    became = OUTCOME_WORDS[outcome]
    counts = {"came": number(found.qualified), "leads": number(found.leads)}
    draft = (get_draft() or get_published_model()) if editable else None
    return {
        "simulation": tried,
        "editable": editable,
        "calibration": found,
        "outcome": outcome,
        "came": OUTCOME_COUNTS[outcome] % counts,
        "few": OUTCOME_FEW[outcome] % counts if found.is_little else "",
        "became": became,
        "ways": [(words, _address(each), each == outcome) for each, words in OUTCOME_WORDS.items()],
        "band_bars": [_bar(band) for band in found.bands],
        "band_head": [_("Score"), became],
        "bands": [(band_words(band), band) for band in found.bands],
        "curve": _curve(found),
        "rows": _rows(found, facts, to_facts(draft) if draft else facts),
    }


def _bar(band: Band) -> Bar:
    interval = (
        "" if band.low_end is None or band.high_end is None else f"{percent(band.low_end)}–{percent(band.high_end)}"
    )
    return Bar(label=band_words(band), value=round(100 * band.mean), text=percent(band.mean), note=interval)


def _curve(found: Calibration) -> list[dict[str, Any]]:
    if found.logistic is None:
        return []
    isotonic = dict(found.isotonic)
    below = [score for score, _rate in found.isotonic]
    return [
        {
            "score": score,
            "logistic": found.logistic(score),
            "isotonic": isotonic[max((each for each in below if each <= score), default=below[0])] if below else None,
        }
        for score in CURVE_AT
    ]


def _between(low: float, high: float) -> str:
    return _("%(low)s to %(high)s") % {"low": number(round(low)), "high": number(round(high))}


def _rows(found: Calibration, facts: ModelFacts, now: ModelFacts) -> list[dict[str, Any]]:
    names = {rule.code: rule.name for rule in facts.rules}
    points = {rule.code: rule.points for rule in now.rules}
    rows = []
    for row in found.rules:
        suggestion, has = row.suggestion, points.get(row.code)
        rows.append(
            {
                "code": row.code,
                "name": names[row.code],
                "points": has,
                "evidence": row,
                "suggestion": suggestion,
                "met": row.qualified / row.leads if row.leads else None,
                "others": row.others_qualified / row.others if row.others else None,
                "between": _between(suggestion.low, suggestion.high) if suggestion else "",
                "can_take": suggestion is not None and has is not None and suggestion.points != has,
            }
        )
    return rows
