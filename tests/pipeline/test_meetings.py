"""What was learned at a meeting: with it or after it, section by section (LT-050, FI-011)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from crm.commands.activities import ActivityRefused
from crm.lib.errors import NotPermitted, StaleRecord
from crm.models import Activity
from pipeline.commands.meetings import MeetingRefused, log_meeting, write_meeting_record
from pipeline.events import EventKind
from pipeline.models import MeetingRecord, Opportunity, OpportunityEvent
from pipeline.policies.meetings import clean_sections, filled, meeting_refusals, section_refusals
from tests.factories.crm import ActivityFactory, ContactFactory, TeamFactory, UserFactory
from tests.factories.pipeline import OpportunityActivityFactory, OpportunityFactory
from tests.testing import assert_same_after_reload, htmx_get, htmx_post, signed_in, text

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
PANEL_QUERIES = 6
pytestmark = pytest.mark.django_db


@pytest.fixture
def deal(rep: Any) -> Opportunity:
    return OpportunityFactory(owner=rep)


def met(deal: Opportunity, **values: Any) -> Activity:
    """Return a meeting of the deal that was held."""
    activity = ActivityFactory(held=True, account=deal.account, owner=deal.owner, **values)
    OpportunityActivityFactory(opportunity=deal, activity=activity)
    return activity


@pytest.mark.parametrize(
    ("meeting", "refused"),
    [
        ({}, []),
        ({"kind": "demo"}, []),
        ({"outcome": ""}, []),
        ({"kind": "call"}, ["no_meeting"]),
        ({"outcome": "no_show"}, ["meeting_not_held"]),
        ({"is_archived": True}, ["meeting_not_held"]),
        ({"occurred_at": AT + timedelta(days=1)}, ["meeting_ahead"]),
    ],
    ids=str,
)
def test_of_what_something_can_be_written_down(meeting, refused):
    whole = {"kind": "meeting", "outcome": "held", "is_archived": False, "occurred_at": AT, "at": AT, **meeting}
    assert [refusal.code for refusal in meeting_refusals(**whole)] == refused


def test_sections_keep_their_lines_and_their_lengths():
    assert clean_sections({"goals": " One\r\nTwo\x00 ", "other": "x"}) == {"goals": "One\nTwo"}
    assert filled({"goals": "x", "present_state": "y", "challenges": ""}) == "present_state,goals"
    assert [refusal.code for refusal in section_refusals({"goals": "", "challenges": ""})] == ["meeting_says_nothing"]
    assert [refusal.code for refusal in section_refusals({"goals": "x" * 4001})] == ["too_long"]


class TestCommands:
    def test_it_is_written_down_after_the_meeting_and_told(self, rep, deal):
        meeting = met(deal)
        given = {"opportunity_id": deal.pk, "activity_id": meeting.pk, "by": rep}
        write_meeting_record(changes={"goals": "12% less water"}, at=AT, **given)
        write_meeting_record(changes={"challenges": "Old meters"}, at=AT, **given)
        record = MeetingRecord.objects.get()
        assert (record.goals, record.challenges, record.version, record.by) == ("12% less water", "Old meters", 2, rep)
        told = OpportunityEvent.objects.filter(kind=EventKind.MEETING_RECORD).order_by("seq")
        assert [(event.old, event.new["sections"]) for event in told] == [
            (None, "goals"),
            ({"meeting_record": record.pk, "activity": meeting.pk, "sections": "goals"}, "challenges,goals"),
        ]

    def test_the_same_again_changes_nothing(self, rep, deal):
        given = {"opportunity_id": deal.pk, "activity_id": met(deal).pk, "changes": {"goals": "x"}, "by": rep, "at": AT}
        write_meeting_record(**given)
        write_meeting_record(**given)
        assert (MeetingRecord.objects.get().version, OpportunityEvent.objects.count()) == (1, 1)

    def test_it_is_logged_with_the_meeting(self, rep, deal):
        contact = ContactFactory(account=deal.account)
        log_meeting(
            opportunity_id=deal.pk, occurred_at=AT, subject="On site", contact_id=contact.pk, goals="Less water",
            present_state="", challenges="", by=rep, at=AT,
        )  # fmt: skip
        activity = Activity.objects.get()
        assert (activity.outcome, activity.contact, activity.is_customer_action) == ("held", contact, True)
        assert MeetingRecord.objects.get(opportunity=deal, activity=activity).goals == "Less water"

    def test_a_meeting_at_which_nothing_was_said_has_no_record(self, rep, deal):
        log_meeting(opportunity_id=deal.pk, occurred_at=AT, goals=" \n", by=rep, at=AT)
        assert (Activity.objects.count(), MeetingRecord.objects.count()) == (1, 0)

    def test_a_meeting_ahead_is_refused_whole(self, rep, deal):
        with pytest.raises(ActivityRefused):
            log_meeting(opportunity_id=deal.pk, occurred_at=AT + timedelta(days=1), goals="x", by=rep, at=AT)
        with pytest.raises(MeetingRefused):
            log_meeting(opportunity_id=deal.pk, occurred_at=AT, goals="x" * 4001, by=rep, at=AT)
        assert MeetingRecord.objects.count() == 0

    def test_what_is_no_meeting_of_the_deal_is_refused(self, rep, deal):
        call = ActivityFactory(call=True)
        OpportunityActivityFactory(opportunity=deal, activity=call)
        archived = OpportunityFactory(owner=rep, archived=True)
        for deal_id, activity_id in (
            (deal.pk, call.pk),
            (deal.pk, met(OpportunityFactory(owner=rep)).pk),
            (deal.pk, 999_999_999),
            (archived.pk, met(archived).pk),
        ):
            with pytest.raises(MeetingRefused):
                write_meeting_record(
                    opportunity_id=deal_id, activity_id=activity_id, changes={"goals": "x"}, by=rep, at=AT
                )
        with pytest.raises(MeetingRefused):
            write_meeting_record(opportunity_id=deal.pk, activity_id=met(deal).pk, changes={"by_id": 1}, by=rep, at=AT)
        assert not OpportunityEvent.objects.exists()

    def test_two_edits_meet_in_the_same_section_only(self, rep, deal):
        given = {"opportunity_id": deal.pk, "activity_id": met(deal).pk, "by": rep, "at": AT}
        write_meeting_record(changes={"goals": "A"}, **given)
        write_meeting_record(changes={"challenges": "B"}, seen={"challenges": ""}, **given)
        with pytest.raises(StaleRecord):
            write_meeting_record(changes={"goals": "C"}, seen={"goals": ""}, **given)
        with pytest.raises(StaleRecord):
            write_meeting_record(changes={"goals": "C"}, seen_version=1, **given)

    def test_a_stranger_may_not(self, deal):
        with pytest.raises(NotPermitted):
            write_meeting_record(
                opportunity_id=deal.pk, activity_id=met(deal).pk, changes={"goals": "x"},
                by=UserFactory(rep=True, team=TeamFactory()), at=AT,
            )  # fmt: skip


class TestPages:
    @pytest.fixture
    def mine(self, rep) -> Client:
        return signed_in(rep)

    def test_the_panel_is_asked_for_and_equals_its_page(self, mine, deal, django_assert_num_queries):
        url = f"/deals/{deal.pk}/meetings/"
        assert f'hx-get="{url}"' in text(mine.get(f"/deals/{deal.pk}/"))
        for number in (1, 3):
            activity = met(deal, contact=ContactFactory(account=deal.account))
            MeetingRecord.objects.create(
                opportunity=deal,
                activity=activity,
                goals=f"Goal {number}",
                created_at=AT,
                recorded_at=AT,
                by=deal.owner,
            )
            mine.get(url)
            with django_assert_num_queries(PANEL_QUERIES):
                shown = htmx_get(mine, url)
            assert f"Goal {number}" in text(shown)
            assert_same_after_reload(shown, mine.get(url), "deal-meetings")

    def test_a_meeting_is_logged_from_the_deal_with_what_was_learned(self, mine, deal):
        url = f"/deals/{deal.pk}/meetings/new/"
        assert "Where they want to be" in text(htmx_get(mine, url))
        sent = {"occurred_at": "2026-11-02T10:00", "subject": "On site", "goals": "Less water\nLess cost"}
        answer = htmx_post(mine, url, sent)
        assert (answer.status_code, "record:changed" in answer["HX-Trigger"]) == (200, True)
        assert mine.post(url, sent)["Location"] == f"/deals/{deal.pk}/"
        assert set(MeetingRecord.objects.values_list("goals", flat=True)) == {"Less water\nLess cost"}
        assert "Meeting written down: Where they want to be" in text(mine.get(f"/timeline/opportunity/{deal.pk}/"))

    def test_it_is_written_down_later_by_plain_form(self, mine, deal):
        url = f"/deals/{deal.pk}/meetings/{met(deal).pk}/"
        assert mine.get(url).status_code == 200
        sent = {"goals": "Mine", "seen-present_state": "", "seen-challenges": "", "seen-goals": ""}
        assert mine.post(url, sent).status_code == 302
        answer = htmx_post(mine, url, sent | {"goals": "Later"})
        assert (answer.status_code, "Later" in text(answer), "Mine" in text(answer)) == (409, True, True)
        assert MeetingRecord.objects.get().goals == "Mine"

    @pytest.mark.parametrize(
        "sent",
        [{}, {"goals": " \n "}, {"goals": "a\x00b"}, {"goals": "x" * 4001}],
        ids=["none", "blank", "nul", "long"],
    )
    def test_odd_input_is_refused(self, mine, deal, sent):
        assert htmx_post(mine, f"/deals/{deal.pk}/meetings/{met(deal).pk}/", sent).status_code == 422
        assert not MeetingRecord.objects.exists()

    @pytest.mark.parametrize(
        "sent",
        [
            {},
            {"occurred_at": "9999-12-31T10:00"},
            {"occurred_at": "1e400"},
            {"occurred_at": "2026-11-02T10:00", "contact_id": "9" * 30},
            {"occurred_at": "2026-11-02T10:00", "subject": "x" * 301},
        ],
    )
    def test_an_odd_meeting_is_refused(self, mine, deal, sent):
        assert htmx_post(mine, f"/deals/{deal.pk}/meetings/new/", sent).status_code == 422
        tomorrow = (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
        ahead = htmx_post(mine, f"/deals/{deal.pk}/meetings/new/", {"occurred_at": tomorrow, "goals": "Kept"})
        assert (ahead.status_code, "Kept" in text(ahead)) == (422, True)
        assert not Activity.objects.exists()

    def test_a_meeting_of_another_deal_is_not_there(self, mine, rep, deal):
        other = met(OpportunityFactory(owner=rep))
        assert htmx_get(mine, f"/deals/{deal.pk}/meetings/{other.pk}/").status_code == 404
        call = ActivityFactory(call=True)
        OpportunityActivityFactory(opportunity=deal, activity=call)
        assert htmx_post(mine, f"/deals/{deal.pk}/meetings/{call.pk}/", {"goals": "x"}).status_code == 404

    def test_markup_stays_text(self, mine, deal):
        MeetingRecord.objects.create(
            opportunity=deal, activity=met(deal), goals="<script>alert(1)</script>{% load x %}", created_at=AT,
            recorded_at=AT,
        )  # fmt: skip
        page = text(mine.get(f"/deals/{deal.pk}/meetings/"))
        assert ("<script>alert(1)" in page, "{% load x %}" in page) == (False, True)
