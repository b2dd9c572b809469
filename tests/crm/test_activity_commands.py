"""Logging, completing and moving activities (C-5, D-25, D-36)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crm import registries
from crm.commands.activities import (
    ActivityRefused,
    archive_activity,
    complete_activity,
    edit_activity,
    log_activity,
    move_meeting,
)
from crm.lib.errors import NotPermitted, StaleRecord
from crm.models import Activity
from tests.factories.crm import (
    AccountFactory,
    ActivityFactory,
    ContactFactory,
    TeamFactory,
    UserFactory,
)

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TOMORROW = AT + timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def rep():
    return UserFactory(rep=True)


@pytest.fixture
def told() -> Iterator[list[dict[str, Any]]]:
    """Collect what the apps above are told."""
    calls: list[dict[str, Any]] = []
    registries.activity_logged.register("test", lambda **told: calls.append(told))
    yield calls
    registries.activity_logged._entries.pop("test")


def history(activity: Activity) -> list[str]:
    return list(activity.meeting_changes.order_by("pk").values_list("event", flat=True))


class TestLogging:
    def test_a_call_belongs_to_contact_and_account_with_the_level_of_then(self, rep, told):
        contact = ContactFactory(seniority="vp")
        call = log_activity(
            kind="call", subject=" Budget ", outcome="conversation", occurred_at=AT, done=True, contact_id=contact.pk,
            owner_id=rep.pk, by=rep, at=AT, context={"elsewhere": 7},
        )  # fmt: skip
        call.refresh_from_db()
        assert (call.account, call.contact, call.contact_level, call.subject) == (
            contact.account,
            contact,
            "vp",
            "Budget",
        )
        assert (call.done_at, call.is_conversation, call.is_customer_action) == (AT, True, False)
        assert told == [{"activity_id": call.pk, "context": {"elsewhere": 7}, "by": rep, "at": AT}]

    def test_what_the_customer_did_is_a_customer_action(self, rep):
        email = log_activity(
            kind="email", direction="inbound", occurred_at=AT, done=True, owner_id=rep.pk, by=rep, at=AT
        )
        assert email.is_customer_action

    def test_a_planned_meeting_starts_its_history(self, rep):
        meeting = log_activity(kind="meeting", occurred_at=TOMORROW, done=False, owner_id=rep.pk, by=rep, at=AT)
        assert (meeting.done_at, history(meeting)) == (None, ["scheduled"])

    def test_a_meeting_logged_afterwards_was_held(self, rep):
        meeting = log_activity(
            kind="meeting", outcome="held", occurred_at=AT, done=True, owner_id=rep.pk, by=rep, at=AT
        )
        assert (meeting.is_customer_action, history(meeting)) == (True, ["held"])

    def test_people_take_part(self, rep):
        guest, colleague = ContactFactory(seniority="owner"), UserFactory()
        meeting = log_activity(
            kind="meeting", occurred_at=TOMORROW, done=False, owner_id=rep.pk, by=rep, at=AT,
            participant_contact_ids=[guest.pk], participant_user_ids=[colleague.pk],
        )  # fmt: skip
        assert set(meeting.participants.values_list("contact_id", "contact_level", "user_id")) == {
            (guest.pk, "owner", None),
            (None, "", colleague.pk),
        }

    def test_what_contradicts_itself_is_refused_and_nobody_is_told(self, rep, told):
        with pytest.raises(ActivityRefused):
            log_activity(kind="call", outcome="held", occurred_at=AT, done=True, owner_id=rep.pk, by=rep, at=AT)
        assert (Activity.objects.count(), told) == (0, [])

    def test_nobody_logs_in_a_strangers_name(self, rep):
        stranger = UserFactory(rep=True)
        with pytest.raises(NotPermitted):
            log_activity(kind="note", occurred_at=AT, done=True, owner_id=stranger.pk, by=rep, at=AT)

    def test_a_contributor_logs_nothing(self):
        contributor = UserFactory(contributor=True)
        with pytest.raises(NotPermitted):
            log_activity(kind="note", occurred_at=AT, done=True, owner_id=contributor.pk, by=contributor, at=AT)


class TestCompleting:
    def test_a_meeting_held_is_a_customer_action_and_the_apps_above_hear_of_it(self, rep, told):
        meeting = log_activity(
            kind="demo", occurred_at=AT - timedelta(hours=1), done=False, owner_id=rep.pk, by=rep, at=AT
        )
        complete_activity(activity_id=meeting.pk, outcome="held", note="They liked it.", by=rep, at=AT, seen_version=1)
        meeting.refresh_from_db()
        assert (meeting.done_at, meeting.outcome, meeting.note, meeting.is_customer_action) == (
            AT,
            "held",
            "They liked it.",
            True,
        )
        assert history(meeting) == ["scheduled", "held"]
        assert told[-1] == {"activity_id": meeting.pk, "context": {}, "by": rep, "at": AT}

    def test_a_no_show_is_none(self, rep):
        meeting = ActivityFactory(meeting=True, owner=rep)
        complete_activity(activity_id=meeting.pk, outcome="no_show", by=rep, at=AT)
        meeting.refresh_from_db()
        assert (meeting.is_customer_action, history(meeting)) == (False, ["no_show"])

    def test_twice_is_once(self, rep):
        meeting = ActivityFactory(meeting=True, owner=rep)
        for _ in range(2):
            complete_activity(activity_id=meeting.pk, outcome="held", by=rep, at=AT)
        meeting.refresh_from_db()
        assert (meeting.version, history(meeting)) == (2, ["held"])

    def test_another_outcome_afterwards_is_refused(self, rep):
        meeting = ActivityFactory(held=True, owner=rep)
        with pytest.raises(ActivityRefused):
            complete_activity(activity_id=meeting.pk, outcome="no_show", by=rep, at=AT)
        meeting.refresh_from_db()
        assert meeting.outcome == "held"

    def test_what_was_changed_meanwhile_is_noticed(self, rep):
        task = ActivityFactory(kind="task", owner=rep, version=2)
        with pytest.raises(StaleRecord):
            complete_activity(activity_id=task.pk, by=rep, at=AT, seen_version=1)

    def test_owner_manager_and_administrator_complete_the_others_do_not(self):
        team = TeamFactory()
        owner = UserFactory(rep=True, team=team)
        for user in (UserFactory(rep=True, team=team), UserFactory(marketing=True)):
            with pytest.raises(NotPermitted):
                complete_activity(activity_id=ActivityFactory(kind="task", owner=owner).pk, by=user, at=AT)
        for user in (owner, UserFactory(manages=team), UserFactory(admin=True)):
            complete_activity(activity_id=ActivityFactory(kind="task", owner=owner).pk, by=user, at=AT)
        assert Activity.objects.filter(done_at=AT).count() == 3


class TestMoving:
    def test_a_reschedule_is_the_same_meeting_with_history(self, rep, told):
        meeting = log_activity(kind="meeting", occurred_at=TOMORROW, done=False, owner_id=rep.pk, by=rep, at=AT)
        later = TOMORROW + timedelta(days=7)
        for _ in range(2):
            move_meeting(activity_id=meeting.pk, to=later, by_customer=True, by=rep, at=AT)
        meeting.refresh_from_db()
        assert (Activity.objects.count(), meeting.occurred_at, history(meeting)) == (1, later, ["scheduled", "moved"])
        assert meeting.meeting_changes.get(event="moved").by_customer
        assert len(told) == 2

    def test_what_is_done_stays_where_it_was(self, rep):
        meeting = ActivityFactory(held=True, owner=rep)
        with pytest.raises(ActivityRefused):
            move_meeting(activity_id=meeting.pk, to=TOMORROW, by=rep, at=AT)

    def test_a_meeting_taken_back_was_cancelled(self, rep):
        meeting = ActivityFactory(meeting=True, owner=rep)
        for _ in range(2):
            archive_activity(activity_id=meeting.pk, by=rep, at=AT)
        meeting.refresh_from_db()
        assert (meeting.archived_at, history(meeting)) == (AT, ["cancelled"])


class TestEditing:
    def test_the_words_change_and_what_they_mean(self, rep):
        email = ActivityFactory(kind="email", owner=rep)
        edit_activity(activity_id=email.pk, changes={"subject": "Re: offer", "direction": "inbound"}, by=rep, at=AT)
        email.refresh_from_db()
        assert (email.subject, email.is_customer_action, email.version) == ("Re: offer", True, 2)

    def test_the_outcome_has_a_command_of_its_own(self, rep):
        with pytest.raises(ActivityRefused):
            edit_activity(activity_id=ActivityFactory(owner=rep).pk, changes={"outcome": "held"}, by=rep, at=AT)

    def test_the_account_can_be_named_later(self, rep):
        note, account = ActivityFactory(owner=rep), AccountFactory()
        edit_activity(activity_id=note.pk, changes={"account_id": account.pk}, by=rep, at=AT)
        note.refresh_from_db()
        assert note.account == account
