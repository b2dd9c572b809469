"""The parts of a quarter review: queries in, one frozen dataclass a part out (R-2, D-21)."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from crm.enums import RateKind
from crm.lib.envelope import Envelope
from crm.lib.periods import Period, add_months, month_period
from crm.queries.organisation import get_rates
from pipeline.queries.biggest import get_biggest_closed, get_biggest_open
from pipeline.queries.targets import get_targets
from reports.builders.parts import (
    ActionsPart,
    Frozen,
    KeyDealsPart,
    LastAction,
    LeadsPart,
    LostDealsPart,
    MonthResult,
    PipelinePart,
    ResultPart,
    SectorsPart,
)
from reports.enums import PartKind
from reports.policies.findings import QuarterFacts, causes, suggestions
from reports.queries.figures import compute
from reports.queries.health import count_overdue_close_dates, count_without_step
from reports.queries.qbrs import Build, get_last_actions
from scoring.queries.handoff_results import get_handoff_results

BIGGEST = 8
LOST_LISTED = 12


def build_part(kind: PartKind, build: Build) -> Any:
    """Return the content of one part, as of the run's moment."""
    return BUILDERS[kind](build)


def _ask(build: Build, name: str, period: Period | None = None, **asked: Any) -> list[Envelope]:
    moment = {"as_of": build.moment.as_of, "known_at": build.moment.known_at} | asked
    return compute(
        name,
        user=None,
        at=build.moment.at,
        period=period or build.period,
        team=build.run.team,
        shared=build.shared,
        **moment,
    )


def _frozen(row: Envelope) -> Frozen:
    """Return the envelope for keeping; a person's name is left to the reader's day (D-8)."""
    found = row.as_json()
    return found | {"group_label": None} if row.filters.get("by") == "owner" else found


def _one(build: Build, name: str, period: Period | None = None, **asked: Any) -> Frozen:
    return _frozen(_ask(build, name, period, **asked)[0])


def _many(build: Build, name: str, period: Period | None = None, **asked: Any) -> tuple[Frozen, ...]:
    return tuple(_frozen(row) for row in _ask(build, name, period, **asked))


def _result(build: Build) -> ResultPart:
    return ResultPart(
        attainment=_one(build, "attainment"),
        won=_one(build, "won-value"),
        average=_one(build, "average-deal"),
        win_rate=_one(build, "win-rate"),
        cycle=_one(build, "cycle"),
        won_before=_one(build, "won-value", build.before),
        win_rate_before=_one(build, "win-rate", build.before),
        cycle_before=_one(build, "cycle", build.before),
        months=_months(build),
        people=_many(build, "attainment", by="owner"),
        currency=build.shared.organisation.currency,
    )


def _months(build: Build) -> tuple[MonthResult, ...]:
    won = {row.group: row.figure.value or Decimal(0) for row in _ask(build, "won-value", by="month")}
    currency = build.shared.organisation.currency
    rates = get_rates(RateKind.PLAN, on=build.scope().today, currency=currency)
    found = get_targets(build.period, team_ids=[build.run.team_id], rates=rates, currency=currency)
    targets = found.get(build.run.team_id, {})
    codes = [month_period(add_months(build.period.start, offset)).code for offset in range(3)]
    return tuple(MonthResult(code, won.get(code, Decimal(0)), targets.get(code)) for code in codes)


def _pipeline(build: Build) -> PipelinePart:
    start = build.shared.zones.start(build.period.start.toordinal()) - timedelta(microseconds=1)
    return PipelinePart(
        now=_many(build, "pipeline-by-setpoint"),
        start=_many(build, "pipeline-by-setpoint", build.before, as_of=start),
        before=_many(build, "pipeline-by-setpoint", build.before),
        conversion=_many(build, "conversion"),
        open_value=_one(build, "open-value"),
    )


def _key_deals(build: Build) -> KeyDealsPart:
    scope = build.scope()
    return KeyDealsPart(tuple(get_biggest_closed(scope, limit=BIGGEST)), tuple(get_biggest_open(scope, limit=BIGGEST)))


def _lost_deals(build: Build) -> LostDealsPart:
    return LostDealsPart(
        _many(build, "lost-reasons"), tuple(get_biggest_closed(build.scope(), limit=LOST_LISTED, won=False))
    )


def _sectors(build: Build) -> SectorsPart:
    return SectorsPart(_many(build, "won-by-sector"))


def _leads(build: Build) -> LeadsPart:
    return LeadsPart(
        leads=_one(build, "leads"),
        before=_one(build, "leads", build.before),
        sources=_many(build, "leads", by="source"),
        handoffs=get_handoff_results(build.scope()),
    )


def _actions(build: Build) -> ActionsPart:
    facts = _facts(build)
    local_date, known_at = build.shared.local_date, build.run.known_at
    last = tuple(
        LastAction(
            action.text,
            action.owner_id,
            action.due_on,
            local_date(action.done_at) if action.done_at and action.done_at <= known_at else None,
        )
        for action in get_last_actions(build)
    )
    return ActionsPart(tuple(causes(facts)), tuple(suggestions(facts)), last)


def _facts(build: Build) -> QuarterFacts:
    win_rate, win_rate_before = (_ask(build, "win-rate", period)[0].figure for period in (build.period, build.before))
    reasons = [row for row in _ask(build, "lost-reasons") if "not_recorded" not in row.group]
    top = reasons[0] if reasons else None
    enough = win_rate.display != "hidden" and win_rate_before.display != "hidden"
    return QuarterFacts(
        win_rate=win_rate.value if enough else None,
        win_rate_before=win_rate_before.value if enough else None,
        meetings=_entered_first(build, build.period),
        meetings_before=0 if build.run.is_so_far else _entered_first(build, build.before),
        top_reason="/".join(top.group.split("/")[:2]) if top else "",
        top_reason_count=top.figure.n if top else 0,
        not_won=int(top.figure.denominator or 0) if top else 0,
        overdue=count_overdue_close_dates(build.scope()),
        without_step=count_without_step(build.scope()),
        late_handoffs=get_handoff_results(build.scope()).late,
    )


def _entered_first(build: Build, period: Period) -> int:
    rows = _ask(build, "pipeline-by-setpoint", period)
    return int(rows[0].figure.detail["entered"]) if rows else 0


BUILDERS: dict[PartKind, Callable[[Build], Any]] = {
    PartKind.RESULT: _result,
    PartKind.PIPELINE: _pipeline,
    PartKind.KEY_DEALS: _key_deals,
    PartKind.LOST_DEALS: _lost_deals,
    PartKind.SECTORS: _sectors,
    PartKind.LEADS: _leads,
    PartKind.ACTIONS: _actions,
}
