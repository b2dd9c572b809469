"""What rows about deals refer to: setpoints, reasons, competitors, products, deals."""

from crm.exchange.kinds import Row, Run, live
from crm.exchange.references import resolve
from crm.models import Reason
from crm.queries.imports import find_by_column, find_by_external_id
from pipeline.commands.competitors import ensure_competitors
from pipeline.commands.reasons import ensure_declined_reasons
from pipeline.enums import NOT_RECORDED, Outcome
from pipeline.facts import SetpointFacts
from pipeline.queries.setpoints import get_path, get_pipelines

Paths = dict[str, list[SetpointFacts]]
Reasons = dict[str, dict[str, Reason]]


def get_paths(run: Run) -> Paths:
    """Return the setpoints in use of every pipeline by its code, read once a run."""

    def read() -> Paths:
        return {
            pipeline.code: [setpoint for setpoint in get_path(pipeline.pk) if not setpoint.is_retired]
            for pipeline in get_pipelines()
        }

    return run.remember("paths", read)


def resolve_setpoints(rows: list[Row], run: Run) -> None:
    """Put pipeline and setpoint into `row.ids`; an open deal without a setpoint stands at the first."""
    paths = get_paths(run)
    for row in live(rows):
        code = row.values.get("pipeline") or next(iter(paths))
        if code not in paths:
            row.refuse("not_allowed", field="pipeline", allowed=", ".join(paths))
            continue
        path = paths[code]
        row.ids["pipeline"] = path[0].pipeline_id
        wanted = row.values.get("setpoint")
        found = next((setpoint for setpoint in path if wanted in (setpoint.code, setpoint.name)), None)
        if wanted and found is None:
            row.refuse("other_setpoint", field="setpoint", pipeline=code, allowed=", ".join(each.code for each in path))
        row.ids["setpoint"] = found


def resolve_reasons(rows: list[Row], run: Run) -> None:
    """Put the reason of a closed deal into `row.ids`; none in the row is `not_recorded`.

    A deal is declined for a criterion of its pipeline, and where the row names no pipeline for one of any.
    """
    reasons = run.remember("reasons", _read_reasons)
    declined = any(row.values.get("outcome") == Outcome.DECLINED for row in live(rows))
    criteria = _read_criteria(reasons[Outcome.DECLINED], get_paths(run)) if declined else {}
    for row in live(rows):
        outcome = row.values.get("outcome")
        if not outcome:
            continue
        known = criteria[row.values.get("pipeline", "")] if outcome == Outcome.DECLINED else reasons[outcome]
        reason = known.get(row.values.get("lost_reason") or NOT_RECORDED)
        if reason is None:
            codes = sorted({each.code for each in known.values()})
            row.refuse("not_allowed", field="lost_reason", allowed=", ".join(codes))
        row.ids["reason"] = reason


def _read_reasons() -> Reasons:
    """Return the reasons of each outcome by code and by name; of declining, what holds in every pipeline."""
    found: Reasons = {outcome: {} for outcome in Outcome}
    for reason in Reason.objects.filter(kind__in=found):
        if reason.kind != Outcome.DECLINED or reason.code == NOT_RECORDED:
            found[reason.kind] |= _called(reason)
    return found


def _read_criteria(always: dict[str, Reason], paths: Paths) -> Reasons:
    """Return the reasons to decline a deal in each pipeline, and under the empty code in any."""
    found: Reasons = {"": dict(always)}
    for code, path in paths.items():
        found[code] = dict(always)
        for reason in ensure_declined_reasons(path[-1].cumulative_criteria).values():
            found[code] |= _called(reason)
            found[""] |= _called(reason)
    return found


def _called(reason: Reason) -> dict[str, Reason]:
    return {reason.code: reason, reason.name: reason}


def resolve_competitors(rows: list[Row], run: Run) -> None:
    """Resolve competitors by name; one never seen before is added."""
    names = sorted({row.values["competitor"] for row in live(rows) if row.values.get("competitor")})
    if names:
        found = ensure_competitors(names=names)
        resolve(rows, "competitor", lambda wanted: found, what="competitor")


def resolve_products(rows: list[Row]) -> None:
    """Resolve products by external id, then code, then name."""

    def find(names: object) -> dict[str, int]:
        wanted = set(names)  # type: ignore[call-overload]  # an iterable of texts
        by_name = find_by_column("pipeline_product", "name", wanted)
        by_code = find_by_column("pipeline_product", "code", wanted)
        return by_name | by_code | find_by_external_id("pipeline_product", wanted)

    resolve(rows, "product", find, what="product")


def resolve_opportunities(rows: list[Row], field: str = "opportunity") -> None:
    """Resolve deals by external id."""
    resolve(rows, field, lambda names: find_by_external_id("pipeline_opportunity", names), what="deal")
