"""Quarter reviews: the list, asking for one, its progress, the report (R-2, R-3)."""

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.http import action, page
from crm.lib.labels import label
from crm.lib.periods import add_months, parse_period, quarter_of
from crm.models import Team
from crm.permissions import hide_unless, refuse_unless
from crm.queries.access import get_access
from crm.queries.organisation import get_local_date, get_organisation
from reports.commands import qbrs as commands
from reports.enums import PartState, RunState
from reports.forms import ActionForm, QbrForm
from reports.labels.qbrs import days_between, part_note, quarter_name
from reports.labels.refusals import sentences
from reports.models import QbrRun
from reports.permissions import can_edit_qbr, can_read_reports, qbr_teams
from reports.queries.qbrs import Progress, find_run, get_actions, get_payloads, get_progress, get_runs, get_versions
from reports.views.paper import make_paper

STOP_POLLING = 286
QUARTERS_BACK = 8
A_FEW_MINUTES = 120
STEPS = {
    PartState.DONE: "done",
    PartState.BUILDING: "running",
    PartState.FAILED: "failed",
    PartState.WAITING: "waiting",
}


def find_or_404(request: HttpRequest, run_id: int) -> QbrRun:
    """Return the run, 404 for what the person may not read."""
    run = find_run(request.user, run_id)
    if run is None:
        raise Http404
    return run


def require_reader(request: HttpRequest) -> None:
    """Answer 404 to whom reports are not for."""
    if not can_read_reports(get_access(request.user)):
        raise Http404


@page
def qbr_list(request: HttpRequest) -> HttpResponse:
    """List the quarter reviews the person may read, with the form to ask for one."""
    require_reader(request)
    at = timezone.now()
    runs = titled(get_runs(request.user))
    teams = qbr_teams(request.user)
    form = QbrForm(teams=teams, quarters=quarter_choices(at), initial={"quarter": last_quarter(at)})
    return render(request, "reports/qbr_list.html", {"runs": runs, "form": form, "may_ask": teams.exists()})


def titled(runs: list[QbrRun]) -> list[QbrRun]:
    """Give each run the name of its quarter as `title`."""
    for run in runs:
        run.title = quarter_name(run.quarter)  # type: ignore[attr-defined]
    return runs


def quarter_choices(at: datetime) -> list[tuple[str, str]]:
    """Return the running quarter and those before it."""
    fiscal_start, day = get_organisation().fiscal_year_start_month, get_local_date(at)
    quarters = [quarter_of(add_months(day, -3 * back), fiscal_start=fiscal_start) for back in range(QUARTERS_BACK)]
    words = [quarter_name(period.code) for period in quarters]
    words[0] = _("%(quarter)s so far") % {"quarter": words[0]}
    return [(period.code, name) for period, name in zip(quarters, words, strict=True)]


def last_quarter(at: datetime) -> str:
    """Return the code of the last quarter that is over."""
    return quarter_choices(at)[1][0]


@action
def qbr_ask(request: HttpRequest) -> HttpResponse:
    """Ask for a quarter review and show how it is built."""
    hide_unless(can_read_reports(get_access(request.user)))
    refuse_unless(qbr_teams(request.user).exists())
    at = timezone.now()
    form = QbrForm(request.POST, teams=Team.objects.filter(archived_at=None), quarters=quarter_choices(at))
    if not form.is_valid():
        messages.error(request, _("Choose a team and a quarter."))
        return redirect("reports:qbr_list")
    try:
        run = commands.ask_qbr(
            team_id=form.cleaned_data["team"].pk, quarter=form.cleaned_data["quarter"], by=request.user, at=at
        )
    except CommandRefused as refused:
        return said(request, refused, "reports:qbr_list")
    return redirect("reports:qbr_detail", run.pk)


def said(request: HttpRequest, refused: CommandRefused, to: str, *args: Any) -> HttpResponse:
    """Say why nothing was done and go on; what the person may not do at all is 403.

    :raises PermissionDenied: it was not theirs to ask
    """
    if isinstance(refused, NotPermitted):
        raise PermissionDenied(str(refused))
    messages.error(request, " ".join(sentences(refused)))
    return redirect(to, *args)


@page
def qbr_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a run: its report when it is ready, how far it has come until then."""
    run = find_or_404(request, pk)
    context = run_context(request, run)
    if run.state != RunState.READY:
        progress = get_progress(run, at=timezone.now())
        return render(request, "reports/qbr_progress.html", {**context, **progress_context(progress)})
    paper = make_paper(run, get_payloads(run))
    plan = {"actions": get_actions(run), "action_form": ActionForm(), "people": ActionForm().fields["owner"].queryset}  # type: ignore[attr-defined]
    ticks = _("the tick is the month’s target") if any(bar.tick is not None for bar in paper.months) else ""
    heads = {
        "months_note": ticks,
        "months_head": [_("Month"), _("Won"), *([_("Target")] if ticks else [])],
        "flow_head": [_("Setpoint"), _("Entered"), _("Went on")],
    }
    return render(
        request, "reports/qbr_report.html", {**context, **plan, **heads, "paper": paper, "versions": get_versions(run)}
    )


def run_context(request: HttpRequest, run: QbrRun) -> dict[str, Any]:
    """Return what every page of a run shows: its name, its days, who may edit."""
    period = parse_period(run.quarter, fiscal_start=get_organisation().fiscal_year_start_month)
    last = date.fromordinal(period.end.toordinal() - 1)
    return {
        "run": run,
        "title": f"{quarter_name(run.quarter)}, {run.team.name}",
        "days": days_between(period.start, last),
        "next_quarter": quarter_name(
            quarter_of(period.end, fiscal_start=get_organisation().fiscal_year_start_month).code
        ),
        "data_until": get_local_date(run.as_of),
        "may_edit": can_edit_qbr(get_access(request.user), run.team_id),
    }


def progress_context(progress: Progress) -> dict[str, Any]:
    """Return the bar and the steps in words."""
    steps = [
        {
            "label": label("qbr_part", part.kind),
            "state": STEPS[PartState(part.state)],
            "note": part_note(part.kind, part.payload) if part.payload else "",
        }
        for part in progress.parts
    ]
    return {"progress": progress, "steps": steps, "words": progress_words(progress), "note": progress_note(progress)}


def progress_words(progress: Progress) -> str:
    """Return what to expect of a run in this state."""
    return {
        RunState.FAILED: _("A part could not be built. The finished parts are kept; Try again builds what is missing."),
        RunState.STOPPED: _("Stopped. The finished parts are kept; Try again builds what is missing."),
    }.get(RunState(progress.state), _("You can leave this page. My day tells you when it is ready."))


def progress_note(progress: Progress) -> str:
    """Return which step it is at, and the time left once that is known."""
    step = min(progress.done + 1, len(progress.parts))
    text = _("Step %(step)s of %(total)s") % {"step": step, "total": len(progress.parts)}
    if progress.seconds_left is None or not progress.is_running:
        return text
    return f"{text}, {time_left(progress.seconds_left)}"


def time_left(seconds: int) -> str:
    """Return about how long it still takes, in minutes once that is easier to grasp."""
    if seconds < A_FEW_MINUTES:
        return ngettext("about %(n)s second left", "about %(n)s seconds left", seconds) % {"n": seconds}
    minutes = round(seconds / 60)
    return ngettext("about %(n)s minute left", "about %(n)s minutes left", minutes) % {"n": minutes}


@page
def qbr_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer the poll of each second; 286 ends the polling, and a ready run leads to its report."""
    run = find_or_404(request, pk)
    progress = get_progress(run, at=timezone.now())
    status = 200 if progress.is_running else STOP_POLLING
    context = {**run_context(request, run), **progress_context(progress)}
    response = render(request, "reports/qbr_progress.html#qbr_progress", context, status=status)
    response.write(render_to_string("reports/qbr_progress.html#qbr_state", {**context, "is_poll": True}, request))
    if run.state == RunState.READY:
        response.headers["HX-Redirect"] = request.build_absolute_uri(f"/reports/qbr/{run.pk}/")
    return response


@action
def qbr_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop building."""
    run = find_or_404(request, pk)
    try:
        commands.stop_qbr(run_id=run.pk, by=request.user, at=timezone.now())
    except CommandRefused as refused:
        return said(request, refused, "reports:qbr_detail", pk)
    return redirect("reports:qbr_detail", pk)


@action
def qbr_retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Build what is missing."""
    run, at = find_or_404(request, pk), timezone.now()
    try:
        commands.retry_qbr(run_id=run.pk, by=request.user, at=at, is_stuck=get_progress(run, at=at).is_stuck)
    except CommandRefused as refused:
        return said(request, refused, "reports:qbr_detail", pk)
    return redirect("reports:qbr_detail", pk)


@action
def qbr_rebuild(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a new version of the same team and quarter."""
    run = find_or_404(request, pk)
    try:
        again = commands.ask_qbr(team_id=run.team_id, quarter=run.quarter, by=request.user, at=timezone.now())
    except CommandRefused as refused:
        return said(request, refused, "reports:qbr_detail", pk)
    return redirect("reports:qbr_detail", again.pk)
