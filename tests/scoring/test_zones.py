"""Local days where the organisation moved: decay and caps run in the zone that was in force (D-1, D-26)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from scoring.policies.score import replay
from scoring.policies.zones import Zones
from tests.scoring.examples import DAY_0, DEMO, MODEL, PRICING, event
from tests.scoring.oracle import local_date

NAMES = ("UTC", "Europe/Tallinn", "America/New_York", "Asia/Tokyo", "Pacific/Kiritimati")
MOVED_ON = date(2026, 4, 12)
DATED = [(date(2020, 1, 1), ZoneInfo("Europe/Tallinn")), (MOVED_ON, ZoneInfo("America/New_York"))]


@given(
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=3),
    st.integers(-3_000, 3_000),
    st.lists(st.integers(1, 40), min_size=2, max_size=2),
)
def test_a_day_is_the_last_that_has_begun(names: list[str], hours: int, gaps: list[int]) -> None:
    firsts = [MOVED_ON, *(MOVED_ON + timedelta(days=sum(gaps[: n + 1])) for n in range(2))]
    dated = [(first, ZoneInfo(name)) for first, name in zip(firsts, names, strict=False)]
    at = datetime(2026, 4, 12, tzinfo=UTC) + timedelta(hours=hours)
    zones = Zones(dated)
    assert zones.day(at) == local_date(at, dated).toordinal()
    assert zones.start(zones.day(at)) <= at < zones.start(zones.day(at) + 1)


def test_silence_is_counted_in_the_zone_in_force_on_each_day() -> None:
    """Day 42 of the table begins in New York, since the organisation moved there on that day."""
    moments = [event(12, DEMO, 1)]
    there = datetime(2026, 4, 13, 4, 0, tzinfo=UTC)  # 00:00 of 13 April in New York, 30 days after 14 March
    zones = Zones([DATED[0], (MOVED_ON, DATED[1][1])])
    scores = [
        replay([*moments], model=MODEL, zones=zones, as_of=at).score
        for at in (there - timedelta(days=1, seconds=1), there - timedelta(days=1), there)
    ]
    assert DAY_0.date() + timedelta(days=42) == date(2026, 4, 13)
    assert scores == [25, 25, 15]


def test_a_cap_counts_by_the_days_of_then() -> None:
    """A fourth view comes 30 days after the first in Tallinn, 29 in New York; the zone of now says nothing about it."""
    moments = [event(0, PRICING, 1), event(1, PRICING, 2), event(2, PRICING, 3), event(29.65, PRICING, 4)]
    last = moments[-1].at  # 31 March 22:36 UTC: 1 April in Tallinn, still March in New York
    in_tallinn, in_new_york = (Zones.always(zone) for _, zone in DATED)
    earlier = Zones([(date(2020, 1, 1), DATED[0][1]), (date(2026, 5, 1), DATED[1][1])])
    scores = [
        replay(moments, model=MODEL, zones=zones, as_of=last).score for zones in (in_tallinn, in_new_york, earlier)
    ]
    assert scores == [40, 30, 40]
