"""The pages of people at accounts, and logging what was done."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.models import Activity, Contact
from tests.factories.crm import (
    AccountFactory,
    ActivityFactory,
    ContactFactory,
)
from tests.testing import assert_same_after_reload, htmx_get, htmx_post, text

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db
CONTACT_LIST_QUERIES = 7
CONTACT_QUERIES = 16


class TestContacts:
    def test_the_list_searches_and_filters(self, client, rep):
        contact = ContactFactory(first_name="Tomas", last_name="Žukas", email="tz@gedris.lt", seniority="vp")
        ContactFactory(first_name="Rasa", last_name="Other")
        for query in (
            {"q": "zukas"},
            {"q": "tomas zuk"},
            {"q": "tz@gedris"},
            {"seniority": "vp"},
            {"account": contact.account_id},
        ):
            assert [row.pk for row in client.get(reverse("crm:contact_list"), query).context["found"].rows] == [
                contact.pk
            ]

    def test_the_fragment_equals_the_page(self, client, rep):
        ContactFactory()
        url = reverse("crm:contact_list")
        assert_same_after_reload(htmx_get(client, url, target="contact-table"), client.get(url), "contact-table")

    def test_a_new_contact_of_an_account(self, client, rep):
        account = AccountFactory(name="Gedris", country="LT")
        form = text(client.get(reverse("crm:contact_new"), {"account": account.pk}))
        assert f"Gedris (#{account.pk})" in form
        answer = client.post(
            reverse("crm:contact_create"),
            {"last_name": "Žukas", "job_title": "CFO", "phone": "8 612 34567", "account_id": f"Gedris (#{account.pk})"},
        )
        contact = Contact.objects.get()
        assert answer["Location"] == reverse("crm:contact_detail", args=[contact.pk])
        assert (contact.account, contact.seniority, contact.phone) == (account, "c_level", "+37061234567")

    def test_queries_of_list_and_page_do_not_grow(self, client, rep, django_assert_num_queries):
        for _ in range(2):
            contact = ContactFactory(owner=rep)
            ActivityFactory(call=True, contact=contact, owner=rep)
            for url, count in (
                (reverse("crm:contact_list"), CONTACT_LIST_QUERIES),
                (reverse("crm:contact_detail", args=[contact.pk]), CONTACT_QUERIES),
            ):
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
            {
                "kind": "call", "contact_id": contact.pk, "account_id": f"(#{contact.account_id})",
                "outcome": "conversation", "occurred_at": when,
            },
        )  # fmt: skip
        activity = Activity.objects.get()
        assert (activity.contact, activity.account, activity.owner, activity.outcome) == (
            contact,
            contact.account,
            rep,
            "conversation",
        )
        assert (answer.status_code, "activity:logged" in answer["HX-Trigger"], "Call logged" in text(answer)) == (
            200,
            True,
            True,
        )

    def test_who_else_took_part_by_what_and_what_stood_in_the_way(self, client, rep):
        account = AccountFactory()
        main, other, absent = (ContactFactory(account=account) for _ in range(3))
        form = text(client.get(reverse("crm:activity_new"), {"contact": main.pk}))
        assert form.count("<details") == 2
        assert "<details open" not in form.replace(' class="fold"', "")
        client.post(
            reverse("crm:activity_log"),
            {
                "kind": "call", "outcome": "conversation", "account_id": f"(#{account.pk})", "contact_id": main.pk,
                "participant_contact_ids": [main.pk, other.pk], "channel": "phone", "obstacle": "no_time",
            },
        )  # fmt: skip
        call = Activity.objects.get()
        assert (call.channel, call.obstacle) == ("phone", "no_time")
        assert [each.contact for each in call.participants.all()] == [other]
        for person, there in ((main, True), (other, True), (absent, False)):
            page = text(client.get(reverse("crm:contact_detail", args=[person.pk])))
            assert ("No time now" in page) is there

    def test_only_people_of_the_company_take_part(self, client, rep):
        form = {
            "kind": "note",
            "account_id": f"(#{AccountFactory().pk})",
            "participant_contact_ids": [ContactFactory().pk],
        }
        assert client.post(reverse("crm:activity_log"), form).status_code == 422
        assert not Activity.objects.exists()

    def test_a_plain_form_goes_back_to_where_it_came_from(self, client, rep):
        account = AccountFactory()
        here = reverse("crm:account_detail", args=[account.pk])
        answer = client.post(
            reverse("crm:activity_log"),
            {"kind": "note", "subject": "x", "account_id": f"(#{account.pk})", "next": here},
        )
        assert (answer.status_code, answer["Location"]) == (302, here)
        foreign = client.post(
            reverse("crm:activity_log"), {"kind": "note", "subject": "x", "next": "https://evil.example/"}
        )
        assert foreign["Location"] == "/"

    def test_what_contradicts_itself_keeps_the_form(self, client, rep):
        answer = htmx_post(
            client, reverse("crm:activity_log"), {"kind": "call", "outcome": "held", "note": "They said"}
        )
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
        stale = htmx_post(
            client, reverse("crm:activity_completed", args=[meeting.pk]), {"outcome": "held", "version": 1}
        )
        assert stale.status_code == 409
        assert (
            htmx_post(
                client, reverse("crm:activity_completed", args=[meeting.pk]), {"outcome": "held", "version": 2}
            ).status_code
            == 200
        )
        meeting.refresh_from_db()
        assert (meeting.outcome, list(meeting.meeting_changes.values_list("event", flat=True))) == (
            "held",
            ["moved", "held"],
        )
        other = ActivityFactory(meeting=True, owner=rep)
        client.post(reverse("crm:activity_archived", args=[other.pk]))
        other.refresh_from_db()
        assert other.archived_at

    def test_what_the_customer_did_can_be_said_when_it_is_done(self, client, rep):
        call = ActivityFactory(kind="call", owner=rep, account=AccountFactory())
        assert 'name="by_customer"' in text(htmx_get(client, reverse("crm:activity_complete", args=[call.pk])))
        given = {"outcome": "conversation", "by_customer": "on", "version": 1}
        assert htmx_post(client, reverse("crm:activity_completed", args=[call.pk]), given).status_code == 200
        call.refresh_from_db()
        assert (call.by_customer, call.is_customer_action) == (True, True)

    def test_what_was_logged_is_put_right(self, client, rep):
        account = AccountFactory()
        call = ActivityFactory(call=True, owner=rep, account=account, by_customer=True, is_customer_action=True)
        others = ActivityFactory(call=True, account=account)
        page = text(client.get(reverse("crm:account_detail", args=[account.pk])))
        edit = reverse("crm:activity_edit", args=[call.pk])
        assert (edit in page, reverse("crm:activity_edit", args=[others.pk]) in page) == (True, False)
        assert_same_after_reload(htmx_get(client, edit), client.get(edit), "activity-edit")
        given = {"subject": "Asked for an offer", "note": "Two sites", "duration_minutes": "12", "version": 1}
        url = reverse("crm:activity_edited", args=[call.pk])
        assert htmx_post(client, url, given | {"duration_minutes": "a while"}).status_code == 422
        assert htmx_post(client, url, given).headers["HX-Trigger"]
        assert htmx_post(client, url, given | {"note": "One site"}).status_code == 409
        call.refresh_from_db()
        assert (call.subject, call.note, call.duration_minutes) == ("Asked for an offer", "Two sites", 12)
        assert (call.by_customer, call.is_customer_action, call.outcome) == (False, False, "conversation")

    def test_people_of_the_chosen_account_are_offered(self, client, rep):
        contact = ContactFactory(last_name="Žukas")
        answer = text(client.get(reverse("crm:activity_contacts"), {"account_id": f"(#{contact.account_id})"}))
        assert "Žukas" in answer
