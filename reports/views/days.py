"""My day: what needs a person now and before tomorrow, each done in one or two clicks (P-22)."""

from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib import formats
from crm.lib.envelope import Envelope
from crm.lib.http import page
from crm.lib.periods import start_of_day
from crm.models import User
from crm.queries.access import get_access
from crm.views.answers import render_target
from reports.labels.qbrs import quarter_name
from reports.queries import day_leads as leads
from reports.queries import days as queries
from reports.queries.asked import get_asked
from reports.queries.figures import compute, read_shared
from reports.queries.qbrs import get_ready_runs
from reports.queries.questions import Shared
from reports.queries.stuck import count_stuck, get_stuck
from reports.queries.weekly import is_news
from reports.views.day_asked import asked_groups
from reports.views.day_words import (
    brought_task,
    crossing_task,
    finding,
    first_words,
    lead_task,
    marketing_finding,
    step_task,
    stuck_task,
    trial_task,
)
from reports.views.qbrs import titled
from reports.views.trio import get_trio
from scoring.models import Handoff
from scoring.queries.clocks import get_clock_starts
from scoring.queries.scores import freshen_scores

MOST_WAITING = 10


@page
def my_day(request: HttpRequest) -> HttpResponse:
    """Show the day of the person, of their team, or of marketing."""
    at, access = timezone.now(), get_access(request.user)
    views = queries.views_of(access)
    today = timezone.localdate(at)
    asked = asked_groups(get_asked(request.user, today=today), request.user, at=at, today=today)
    if not views:
        return render(request, "reports/my_day_nothing.html", {"groups": asked})
    view = request.GET.get("view", "")
    view = view if view in views else views[0]
    content = (
        marketing_day(at, today)
        if view == "marketing"
        else selling_day(request, view, at, today, asked=sum(group["count"] for group in asked))
    )
    words = {"mine": _("Mine"), "team": _("Team"), "marketing": _("Marketing")}
    tabs = [{"label": words[name], "href": f"?view={name}", "current": name == view} for name in views]
    context = {"view": view, "tabs": tabs if len(tabs) > 1 else [], "today": today, **content}
    context["groups"] = [*asked, *content["groups"]]
    context["weekly"] = is_news(today)
    context["ready"] = titled(get_ready_runs(request.user, since=bounds(today)[0]))
    return render_target(request, "reports/my_day.html", {"day": "day"}, context)


def selling_day(request: HttpRequest, view: str, at: datetime, today: date, *, asked: int) -> dict[str, Any]:
    """Return the lists, the meetings and the quota of one person or of a team; `asked` more things wait for them."""
    people, team = queries.people_of(get_access(request.user), view), view == "team"
    told = request.user.pk if team else None
    overdue, due, handoffs = queries.count_due(people, today=today, told=told)
    start, end = bounds(today)
    brought, soon, rest = handed(leads.get_open_handoffs(people, told=told), told=told, end=end, at=at, team=team)
    now = soon + [step_task(step, today, team) for step in queries.get_overdue_steps(people, today=today)]
    later = [step_task(step, today, team) for step in queries.get_steps_today(people, today=today)] + rest
    stuck = [stuck_task(signal, today, team) for signal in get_stuck(people, today=today)]
    stand, trials = count_stuck(people, today=today), list(leads.trials_of(people))
    return {
        "groups": groups(
            (_("Late, and brought to you"), brought, len(brought)),
            (_("Now"), now, overdue + len(soon)),
            (_("Before tomorrow"), later, due + handoffs - len(soon) - len(brought)),
            (_("Low scores to try"), [trial_task(trial, team) for trial in trials[: leads.MOST]], len(trials)),
            (_("Stuck, with no plan"), stuck, stand),
        ),
        "finding": finding(overdue + due + handoffs + len(trials) + stand + asked, team=team),
        "first": first_words(brought + soon, overdue, at),
        "meetings": queries.get_meetings(people, start=start, end=end),
        "well": queries.get_going_well(people, at=at, today=today),
        **standing(request.user, view, at),
    }


def handed(
    open_: list[Handoff], *, told: int | None, end: datetime, at: datetime, team: bool
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    """Return leads to answer as rows, each once: what was brought to the manager, what is due today, the rest."""
    freshen_scores([handoff.lead for handoff in open_], at=at)
    starts = get_clock_starts(open_)
    brought: list[dict[str, Any]] = []
    soon: list[dict[str, Any]] = []
    rest: list[dict[str, Any]] = []
    for handoff in open_:
        started_at = starts.get(handoff.pk)
        if told is not None and handoff.escalated_to == told:  # type: ignore[attr-defined]  # annotated
            brought.append(brought_task(handoff, at, started_at))
        else:
            is_soon = handoff.due_at and handoff.due_at < end
            (soon if is_soon else rest).append(lead_task(handoff, at, team, started_at))
    return brought, soon, rest


def bounds(today: date) -> tuple[datetime, datetime]:
    """Return the instants of the person's local day."""
    zone: Any = timezone.get_current_timezone()
    return start_of_day(today, zone), start_of_day(today + timedelta(days=1), zone)


def groups(*found: tuple[str, list[dict[str, Any]], int]) -> list[dict[str, Any]]:
    """Return the lists that hold something, each with its title and with how many more there are than shown."""
    return [
        {"title": title, "tasks": tasks, "count": count, "more": max(0, count - len(tasks))}
        for title, tasks, count in found
        if tasks
    ]


def standing(user: User, view: str, at: datetime) -> dict[str, Any]:
    """Return how far the quarter is, and for a team its three figures."""
    shared = read_shared()
    if view == "mine":
        return {"quota": quota(compute("attainment", user=user, owner=user, at=at, shared=shared)[0], shared, at)}
    team = queries.get_top_team(get_access(user))
    row = compute("attainment", user=user, team=team, at=at, shared=shared)[0] if team else None
    return {"quota": quota(row, shared, at) if row else None, "trio": get_trio(user, team, shared=shared, at=at)}


def quota(row: Envelope, shared: Shared, at: datetime) -> dict[str, Any] | None:
    """Return won against the target of the quarter, with the tick of today's pace; None without a target."""
    figure = row.figure
    if figure.value is None or figure.denominator is None:
        return None
    currency = shared.organisation.currency
    won, target = formats.money(figure.numerator or 0, currency), formats.money(figure.denominator, currency)
    elapsed, share = figure.detail["elapsed"], formats.percent(figure.value)
    last_day = date.fromisoformat(row.filters["to"])
    return {
        "title": quarter_name(row.filters["period"]),
        "left": _("%(days)s left") % {"days": formats.days_in_words((last_day - timezone.localdate(at)).days + 1)},
        "won": won,
        "of": _("of %(target)s") % {"target": target},
        "share": share,
        "value": figure.value,
        "elapsed": elapsed,
        "words": _("%(won)s of %(target)s won, %(share)s") % {"won": won, "target": target, "share": share},
        "pace": _("Tick is today’s pace, %(share)s") % {"share": formats.percent(elapsed)}
        if elapsed is not None
        else "",
    }


def marketing_day(at: datetime, today: date) -> dict[str, Any]:
    """Return crossings that wait, handoffs nobody has, those late with nobody to tell, and what was handed over today."""
    start, end = bounds(today)
    waiting, unassigned, unheard = leads.waiting_crossings(), leads.unassigned_handoffs(), leads.unheard_handoffs()
    count, without, late = waiting.count(), unassigned.count(), unheard.count()
    of_day = leads.get_handoffs_of_day(start=start, end=end)
    without_rep, too_late = list(unassigned[:MOST_WAITING]), list(unheard[:MOST_WAITING])
    starts = get_clock_starts([*of_day, *too_late])
    freshen_scores([handoff.lead for handoff in [*without_rep, *too_late]], at=at)
    now = [crossing_task(crossing) for crossing in waiting[:MOST_WAITING]]
    nobody = [lead_task(handoff, at, team=False) | {"kind": "unassigned"} for handoff in without_rep]
    rows = [brought_task(handoff, at, starts.get(handoff.pk)) for handoff in too_late]
    return {
        "groups": groups(
            (_("Waiting for you to release"), now, count),
            (_("Nobody to give them to"), nobody, without),
            (_("Late, with nobody above their rep to tell"), rows, late),
        ),
        "finding": marketing_finding(count, without, late),
        "first": "",
        "handed": [{"is": each, "started_at": starts.get(each.pk)} for each in of_day],
    }
