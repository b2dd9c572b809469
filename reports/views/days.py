"""My day: what needs a person now and before tomorrow, each done in one or two clicks (P-22)."""

from datetime import date, datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.lib import formats
from crm.lib.errors import CommandRefused
from crm.lib.http import action, page
from crm.lib.periods import start_of_day
from crm.queries.access import get_access
from crm.queries.organisation import get_organisation
from crm.views.answers import WRONG, done, refuse, render_target
from pipeline.commands.opportunities import StepPlan, complete_next_step, reschedule_next_step
from pipeline.models import NextStep
from pipeline.queries.opportunities import visible_owner_ids
from reports.forms import StepForm
from reports.labels.qbrs import quarter_name
from reports.queries import days as queries
from reports.queries.figures import compute
from reports.queries.qbrs import get_ready_runs
from reports.views.qbrs import titled
from scoring.commands.handoffs import accept_lead
from scoring.models import Crossing, Handoff
from scoring.queries.leads import leads_visible_to

CHANGED = "day:changed, setpoint:counts"
STEP_ICONS = {
    "call": "phone",
    "email": "send",
    "meeting": "users",
    "demo": "presentation",
    "note": "file-text",
    "task": "flag",
}


@page
def my_day(request: HttpRequest) -> HttpResponse:
    """Show the day of the person, of their team, or of marketing."""
    at, access = timezone.now(), get_access(request.user)
    views = queries.views_of(access)
    if not views:
        return render(request, "reports/my_day_nothing.html")
    view = request.GET.get("view", "")
    view = view if view in views else views[0]
    today = timezone.localdate(at)
    content = marketing_day(at, today) if view == "marketing" else selling_day(request, view, at, today)
    words = {"mine": _("Mine"), "team": _("Team"), "marketing": _("Marketing")}
    tabs = [{"label": words[name], "href": f"?view={name}", "current": name == view} for name in views]
    context = {"view": view, "tabs": tabs if len(tabs) > 1 else [], "today": today, **content}
    context["ready"] = titled(get_ready_runs(request.user, since=bounds(today)[0]))
    return render_target(request, "reports/my_day.html", {"day": "day"}, context)


def selling_day(request: HttpRequest, view: str, at: datetime, today: date) -> dict[str, Any]:
    """Return the lists, the meetings and the quota of one person or of a team."""
    people = queries.people_of(get_access(request.user), view)
    overdue, due, handoffs = queries.count_due(people, today=today)
    start, end = bounds(today)
    leads = queries.get_open_handoffs(people)
    soon = [handoff for handoff in leads if handoff.due_at and handoff.due_at < end]
    team = view == "team"
    now = [lead_task(handoff, at, team) for handoff in soon]
    now += [step_task(step, today, team) for step in queries.get_overdue_steps(people, today=today)]
    later = [step_task(step, today, team) for step in queries.get_steps_today(people, today=today)]
    later += [lead_task(handoff, at, team) for handoff in leads if handoff not in soon]
    return {
        "groups": groups(now, overdue + len(soon), later, due + handoffs - len(soon)),
        "finding": finding(overdue + due + handoffs, team=team),
        "first": first_words(soon, overdue),
        "meetings": queries.get_meetings(people, start=start, end=end),
        "well": queries.get_going_well(people, at=at, today=today),
        "quota": quota(request, view, at),
    }


def bounds(today: date) -> tuple[datetime, datetime]:
    """Return the instants of the person's local day."""
    zone: Any = timezone.get_current_timezone()
    return start_of_day(today, zone), start_of_day(today + timedelta(days=1), zone)


def groups(
    now: list[dict[str, Any]], now_count: int, later: list[dict[str, Any]], later_count: int
) -> list[dict[str, Any]]:
    """Return the lists that hold something, with how many more there are than shown."""
    found = [(_("Now"), now, now_count), (_("Before tomorrow"), later, later_count)]
    return [
        {"title": title, "tasks": tasks, "count": count, "more": max(0, count - len(tasks))}
        for title, tasks, count in found
        if tasks
    ]


def finding(count: int, *, team: bool) -> str:
    """Return the sentence the page opens with."""
    if not count:
        return _("Nothing needs your team today.") if team else _("Nothing needs you today.")
    if team:
        return ngettext("%(n)s thing needs your team.", "%(n)s things need your team.", count) % {
            "n": formats.number(count)
        }
    return ngettext("%(n)s thing needs you.", "%(n)s things need you.", count) % {"n": formats.number(count)}


def first_words(soon: list[Handoff], overdue: int) -> str:
    """Return where to begin."""
    if soon and soon[0].due_at:
        return _("Start with the lead that runs out at %(time)s.") % {"time": formats.clock(soon[0].due_at)}
    if overdue:
        return ngettext(
            "Start with the step that is overdue.", "Start with the %(n)s steps that are overdue.", overdue
        ) % {"n": formats.number(overdue)}
    return ""


def step_task(step: NextStep, today: date, team: bool) -> dict[str, Any]:
    """Return a next step as a row."""
    deal, late = step.opportunity, (today - step.due_on).days
    when = (
        format_html("<b>{}</b>", _("Overdue %(days)s.") % {"days": formats.days_in_words(late)})
        if late > 0
        else _("Due today.")
    )
    parts = [
        when,
        deal.setpoint.name if deal.setpoint else "",
        str(step.agreed_with or ""),
        str(step.owner) if team else "",
    ]
    words = [part for part in parts if part]
    return {
        "kind": "step",
        "id": step.pk,
        "title": _("%(account)s: %(purpose)s") % {"account": deal.account.name, "purpose": step.purpose},
        "text": format_html("{} {}", words[0], ", ".join(words[1:])),
        "icon": STEP_ICONS.get(step.kind, "flag"),
        "tone": "bad" if late > 0 else "",
        "aside": formats.money(deal.amount.amount, deal.amount.currency) if deal.amount else "",
        "href": f"/deals/{deal.pk}/",
    }


def lead_task(handoff: Handoff, at: datetime, team: bool) -> dict[str, Any]:
    """Return a handed over lead as a row."""
    lead = handoff.lead
    firm = lead.account.name if lead.account else lead.company
    late = handoff.due_at is not None and handoff.due_at < at
    owner = str(handoff.owner) if team and handoff.owner else ""
    score = _("Score %(score)s.") % {"score": formats.number(lead.score.score)} if hasattr(lead, "score") else ""
    return {
        "kind": "lead",
        "id": lead.pk,
        "title": _("Answer %(lead)s, %(firm)s") % {"lead": lead, "firm": firm}
        if firm
        else _("Answer %(lead)s") % {"lead": lead},
        "text": " ".join(part for part in (score, owner) if part),
        "icon": "timer",
        "tone": "bad" if late else "accent",
        "aside": "",
        "due_at": handoff.due_at,
        "assigned_at": handoff.assigned_at,
        "href": f"/leads/{lead.pk}/",
    }


def quota(request: HttpRequest, view: str, at: datetime) -> dict[str, Any] | None:
    """Return won against the target of the quarter, with the tick of today's pace; None without a target."""
    asked: dict[str, Any] = (
        {"owner": request.user} if view == "mine" else {"team": queries.get_top_team(get_access(request.user))}
    )
    if None in asked.values():
        return None
    row = compute("attainment", user=request.user, at=at, **asked)[0]
    figure = row.figure
    if figure.value is None or figure.denominator is None:
        return None
    currency = get_organisation().currency
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
    """Return crossings that wait, handoffs nobody has, and what was handed over today."""
    start, end = bounds(today)
    waiting, unassigned = queries.waiting_crossings(), queries.unassigned_handoffs()
    count, without = waiting.count(), unassigned.count()
    now = [crossing_task(crossing) for crossing in waiting[: queries.MOST_WAITING]]
    nobody = [
        lead_task(handoff, at, team=False) | {"kind": "unassigned"} for handoff in unassigned[: queries.MOST_WAITING]
    ]
    shown = [(_("Waiting for you to release"), now, count), (_("Nobody to give them to"), nobody, without)]
    return {
        "groups": [
            {"title": title, "tasks": tasks, "count": total, "more": max(0, total - len(tasks))}
            for title, tasks, total in shown
            if tasks
        ],
        "finding": marketing_finding(count, without),
        "first": "",
        "handed": queries.get_handoffs_of_day(start=start, end=end),
    }


def marketing_finding(waiting: int, unassigned: int) -> str:
    """Return the sentence marketing's page opens with."""
    if waiting:
        return ngettext(
            "%(n)s lead waits for you to release it.", "%(n)s leads wait for you to release them.", waiting
        ) % {"n": formats.number(waiting)}
    if unassigned:
        return ngettext(
            "%(n)s lead has nobody to answer it.", "%(n)s leads have nobody to answer them.", unassigned
        ) % {"n": formats.number(unassigned)}
    return _("No lead waits for you.")


def crossing_task(crossing: Crossing) -> dict[str, Any]:
    """Return a waiting crossing as a row."""
    lead = crossing.lead
    firm = lead.account.name if lead.account else lead.company
    words = {"late": _("Found late."), "imported": _("From an import."), "published": _("From new rules.")}.get(
        crossing.waiting_reason, ""
    )
    return {
        "kind": "crossing",
        "id": lead.pk,
        "title": f"{lead}, {firm}" if firm else str(lead),
        "text": _("Score %(score)s on %(day)s. %(why)s")
        % {"score": crossing.score, "day": formats.day(crossing.crossed_at), "why": words},
        "icon": "inbox",
        "tone": "accent",
        "aside": "",
        "href": f"/leads/{lead.pk}/",
    }


@page
def step_done_form(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask what comes after a step."""
    step = find_step(request, pk)
    initial = {"due_on": timezone.localdate() + timedelta(days=7), "kind": step.kind}
    form = StepForm(deal=step.opportunity, initial=initial)
    return sheet(request, step, form)


@action
def step_done(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a step done and plan the next one, or none."""
    step, at = find_step(request, pk), timezone.now()
    form = StepForm(request.POST, deal=step.opportunity)
    if not form.is_valid():
        return sheet(request, step, form, status=WRONG)
    plan = StepPlan(**form.plan()) if form.plan() else None
    try:
        following = complete_next_step(step_id=step.pk, then=plan, by=request.user, at=at)
    except CommandRefused as refused:
        return refuse(request, refused, to="/")
    text = _("Done. Next: %(purpose)s.") % {"purpose": following.purpose} if following else _("Done.")
    return done(request, text, to="/", events=CHANGED)


@action
def step_later(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a step to tomorrow."""
    step, at = find_step(request, pk), timezone.now()
    day = max(step.due_on, timezone.localdate(at)) + timedelta(days=1)
    try:
        reschedule_next_step(step_id=step.pk, due_on=day, by=request.user, at=at)
    except CommandRefused as refused:
        return refuse(request, refused, to="/")
    return done(request, _("Moved to %(day)s.") % {"day": formats.day(day, relative=False)}, to="/", events=CHANGED)


@action
def lead_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept a lead that was handed over."""
    lead = leads_visible_to(request.user).filter(pk=pk).first()
    if lead is None:
        raise Http404
    try:
        accept_lead(lead_id=lead.pk, by=request.user, at=timezone.now())
    except CommandRefused as refused:
        return refuse(request, refused, to="/")
    return done(request, _("%(lead)s is yours.") % {"lead": lead}, to="/", events=CHANGED)


def find_step(request: HttpRequest, pk: int) -> NextStep:
    """Return the step, 404 for what the person may not see or what has ended."""
    step = queries.find_step(request.user, pk, visible_owner_ids(get_access(request.user)))
    if step is None or step.done_at or step.dropped_at:
        raise Http404
    return step


def sheet(request: HttpRequest, step: NextStep, form: StepForm, *, status: int = 200) -> HttpResponse:
    """Show the form in the sheet, or as a page of its own."""
    name = "reports/step_done.html#step_done" if request.headers.get("HX-Request") else "reports/step_done.html"
    return render(request, name, {"step": step, "form": form}, status=status)
