"""The pages of accounts, by htmx and as plain forms."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from crm.models import Account
from tests.factories.crm import (
    AccountFactory,
    ActivityFactory,
    ContactFactory,
    UserFactory,
)
from tests.testing import assert_same_after_reload, htmx_get, htmx_post, text

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db
LIST_QUERIES = 8
DETAIL_QUERIES = 15


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
        AccountFactory(
            name="Gone", merged_into=AccountFactory(name="Kept", archived=True, kind="partner", country="LV")
        )
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
        assert ("Account 040" in text(more), "Account 039" in text(more), 'id="more"' in text(more)) == (
            True,
            False,
            False,
        )

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
        url, data = reverse("crm:account_create"), {"name": "Gedris", "kind": "prospect", "owner_id": rep.pk}
        answer = htmx_post(client, url, data) if by_htmx else client.post(url, data)
        account = Account.objects.get()
        where = answer["HX-Redirect"] if by_htmx else answer["Location"]
        assert (account.owner, where) == (rep, reverse("crm:account_detail", args=[account.pk]))

    def test_a_refused_account_keeps_what_was_typed(self, client, rep):
        AccountFactory(domain="gedris.lt")
        answer = htmx_post(
            client, reverse("crm:account_create"), {"name": "Gedris", "kind": "prospect", "domain": "www.gedris.lt"}
        )
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
        [
            ("annual_revenue", "lots"),
            ("annual_revenue", "1e400"),
            ("employee_count", "-1"),
            ("domain", "no domain"),
            ("name", ""),
            ("customer_since", "31/01/2026"),
            ("parent_id", "Nobody Ltd"),
            ("owner_id", "999999"),
        ],
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
