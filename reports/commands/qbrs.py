"""Ask for, build, stop and retry quarter reviews (R-2, R-3, D-21, D-49)."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from crm.commands.jobs import JobRequest, enqueue_jobs
from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.periods import QUARTER, BadPeriod, Period, end_of_day, parse_period, start_of_day
from crm.lib.values import Refusal
from crm.models import Team, User
from crm.queries.access import get_access
from crm.queries.organisation import get_organisation, get_zone
from reports.enums import PartKind, PartState, RunState
from reports.models import QbrAction, QbrPart, QbrRun
from reports.permissions import can_edit_qbr
from reports.queries.qbrs import BUILD_PART, UNFINISHED, gave_up

LONGEST_ERROR = 2000


class QbrRefused(CommandRefused):
    """The quarter review cannot be asked for, stopped or retried as it stands."""


@transaction.atomic
def ask_qbr(*, team_id: int, quarter: str, by: User | None, at: datetime, in_process: bool = False) -> QbrRun:
    """Ask for a team's quarter review: a run, its parts, and one job a part.

    A run still being built is given back instead, so that asking twice is asking once; one whose workers gave up is
    not being built. `as_of` and `known_at` are
    fixed here and hold for every part and retry (D-21). `by` None is the operator at the machine. With
    `in_process` no jobs are made, because the caller builds the parts.

    :raises NotPermitted: neither a manager of the team or above nor an administrator
    :raises QbrRefused: no such quarter, or it has not begun
    """
    team = Team.objects.select_for_update().get(pk=team_id)
    _require_editor(by, team.pk)
    period = _quarter(quarter)
    last_day = period.end - timedelta(days=1)
    if at < start_of_day(period.start, get_zone(period.start)):
        raise QbrRefused(Refusal.of("quarter_not_begun", quarter=period.code), field="quarter")
    runs = QbrRun.objects.filter(team=team, quarter=period.code)
    if not in_process and (building := runs.filter(~gave_up(), state__in=UNFINISHED).first()):
        return building
    last_moment = end_of_day(last_day, get_zone(last_day))
    latest = runs.order_by("-number").first()
    run = QbrRun.objects.create(
        team=team,
        quarter=period.code,
        number=latest.number + 1 if latest else 1,
        as_of=min(last_moment, at),
        known_at=at,
        is_so_far=at <= last_moment,
        asked_by=by,
        asked_at=at,
    )
    parts = QbrPart.objects.bulk_create(
        QbrPart(run=run, kind=kind, order=order) for order, kind in enumerate(PartKind, start=1)
    )
    if not in_process:
        _enqueue(parts, at=at)
    return run


@transaction.atomic
def start_part(*, part_id: int, at: datetime) -> QbrPart | None:
    """Mark a part as being built; None where there is nothing to do: it is done, or its run was stopped."""
    part = _locked_part(part_id)
    if part.state == PartState.DONE or part.run.state not in (*UNFINISHED, RunState.FAILED):
        return None
    part.state, part.started_at, part.error = PartState.BUILDING, at, ""
    part.save(update_fields=["state", "started_at", "error"])
    run = part.run
    run.state, run.started_at = RunState.BUILDING, run.started_at or at
    run.save(update_fields=["state", "started_at"])
    return part


@transaction.atomic
def finish_part(*, part_id: int, payload: dict[str, Any], suggested: list[str], at: datetime) -> bool:
    """Keep what a part found; the last part ends the run. False where it was done or stopped meanwhile.

    `suggested` become editable actions of the run, unless the version before left actions to carry over.
    """
    part = _locked_part(part_id)
    if part.state == PartState.DONE or part.run.state == RunState.STOPPED:
        return False
    part.state, part.payload, part.finished_at, part.error = PartState.DONE, payload, at, ""
    part.save(update_fields=["state", "payload", "finished_at", "error"])
    if part.kind == PartKind.ACTIONS:
        _open_actions(part.run, suggested)
    _settle(part.run, at=at)
    return True


@transaction.atomic
def fail_part(*, part_id: int, error: str, is_final: bool, at: datetime) -> None:
    """Note why an attempt at a part failed; a final one fails the run, which keeps its finished parts."""
    part = _locked_part(part_id)
    if part.state == PartState.DONE:
        return
    part.state = PartState.FAILED if is_final else PartState.WAITING
    part.error, part.finished_at = error.replace("\x00", "")[:LONGEST_ERROR], at if is_final else None
    part.save(update_fields=["state", "error", "finished_at"])
    if is_final and part.run.state in UNFINISHED:
        part.run.state = RunState.FAILED
        part.run.save(update_fields=["state"])


@transaction.atomic
def stop_qbr(*, run_id: int, by: User | None, at: datetime) -> QbrRun:
    """Stop building; finished parts are kept for a later try.

    :raises QbrRefused: it is not being built
    """
    run = _locked_run(run_id, by)
    if run.state not in UNFINISHED:
        raise QbrRefused(Refusal.of("qbr_not_building", state=run.state))
    run.state, run.finished_at = RunState.STOPPED, at
    run.save(update_fields=["state", "finished_at"])
    QbrPart.objects.filter(run=run, state=PartState.BUILDING).update(state=PartState.WAITING)
    return run


@transaction.atomic
def retry_qbr(*, run_id: int, by: User | None, at: datetime, is_stuck: bool = False) -> QbrRun:
    """Build what is missing of a stopped or failed run, as of the moment it was first asked for (D-21).

    `is_stuck` says that a job of a run in building has given up, which no part could note itself.

    :raises QbrRefused: it is ready or still being built
    """
    run = _locked_run(run_id, by)
    if run.state not in (RunState.STOPPED, RunState.FAILED) and not (is_stuck and run.state in UNFINISHED):
        raise QbrRefused(Refusal.of("qbr_not_stopped", state=run.state))
    run.state, run.finished_at = RunState.QUEUED, None
    run.save(update_fields=["state", "finished_at"])
    missing = QbrPart.objects.filter(run=run).exclude(state=PartState.DONE)
    missing.update(state=PartState.WAITING, error="", finished_at=None)
    _enqueue(list(missing.order_by("order")), at=at)
    return run


def _require_editor(by: User | None, team_id: int) -> None:
    if by is not None and not can_edit_qbr(get_access(by), team_id):
        raise NotPermitted(Refusal.of("qbr_managers_only"))


def _quarter(text: str) -> Period:
    fiscal_start = get_organisation().fiscal_year_start_month
    try:
        return parse_period(text if QUARTER.match(text) else "", fiscal_start=fiscal_start)
    except (BadPeriod, ValueError):
        raise QbrRefused(Refusal.of("unknown_quarter", quarter=text), field="quarter") from None


def _locked_run(run_id: int, by: User | None) -> QbrRun:
    run = QbrRun.objects.select_for_update().get(pk=run_id)
    _require_editor(by, run.team_id)
    return run


def _locked_part(part_id: int) -> QbrPart:
    """Lock the run first, as stop and retry do, so that two parts never finish past each other."""
    run = QbrRun.objects.select_for_update().get(parts=part_id)
    part = QbrPart.objects.select_for_update().get(pk=part_id)
    part.run = run
    return part


def _settle(run: QbrRun, *, at: datetime) -> None:
    """End a run of which nothing is left to build: it is ready, or failed where a part failed for good."""
    left = set(QbrPart.objects.filter(run=run).exclude(state=PartState.DONE).values_list("state", flat=True))
    if not left:
        run.state, run.finished_at = RunState.READY, at
        run.save(update_fields=["state", "finished_at"])
    elif left == {PartState.FAILED}:
        run.state = RunState.FAILED
        run.save(update_fields=["state"])


def _enqueue(parts: list[QbrPart], *, at: datetime) -> None:
    enqueue_jobs(requests=[JobRequest(BUILD_PART, {"part_id": part.pk}) for part in parts], at=at)


def _open_actions(run: QbrRun, suggested: list[str]) -> None:
    """Carry the actions of the version before over, so that a rebuild loses nothing people wrote."""
    before = QbrAction.objects.filter(run__team=run.team_id, run__quarter=run.quarter, archived_at=None)
    latest = before.filter(run__number__lt=run.number).order_by("-run__number").values_list("run_id", flat=True).first()
    if latest:
        kept = before.filter(run=latest)
        QbrAction.objects.bulk_create(
            QbrAction(
                run=run, text=old.text, owner_id=old.owner_id, due_on=old.due_on, done_at=old.done_at,
                is_suggested=old.is_suggested, order=old.order,
            )
            for old in kept
        )  # fmt: skip
        return
    QbrAction.objects.bulk_create(
        QbrAction(run=run, text=text, is_suggested=True, order=order) for order, text in enumerate(suggested, start=1)
    )
