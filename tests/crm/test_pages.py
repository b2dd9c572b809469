"""The pages of accounts, people, activities and settings, by htmx and as plain forms."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.models import Account, Activity, ApiToken, Contact, Organisation, RoleGrant, User
from tests.factories.crm import (
    AccountFactory,
    ActivityFactory,
    ContactFactory,
    TeamFactory,
    UserFactory,
)
from tests.testing import assert_same_after_reload, element, htmx_get, htmx_post

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def rep(client):
    user = UserFactory(rep=True, team=TeamFactory())
    client.force_login(user)
    return user


@pytest.fixture
def admin(client):
    user = UserFactory(admin=True)
    client.force_login(user)
    return user


def text(response) -> str:
    return response.content.decode()


class TestAccountList:
    @pytest.fixture
    def url(self):
        return reverse("crm:account_list")

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({}, ["Aare", "Gedris Šteel", "Väina"]),
            ({"q": "steel"}, ["Gedris Šteel"]),
            ({"q": "gedrs"}, ["Gedris Šteel"]),
            ({"q": "VAINA"}, ["Väina"]),
            ({"q": "aare.ee"}, ["Aare"]),
            ({"q": "%"}, []),
            ({"owner": "me"}, ["Väina"]),
            ({"owner": "none"}, ["Aare", "Gedris Šteel"]),
            ({"kind": "customer"}, ["Gedris Šteel"]),
            ({"kind": "nonsense"}, ["Aare", "Gedris Šteel", "Väina"]),
            ({"country": "ee"}, ["Aare", "Väina"]),
            ({"archived": "1"}, ["Old"]),
            ({"sort": "-name"}, ["Väina", "Gedris Šteel", "Aare"]),
            ({"sort": "employees"}, ["Gedris Šteel", "Aare", "Väina"]),
            ({"sort": "drop table"}, ["Aare", "Gedris Šteel", "Väina"]),
            ({"page": "x", "owner": "9" * 40}, ["Aare", "Gedris Šteel", "Väina"]),
        ],
    )
    def test_the_address_is_the_state(self, client, rep, url, query, found):
        AccountFactory(name="Väina", owner=rep, country="EE")
        AccountFactory(name="Gedris Šteel", kind="customer", employee_count=10)
        AccountFactory(name="Aare", domain="aare.ee", country="EE", employee_count=20)
        AccountFactory(name="Old", archived=True)
        AccountFactory(name="Gone", merged_into=AccountFactory(name="Kept", archived=True, kind="partner", country="LV"))
        listed = [account.name for account in client.get(url, query).context["found"].rows]
        assert [name for name in listed if name != "Kept"] == found

    def test_the_fragment_equals_the_page(self, client, rep, url):
        AccountFactory(name="Väina")
        answer = htmx_get(client, url, target="account-table", q="vaina")
        assert_same_after_reload(answer, client.get(url, {"q": "vaina"}), "account-table")

    def test_rows_follow_as_they_are_scrolled(self, client, rep, url):
        for number in range(41):
            AccountFactory(name=f"Account {number:03}")
        assert 'id="more"' in text(client.get(url))
        more = htmx_get(client, url, target="more", page=2)
        assert ("Account 040" in text(more), "Account 039" in text(more), 'id="more"' in text(more)) == (True, False, False)

    def test_an_empty_list_says_what_to_do(self, client, rep, url):
        assert "No accounts yet" in text(client.get(url))
        assert "Clear filters" in text(client.get(url, {"q": "nobody"}))

    def test_queries_do_not_grow(self, client, rep, url, django_assert_num_queries):
        for rows in (1, 3):
            account = AccountFactory(owner=UserFactory(rep=True))
            ContactFactory(account=account)
            client.get(url)
            with django_assert_num_queries(LIST_QUERIES):
                assert len(client.get(url).context["found"].rows) == (1 if rows == 1 else 2)


class TestAccountPage:
    def test_it_shows_facts_people_plans_and_timeline(self, client, rep):
        account = AccountFactory(name="Gedris", owner=rep, industry="Steel")
        ContactFactory(account=account, first_name="Tomas", last_name="Žukas", seniority="owner")
        ActivityFactory(meeting=True, account=account, owner=rep, subject="Walk the site")
        page = text(client.get(reverse("crm:account_detail", args=[account.pk])))
        assert all(words in page for words in ("Gedris", "Steel", "Tomas Žukas", "Walk the site"))

    def test_a_merged_account_leads_to_the_kept_one(self, client, rep):
        kept = AccountFactory()
        lost = AccountFactory(merged_into=kept)
        answer = client.get(reverse("crm:account_detail", args=[lost.pk]))
        assert (answer.status_code, answer["Location"]) == (301, reverse("crm:account_detail", args=[kept.pk]))

    def test_queries_do_not_grow(self, client, rep, django_assert_num_queries):
        account = AccountFactory(owner=rep)
        url = reverse("crm:account_detail", args=[account.pk])
        for _ in range(2):
            ContactFactory(account=account)
            ActivityFactory(call=True, account=account, owner=rep)
            ActivityFactory(meeting=True, account=account, owner=rep)
            client.get(url)
            with django_assert_num_queries(DETAIL_QUERIES):
                client.get(url)

    @pytest.mark.parametrize("by_htmx", [True, False])
    def test_a_new_account_opens(self, client, rep, by_htmx):
        send = htmx_post if by_htmx else client.post
        answer = send(client, reverse("crm:account_create"), {"name": "Gedris", "kind": "prospect", "owner_id": rep.pk}) if by_htmx else send(reverse("crm:account_create"), {"name": "Gedris", "kind": "prospect", "owner_id": rep.pk})
        account = Account.objects.get()
        where = answer["HX-Redirect"] if by_htmx else answer["Location"]
        assert (account.owner, where) == (rep, reverse("crm:account_detail", args=[account.pk]))

    def test_a_refused_account_keeps_what_was_typed(self, client, rep):
        AccountFactory(domain="gedris.lt")
        answer = htmx_post(client, reverse("crm:account_create"), {"name": "Gedris", "kind": "prospect", "domain": "www.gedris.lt"})
        assert (answer.status_code, Account.objects.count()) == (422, 1)
        assert "Another record has this already" in text(answer)
        assert "www.gedris.lt" in text(answer)

    def test_archiving_takes_it_out_of_the_list(self, client, rep):
        account = AccountFactory(owner=rep)
        client.post(reverse("crm:account_archive", args=[account.pk]))
        account.refresh_from_db()
        assert account.archived_at
        client.post(reverse("crm:account_restore", args=[account.pk]))
        account.refresh_from_db()
        assert account.archived_at is None


class TestEditingInPlace:
    @pytest.fixture
    def account(self, rep):
        return AccountFactory(owner=rep, city="Kaunas")

    def save(self, client, account, field, **data):
        return htmx_post(client, reverse("crm:account_field_save", args=[account.pk, field]), data)

    def test_the_field_comes_with_what_was_seen(self, client, account):
        form = text(htmx_get(client, reverse("crm:account_field", args=[account.pk, "city"])))
        assert 'name="city" value="Kaunas"' in form
        assert 'name="seen-city" value="Kaunas"' in form

    def test_saving_shows_the_new_value_as_the_page_does(self, client, account):
        answer = self.save(client, account, "city", **{"city": "Riga", "seen-city": "Kaunas"})
        page = client.get(reverse("crm:account_detail", args=[account.pk]))
        assert_same_after_reload(answer, page, "fact-city")
        account.refresh_from_db()
        assert (account.city, account.version) == ("Riga", 2)

    def test_somebody_elses_value_is_shown_and_the_typed_one_kept(self, client, account):
        Account.objects.update(city="Vilnius")
        answer = self.save(client, account, "city", **{"city": "Riga", "seen-city": "Kaunas"})
        assert answer.status_code == 409
        assert ("Vilnius" in text(answer), 'value="Riga"' in text(answer)) == (True, True)
        account.refresh_from_db()
        assert account.city == "Vilnius"
        assert self.save(client, account, "city", **{"city": "Riga", "seen-city": "Vilnius"}).status_code == 200

    def test_another_persons_other_field_is_no_conflict(self, client, account):
        Account.objects.update(industry="Steel", version=2)
        assert self.save(client, account, "city", **{"city": "Riga", "seen-city": "Kaunas"}).status_code == 200

    @pytest.mark.parametrize(
        ("field", "typed", "stored"),
        [
            ("annual_revenue", "1.2M", "1200000.00 EUR"),
            ("annual_revenue", "USD 48 000", "48000.00 USD"),
            ("employee_count", "640", 640),
            ("technologies", "SAP, Oracle", ["SAP", "Oracle"]),
            ("country", "lt", "LT"),
            ("customer_since", "2026-01-31", "2026-01-31"),
            ("owner_id", "", None),
        ],
    )
    def test_every_kind_of_field_is_understood(self, client, account, field, typed, stored):
        assert self.save(client, account, field, **{field: typed}).status_code == 200
        account.refresh_from_db()
        value = getattr(account, field)
        if field == "annual_revenue":
            value = f"{value.amount} {value.currency}"
        assert (value.isoformat() if hasattr(value, "isoformat") else value) == stored

    @pytest.mark.parametrize(
        ("field", "typed"),
        [("annual_revenue", "lots"), ("annual_revenue", "1e400"), ("employee_count", "-1"), ("domain", "no domain"), ("name", ""), ("customer_since", "31/01/2026"), ("parent_id", "Nobody Ltd"), ("owner_id", "999999")],
    )
    def test_what_is_wrong_says_so_and_changes_nothing(self, client, account, field, typed):
        answer = self.save(client, account, field, **{field: typed})
        assert (answer.status_code, 'class="error"' in text(answer)) == (422, True)
        account.refresh_from_db()
        assert account.version == 1

    def test_it_works_as_a_plain_form(self, client, account):
        page = client.get(reverse("crm:account_field", args=[account.pk, "city"]))
        assert "<html" in text(page)
        answer = client.post(reverse("crm:account_field_save", args=[account.pk, "city"]), {"city": "Riga"})
        assert (answer.status_code, answer["Location"]) == (302, reverse("crm:account_detail", args=[account.pk]))

    def test_only_known_fields(self, client, account):
        assert client.get(reverse("crm:account_field", args=[account.pk, "version"])).status_code == 404

    def test_a_parent_is_named_by_its_choice(self, client, account):
        parent = AccountFactory(name="Holding")
        self.save(client, account, "parent_id", parent_id=f"Holding (#{parent.pk})")
        account.refresh_from_db()
        assert account.parent == parent
        assert f"Holding (#{parent.pk})" in text(client.get(reverse("crm:account_choices"), {"parent_id": "hold"}))


class TestContacts:
    def test_the_list_searches_and_filters(self, client, rep):
        contact = ContactFactory(first_name="Tomas", last_name="Žukas", email="tz@gedris.lt", seniority="vp")
        ContactFactory(first_name="Rasa", last_name="Other")
        for query in ({"q": "zukas"}, {"q": "tomas zuk"}, {"q": "tz@gedris"}, {"seniority": "vp"}, {"account": contact.account_id}):
            assert [row.pk for row in client.get(reverse("crm:contact_list"), query).context["found"].rows] == [contact.pk]

    def test_the_fragment_equals_the_page(self, client, rep):
        ContactFactory()
        url = reverse("crm:contact_list")
        assert_same_after_reload(htmx_get(client, url, target="contact-table"), client.get(url), "contact-table")

    def test_a_new_contact_of_an_account(self, client, rep):
        account = AccountFactory(name="Gedris", country="LT")
        form = text(client.get(reverse("crm:contact_new"), {"account": account.pk}))
        assert f"Gedris (#{account.pk})" in form
        answer = client.post(reverse("crm:contact_create"), {"last_name": "Žukas", "job_title": "CFO", "phone": "8 612 34567", "account_id": f"Gedris (#{account.pk})"})
        contact = Contact.objects.get()
        assert answer["Location"] == reverse("crm:contact_detail", args=[contact.pk])
        assert (contact.account, contact.seniority, contact.phone) == (account, "c_level", "+37061234567")

    def test_queries_of_list_and_page_do_not_grow(self, client, rep, django_assert_num_queries):
        for _ in range(2):
            contact = ContactFactory(owner=rep)
            ActivityFactory(call=True, contact=contact, owner=rep)
            for url, count in ((reverse("crm:contact_list"), CONTACT_LIST_QUERIES), (reverse("crm:contact_detail", args=[contact.pk]), CONTACT_QUERIES)):
                client.get(url)
                with django_assert_num_queries(count):
                    client.get(url)

    def test_merged_leads_on_and_archived_comes_back(self, client, rep):
        kept = ContactFactory(owner=rep)
        lost = ContactFactory(merged_into=kept)
        assert client.get(reverse("crm:contact_detail", args=[lost.pk])).status_code == 301
        client.post(reverse("crm:contact_archive", args=[kept.pk]))
        kept.refresh_from_db()
        assert kept.archived_at


class TestLogging:
    def test_one_key_logs_a_call_on_what_is_open(self, client, rep):
        contact = ContactFactory()
        form = htmx_get(client, reverse("crm:activity_new"), contact=contact.pk)
        assert 'value="call" selected' in text(form)
        when = timezone.localtime(timezone.now() - timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M")
        answer = htmx_post(
            client, reverse("crm:activity_log"),
            {"kind": "call", "contact_id": contact.pk, "account_id": f"(#{contact.account_id})", "outcome": "conversation", "occurred_at": when},
        )  # fmt: skip
        activity = Activity.objects.get()
        assert (activity.contact, activity.account, activity.owner, activity.outcome) == (contact, contact.account, rep, "conversation")
        assert (answer.status_code, "activity:logged" in answer["HX-Trigger"], "Call logged" in text(answer)) == (200, True, True)

    def test_a_plain_form_goes_back_to_where_it_came_from(self, client, rep):
        account = AccountFactory()
        here = reverse("crm:account_detail", args=[account.pk])
        answer = client.post(reverse("crm:activity_log"), {"kind": "note", "subject": "x", "account_id": f"(#{account.pk})", "next": here})
        assert (answer.status_code, answer["Location"]) == (302, here)
        foreign = client.post(reverse("crm:activity_log"), {"kind": "note", "subject": "x", "next": "https://evil.example/"})
        assert foreign["Location"] == "/"

    def test_what_contradicts_itself_keeps_the_form(self, client, rep):
        answer = htmx_post(client, reverse("crm:activity_log"), {"kind": "call", "outcome": "held", "note": "They said"})
        assert (answer.status_code, Activity.objects.count()) == (422, 0)
        assert "They said" in text(answer)

    @pytest.mark.parametrize("name", ["account", "contact", "opportunity", "lead"])
    def test_a_record_that_is_not_there_is_404(self, client, rep, name):
        assert client.get(reverse("crm:activity_new"), {name: "999999"}).status_code == 404
        assert client.post(reverse("crm:activity_log"), {"kind": "note", name: "999999"}).status_code == 404
        assert not Activity.objects.exists()

    def test_a_meeting_is_completed_moved_and_taken_back(self, client, rep):
        meeting = ActivityFactory(meeting=True, owner=rep, account=AccountFactory())
        assert "How did it go" in text(htmx_get(client, reverse("crm:activity_complete", args=[meeting.pk])))
        move = reverse("crm:activity_moved", args=[meeting.pk])
        assert htmx_post(client, move, {"to": "2026-10-01T10:00", "version": 1}).status_code == 200
        stale = htmx_post(client, reverse("crm:activity_completed", args=[meeting.pk]), {"outcome": "held", "version": 1})
        assert stale.status_code == 409
        assert htmx_post(client, reverse("crm:activity_completed", args=[meeting.pk]), {"outcome": "held", "version": 2}).status_code == 200
        meeting.refresh_from_db()
        assert (meeting.outcome, list(meeting.meeting_changes.values_list("event", flat=True))) == ("held", ["moved", "held"])
        other = ActivityFactory(meeting=True, owner=rep)
        client.post(reverse("crm:activity_archived", args=[other.pk]))
        other.refresh_from_db()
        assert other.archived_at

    def test_people_of_the_chosen_account_are_offered(self, client, rep):
        contact = ContactFactory(last_name="Žukas")
        answer = text(client.get(reverse("crm:activity_contacts"), {"account_id": f"(#{contact.account_id})"}))
        assert "Žukas" in answer


class TestSettings:
    def test_people_keep_their_own(self, client, rep):
        client.post(reverse("crm:settings_save"), {"name": "Liis", "locale": "en", "time_zone": "Europe/Tallinn", "theme": "dark"})
        rep.refresh_from_db()
        assert (rep.name, rep.time_zone, rep.theme, rep.uses_shortcuts) == ("Liis", "Europe/Tallinn", "dark", False)

    def test_what_is_wrong_is_said(self, client, rep):
        answer = client.post(reverse("crm:settings_save"), {"name": "", "locale": "en", "time_zone": "Mars/Base", "theme": "dark"})
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
        data = {"name": "Hansa", "currency": "SEK", "fiscal_year_start_month": 4, "zone": "Europe/Stockholm", "language": "en", "working_days": [1, 2]}
        client.post(reverse("crm:organisation_save"), data)
        now = Organisation.objects.get()
        assert (now.name, now.currency, now.fiscal_year_start_month, now.working_days) == ("Hansa", "SEK", 4, [1, 2])
        assert client.post(reverse("crm:organisation_save"), {**data, "working_days": []}).status_code == 422


class TestPeople:
    def test_inviting_and_granting(self, client, admin):
        team = TeamFactory()
        answer = client.post(reverse("crm:person_invited"), {"name": "Rasa", "email": "rasa@example.com", "roles": ["rep"], "team_id": team.pk})
        user = User.objects.get(email="rasa@example.com")
        assert answer["Location"] == reverse("crm:person", args=[user.pk])
        client.post(reverse("crm:role_granted", args=[user.pk]), {"role": "manager", "team_id": team.pk})
        client.post(reverse("crm:role_revoked", args=[user.pk]), {"role": "rep"})
        assert list(RoleGrant.objects.filter(user=user, revoked_at=None).values_list("role", "team")) == [("manager", team.pk)]
        assert "Rasa" in text(client.get(reverse("crm:people")))

    def test_an_email_in_use_is_said(self, client, admin):
        answer = htmx_post(client, reverse("crm:person_invited"), {"name": "A", "email": admin.email.upper(), "roles": ["rep"]})
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


LIST_QUERIES = 8
DETAIL_QUERIES = 16
CONTACT_LIST_QUERIES = 7
CONTACT_QUERIES = 16
PEOPLE_QUERIES = 7
