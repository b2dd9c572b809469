"""Accounts and contacts through their commands: it happens, it is refused, it is sent twice, two at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection

from crm.commands.accounts import (
    AccountRefused,
    archive_account,
    create_account,
    edit_account,
    match_account,
    restore_account,
)
from crm.commands.contacts import (
    ContactRefused,
    archive_contact,
    create_contact,
    edit_contact,
    match_contact,
)
from crm.lib.errors import NotPermitted, StaleRecord
from crm.lib.values import Money
from crm.models import Account, Contact, User
from tests.factories.crm import (
    AccountFactory,
    ContactFactory,
    TeamFactory,
    UserFactory,
)

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def rep():
    return UserFactory(rep=True)


class TestCreateAccount:
    def test_it_is_stored_clean_with_who_and_when(self, rep):
        account = create_account(
            name=" Gedris  Steel ", domain="www.Gedris.lt", country="lt", owner_id=rep.pk,
            annual_revenue=Money(Decimal("1000000"), "EUR"), by=rep, at=AT,
        )  # fmt: skip
        account.refresh_from_db()
        assert (account.name, account.domain, account.country) == ("Gedris Steel", "gedris.lt", "LT")
        assert account.annual_revenue == Money(Decimal("1000000.00"), "EUR")
        assert (account.version, account.created_at, account.recorded_at) == (1, AT, AT)

    def test_a_domain_belongs_to_one_account(self, rep):
        AccountFactory(domain="gedris.lt")
        with pytest.raises(AccountRefused) as refused:
            create_account(name="Another", domain="https://gedris.lt/", by=rep, at=AT)
        assert refused.value.field == "domain"
        assert Account.objects.count() == 1

    def test_every_wrong_value_is_named_and_nothing_is_stored(self, rep):
        with pytest.raises(AccountRefused) as refused:
            create_account(name="", country="XX", churned_on=date(2026, 1, 1), by=rep, at=AT)
        assert {r.code for r in refused.value.refusals} == {"required", "not_understood", "churned_never_customer"}
        assert not Account.objects.exists()

    @pytest.mark.parametrize("trait", ["marketing", "contributor"])
    def test_only_who_sells_adds_accounts(self, trait):
        with pytest.raises(NotPermitted):
            create_account(name="A", by=UserFactory(**{trait: True}), at=AT)
        assert not Account.objects.exists()

    def test_an_owner_must_be_able_to_own(self, rep):
        for nobody in (UserFactory(contributor=True), UserFactory(rep=True, is_active=False)):
            with pytest.raises(AccountRefused) as refused:
                create_account(name="A", owner_id=nobody.pk, by=rep, at=AT)
            assert refused.value.field == "owner_id"

    def test_a_customer_has_a_period(self, rep):
        account = create_account(name="A", customer_since=date(2025, 3, 1), by=rep, at=AT)
        edit_account(account_id=account.pk, changes={"churned_on": date(2026, 3, 1)}, by=rep, at=AT)
        edit_account(
            account_id=account.pk, changes={"customer_since": date(2026, 9, 1), "churned_on": None}, by=rep, at=AT
        )
        periods = account.customer_periods.order_by("from_on").values_list("from_on", "until_on")
        assert list(periods) == [(date(2025, 3, 1), date(2026, 3, 1)), (date(2026, 9, 1), None)]


class TestEditAccount:
    def test_a_field_changes_and_the_version_rises_once(self, rep):
        account = AccountFactory(owner=rep, city="Kaunas")
        edited = edit_account(
            account_id=account.pk, changes={"city": "Riga", "country": "lv"}, seen={"city": "Kaunas"}, by=rep, at=AT
        )
        account.refresh_from_db()
        assert (account.city, account.country, account.version) == ("Riga", "LV", 2)
        assert edited.version == 2

    def test_the_same_again_changes_nothing(self, rep):
        account = AccountFactory(owner=rep)
        for _ in range(2):
            edit_account(account_id=account.pk, changes={"city": "Riga"}, seen={"city": ""}, by=rep, at=AT)
        account.refresh_from_db()
        assert account.version == 2

    def test_somebody_elses_change_of_the_same_field_is_noticed(self, rep):
        account = AccountFactory(owner=rep, city="Vilnius", industry="Steel")
        with pytest.raises(StaleRecord) as stale:
            edit_account(account_id=account.pk, changes={"city": "Riga"}, seen={"city": "Kaunas"}, by=rep, at=AT)
        account.refresh_from_db()
        assert (stale.value.current, account.city, account.version) == ({"city": "Vilnius"}, "Vilnius", 1)

    def test_a_version_that_is_over_is_refused(self, rep):
        account = AccountFactory(owner=rep, version=3)
        with pytest.raises(StaleRecord):
            edit_account(account_id=account.pk, changes={"city": "Riga"}, seen_version=2, by=rep, at=AT)

    def test_money_can_be_emptied(self, rep):
        account = create_account(name="A", annual_revenue=Money(Decimal(5), "EUR"), by=rep, at=AT)
        edit_account(account_id=account.pk, changes={"annual_revenue": None}, by=rep, at=AT)
        assert Account.objects.values_list("annual_revenue", "annual_revenue_currency").get() == (None, "")

    def test_an_account_cannot_stand_below_itself(self, rep):
        top = AccountFactory(owner=rep)
        below = AccountFactory(parent=top)
        with pytest.raises(AccountRefused) as refused:
            edit_account(account_id=top.pk, changes={"parent_id": below.pk}, by=rep, at=AT)
        assert refused.value.field == "parent_id"

    def test_owner_managers_and_administrators_edit_the_rest_only_reads(self):
        team = TeamFactory()
        owner = UserFactory(rep=True, team=team)
        account = AccountFactory(owner=owner)
        may = [owner, UserFactory(manages=team), UserFactory(admin=True)]
        may_not = [UserFactory(rep=True, team=team), UserFactory(manages=TeamFactory()), UserFactory(marketing=True)]
        for number, user in enumerate(may):
            edit_account(account_id=account.pk, changes={"city": f"City {number}"}, by=user, at=AT)
        for user in may_not:
            with pytest.raises(NotPermitted):
                edit_account(account_id=account.pk, changes={"city": "No"}, by=user, at=AT)
        account.refresh_from_db()
        assert account.city == "City 2"

    def test_what_nobody_owns_any_seller_edits(self, rep):
        account = AccountFactory()
        edit_account(account_id=account.pk, changes={"owner_id": rep.pk}, by=rep, at=AT)
        account.refresh_from_db()
        assert account.owner == rep

    def test_archiving_twice_is_once_and_restoring_brings_back(self, rep):
        account = AccountFactory(owner=rep)
        archive_account(account_id=account.pk, by=rep, at=AT)
        archive_account(account_id=account.pk, by=rep, at=AT)
        account.refresh_from_db()
        assert (account.archived_at, account.version) == (AT, 2)
        restore_account(account_id=account.pk, by=rep, at=AT)
        account.refresh_from_db()
        assert account.archived_at is None

    def test_a_merged_account_is_closed(self, rep):
        account = AccountFactory(owner=rep, merged_into=AccountFactory())
        with pytest.raises(AccountRefused):
            edit_account(account_id=account.pk, changes={"city": "Riga"}, by=rep, at=AT)


@pytest.mark.django_db(transaction=True)
def test_two_people_editing_one_field_at_once_lose_nothing():
    rep = UserFactory(rep=True)
    account = AccountFactory(owner=rep, city="Kaunas")

    def edit(city: str) -> str:
        try:
            edit_account(
                account_id=account.pk,
                changes={"city": city},
                seen={"city": "Kaunas"},
                by=User.objects.get(pk=rep.pk),
                at=AT,
            )
        except StaleRecord:
            return "told"
        finally:
            connection.close()
        return city

    with ThreadPoolExecutor(2) as pool:
        answers = set(pool.map(edit, ["Riga", "Tartu"]))
    account.refresh_from_db()
    assert answers == {"told", account.city}
    assert account.version == 2


class TestMatching:
    def test_a_domain_decides_before_a_name(self):
        by_domain = AccountFactory(name="Gedris Holding", domain="gedris.lt")
        AccountFactory(name="Gedris")
        assert match_account("https://gedris.lt", "Gedris") == by_domain

    def test_a_name_is_found_without_case_and_accents(self):
        account = AccountFactory(name="Väina Laevatehas")
        assert match_account(None, "VAINA laevatehas") == account
        assert match_account("other.ee", "Väina Laevatehas") == account
        assert match_account(None, "Vaina") is None

    def test_another_domain_speaks_against_a_name(self):
        AccountFactory(name="Gedris", domain="gedris.lt")
        assert match_account("gedris.com", "Gedris") is None

    def test_a_merged_record_leads_to_the_kept_one(self):
        kept = AccountFactory()
        AccountFactory(domain="old.lt", merged_into=kept)
        assert match_account("old.lt") == kept
        person = ContactFactory()
        ContactFactory(email="old@old.lt", merged_into=person)
        assert match_contact("OLD@old.lt") == person
        assert match_contact("no address") is None


class TestContacts:
    def test_phone_and_seniority_follow_account_and_title(self, rep):
        account = AccountFactory(country="LT")
        contact = create_contact(
            account_id=account.pk,
            last_name="Žukas",
            job_title="CFO",
            phone="8 612 34567",
            email="T@G.lt",
            by=rep,
            at=AT,
        )
        assert (contact.phone, contact.seniority, contact.email) == ("+37061234567", "c_level", "t@g.lt")

    def test_a_title_changes_the_level_until_somebody_sets_it(self, rep):
        contact = create_contact(last_name="A", job_title="AP Manager", by=rep, at=AT)
        edit_contact(contact_id=contact.pk, changes={"job_title": "Head of Finance"}, by=rep, at=AT)
        assert Contact.objects.get().seniority == "director"
        edit_contact(contact_id=contact.pk, changes={"seniority": "vp"}, by=rep, at=AT)
        edit_contact(contact_id=contact.pk, changes={"job_title": "Clerk"}, by=rep, at=AT)
        assert Contact.objects.get().seniority == "vp"
        edit_contact(contact_id=contact.pk, changes={"seniority": ""}, by=rep, at=AT)
        assert Contact.objects.get().seniority == "individual"

    def test_an_email_belongs_to_one_contact(self, rep):
        ContactFactory(email="t@g.lt")
        with pytest.raises(ContactRefused) as refused:
            create_contact(last_name="B", email="T@G.LT", by=rep, at=AT)
        assert refused.value.field == "email"
        assert Contact.objects.count() == 1

    def test_a_wrong_phone_keeps_everything_out(self, rep):
        contact = ContactFactory(owner=rep)
        with pytest.raises(ContactRefused):
            edit_contact(contact_id=contact.pk, changes={"phone": "12", "first_name": "X"}, by=rep, at=AT)
        contact.refresh_from_db()
        assert contact.first_name == "Rasa"

    def test_consent_is_dated_when_it_is_given(self, rep):
        contact = ContactFactory(owner=rep)
        edit_contact(contact_id=contact.pk, changes={"consent": True, "lawful_basis": "consent"}, by=rep, at=AT)
        contact.refresh_from_db()
        assert contact.consented_at == AT

    def test_nobody_becomes_nameless(self, rep):
        contact = ContactFactory(owner=rep, first_name="", last_name="Žukas")
        with pytest.raises(ContactRefused):
            edit_contact(contact_id=contact.pk, changes={"last_name": ""}, by=rep, at=AT)

    def test_a_contact_without_owner_follows_its_account(self, rep):
        contact = ContactFactory(account=AccountFactory(owner=rep))
        archive_contact(contact_id=contact.pk, by=rep, at=AT)
        with pytest.raises(NotPermitted):
            edit_contact(contact_id=contact.pk, changes={"first_name": "X"}, by=UserFactory(rep=True), at=AT)
        contact.refresh_from_db()
        assert (contact.archived_at, contact.first_name) == (AT, "Rasa")
