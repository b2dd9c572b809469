"""What changed is readable (C-7), and all that happened is one stream (C-6)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from crm import registries
from crm.commands.accounts import create_account, edit_account
from crm.facts import AuditChange, TimelineCursor, TimelineEntry
from crm.lib.origin import origin
from crm.lib.values import Money
from crm.models import Account
from crm.queries.audit import get_audit, get_audited_models, get_record_audit
from crm.queries.timeline import Asked, find_subject, get_timeline
from tests.factories.crm import (
    AccountFactory,
    ActivityFactory,
    ContactFactory,
    UserFactory,
)
from tests.testing import assert_same_after_reload, element, htmx_get

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def rep():
    return UserFactory(rep=True, name="Liis Tamm")


class TestAudit:
    def test_each_field_says_who_when_from_where_what_it_was_and_is(self, rep):
        other = UserFactory(rep=True, name="Mantas")
        account = create_account(name="Gedris", owner_id=rep.pk, by=rep, at=AT)
        with origin(via="page", reference="r1", by_id=rep.pk):
            edit_account(
                account_id=account.pk, by=rep, at=AT,
                changes={"city": "Kaunas", "owner_id": other.pk, "annual_revenue": Money(Decimal(10), "EUR")},
            )  # fmt: skip
        newest, made = get_record_audit(Account, account.pk)
        assert (newest.action, newest.by_name, newest.via, newest.reference) == ("update", "Liis Tamm", "page", "r1")
        assert set(newest.changes) == {
            AuditChange("city", "", "Kaunas"),
            AuditChange("owner", "Liis Tamm", "Mantas"),
            AuditChange("annual_revenue", None, "10.00 EUR"),
        }
        assert (made.action, AuditChange("name", None, "Gedris", known_before=False) in made.changes) == (
            "insert",
            True,
        )

    def test_bulk_writes_are_seen_too(self, rep):
        AccountFactory.create_batch(2, city="Kaunas")
        Account.objects.update(city="Riga")
        assert [entry.changes for entry in get_audit(["crm.Account"], limit=2)] == [
            (AuditChange("city", "Kaunas", "Riga"),)
        ] * 2

    def test_it_covers_settings_and_other_apps(self):
        assert {"crm.Organisation", "crm.RoleGrant", "pipeline.Setpoint", "scoring.ScoringRule"} <= set(
            get_audited_models()
        )

    def test_it_is_filtered_by_kind_person_and_record(self, rep):
        AccountFactory()
        with origin(via="api", by_id=rep.pk):
            mine, contact = AccountFactory(), ContactFactory(account=None)
        found = get_audit(["crm.Account", "crm.Contact"], by_id=rep.pk)
        assert {(e.model, e.record_id) for e in found} == {("crm.Contact", contact.pk), ("crm.Account", mine.pk)}
        assert [e.record_id for e in get_audit(["crm.Account"], record_id=mine.pk)] == [mine.pk]

    def test_its_pages_hold_together(self, client, rep):
        ContactFactory.create_batch(4)
        kinds = ["crm.Account", "crm.Contact"]
        pages = [get_audit(kinds, limit=3)]
        while pages[-1]:
            pages.append(get_audit(kinds, limit=3, before=pages[-1][-1].cursor))
        read = [(entry.model, entry.audit_id) for page in pages for entry in page]
        assert (len(read), len(set(read))) == (8, 8)

    def test_an_administrator_reads_it_and_nobody_can_change_it(self, client, rep):
        account = AccountFactory(name="Gedris Steel")
        edit_account(account_id=account.pk, changes={"city": "Kaunas"}, by=None, at=AT)
        client.force_login(UserFactory(admin=True))
        page = client.get(reverse("crm:audit"), {"model": "crm.Account", "record": account.pk})
        assert "Kaunas" in page.content.decode()
        with pytest.raises(Exception, match=r"append|pgtrigger"):
            account.audit.update(city="Riga")


class TestTimeline:
    def test_one_stream_newest_first_of_activities_mails_and_changes(self, rep):
        account = AccountFactory()
        call = ActivityFactory(call=True, account=account, occurred_at=AT - timedelta(days=1))
        email = ActivityFactory(kind="email", account=account, occurred_at=AT)
        ActivityFactory(account=AccountFactory())
        ActivityFactory(account=account, archived_at=AT)
        entries = get_timeline(Asked("account", account.pk, rep))
        assert [(e.kind, e.record_id) for e in entries if e.kind != "change"] == [
            ("email", email.pk),
            ("activity", call.pk),
        ]
        assert [e.at for e in entries] == sorted((e.at for e in entries), reverse=True)
        assert {e.kind for e in entries} == {"email", "activity", "change"}

    def test_a_kind_alone(self, rep):
        account = AccountFactory()
        ActivityFactory(call=True, account=account)
        assert [e.kind for e in get_timeline(Asked("account", account.pk, rep, kinds=["activity"]))] == ["activity"]

    def test_nothing_is_lost_or_doubled_where_moments_are_equal(self, rep):
        contact = ContactFactory()
        made = [ActivityFactory(contact=contact, occurred_at=AT, kind=kind) for kind in ("note", "email") * 6]
        seen: list[TimelineEntry] = []
        before: TimelineCursor | None = None
        while True:
            entries = get_timeline(Asked("contact", contact.pk, rep, before, kinds=["activity", "email"], limit=5))
            seen += entries[:5]
            if len(entries) <= 5:
                break
            before = seen[-1].cursor
        assert len(seen) == 12
        assert {e.record_id for e in seen} == {activity.pk for activity in made}

    def test_what_an_app_hides_is_hidden(self, rep):
        contact = ContactFactory()
        ActivityFactory(contact=contact, subject="Secret")
        kinds = ["activity"]
        assert len(get_timeline(Asked("contact", contact.pk, rep, kinds=kinds))) == 1
        registries.activity_filters.register("test", lambda activities, user: activities.exclude(subject="Secret"))
        try:
            assert get_timeline(Asked("contact", contact.pk, rep, kinds=kinds)) == []
        finally:
            registries.activity_filters._entries.pop("test")

    def test_records_of_nobody_and_of_no_kind_are_not_found(self, rep):
        account = AccountFactory()
        assert find_subject("account", account.pk, user=rep)
        assert find_subject("account", account.pk, user=UserFactory(contributor=True)) is None
        assert find_subject("planet", 1, user=rep) is None

    def test_the_page_shows_a_part_and_scrolling_brings_the_rest(self, client, rep):
        contact = ContactFactory()
        for number in range(25):
            ActivityFactory(contact=contact, subject=f"Note {number:02}", occurred_at=AT + timedelta(minutes=number))
        client.force_login(rep)
        url = reverse("crm:timeline", args=["contact", contact.pk])
        first = htmx_get(client, url, show="activity")
        assert (b"Note 24" in first.content, b"Note 04" in first.content) == (True, False)
        cursor = get_timeline(Asked("contact", contact.pk, rep, kinds=["activity"]))[19].cursor
        before = f"{cursor.at.isoformat()}~{cursor.source}~{cursor.record_id}"
        rest = htmx_get(client, url, show="activity", before=before)
        assert (b"Note 04" in rest.content, b"Note 05" in rest.content, b"timeline-more" in rest.content) == (
            True,
            False,
            False,
        )
        assert client.get(url, {"before": "not~a~cursor"}).status_code == 200

    def test_the_fragment_equals_the_page(self, client, rep):
        contact = ContactFactory()
        ActivityFactory(call=True, contact=contact)
        client.force_login(rep)
        url = reverse("crm:contact_detail", args=[contact.pk])
        assert_same_after_reload(htmx_get(client, url, target="timeline"), client.get(url), "timeline")
        own = reverse("crm:timeline", args=["contact", contact.pk])
        assert len(element(client.get(own), "timeline").children) == len(element(client.get(url), "timeline").children)


def test_query_counts_do_not_grow(client, rep, django_assert_num_queries):
    contact = ContactFactory(owner=rep)
    url = reverse("crm:timeline", args=["contact", contact.pk])
    client.force_login(rep)
    ActivityFactory(contact=contact, owner=rep)
    client.get(url)
    with django_assert_num_queries(COUNT):
        client.get(url)
    for _ in range(2):
        ActivityFactory(contact=contact, owner=rep, kind="email")
    with django_assert_num_queries(COUNT):
        client.get(url)


COUNT = 12
