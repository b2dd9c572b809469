"""The weekly note: once a week, frozen, read by marketing and sales (S-11)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from reports.models import WeeklyNote
from reports.tasks import write_weekly_note
from scoring.commands.events import record_events
from scoring.commands.handoffs import reject_lead
from scoring.models import Lead
from tests.factories.crm import UserFactory
from tests.factories.scoring import LeadFactory, sent
from tests.scoring.examples import DEMO, PRICING, WEBINAR
from tests.testing import element, signed_in

pytestmark = pytest.mark.django_db
WEDNESDAY = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
MONDAY = datetime(2026, 3, 9, 0, 5, tzinfo=UTC)


def crossed(at: datetime) -> Lead:
    """Make a lead that crossed then."""
    lead = LeadFactory(created_at=at, recorded_at=at)
    record_events(events=[sent(lead, kind, at) for kind in (DEMO, WEBINAR, PRICING)], by=None, at=at)
    return lead


def run(day: str, at: datetime) -> None:
    """Run the job of a day."""
    write_weekly_note(period=day, at=at)


def test_a_week_has_one_note_and_its_numbers_stay(django_assert_num_queries: Any) -> None:
    rep = UserFactory(rep=True)
    reject_lead(lead_id=crossed(WEDNESDAY).pk, reason_code="wrong_fit", by=rep, at=WEDNESDAY + timedelta(hours=1))
    for day in ("2026-03-08", "2026-03-09", "2026-03-10"):
        run(day, MONDAY)
    note = WeeklyNote.objects.get()
    assert (note.week, note.content["leads"][0]["value"]) == (date(2026, 3, 2), "1")

    crossed(WEDNESDAY + timedelta(hours=2))  # learnt of later
    run("2026-03-09", MONDAY + timedelta(days=3))
    assert WeeklyNote.objects.get().content == note.content
    run("2026-03-16", MONDAY + timedelta(days=7))
    assert WeeklyNote.objects.count() == 2

    for reader in (rep, UserFactory(marketing=True)):
        page = signed_in(reader).get(f"/reports/leads/week/{note.pk}/")
        assert "Not a fit" in str(element(page, "reasons"))
    client = signed_in(rep)
    client.get("/reports/leads/week/")
    with django_assert_num_queries(7):
        client.get(f"/reports/leads/week/{note.pk}/")


def test_a_note_that_was_not_written_is_not_there() -> None:
    assert signed_in(UserFactory(rep=True)).get("/reports/leads/week/999/").status_code == 404


def test_before_the_first_note_the_page_says_when_it_comes() -> None:
    assert "every Monday" in signed_in(UserFactory(rep=True)).get("/reports/leads/week/").content.decode()
