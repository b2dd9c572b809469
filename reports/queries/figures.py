"""Every figure as page, API and `manage.py figures` ask for it (D-14, D-49, D-50)."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from crm.lib.envelope import Envelope, Figure
from crm.lib.errors import CommandRefused
from crm.lib.periods import Period, add_months, quarter_of
from crm.lib.values import Refusal
from crm.models import Campaign, Source, Team, User
from crm.queries.access import get_access
from crm.queries.organisation import get_dated_zones, get_organisation
from pipeline.models import Pipeline, Setpoint
from pipeline.queries.deal_sql import Scope
from pipeline.queries.opportunities import visible_owner_ids
from reports.queries.catalogue import CATALOGUE, Definition
from reports.queries.questions import Question, Row, Shared
from scoring.policies.zones import Zones
from scoring.queries.feedback import get_rule_names

MONTHS_BACK = 12
# Records that groups name by their code.
CODED: dict[str, Any] = {"pipeline": Pipeline, "setpoint": Setpoint, "source": Source, "campaign": Campaign}


class FigureRefused(CommandRefused):
    """The question makes no sense: an unknown figure, or a dimension the figure does not have."""


@dataclass(frozen=True, slots=True)
class Moment:
    """From when a figure is seen. None means the present, read once as `at`."""

    at: datetime
    as_of: datetime | None = None
    known_at: datetime | None = None


def compute(
    name: str,
    *,
    user: User | None,
    at: datetime,
    as_of: datetime | None = None,
    known_at: datetime | None = None,
    period: Period | None = None,
    team: Team | None = None,
    owner: User | None = None,
    pipeline: Pipeline | None = None,
    by: str = "",
    shared: Shared | None = None,
) -> list[Envelope]:
    """Return the figure's rows over what the user may see; `user` None, the operator or a report, sees all.

    `at` is the one reading of the clock; `as_of` and `known_at` None mean then. Without `period` it is the fiscal
    quarter of `as_of`, for conversion and cycle the 12 months before it (D-50). `shared` spares several figures of
    one answer from reading the same twice.

    :raises FigureRefused: no such figure, or it cannot be split by `by`
    """
    definition = find(name)
    if by and by not in definition.dimensions:
        raise FigureRefused(
            Refusal.of("figure_without_dimension", name=name, by=by, known=", ".join(definition.dimensions)), field="by"
        )
    common, moment = shared or read_shared(), Moment(at, as_of, known_at)
    today = common.local_date(as_of or at)
    chosen = period or default_period(definition, on=today, fiscal_start=common.organisation.fiscal_year_start_month)
    scope = narrow(make_scope(moment, chosen, shared=common), user, team, owner, shared=common)
    scope = replace(scope, pipeline_id=pipeline.pk if pipeline else None, by=by)
    filters = _filters(chosen, team, owner, pipeline, by)
    rows = definition.rows(Question(scope, chosen, common, team.pk if team else None))
    labels = group_labels(by, [row.group for row in rows])
    return [_envelope(definition, row, scope, filters, labels) for row in rows]


def narrow(scope: Scope, user: User | None, team: Team | None, owner: User | None, *, shared: Shared) -> Scope:
    """Return the scope of what the user may see of a team, those below it, and a person."""
    return replace(
        scope,
        visible_owner_ids=visible_owner_ids(get_access(user)) if user else None,
        team_ids=shared.teams_below(team.pk) if team else None,
        owner_id=owner.pk if owner else None,
    )


def find(name: str) -> Definition:
    """Return the definition of a figure.

    :raises FigureRefused: there is none of that name
    """
    if name not in CATALOGUE:
        raise FigureRefused(Refusal.of("unknown_figure", name=name, known=", ".join(CATALOGUE)), field="name")
    return CATALOGUE[name]


def read_shared() -> Shared:
    """Return what figures have in common, read now."""
    return Shared(get_organisation(), Zones(get_dated_zones()))


def default_period(definition: Definition, *, on: date, fiscal_start: int) -> Period:
    """Return the fiscal quarter of the day, or the 12 months up to it where a figure needs a longer look (D-50)."""
    if not definition.year_back:
        return quarter_of(on, fiscal_start=fiscal_start)
    end = date.fromordinal(on.toordinal() + 1)
    first = add_months(end, -MONTHS_BACK)
    start = date(first.year, first.month, min(end.day, _last_day(first)))
    return Period(f"{start}/{on}", start, end)


def _last_day(first_of_month: date) -> int:
    return (add_months(first_of_month, 1) - first_of_month).days


def make_scope(moment: Moment, period: Period, *, shared: Shared) -> Scope:
    """Return the scope of everything, seen from the moment, in the period's local days."""
    as_of, known_at = moment.as_of or moment.at, moment.known_at or moment.at
    start, end = (shared.zones.start(day.toordinal()) for day in (period.start, period.end))
    return Scope(
        as_of=as_of,
        known_at=known_at,
        start=start,
        end=end,
        first_day=period.start,
        last_day=period.end,
        today=shared.local_date(as_of),
        zone=shared.zones.zone(period.end.toordinal() - 1).key,
        currency=shared.organisation.currency,
        by_evidence=shared.organisation.evidence_qualifies,
        is_now=as_of >= moment.at and known_at >= moment.at,
    )


def _filters(
    period: Period, team: Team | None, owner: User | None, pipeline: Pipeline | None, by: str
) -> dict[str, str]:
    last = date.fromordinal(period.end.toordinal() - 1)
    chosen = {"from": str(period.start), "to": str(last)}
    chosen |= {"period": period.code} if "/" not in period.code else {}
    chosen |= {"team": str(team.pk)} if team else {}
    chosen |= {"owner": str(owner.pk)} if owner else {}
    chosen |= {"pipeline": pipeline.code} if pipeline else {}
    return chosen | ({"by": by} if by else {})


def _envelope(
    definition: Definition, row: Row, scope: Scope, filters: dict[str, str], labels: dict[str, str]
) -> Envelope:
    group = "/".join(key for key in (row.group, row.part) if key)
    words = [labels.get(row.group, row.group) if row.group else "", row.part_label or row.part]
    return Envelope(
        name=definition.slug,
        figure=row.figure,
        as_of=scope.as_of,
        known_at=scope.known_at,
        filters=filters | ({"part": row.part} if row.part else {}),
        definition_version=definition.version,
        records_url=records_url(definition, scope, filters, group) if _has_records(row.figure) else "",
        group=group,
        group_label=" · ".join(word for word in words if word),
    )


def _has_records(figure: Figure) -> bool:
    return bool(figure.ids or figure.excluded or any(figure.cells.values()))


def records_url(definition: Definition, scope: Scope, filters: dict[str, str], group: str) -> str:
    """Return the address of the list of records behind a row, as of the same moment.

    It names the question and not the ids, which may be thousands. `&cell=` leads on to those behind another number of
    the row, `&excluded=` to those left out.
    """
    asked = {key: value for key, value in filters.items() if key not in ("part", "period")}
    moment = {} if scope.is_now else {"as_of": scope.as_of.isoformat(), "known_at": scope.known_at.isoformat()}
    return f"/reports/figures/{definition.slug}/records/?{urlencode({**asked, **moment, 'group': group})}"


def group_labels(by: str, groups: list[str]) -> dict[str, str]:
    """Return the names of groups that are ids or codes of records; people by their name as it is now."""
    keys = [int(group) for group in groups if group.isdecimal()]
    if by == "owner":
        people = User.objects.filter(pk__in=keys).values_list("pk", "name", "email")
        return {str(pk): name or email for pk, name, email in people}
    if by == "team":
        return {str(pk): name for pk, name in Team.objects.filter(pk__in=keys).values_list("pk", "name")}
    if by == "rule":
        return get_rule_names()
    return dict(CODED[by].objects.values_list("code", "name")) if by in CODED else {}
