"""The figures from the threshold to sales over what commands wrote (B18, B19, B20)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from crm.commands.activities import log_activity
from crm.lib.envelope import Figure
from crm.lib.periods import month_period, year_period
from crm.models import Campaign, Source, User
from reports.queries.figures import compute
from scoring.commands.events import record_events
from scoring.commands.giving import give_lead
from scoring.commands.handoffs import accept_lead, reject_lead
from scoring.models import Lead
from tests.factories.crm import UserFactory
from tests.factories.scoring import LeadFactory, sent
from tests.scoring.examples import DEMO, PRICING, WEBINAR

pytestmark = pytest.mark.django_db
FRIDAY = datetime(2026, 3, 6, 8, 0, tzinfo=UTC)  # 10:00 in Tallinn
YEAR = year_period(2026)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def rep() -> User:
    return UserFactory(rep=True)


def cross(lead: Lead, at: datetime) -> Lead:
    """Let a lead do what brings it 55 points."""
    record_events(events=[sent(lead, kind, at) for kind in (DEMO, WEBINAR, PRICING)], by=None, at=at)
    lead.refresh_from_db()
    return lead


def meet(lead: Lead, by: User, at: datetime, kind: str = "call") -> None:
    """Log what we did to reach a lead."""
    log_activity(kind=kind, occurred_at=at, done=True, context={"lead": lead.pk}, owner_id=by.pk, by=by, at=at)


def figures(name: str, at: datetime, **asked: Any) -> dict[str, Figure]:
    rows = compute(name, **({"user": None, "at": at, "period": YEAR} | asked))
    return {row.group: row.figure for row in rows}


def test_a_cohort_is_by_first_crossing_and_a_recycled_lead_enters_again(rep: User) -> None:
    webinar = Source.objects.create(code="webinar", name="Webinar", channel="inbound", content_type="webinar")
    leaks = Campaign.objects.create(code="leaks", name="Leaks", source=webinar, content_type="case_study")
    qualified, again, open_ = (
        cross(LeadFactory(source=webinar, campaign=leaks), FRIDAY),
        cross(LeadFactory(), FRIDAY),
        cross(LeadFactory(), FRIDAY),
    )
    accept_lead(lead_id=qualified.pk, by=rep, at=FRIDAY + HOUR)
    log_activity(
        kind="meeting",
        occurred_at=FRIDAY + 4 * DAY,
        done=False,
        owner_id=rep.pk,
        context={"lead": qualified.pk},
        by=rep,
        at=FRIDAY + DAY,
    )
    reject_lead(lead_id=again.pk, reason_code="not_now", by=rep, at=FRIDAY + HOUR)
    cross(again, FRIDAY + 65 * DAY)  # silence has taken 20 points by then, so it crosses again

    now = FRIDAY + 70 * DAY
    figure = figures("mql-to-sql", now)[""]
    counts = {name: figure.detail[name] for name in ("entered", "accepted", "qualified", "rejected", "undecided")}
    assert counts == {"entered": 4, "accepted": 1, "qualified": 1, "rejected": 1, "undecided": 1}
    assert (figure.value, figure.detail["observed"]) == (Decimal("0.333333"), Decimal("0.250000"))
    assert figure.cells["undecided"] == [again.pk]

    within = figures("mql-to-sql", now, as_of=FRIDAY + 20 * DAY)[""]
    assert (within.detail["entered"], within.cells["undecided"]) == (3, [open_.pk])
    before = figures("mql-to-sql", now, as_of=FRIDAY + HOUR / 2)[""]
    assert (before.detail["entered"], before.detail["undecided"], before.detail["qualified"]) == (3, 3, 0)

    for by, group in (("source", "webinar"), ("campaign", "leaks"), ("content_type", "case_study")):
        assert figures("mql-to-sql", now, by=by)[group].detail["qualified"] == 1
    bands = {group: each.detail["entered"] for group, each in figures("mql-to-sql", now, by="band").items()}
    assert bands == {"50-74": 4}
    assert list(figures("mql-to-sql", now, by="version")) == ["1"]
    assert figures("mql-to-sql", now, by="owner")[str(rep.pk)].n == 3

    velocity = figures("lead-velocity", now, period=month_period(date(2026, 4, 1)))[""]
    assert (velocity.value, velocity.n) == (Decimal(-1), 3)


def test_a_promise_is_kept_by_a_touch_not_by_an_answer(rep: User) -> None:
    touched, late, answered, spam, fresh = (
        cross(LeadFactory(), at) for at in (FRIDAY, FRIDAY, FRIDAY, FRIDAY, FRIDAY + 5 * HOUR)
    )
    meet(touched, rep, FRIDAY + 2 * HOUR)
    meet(late, rep, FRIDAY + 3 * DAY, kind="email")
    accept_lead(lead_id=answered.pk, by=rep, at=FRIDAY + HOUR)
    log_activity(
        kind="email", occurred_at=FRIDAY + HOUR, done=True, direction="inbound", context={"lead": answered.pk}, owner_id=rep.pk,
        by=rep, at=FRIDAY + HOUR,
    )  # fmt: skip
    reject_lead(lead_id=spam.pk, reason_code="invalid", by=rep, at=FRIDAY + HOUR)

    now = FRIDAY + 6 * HOUR  # Friday 16:00: the last one is due on Monday
    figure = figures("sla", now)[""]
    assert {name: figure.detail[name] for name in ("met", "late", "untouched", "pending")} == {
        "met": 1,
        "late": 0,
        "untouched": 2,
        "pending": 1,
    }
    assert (figure.excluded, figure.cells["pending"]) == ({"invalid": [spam.pk]}, [fresh.pk])

    monday = figures("sla", FRIDAY + 4 * DAY)[""]
    assert (monday.detail["met"], monday.cells["late"], monday.cells["untouched"]) == (
        1, [late.pk], sorted([answered.pk, fresh.pk]),
    )  # fmt: skip
    assert monday.detail["speed_to_lead"] == Decimal("37.00")  # the middle of 2 and 72 hours
    assert figures("sla", FRIDAY + 4 * DAY, by="owner")[str(rep.pk)].n == 4


def test_who_had_a_lead_before_keeps_their_clock(rep: User) -> None:
    """Given on after it ran out, it is broken by the first; before that neither kept nor broken; the next has their own."""
    in_time, too_late = (cross(LeadFactory(), FRIDAY) for _ in range(2))
    boss, heir = UserFactory(admin=True), UserFactory(rep=True)
    give_lead(lead_id=in_time.pk, owner_id=heir.pk, from_owner_id=rep.pk, by=boss, at=FRIDAY + HOUR)
    monday = FRIDAY + 3 * DAY
    give_lead(lead_id=too_late.pk, owner_id=heir.pk, from_owner_id=rep.pk, by=boss, at=monday)
    meet(in_time, heir, FRIDAY + 2 * HOUR)
    meet(too_late, heir, monday + HOUR)

    before = figures("sla", monday - HOUR)[""]
    assert (before.detail["untouched"], before.detail["met"], before.excluded) == (1, 1, {"given_on": [in_time.pk]})
    by_owner = figures("sla", monday + DAY, by="owner")
    first, second = by_owner[str(rep.pk)], by_owner[str(heir.pk)]
    assert (first.cells["untouched"], first.excluded, first.detail["speed_to_lead"]) == (
        [too_late.pk], {"given_on": [in_time.pk]}, None,
    )  # fmt: skip
    assert (second.detail["met"], second.value, second.detail["speed_to_lead"]) == (2, 1, Decimal("37.50"))


def test_leads_are_told_by_what_brought_them(rep: User) -> None:
    fair = Source.objects.create(code="fair", name="Fair", channel="outbound", content_type="conference")
    LeadFactory(source=fair, channel="outbound", created_at=FRIDAY, recorded_at=FRIDAY)
    for by, group in (("source", "fair"), ("channel", "outbound"), ("content_type", "conference")):
        assert figures("leads", FRIDAY + DAY, by=by)[group].n == 1
