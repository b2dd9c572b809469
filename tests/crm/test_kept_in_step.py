"""What must hold whatever order people act in: the tree, teams in use, customer periods, who may still be changed."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from crm.commands.accounts import create_account, edit_account
from crm.commands.activities import (
    ActivityRefused,
    archive_activity,
    complete_activity,
    edit_activity,
    log_activity,
    move_meeting,
)
from crm.commands.grants import GrantRefused, archive_team, create_team, edit_team, grant_role, set_team
from crm.commands.organisation import edit_organisation
from crm.commands.people import deactivate_user
from crm.commands.sources import code_of
from crm.lib.errors import NotPermitted, StaleRecord
from crm.models import Activity, CustomerPeriod, OrganisationTimeZone, RoleGrant, TeamMembership, User
from crm.queries.access import get_access
from crm.queries.audit import get_record_audit
from crm.queries.people import memberships_now
from tests.factories.crm import (
    AccountFactory,
    ActivityFactory,
    ContactFactory,
    TeamFactory,
    TeamMembershipFactory,
    UserFactory,
)

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return UserFactory(admin=True)


@pytest.fixture
def rep():
    return UserFactory(rep=True)


class TestTeams:
    def test_an_archived_team_takes_nobody_in(self, admin):
        person, team = UserFactory(rep=True), TeamFactory()
        archive_team(team_id=team.pk, by=admin, at=AT)
        for command in (
            lambda: set_team(user_id=person.pk, team_id=team.pk, by=admin, at=AT),
            lambda: grant_role(user_id=person.pk, role="manager", team_id=team.pk, by=admin, at=AT),
            lambda: create_team(name="Below", parent_id=team.pk, by=admin, at=AT),
            lambda: edit_team(team_id=TeamFactory().pk, changes={"parent_id": team.pk}, by=admin, at=AT),
        ):
            with pytest.raises(GrantRefused) as refused:
                command()
            assert refused.value.refusals[0].code == "team_gone"
        assert (TeamMembership.objects.count(), RoleGrant.objects.filter(role="manager").count()) == (0, 0)

    def test_an_edit_meets_somebody_elses_in_the_same_field_only(self, admin):
        team = TeamFactory(name="Baltics")
        edit_team(team_id=team.pk, changes={"name": "North"}, seen={"name": "Baltics"}, by=admin, at=AT)
        with pytest.raises(StaleRecord):
            edit_team(team_id=team.pk, changes={"name": "South"}, seen={"name": "Baltics"}, by=admin, at=AT)
        team.refresh_from_db()
        assert (team.name, team.version) == ("North", 2)

    def test_who_leaves_never_begins_in_the_team_they_were_to_join(self, admin, rep):
        person = UserFactory(rep=True)
        set_team(user_id=person.pk, team_id=TeamFactory().pk, from_on=TODAY + timedelta(days=9), by=admin, at=AT)
        deactivate_user(user_id=person.pk, reassign_to_id=rep.pk, by=admin, at=AT)
        membership = TeamMembership.objects.get(user=person)
        assert membership.until_on == membership.from_on

    def test_the_day_is_the_organisations_whatever_zone_the_reader_is_in(self):
        """These two zones never share a day: who is in the team must not hang on who asks."""
        far_ahead = timezone.now().astimezone(ZoneInfo("Pacific/Kiritimati")).date()
        person = UserFactory(rep=True)
        TeamMembershipFactory(user=person, from_on=far_ahead)
        for zone, is_member in (("Pacific/Kiritimati", True), ("Pacific/Pago_Pago", False)):
            OrganisationTimeZone.objects.update(zone=zone)
            with timezone.override("Pacific/Pago_Pago" if is_member else "Pacific/Kiritimati"):
                access = get_access(User.objects.get(pk=person.pk))
                assert (access.own_team_id is not None, memberships_now().exists()) == (is_member, is_member)


class TestCustomerPeriods:
    def periods(self):
        return list(CustomerPeriod.objects.order_by("from_on").values_list("from_on", "until_on"))

    def test_a_start_that_reaches_back_over_an_earlier_period_swallows_it(self, rep):
        account = create_account(name="Gedris", customer_since=date(2020, 1, 1), owner_id=rep.pk, by=rep, at=AT)
        edit = {"account_id": account.pk, "by": rep, "at": AT}
        edit_account(changes={"churned_on": date(2021, 1, 1)}, **edit)
        edit_account(changes={"customer_since": date(2023, 5, 1), "churned_on": None}, **edit)
        assert self.periods() == [(date(2020, 1, 1), date(2021, 1, 1)), (date(2023, 5, 1), None)]
        edit_account(changes={"customer_since": date(2020, 1, 1)}, **edit)
        assert self.periods() == [(date(2020, 1, 1), None)]


class TestActivities:
    def test_what_was_taken_back_stays_as_it_is(self, rep):
        meeting = ActivityFactory(meeting=True, owner=rep, occurred_at=AT)
        archive_activity(activity_id=meeting.pk, by=rep, at=AT)
        for command in (
            lambda: complete_activity(activity_id=meeting.pk, outcome="held", by=rep, at=AT),
            lambda: move_meeting(activity_id=meeting.pk, to=AT + timedelta(days=1), by=rep, at=AT),
            lambda: edit_activity(activity_id=meeting.pk, changes={"subject": "New"}, by=rep, at=AT),
        ):
            with pytest.raises(ActivityRefused):
                command()
        assert list(meeting.meeting_changes.values_list("event", flat=True)) == ["cancelled"]

    def test_an_edit_keeps_to_the_closed_lists_and_to_whom_one_works_with(self, rep):
        call = ActivityFactory(call=True, owner=rep)
        for changes in ({"direction": "sideways"}, {"approach": "charm"}):
            with pytest.raises(ActivityRefused):
                edit_activity(activity_id=call.pk, changes=changes, by=rep, at=AT)
        with pytest.raises(NotPermitted):
            edit_activity(activity_id=call.pk, changes={"owner_id": UserFactory(rep=True).pk}, by=rep, at=AT)
        call.refresh_from_db()
        assert (call.version, call.owner) == (1, rep)

    def test_another_contact_brings_their_level_of_now(self, rep):
        call = ActivityFactory(call=True, owner=rep, contact=ContactFactory(seniority="vp"))
        boss = ContactFactory(seniority="owner")
        edit_activity(activity_id=call.pk, changes={"contact_id": boss.pk}, by=rep, at=AT)
        assert Activity.objects.get().contact_level == "owner"

    def test_the_audit_begins_with_what_was_logged(self, rep):
        call = log_activity(
            kind="call", subject="Budget", outcome="conversation", occurred_at=AT, done=True, owner_id=rep.pk, by=rep,
            at=AT,
        )  # fmt: skip
        edit_activity(activity_id=call.pk, changes={"subject": "Price"}, by=rep, at=AT)
        newest, first = get_record_audit(Activity, call.pk)
        assert (first.action, {change.field: change.new for change in first.changes}["subject"]) == ("insert", "Budget")
        assert [(c.field, c.old, c.new, c.known_before) for c in newest.changes] == [
            ("subject", "Budget", "Price", True)
        ]


def test_an_account_below_itself_is_refused_through_the_chain(rep):
    top, middle = AccountFactory(owner=rep), AccountFactory(owner=rep)
    edit_account(account_id=middle.pk, changes={"parent_id": top.pk}, by=rep, at=AT)
    with pytest.raises(Exception, match="parent_is_below"):
        edit_account(account_id=top.pk, changes={"parent_id": middle.pk}, by=rep, at=AT)


def test_the_zone_is_one_of_the_organisations_settings(admin):
    edit_organisation(changes={"zone": "Asia/Tokyo", "name": "Brightwater"}, by=admin, at=AT)
    assert OrganisationTimeZone.objects.order_by("-valid_from").first().zone == "Asia/Tokyo"


def test_a_name_without_a_latin_letter_has_the_same_code_in_every_process():
    assert code_of("Сайт") == "source-b4541abdae"
    assert code_of("Вебинар") != code_of("Сайт")
