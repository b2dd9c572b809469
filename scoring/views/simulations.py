"""Trying rules on the real past: asking, progress, the slider (S-7)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib.charts import Bar
from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.formats import number, short_day
from crm.lib.http import action, page
from crm.models import User
from crm.permissions import hide_unless, refuse_unless
from crm.queries.access import get_access
from crm.views.answers import go_on, go_to, refuse
from scoring.commands.rules import edit_draft
from scoring.commands.simulations import ask_simulation
from scoring.figures.ranking import ThresholdRow
from scoring.figures.what_if import TOP, Effect, get_choices, get_effect, get_qualities, get_suggested
from scoring.models import Lead, Simulation
from scoring.permissions import can_edit_rules, can_read_rules
from scoring.policies.snapshots import read_snapshot
from scoring.queries.leads import leads_visible_to
from scoring.queries.rules import get_draft, get_published_model
from scoring.queries.simulations import get_progress

TEMPLATE = "scoring/simulation.html"
STOP_POLLING = 286
LEAST_CHANGE = 0.05  # leads a week
LOWEST, HIGHEST, LONGEST = 1, 1000, 6
SHOWN_WEEKS = 8
WISHES = ("capacity", "precision", "hours")


@page
def simulation(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a try found at the threshold of the address; until it is ready, how far it has come."""
    require_editor(request)
    tried = get_object_or_404(Simulation.objects.select_related("asked_by", "model"), pk=pk)
    if tried.result is None:
        return _progress(request, tried)
    part = "effect" if request.headers.get("HX-Target") == "effect" else "simulation_page"
    name = f"{TEMPLATE}#{part}" if request.headers.get("HX-Request") else TEMPLATE
    answer = render(request, name, _context(request, tried))
    if request.headers.get("HX-Request") and part != "effect":
        answer.status_code = STOP_POLLING
    return answer


@action
def simulation_ask(request: HttpRequest) -> HttpResponse:
    """Try the draft, or what is in force where there is none, and show how far it has come."""
    require_editor(request)
    model = get_draft() or get_published_model()
    try:
        tried = ask_simulation(model_id=model.pk, by=request.user, at=timezone.now())
    except CommandRefused as refused:
        return refuse(request, refused, to=reverse("scoring:rules"))
    return go_to(request, reverse("scoring:simulation", args=[tried.pk]))


@action
def simulation_take(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the threshold into the draft."""
    require_editor(request)
    tried = get_object_or_404(Simulation, pk=pk)
    threshold, draft = read_threshold(request.POST.get("threshold"), 0), get_draft()
    back = reverse("scoring:simulation", args=[tried.pk])
    try:
        edit_draft(
            settings={"threshold": threshold},
            rules={},
            seen_version=draft.version if draft else None,
            by=request.user,
            at=timezone.now(),
        )
    except NotPermitted:
        raise
    except CommandRefused as refused:
        return refuse(request, refused, to=back)
    words = _("The draft hands over at %(threshold)s. Nobody is scored by it yet.") % {"threshold": threshold}
    return go_on(request, words, to=reverse("scoring:rules"))


def require_editor(request: HttpRequest) -> None:
    """Answer 404 to whom the rules are not shown, 403 to whom they are only shown: drafts are private (D-49)."""
    hide_unless(can_read_rules(get_access(request.user)))
    refuse_unless(can_edit_rules(get_access(request.user)))


def read_threshold(text: str | None, otherwise: int) -> int:
    """Return the threshold of an address within what may be set; what is no number counts as none."""
    found = read_number(text)
    return otherwise if found is None else max(LOWEST, min(HIGHEST, found))


def read_number(text: str | None) -> int | None:
    """Return a whole number from 0 of an address, None for anything else."""
    if not text or not text.isascii() or not text.isdigit() or len(text) > LONGEST:
        return None
    return int(text)


def _progress(request: HttpRequest, tried: Simulation) -> HttpResponse:
    progress = get_progress(tried)
    context = {"simulation": tried, "progress": progress, "share": progress.done / max(1, progress.total)}
    context["words"] = _("%(done)s of %(total)s leads") % {
        "done": number(progress.done),
        "total": number(progress.total),
    }
    name = f"{TEMPLATE}#simulation_page" if request.headers.get("HX-Request") else TEMPLATE
    return render(request, name, context)


def _context(request: HttpRequest, tried: Simulation) -> dict[str, Any]:
    draft, in_force = read_snapshot(tried.rules), read_snapshot(tried.in_force)
    threshold = read_threshold(request.GET.get("threshold"), draft.threshold)
    effect = get_effect(tried.result or {}, threshold=threshold, published=in_force.threshold, as_of=tried.as_of)
    leads = _examples(request.user, effect)
    wishes = {name: read_number(request.GET.get(name)) for name in WISHES}
    return {
        "simulation": tried,
        "draft": draft,
        "in_force": in_force,
        "effect": effect,
        "a_week_words": _change(effect.a_week.draft - effect.a_week.published),
        "at_threshold": [("draft", effect.draft), ("published", effect.published), ("fit", effect.fit)],
        "qualities": (qualities := get_qualities(tried.result or {})),
        "said": list(zip(*(quality.said for quality in qualities), strict=True)),
        "wishes": wishes,
        "wished": wishes["capacity"] is not None or wishes["precision"] is not None,
        "suggested": _suggested(tried.result or {}, wishes),
        "choices": get_choices(tried.result or {}, hours_a_lead=1 if wishes["hours"] is None else wishes["hours"]),
        "top": max(TOP, threshold, in_force.threshold, draft.threshold),
        "reps": _reps(effect),
        "week_bars": _week_bars(effect),
        "week_head": [_("Week from"), _("Leads handed over")],
        "histogram_head": [_("Highest score"), _("Leads")],
        "newly": [leads[pk] for pk in effect.newly_ids if pk in leads],
        "gone": [leads[pk] for pk in effect.gone_ids if pk in leads],
        "is_same": tried.rules["rules"] == tried.in_force["rules"],
    }


def _suggested(result: dict[str, Any], wishes: dict[str, int | None]) -> ThresholdRow | None:
    precision = wishes["precision"]
    return get_suggested(result, capacity=wishes["capacity"], precision=None if precision is None else precision / 100)


def _examples(user: User, effect: Effect) -> dict[int, Lead]:
    return leads_visible_to(user).in_bulk([*effect.newly_ids, *effect.gone_ids])


def _reps(effect: Effect) -> list[dict[str, Any]]:
    names = User.objects.in_bulk([each.rep_id for each in effect.reps if each.rep_id is not None])
    return [
        {"rep": names.get(each.rep_id or 0), "draft": each.draft, "published": each.published} for each in effect.reps
    ]


def _week_bars(effect: Effect) -> list[Bar]:
    return [
        Bar(
            label=short_day(each.week) if each.week else "",
            value=max(0, int(each.draft)),
            text=number(each.draft),
            tick=max(0, int(each.published)),
        )
        for each in effect.weeks[-SHOWN_WEEKS:]
    ]


def _change(difference: float) -> str:
    if abs(difference) < LEAST_CHANGE:
        return _("as many as now")
    words = _("%(count)s more than now") if difference > 0 else _("%(count)s fewer than now")
    return words % {"count": number(abs(difference), 1)}
