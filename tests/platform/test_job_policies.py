"""When a job may run, and which periods are due."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crm.enums import JobState
from crm.policies.jobs import JobFacts, is_worn_out, may_take, missed_periods, period_of, retry_after

NOW = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def facts(**changes):
    values = {"state": JobState.RUNNING, "not_before": NOW, "attempts": 1, "lease_until": NOW + SECOND, "is_held": True}
    return JobFacts(**values | changes)


@pytest.mark.parametrize(
    ("job", "expected"),
    [
        pytest.param(facts(state=JobState.QUEUED), True, id="due"),
        pytest.param(facts(state=JobState.QUEUED, not_before=NOW + SECOND), False, id="not yet due"),
        pytest.param(facts(), False, id="another worker is at it"),
        pytest.param(facts(is_held=False), True, id="its worker is gone"),
        pytest.param(facts(lease_until=NOW), True, id="its worker is too late"),
        pytest.param(facts(state=JobState.DONE), False, id="done"),
        pytest.param(facts(state=JobState.QUARANTINED), False, id="in quarantine"),
    ],
)
def test_who_may_take_a_job(job, expected):
    assert may_take(job, now=NOW) is expected


def test_the_third_attempt_is_the_last():
    assert [retry_after(attempts) for attempts in (1, 2, 3)] == [timedelta(seconds=10), timedelta(seconds=60), None]
    assert [is_worn_out(facts(attempts=attempts)) for attempts in (2, 3)] == [False, True]


@pytest.mark.parametrize(
    ("every", "zone", "expected"),
    [
        ("local_day", "UTC", "2026-03-29"),
        ("local_day", "Pacific/Kiritimati", "2026-03-29"),
        ("local_day", "America/New_York", "2026-03-28"),
        (timedelta(minutes=5), "UTC", "2026-03-29T01:00:00Z"),
        (timedelta(minutes=7), "Europe/Berlin", "2026-03-29T00:55:00Z"),
        (timedelta(days=1), "Australia/Lord_Howe", "2026-03-29T00:00:00Z"),
    ],
)
def test_the_period_of_a_moment(every, zone, expected):
    assert period_of(every, at=NOW, zone=ZoneInfo(zone)) == expected


@pytest.mark.parametrize(
    ("every", "latest", "current", "expected"),
    [
        pytest.param("local_day", None, "2026-03-29", ["2026-03-29"], id="the first time"),
        pytest.param("local_day", "2026-03-29", "2026-03-29", [], id="done"),
        pytest.param("local_day", "2028-02-28", "2028-03-01", ["2028-02-29", "2028-03-01"], id="leap day"),
        pytest.param("local_day", "2026-03-30", "2026-03-29", [], id="the clock went back"),
        pytest.param(
            timedelta(minutes=5),
            "2026-03-29T00:50:00Z",
            "2026-03-29T01:00:00Z",
            ["2026-03-29T00:55:00Z", "2026-03-29T01:00:00Z"],
            id="two intervals",
        ),
    ],
)
def test_missed_periods_are_named_in_order(every, latest, current, expected):
    assert missed_periods(every, latest=latest, current=current) == expected


def test_after_years_only_the_newest_days_are_caught_up():
    periods = missed_periods("local_day", latest="2020-01-01", current="2026-03-29")
    assert (len(periods), periods[-1]) == (400, "2026-03-29")
