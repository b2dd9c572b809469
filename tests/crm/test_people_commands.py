"""People, roles, teams, tokens and the organisation through their commands (C-1, D-42, D-49)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from crm import registries
from crm.commands.grants import (
    GrantRefused,
    archive_team,
    create_team,
    edit_team,
    grant_role,
    revoke_role,
    set_team,
)
from crm.commands.invitations import send_invitation
from crm.commands.organisation import (
    OrganisationRefused,
    edit_organisation,
    set_time_zone,
    switch_feature,
)
from crm.commands.people import (
    PersonRefused,
    deactivate_user,
    edit_profile,
    invite_user,
    make_first_administrator,
    reactivate_user,
    share_password,
)
from crm.commands.tokens import TokenRefused, create_token, revoke_token
from crm.enums import Role
from crm.lib.errors import NotPermitted, StaleRecord
from crm.models import ApiToken, Job, RoleGrant, Team, TeamMembership, User
from crm.queries.access import get_access
from crm.queries.organisation import (
    get_local_date,
    get_organisation,
    get_switched_off,
    get_zone,
)
from crm.queries.tokens import digest_of
from tests.factories.crm import (
    PASSWORD,
    AccountFactory,
    ActivityFactory,
    ContactFactory,
    RoleGrantFactory,
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


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


class TestInviting:
    def test_the_first_administrator_comes_without_invitation_and_only_once(self):
        admin = make_first_administrator(email="Anna@Example.com", password=PASSWORD, at=AT)
        assert (admin.email, admin.name, get_access(fresh(admin)).is_admin) == ("anna@example.com", "Anna", True)
        assert fresh(admin).check_password(PASSWORD)
        with pytest.raises(PersonRefused):
            make_first_administrator(email="b@example.com", password=PASSWORD, at=AT)
        assert User.objects.count() == 1

    def test_a_weak_password_makes_nobody(self):
        with pytest.raises(PersonRefused) as refused:
            make_first_administrator(email="a@example.com", password="12345", at=AT)
        assert refused.value.field == "password"
        assert not User.objects.exists()

    def test_an_invited_person_has_roles_a_team_and_a_mail_on_its_way(self, admin):
        team = TeamFactory()
        user = invite_user(
            email="Rasa@Example.com", name="Rasa J", roles=["rep", "manager"], team_id=team.pk,
            base_url="https://crm.example.com/", by=admin, at=AT,
        )  # fmt: skip
        access = get_access(fresh(user))
        assert (user.email, access.roles, access.managed_team_ids) == (
            "rasa@example.com",
            {Role.REP, Role.MANAGER},
            {team.pk},
        )
        assert not user.has_usable_password()
        job = Job.objects.get(task="crm.send_invitation")
        send_invitation(**job.kwargs)
        assert mail.outbox[0].to == ["rasa@example.com"]
        assert "https://crm.example.com/auth/password/reset/key/" in mail.outbox[0].body

    def test_an_email_is_one_person_whatever_its_case(self, admin):
        UserFactory(email="rasa@example.com")
        with pytest.raises(PersonRefused) as refused:
            invite_user(email="RASA@example.com", name="R", by=admin, at=AT)
        assert refused.value.field == "email"
        assert User.objects.count() == 2

    @pytest.mark.parametrize("trait", ["rep", "marketing", "contributor"])
    def test_only_an_administrator_invites(self, trait):
        with pytest.raises(NotPermitted):
            invite_user(email="x@example.com", name="X", roles=["admin"], by=UserFactory(**{trait: True}), at=AT)
        assert User.objects.count() == 1

    def test_a_manager_cannot_make_anybody_administrator(self):
        manager = UserFactory(manages=TeamFactory())
        with pytest.raises(NotPermitted):
            grant_role(user_id=manager.pk, role=Role.ADMIN, by=manager, at=AT)
        assert not get_access(fresh(manager)).is_admin


class TestRoles:
    def test_granting_twice_is_once_and_revoking_takes_it(self, admin):
        user = UserFactory()
        for _ in range(2):
            grant_role(user_id=user.pk, role=Role.REP, by=admin, at=AT)
        assert get_access(fresh(user)).roles == {Role.REP}
        assert revoke_role(user_id=user.pk, role=Role.REP, by=admin, at=AT)
        assert not revoke_role(user_id=user.pk, role=Role.REP, by=admin, at=AT)
        assert get_access(fresh(user)).roles == set()
        assert RoleGrant.objects.get(user=user).revoked_by == admin

    def test_a_team_has_one_manager(self, admin):
        team = TeamFactory()
        UserFactory(manages=team)
        with pytest.raises(GrantRefused) as refused:
            grant_role(user_id=UserFactory().pk, role=Role.MANAGER, team_id=team.pk, by=admin, at=AT)
        assert refused.value.refusals[0].code == "team_has_manager"

    def test_the_last_administrator_stays(self, admin):
        with pytest.raises(GrantRefused):
            revoke_role(user_id=admin.pk, role=Role.ADMIN, by=admin, at=AT)
        UserFactory(admin=True)
        assert revoke_role(user_id=admin.pk, role=Role.ADMIN, by=admin, at=AT)

    def test_a_manager_reaches_the_teams_below(self, admin):
        top = TeamFactory()
        below = TeamFactory(parent=TeamFactory(parent=top))
        rep = UserFactory(rep=True, team=below)
        manager = UserFactory(manages=top)
        assert get_access(manager).manages(rep.pk)
        assert not get_access(UserFactory(manages=TeamFactory())).manages(rep.pk)


class TestTeams:
    def test_a_move_is_dated_and_the_past_stays(self, admin):
        first, second = TeamFactory(), TeamFactory()
        user = UserFactory(team=first)
        for _ in range(2):
            set_team(user_id=user.pk, team_id=second.pk, by=admin, at=AT)
        rows = TeamMembership.objects.filter(user=user).order_by("from_on").values_list("team", "from_on", "until_on")
        assert list(rows) == [(first.pk, date(2026, 1, 1), TODAY), (second.pk, TODAY, None)]

    def test_two_moves_on_one_day_keep_the_last(self, admin):
        user = UserFactory()
        teams = [TeamFactory(), TeamFactory()]
        for team in teams:
            set_team(user_id=user.pk, team_id=team.pk, by=admin, at=AT)
        assert TeamMembership.objects.get(user=user).team == teams[1]

    def test_leaving_every_team(self, admin):
        user = UserFactory(team=TeamFactory())
        assert set_team(user_id=user.pk, team_id=None, by=admin, at=AT) is None
        assert TeamMembership.objects.get(user=user).until_on == TODAY

    def test_a_move_before_a_later_one_is_refused(self, admin):
        user = UserFactory()
        TeamMembershipFactory(user=user, from_on=TODAY + timedelta(days=5))
        with pytest.raises(GrantRefused):
            set_team(user_id=user.pk, team_id=TeamFactory().pk, by=admin, at=AT)

    def test_a_team_cannot_hang_below_itself(self, admin):
        top = create_team(name="Sales", by=admin, at=AT)
        below = create_team(name="Baltics", parent_id=top.pk, by=admin, at=AT)
        with pytest.raises(GrantRefused):
            edit_team(team_id=top.pk, changes={"parent_id": below.pk}, by=admin, at=AT)
        edit_team(team_id=below.pk, changes={"name": "Nordics", "parent_id": None}, by=admin, at=AT)
        assert Team.objects.filter(name="Nordics", parent=None).exists()

    def test_names_are_taken_once_and_teams_in_use_stay(self, admin):
        team = create_team(name="Sales", by=admin, at=AT)
        with pytest.raises(GrantRefused):
            create_team(name="Sales", by=admin, at=AT)
        user = UserFactory(team=team)
        with pytest.raises(GrantRefused):
            archive_team(team_id=team.pk, by=admin, at=AT)
        set_team(user_id=user.pk, team_id=None, by=admin, at=AT)
        assert archive_team(team_id=team.pk, by=admin, at=AT).archived_at == AT


class TestLeaving:
    @pytest.fixture
    def moved(self) -> Iterator[list[dict[str, Any]]]:
        calls: list[dict[str, Any]] = []
        registries.owner_changes.register("test", lambda **told: calls.append(told) or 3)
        yield calls
        registries.owner_changes._entries.pop("test")

    def test_everything_open_has_a_new_owner_in_the_same_step(self, admin, moved):
        leaver, heir = UserFactory(rep=True, team=TeamFactory()), UserFactory(rep=True)
        account, contact = AccountFactory(owner=leaver), ContactFactory(owner=leaver)
        archived = AccountFactory(owner=leaver, archived=True)
        planned, done = ActivityFactory(meeting=True, owner=leaver), ActivityFactory(held=True, owner=leaver)
        token, _ = create_token(name="Script", scopes=["read"], by=leaver, at=AT)
        counts = deactivate_user(user_id=leaver.pk, reassign_to_id=heir.pk, by=admin, at=AT)
        assert {name: counts[name] for name in ("accounts", "contacts", "activities", "test")} == {
            "accounts": 1, "contacts": 1, "activities": 1, "test": 3,
        }  # fmt: skip
        for record, owner in ((account, heir), (contact, heir), (planned, heir), (done, leaver), (archived, leaver)):
            record.refresh_from_db()
            assert record.owner == owner
        assert moved == [{"from_user_id": leaver.pk, "to_user_id": heir.pk, "by": admin, "at": AT}]
        left = fresh(leaver)
        assert (left.is_active, left.deactivated_at, get_access(left).roles) == (False, AT, frozenset())
        assert TeamMembership.objects.get(user=leaver).until_on == TODAY
        assert ApiToken.objects.get(pk=token.pk).revoked_at == AT
        assert deactivate_user(user_id=leaver.pk, reassign_to_id=heir.pk, by=admin, at=AT) == {}

    @pytest.mark.parametrize("trait", ["contributor", "nobody", "self"])
    def test_who_cannot_hold_records_takes_none_over(self, admin, trait):
        leaver = UserFactory(rep=True)
        heir = leaver if trait == "self" else UserFactory(**({"contributor": True} if trait == "contributor" else {}))
        account = AccountFactory(owner=leaver)
        with pytest.raises(PersonRefused):
            deactivate_user(user_id=leaver.pk, reassign_to_id=heir.pk, by=admin, at=AT)
        account.refresh_from_db()
        assert (account.owner, fresh(leaver).is_active) == (leaver, True)

    def test_nobody_lets_themselves_go_nor_the_last_administrator(self, admin):
        heir = UserFactory(rep=True)
        with pytest.raises(PersonRefused):
            deactivate_user(user_id=admin.pk, reassign_to_id=heir.pk, by=admin, at=AT)
        with pytest.raises(PersonRefused):
            deactivate_user(user_id=admin.pk, reassign_to_id=heir.pk, by=None, at=AT)

    def test_coming_back_gives_no_role(self, admin):
        leaver = UserFactory(rep=True)
        deactivate_user(user_id=leaver.pk, reassign_to_id=UserFactory(rep=True).pk, by=admin, at=AT)
        reactivate_user(user_id=leaver.pk, by=admin, at=AT)
        assert (fresh(leaver).is_active, get_access(fresh(leaver)).roles) == (True, frozenset())


class TestProfile:
    def test_people_change_their_own(self):
        user = UserFactory()
        edit_profile(
            user_id=user.pk, changes={"theme": "dark", "name": " Rasa "}, seen={"theme": "system"}, by=user, at=AT
        )
        assert (fresh(user).theme, fresh(user).name, fresh(user).version) == ("dark", "Rasa", 2)
        with pytest.raises(StaleRecord):
            edit_profile(user_id=user.pk, changes={"theme": "light"}, seen={"theme": "system"}, by=user, at=AT)

    def test_not_anybody_elses(self, admin):
        user = UserFactory()
        with pytest.raises(NotPermitted):
            edit_profile(user_id=user.pk, changes={"name": "X"}, by=UserFactory(rep=True), at=AT)
        edit_profile(user_id=user.pk, changes={"name": "X"}, by=admin, at=AT)
        assert fresh(user).name == "X"

    def test_a_password_is_checked(self, admin):
        user = UserFactory()
        with pytest.raises(PersonRefused):
            share_password(password="password", by=admin, at=AT)
        with pytest.raises(NotPermitted):
            share_password(password="another horse battery", by=user, at=AT)
        share_password(password="another horse battery", by=admin, at=AT)
        assert all(fresh(each).check_password("another horse battery") for each in (admin, user))


class TestTokens:
    def test_only_the_digest_is_kept(self):
        rep = UserFactory(rep=True)
        token, secret = create_token(name="Script", scopes=["write", "read", "read"], by=rep, at=AT)
        kept = ApiToken.objects.get(pk=token.pk)
        assert (kept.scopes, kept.digest) == (["read", "write"], digest_of(secret))
        assert len(secret) > 40

    @pytest.mark.parametrize(
        ("trait", "values", "refusal"),
        [
            ("rep", {"scopes": ["admin"]}, NotPermitted),
            ("contributor", {}, NotPermitted),
            ("rep", {"scopes": []}, TokenRefused),
            ("rep", {"scopes": ["everything"]}, TokenRefused),
            ("rep", {"name": " "}, TokenRefused),
            ("rep", {"expires_at": AT}, TokenRefused),
        ],
    )
    def test_what_is_refused_makes_none(self, trait, values, refusal):
        user = UserFactory(**{trait: True})
        with pytest.raises(refusal):
            create_token(**{"name": "Script", "scopes": ["read"], **values}, by=user, at=AT)
        assert not ApiToken.objects.exists()

    def test_revoking_is_for_its_owner(self):
        owner = UserFactory(rep=True)
        token, _ = create_token(name="Script", scopes=["read"], by=owner, at=AT)
        with pytest.raises(NotPermitted):
            revoke_token(token_id=token.pk, by=UserFactory(rep=True), at=AT)
        for _ in range(2):
            assert revoke_token(token_id=token.pk, by=owner, at=AT).revoked_at == AT


class TestOrganisation:
    def test_settings_change_in_one_row(self, admin):
        edit_organisation(
            changes={"name": "Hansa", "fiscal_year_start_month": 4, "working_days": [2, 1, 1]}, by=admin, at=AT
        )
        now = get_organisation()
        assert (now.name, now.fiscal_year_start_month, now.working_days, now.version) == ("Hansa", 4, [1, 2], 2)

    def test_what_is_impossible_changes_nothing(self, admin):
        before = get_organisation().name
        with pytest.raises(OrganisationRefused):
            edit_organisation(changes={"name": "Hansa", "currency": "ZZZ"}, by=admin, at=AT)
        assert get_organisation().name == before
        with pytest.raises(NotPermitted):
            edit_organisation(changes={"name": "Hansa"}, by=UserFactory(rep=True), at=AT)

    def test_another_zone_counts_from_its_day(self, admin):
        set_time_zone(zone="Europe/Vilnius", from_on=date(2026, 6, 1), by=admin, at=AT)
        set_time_zone(zone="America/New_York", from_on=date(2026, 11, 1), by=admin, at=AT)
        zones = [get_zone(day).key for day in (date(2026, 5, 31), date(2026, 6, 1), date(2026, 11, 1))]
        assert zones[1:] == ["Europe/Vilnius", "America/New_York"]
        late = datetime(2026, 7, 1, 23, 0, tzinfo=ZoneInfo("UTC"))
        assert get_local_date(late) == date(2026, 7, 2)
        with pytest.raises(OrganisationRefused):
            set_time_zone(zone="Mars/Base", by=admin, at=AT)

    def test_a_module_is_switched_off_and_on(self, admin):
        switch_feature(module="qbr", is_on=False, by=admin, at=AT)
        assert get_switched_off() == {"qbr"}
        switch_feature(module="qbr", is_on=True, by=admin, at=AT)
        assert get_switched_off() == frozenset()


def test_a_grant_of_somebody_who_left_counts_no_more():
    user = UserFactory(is_active=False)
    RoleGrantFactory(user=user, role=Role.ADMIN)
    assert get_access(user).roles == frozenset()
