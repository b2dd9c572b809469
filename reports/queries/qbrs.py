"""Quarter reviews: what a build needs to know, what the pages show of a run."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import BigIntegerField, Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from crm.enums import JobState
from crm.lib.periods import Period, add_months, parse_period, quarter_of
from crm.models import Job, User
from pipeline.queries.deal_sql import Scope
from reports.enums import PartState, RunState
from reports.models import QbrAction, QbrPart, QbrRun
from reports.permissions import qbrs_visible_to
from reports.queries.figures import Moment, make_scope, read_shared
from reports.queries.questions import Shared

BUILD_PART = "reports.build_qbr_part"
UNFINISHED = (RunState.QUEUED, RunState.BUILDING)
LATEST = 40


@dataclass(frozen=True, slots=True)
class Build:
    """What every part of a run is built from: the team, the quarter and the fixed moment (D-21)."""

    run: QbrRun
    period: Period
    before: Period
    moment: Moment
    shared: Shared

    def scope(self, period: Period | None = None, *, by: str = "") -> Scope:
        """Return the scope of the team, its teams below included, in the quarter or another period."""
        found = make_scope(self.moment, period or self.period, shared=self.shared)
        return replace(found, team_ids=self.shared.teams_below(self.run.team_id), by=by)


def get_build(run: QbrRun) -> Build:
    """Return what the run's parts are built from. Current rows are never read: the moment has passed already."""
    shared = read_shared()
    fiscal_start = shared.organisation.fiscal_year_start_month
    period = parse_period(run.quarter, fiscal_start=fiscal_start)
    before = quarter_of(add_months(period.start, -3), fiscal_start=fiscal_start)
    moment = Moment(at=run.known_at + timedelta(microseconds=1), as_of=run.as_of, known_at=run.known_at)
    return Build(run, period, before, moment, shared)


def get_part(part_id: int) -> QbrPart:
    """Return a part with its run and team."""
    return QbrPart.objects.select_related("run__team").get(pk=part_id)


def get_actions(run: QbrRun) -> list[QbrAction]:
    """Return the actions on the list, in order, with their owners."""
    return list(QbrAction.objects.filter(run=run, archived_at=None).select_related("owner"))


def get_last_actions(build: Build) -> list[QbrAction]:
    """Return the actions the quarter before left, from its latest ready version."""
    earlier = QbrRun.objects.filter(team=build.run.team_id, quarter=build.before.code, state=RunState.READY)
    latest = earlier.order_by("-number").first()
    return get_actions(latest) if latest else []


def find_run(user: User, run_id: int) -> QbrRun | None:
    """Return the run with team and people, None where the person may not read it."""
    return qbrs_visible_to(user).select_related("team", "asked_by").filter(pk=run_id).first()


def get_runs(user: User) -> list[QbrRun]:
    """Return the latest runs the person may read, newest quarter first, with `done` and `total` parts."""
    counted = with_progress(with_standing(newest_first(qbrs_visible_to(user))))
    return list(counted.select_related("team", "asked_by")[:LATEST])


def get_latest_runs(user: User, count: int) -> list[QbrRun]:
    """Return the few latest runs the person may read, as a list beside something else names them."""
    return list(with_standing(newest_first(qbrs_visible_to(user))).select_related("team")[:count])


def get_ready_runs(user: User, *, since: datetime) -> list[QbrRun]:
    """Return the runs the person asked for that became ready since, the last one first."""
    ready = qbrs_visible_to(user).filter(asked_by=user, state=RunState.READY, finished_at__gte=since)
    return list(ready.select_related("team").order_by("-finished_at"))


def newest_first(runs: QuerySet[QbrRun]) -> QuerySet[QbrRun]:
    """Order runs: newest quarter, then team, then newest version."""
    return runs.order_by("-quarter", "team__name", "-number")


def with_progress(runs: QuerySet[QbrRun]) -> QuerySet[QbrRun]:
    """Add how many parts a run has and how many are done."""
    return runs.annotate(total=Count("parts"), done=Count("parts", filter=Q(parts__state=PartState.DONE)))


def gave_up() -> Q:
    """Return the condition on runs whose row says building while only jobs that gave up are left.

    A part whose worker died every time could not note that itself.
    """
    waiting = QbrPart.objects.filter(run=OuterRef(OuterRef("pk"))).exclude(state__in=(PartState.DONE, PartState.FAILED))
    jobs = Job.objects.filter(task=BUILD_PART).exclude(state=JobState.DONE)
    jobs = jobs.annotate(part_id=Cast(KT("kwargs__part_id"), BigIntegerField())).filter(
        part_id__in=waiting.values("pk")
    )
    return Q(state__in=UNFINISHED) & Q(Exists(jobs)) & ~Q(Exists(jobs.exclude(state=JobState.QUARANTINED)))


def with_standing(runs: QuerySet[QbrRun]) -> QuerySet[QbrRun]:
    """Add `standing`, the state to act on: a run that gave up has failed, whatever its row says."""
    return runs.annotate(
        standing=Case(When(gave_up(), then=Value(RunState.FAILED)), default=F("state"), output_field=CharField())
    )


def get_versions(run: QbrRun) -> list[QbrRun]:
    """Return every version of the same team and quarter, newest first."""
    return list(QbrRun.objects.filter(team=run.team_id, quarter=run.quarter).order_by("-number"))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come. `is_stuck`: a job gave up without its part being able to say so."""

    run: QbrRun
    parts: list[QbrPart]
    is_stuck: bool
    seconds_left: int | None

    @property
    def done(self) -> int:
        """Return how many parts are done."""
        return sum(part.state == PartState.DONE for part in self.parts)

    @property
    def share(self) -> float:
        """Return the share that is done, 0 to 1."""
        return self.done / len(self.parts) if self.parts else 0.0

    @property
    def state(self) -> str:
        """Return the state a person should act on: a stuck run has failed, whatever its row says."""
        return RunState.FAILED if self.is_stuck else str(self.run.state)

    @property
    def is_running(self) -> bool:
        """Whether there is something to wait for."""
        return self.state in UNFINISHED


def get_progress(run: QbrRun, *, at: datetime) -> Progress:
    """Return how far the run has come."""
    parts = list(QbrPart.objects.filter(run=run))
    is_stuck = run.state in UNFINISHED and QbrRun.objects.filter(gave_up(), pk=run.pk).exists()
    return Progress(run, parts, is_stuck, _seconds_left(run, parts, at))


def _seconds_left(run: QbrRun, parts: list[QbrPart], at: datetime) -> int | None:
    """Return what is left at the speed so far, once three seconds have shown it (DESIGN.md 6)."""
    done = sum(part.state == PartState.DONE for part in parts)
    spent = (at - run.started_at).total_seconds() if run.started_at else 0
    if not done or spent < 3 or run.state != RunState.BUILDING:
        return None
    return max(1, round(spent / done * (len(parts) - done)))


def get_payloads(run: QbrRun) -> dict[str, dict[str, Any]]:
    """Return the frozen content of every finished part, by kind."""
    parts = QbrPart.objects.filter(run=run, state=PartState.DONE)
    return {kind: payload or {} for kind, payload in parts.values_list("kind", "payload")}
