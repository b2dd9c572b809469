"""Pipelines as an administrator sees them: setpoints, criteria and their versions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Prefetch, Q, QuerySet

from pipeline.models import Criterion, CriterionVersion, Opportunity, Pipeline, Setpoint, Stage
from pipeline.models.opportunities import OPEN


def get_all_pipelines() -> QuerySet[Pipeline]:
    """Return every pipeline, retired ones last, each with how many `deals` are open in it."""
    open_deals = Count("opportunities", filter=Q(opportunities__outcome="", opportunities__archived_at=None))
    return Pipeline.objects.annotate(deals=open_deals).order_by(F("retired_at").asc(nulls_first=True), "order", "pk")


def get_setpoint_rows(pipeline_id: int) -> list[Any]:
    """Return the setpoints of a pipeline, lowest first, with open `deals`, and their stages in use as `phases`.

    Criteria in use are `asked`, retired ones `dropped`, each with its latest version as `latest`.
    """
    versions = CriterionVersion.objects.order_by("number")
    criteria = Criterion.objects.order_by("order", "pk").prefetch_related(
        Prefetch("versions", versions, to_attr="wordings")
    )
    stages = Stage.objects.filter(retired_at=None).order_by("order", "pk")
    setpoints = Setpoint.objects.filter(pipeline_id=pipeline_id).order_by("rank", "pk")
    rows: list[Any] = list(
        setpoints.prefetch_related(
            Prefetch("criteria", criteria, to_attr="every"), Prefetch("stages", stages, to_attr="phases")
        )
    )
    standing = Opportunity.objects.filter(OPEN, pipeline_id=pipeline_id).order_by().values("setpoint_id")
    deals = dict(standing.annotate(count=Count("pk")).values_list("setpoint_id", "count"))
    for row in rows:
        row.deals = deals.get(row.pk, 0)
        for criterion in row.every:
            criterion.latest = criterion.wordings[-1]
        row.asked = [criterion for criterion in row.every if criterion.retired_at is None]
        row.dropped = [criterion for criterion in row.every if criterion.retired_at is not None]
    return rows


def get_criterion_versions(criterion_id: int) -> list[CriterionVersion]:
    """Return every wording of a criterion that was ever in force, the latest first."""
    versions = CriterionVersion.objects.filter(criterion_id=criterion_id).exclude(valid_until=F("valid_from"))
    return list(versions.order_by("-number"))


def get_change_moments(pipeline_id: int) -> list[datetime]:
    """Return when the criteria of a pipeline changed, latest first."""
    versions = CriterionVersion.objects.filter(criterion__setpoint__pipeline_id=pipeline_id)
    moments = set(versions.values_list("valid_from", flat=True)) | set(versions.values_list("valid_until", flat=True))
    return sorted((moment for moment in moments if moment is not None), reverse=True)


@dataclass(frozen=True, slots=True)
class Compared:
    """One criterion at two moments: what was asked then, and what later; None where it was not asked."""

    criterion: Criterion
    before: CriterionVersion | None
    after: CriterionVersion | None

    @property
    def change(self) -> str:
        """Return what became of it: added, retired, changed, or nothing."""
        if self.before is None or self.after is None:
            return "added" if self.before is None else "retired"
        asked = [(each.text, each.ask, each.gate, each.deal_types) for each in (self.before, self.after)]
        return "" if asked[0] == asked[1] else "changed"


def compare_criteria(pipeline_id: int, *, before: datetime, after: datetime) -> list[Compared]:
    """Return every criterion that a pipeline asked for at one of two moments, in the order of its setpoints."""
    versions = CriterionVersion.objects.filter(criterion__setpoint__pipeline_id=pipeline_id)
    found: dict[int, list[CriterionVersion]] = {}
    for version in versions.select_related("criterion__setpoint").order_by(
        "criterion__setpoint__rank", "criterion__order", "criterion_id", "number"
    ):
        found.setdefault(version.criterion_id, []).append(version)
    pairs = [(of[0].criterion, _at(of, before), _at(of, after)) for of in found.values()]
    return [Compared(criterion, one, other) for criterion, one, other in pairs if one or other]


def _at(versions: Sequence[CriterionVersion], moment: datetime) -> CriterionVersion | None:
    in_force = [
        version
        for version in versions
        if version.valid_from <= moment and (version.valid_until is None or version.valid_until > moment)
    ]
    return in_force[-1] if in_force else None
