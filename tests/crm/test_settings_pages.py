"""Own settings, the organisation's, people and teams, and Django's admin."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from crm.models import ApiToken, Organisation, RoleGrant, User
from crm.queries.organisation import get_organisation
from tests.factories.crm import (
    AccountFactory,
    TeamFactory,
    UserFactory,
)
from tests.testing import element, htmx_get, htmx_post, text

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db
PEOPLE_QUERIES = 7


class TestSettings:
    def test_people_keep_their_own(self, client, rep):
        client.post(
            reverse("crm:settings_save"),
            {"name": "Liis", "locale": "en", "time_zone": "Europe/Tallinn", "theme": "dark"},
        )
        rep.refresh_from_db()
        assert (rep.name, rep.time_zone, rep.theme, rep.uses_shortcuts) == ("Liis", "Europe/Tallinn", "dark", False)

    def test_what_is_wrong_is_said(self, client, rep):
        answer = client.post(
            reverse("crm:settings_save"), {"name": "", "locale": "en", "time_zone": "Mars/Base", "theme": "dark"}
        )
        assert (answer.status_code, "error-summary" in text(answer)) == (422, True)

    def test_a_token_is_shown_once(self, client, rep):
        made = text(client.post(reverse("crm:token_create"), {"name": "Script", "scopes": ["read"]}))
        assert "sp_" in made
        listed = text(client.get(reverse("crm:tokens")))
        assert ("Script" in listed, "sp_" in listed) == (True, False)
        client.post(reverse("crm:token_revoke", args=[ApiToken.objects.get().pk]))
        assert ApiToken.objects.get().revoked_at

    def test_a_rep_gets_no_administrators_token(self, client, rep):
        client.post(reverse("crm:token_create"), {"name": "Script", "scopes": ["admin"]})
        assert not ApiToken.objects.exists()

    def test_the_organisation(self, client, admin):
        data = {
            "name": "Hansa",
            "currency": "SEK",
            "fiscal_year_start_month": 4,
            "zone": "Europe/Stockholm",
            "language": "en",
            "working_days": [1, 2],
        }
        client.post(reverse("crm:organisation_save"), data)
        now = Organisation.objects.get()
        assert (now.name, now.currency, now.fiscal_year_start_month, now.working_days) == ("Hansa", "SEK", 4, [1, 2])
        assert client.post(reverse("crm:organisation_save"), {**data, "working_days": []}).status_code == 422


class TestPeople:
    def test_inviting_and_granting(self, client, admin):
        team = TeamFactory()
        answer = client.post(
            reverse("crm:person_invited"),
            {"name": "Rasa", "email": "rasa@example.com", "roles": ["rep"], "team_id": team.pk},
        )
        user = User.objects.get(email="rasa@example.com")
        assert answer["Location"] == reverse("crm:person", args=[user.pk])
        client.post(reverse("crm:role_granted", args=[user.pk]), {"role": "manager", "team_id": team.pk})
        client.post(reverse("crm:role_revoked", args=[user.pk]), {"role": "rep"})
        assert list(RoleGrant.objects.filter(user=user, revoked_at=None).values_list("role", "team")) == [
            ("manager", team.pk)
        ]
        assert "Rasa" in text(client.get(reverse("crm:people")))

    def test_an_email_in_use_is_said(self, client, admin):
        answer = htmx_post(
            client, reverse("crm:person_invited"), {"name": "A", "email": admin.email.upper(), "roles": ["rep"]}
        )
        assert (answer.status_code, User.objects.count()) == (422, 1)
        assert "Another record has this already" in text(answer)

    def test_leaving_hands_over(self, client, admin):
        leaver, heir = UserFactory(rep=True), UserFactory(rep=True)
        account = AccountFactory(owner=leaver)
        client.post(reverse("crm:person_left", args=[leaver.pk]), {"reassign_to_id": heir.pk})
        account.refresh_from_db()
        leaver.refresh_from_db()
        assert (account.owner, leaver.is_active) == (heir, False)
        client.post(reverse("crm:person_returned", args=[leaver.pk]))
        leaver.refresh_from_db()
        assert leaver.is_active

    def test_somebody_who_left_is_out_at_once(self, client, admin):
        leaver = UserFactory(rep=True)
        session = client.__class__()
        session.force_login(leaver)
        assert session.get(reverse("crm:account_list")).status_code == 200
        client.post(reverse("crm:person_left", args=[leaver.pk]), {"reassign_to_id": UserFactory(rep=True).pk})
        assert session.get(reverse("crm:account_list")).status_code == 302

    def test_teams(self, client, admin):
        client.post(reverse("crm:team_created"), {"name": "Sales"})
        client.post(reverse("crm:team_created"), {"name": "Sales"})
        page = client.get(reverse("crm:people"))
        team = page.context["teams"][0]
        assert (team.name, len(page.context["teams"])) == ("Sales", 1)
        client.post(reverse("crm:team_edited", args=[team.pk]), {"name": "Field sales"})
        assert "Field sales" in text(client.get(reverse("crm:team_edit", args=[team.pk])))
        client.post(reverse("crm:team_archived", args=[team.pk]))
        assert not client.get(reverse("crm:people")).context["teams"]

    def test_queries_do_not_grow(self, client, admin, django_assert_num_queries):
        for _ in range(2):
            UserFactory(rep=True, team=TeamFactory())
            client.get(reverse("crm:people"))
            with django_assert_num_queries(PEOPLE_QUERIES):
                client.get(reverse("crm:people"))

    def test_the_sheet_is_the_page(self, client, admin):
        url = reverse("crm:person_invite")
        assert element(htmx_get(client, url), "invite-form") == element(client.get(url), "invite-form")


class TestAdmin:
    def test_administrators_look_and_cannot_touch(self, client, admin):
        account = AccountFactory(name="Gedris Steel")
        assert "Gedris Steel" in text(client.get(reverse("admin:crm_account_changelist")))
        page = client.get(reverse("admin:crm_account_change", args=[account.pk]))
        assert (page.status_code, 'name="_save"' in text(page)) == (200, False)
        assert client.post(reverse("admin:crm_account_change", args=[account.pk]), {"name": "X"}).status_code == 403
        assert client.get(reverse("admin:crm_account_add")).status_code == 403
        assert client.post(reverse("admin:crm_account_delete", args=[account.pk]), {"post": "yes"}).status_code == 403

    def test_secrets_stay_out(self, client, admin):
        assert admin.password not in text(client.get(reverse("admin:crm_user_change", args=[admin.pk])))

    def test_the_rest_is_sent_away(self, client, rep):
        assert client.get(reverse("admin:crm_account_changelist")).status_code == 302


class TestTwoEditsAtOnce:
    """A form carries what it showed: two people meet only in the field both changed (D-9)."""

    def sent(self, client, url, **changes):
        """Return what the browser would send of the page's form, with some fields changed."""
        form = client.get(url).context
        data = {}
        for part in (form["form"], form["seen"]):
            for field in part:
                value = field.value()
                if value not in (None, False):
                    data[field.html_name] = value
        return data | changes

    def test_the_organisation(self, client):
        client.force_login(UserFactory(admin=True))
        url, save = reverse("crm:organisation"), reverse("crm:organisation_save")
        mine = self.sent(client, url, name="Brightwater", working_days=["1", "2", "3"])
        theirs = self.sent(client, url, fiscal_year_start_month="4")
        assert client.post(save, theirs).status_code == 302
        assert client.post(save, mine).status_code == 302
        organisation = get_organisation()
        kept = (organisation.name, organisation.fiscal_year_start_month, organisation.working_days)
        assert kept == ("Brightwater", 4, [1, 2, 3])
        answer = client.post(save, self.sent(client, url) | {"name": "Later", "seen-name": "What it was"})
        assert (answer.status_code, get_organisation().name) == (409, "Brightwater")
        again = answer.context["form"].data | {"seen-name": answer.context["seen"]["name"].value()}
        assert "Somebody changed this" in answer.content.decode()
        assert (client.post(save, again).status_code, get_organisation().name) == (302, "Later")

    def test_a_profile(self, client):
        person = UserFactory(rep=True, theme="light")
        client.force_login(person)
        mine = self.sent(client, reverse("crm:settings"), name="Kai")
        client.post(reverse("crm:theme_set"), {"theme": "dark"})
        assert client.post(reverse("crm:settings_save"), mine).status_code == 302
        person.refresh_from_db()
        assert (person.name, person.theme, person.uses_shortcuts) == ("Kai", "dark", True)
