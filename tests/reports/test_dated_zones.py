"""Periods and bare dates where the organisation moved to another time zone (D-1, D-46)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from crm.lib.moments import BadMoment
from crm.lib.periods import parse_period
from crm.models import OrganisationTimeZone
from crm.queries.organisation import read_local_moment
from reports.queries.figures import Moment, make_scope, read_shared

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
# The first of April begins nine hours before it does in UTC.
MOVED = datetime(2026, 3, 31, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def moves_to_tokyo() -> None:
    OrganisationTimeZone.objects.update(zone="UTC")
    OrganisationTimeZone.objects.create(zone="Asia/Tokyo", valid_from=date(2026, 4, 1))


@pytest.mark.parametrize(
    ("period", "start", "end", "zone"),
    [
        ("2025Q4", datetime(2025, 10, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC), "UTC"),
        ("2026Q1", datetime(2026, 1, 1, tzinfo=UTC), MOVED, "UTC"),
        ("2026Q2", MOVED, datetime(2026, 6, 30, 15, tzinfo=UTC), "Asia/Tokyo"),
    ],
)
def test_a_past_period_has_the_bounds_it_had(period: str, start: datetime, end: datetime, zone: str) -> None:
    scope = make_scope(Moment(NOW), parse_period(period), shared=read_shared())
    assert (scope.start, scope.end, scope.zone) == (start, end, zone)


def test_today_is_the_day_of_the_moment_that_is_asked_about() -> None:
    asked = [datetime(2026, 3, 30, 20, tzinfo=UTC), datetime(2026, 5, 30, 20, tzinfo=UTC)]
    scopes = [make_scope(Moment(NOW, as_of), parse_period("2026Q2"), shared=read_shared()) for as_of in asked]
    assert [scope.today for scope in scopes] == [date(2026, 3, 30), date(2026, 5, 31)]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-02-28", datetime(2026, 3, 1, tzinfo=UTC) - timedelta(microseconds=1)),
        ("2026-05-31", datetime(2026, 5, 31, 15, tzinfo=UTC) - timedelta(microseconds=1)),
        ("2026-02-28T09:00", datetime(2026, 2, 28, 9, tzinfo=UTC)),
        ("2026-05-31T09:00", datetime(2026, 5, 31, tzinfo=UTC)),
        ("2026-05-31T09:00Z", datetime(2026, 5, 31, 9, tzinfo=UTC)),
    ],
)
def test_a_bare_date_ends_in_the_zone_of_that_day(text: str, moment: datetime) -> None:
    assert read_local_moment(text) == moment


@pytest.mark.parametrize("text", ["", "soon", "2026-13-01", "2026-02-30", "9999-12-31T99:00"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(BadMoment):
        read_local_moment(text)
