"""Kinds of buyers: written by marketing and administrators, read by everybody, linked to contacts (LT-031 to LT-036)."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from crm.commands.contacts import ContactRefused, edit_contact
from crm.commands.personas import PersonaRefused, archive_persona, create_persona, edit_persona, restore_persona
from crm.lib.errors import NotPermitted, StaleRecord
from crm.models import Contact, Persona
from crm.policies.personas import clean_persona
from crm.queries.audit import get_record_audit
from tests.factories.crm import ContactFactory, PersonaFactory, UserFactory
from tests.testing import htmx_get, htmx_post, signed_in, text

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
URL = "/settings/personas/"
PERSONA_QUERIES = 5
pytestmark = pytest.mark.django_db
WHOLE = {
    "name": "Finance chief",
    "position": "CFO, controller",
    "responsibilities": "Budget and reporting",
    "goals": "Shorter payback",
    "challenges": "Energy prices",
    "channels": "Trade press\nPeers",
    "decision_criteria": "Payback under 24 months",
}


@pytest.fixture
def marketer() -> Any:
    return UserFactory(marketing=True)


@pytest.mark.parametrize(
    ("values", "cleaned", "refused"),
    [
        ({"name": "  Finance \n chief "}, {"name": "Finance chief"}, []),
        ({"goals": "One\r\nTwo \x00"}, {"goals": "One\nTwo"}, []),
        ({"name": "\x00 "}, {"name": ""}, ["required"]),
        ({"name": "x" * 101}, {"name": "x" * 101}, ["too_long"]),
        ({"channels": "x" * 2001}, {"channels": "x" * 2001}, ["too_long"]),
        ({"is_admin": True}, {"is_admin": True}, ["not_editable"]),
    ],
)
def test_what_a_persona_says_is_cleaned(values, cleaned, refused):
    found, refusals = clean_persona(values)
    assert (found, [refusal.code for refusal in refusals]) == (cleaned, refused)


def test_it_is_added_and_changed_with_its_audit(marketer):
    persona = create_persona(values=WHOLE, by=marketer, at=AT)
    edit_persona(persona_id=persona.pk, changes={"goals": "Less risk"}, by=marketer, at=AT)
    persona.refresh_from_db()
    assert (persona.goals, persona.version, persona.channels) == ("Less risk", 2, "Trade press\nPeers")
    newest, first = get_record_audit(Persona, persona.pk)
    assert ([change.field for change in newest.changes], first.action) == (["goals"], "insert")


def test_one_name_is_one_persona_while_it_is_offered(marketer):
    first = create_persona(values=WHOLE, by=marketer, at=AT)
    with pytest.raises(PersonaRefused) as refused:
        create_persona(values=WHOLE | {"name": "FINANCE Chief"}, by=marketer, at=AT)
    assert (refused.value.field, Persona.objects.count()) == ("name", 1)
    archive_persona(persona_id=first.pk, by=marketer, at=AT)
    create_persona(values=WHOLE, by=marketer, at=AT)
    with pytest.raises(PersonaRefused):
        restore_persona(persona_id=first.pk, by=marketer, at=AT)
    first.refresh_from_db()
    assert first.archived_at == AT


def test_sellers_read_and_do_not_write():
    rep = UserFactory(rep=True)
    persona = PersonaFactory()
    for command in (
        lambda: create_persona(values=WHOLE, by=rep, at=AT),
        lambda: edit_persona(persona_id=persona.pk, changes={"goals": "x"}, by=rep, at=AT),
        lambda: archive_persona(persona_id=persona.pk, by=rep, at=AT),
        lambda: restore_persona(persona_id=persona.pk, by=rep, at=AT),
    ):
        with pytest.raises(NotPermitted):
            command()
    persona.refresh_from_db()
    assert (Persona.objects.count(), persona.version) == (1, 1)


def test_two_edits_meet_in_the_same_field_only(marketer):
    persona = PersonaFactory(goals="Old", challenges="Old")
    edit_persona(persona_id=persona.pk, changes={"goals": "A"}, seen={"goals": "Old"}, by=marketer, at=AT)
    edit_persona(persona_id=persona.pk, changes={"challenges": "B"}, seen={"challenges": "Old"}, by=marketer, at=AT)
    with pytest.raises(StaleRecord):
        edit_persona(persona_id=persona.pk, changes={"goals": "C"}, seen={"goals": "Old"}, by=marketer, at=AT)


def test_the_page_lists_them_under_one_count_of_queries(client: Client, marketer, django_assert_num_queries):
    client.force_login(marketer)
    for number in (1, 3):
        ContactFactory(persona=PersonaFactory(goals=f"Goal {number}"))
        client.get(URL)
        with django_assert_num_queries(PERSONA_QUERIES):
            page = text(client.get(URL))
        assert f"Goal {number}" in page
    assert "1 contact" in page


def test_a_new_one_comes_by_sheet_and_by_plain_form(client: Client, marketer):
    client.force_login(marketer)
    assert "Decides by" in text(htmx_get(client, f"{URL}new/"))
    assert htmx_post(client, f"{URL}new/", WHOLE)["HX-Redirect"] == URL
    assert client.post(f"{URL}new/", WHOLE | {"name": "User"}).status_code == 302
    assert Persona.objects.count() == 2
    refused = htmx_post(client, f"{URL}new/", WHOLE | {"goals": "Typed anew"})
    assert (refused.status_code, "Typed anew" in text(refused)) == (422, True)


def test_a_colleagues_change_of_the_same_field_is_shown(client: Client, marketer):
    client.force_login(marketer)
    persona = PersonaFactory(name="User", goals="Theirs")
    sent = {"name": "User", "goals": "Mine", "seen-name": "User", "seen-goals": "Before"}
    answer = htmx_post(client, f"{URL}{persona.pk}/", sent)
    assert (answer.status_code, "Mine" in text(answer)) == (409, True)
    saved = htmx_post(client, f"{URL}{persona.pk}/", sent | {"seen-goals": "Theirs"})
    persona.refresh_from_db()
    assert (saved["HX-Redirect"], persona.goals) == (URL, "Mine")


@pytest.mark.parametrize("sent", [{"name": "a\x00b"}, {"name": ""}, {"name": "x", "goals": "y" * 2001}])
def test_odd_input_is_refused_and_nothing_is_stored(client: Client, marketer, sent):
    client.force_login(marketer)
    assert htmx_post(client, f"{URL}new/", sent).status_code == 422
    assert not Persona.objects.exists()


def test_markup_stays_text(client: Client, marketer):
    client.force_login(marketer)
    PersonaFactory(name="<b>x</b>", goals="<script>alert(1)</script>{{ settings.SECRET_KEY }}{% load x %}")
    page = text(client.get(URL))
    assert "<script>alert(1)" not in page
    assert "{{ settings.SECRET_KEY }}" in page


def test_it_is_put_away_and_offered_again(client: Client, marketer):
    client.force_login(marketer)
    persona = PersonaFactory(name="User")
    client.post(f"{URL}{persona.pk}/put/")
    assert f'id="persona-{persona.pk}"' not in text(client.get(URL))
    assert f'id="persona-{persona.pk}"' in text(client.get(f"{URL}?left=1"))
    client.post(f"{URL}{persona.pk}/put/")
    persona.refresh_from_db()
    assert persona.archived_at is None
    assert client.post(f"{URL}999999999999999999/put/").status_code == 404


class TestOnAContact:
    def test_it_is_chosen_in_place_and_leads_to_the_persona(self):
        rep = UserFactory(rep=True)
        contact, persona = ContactFactory(owner=rep), PersonaFactory(name="Plant manager")
        browser = signed_in(rep)
        url = reverse("crm:contact_field_save", args=[contact.pk, "persona_id"])
        assert htmx_post(browser, url, {"persona_id": persona.pk, "seen-persona_id": ""}).status_code == 200
        page = text(browser.get(f"/contacts/{contact.pk}/"))
        assert f'href="{URL}#persona-{persona.pk}"' in page
        assert "Plant manager" in text(browser.get(f"/timeline/contact/{contact.pk}/"))

    @pytest.mark.parametrize("typed", ["x", "999999999999999999", "-1", "9" * 30, "a\x00"])
    def test_none_that_is_not_offered(self, typed):
        rep = UserFactory(rep=True)
        contact = ContactFactory(owner=rep)
        url = reverse("crm:contact_field_save", args=[contact.pk, "persona_id"])
        assert htmx_post(signed_in(rep), url, {"persona_id": typed}).status_code == 422
        assert Contact.objects.get().version == 1

    def test_one_that_was_put_away_stays_and_is_given_to_nobody_new(self):
        rep, gone = UserFactory(rep=True), PersonaFactory(archived=True)
        kept, other = ContactFactory(owner=rep, persona=gone), ContactFactory(owner=rep)
        edit_contact(contact_id=kept.pk, changes={"persona_id": gone.pk, "job_title": "CFO"}, by=rep, at=AT)
        with pytest.raises(ContactRefused) as refused:
            edit_contact(contact_id=other.pk, changes={"persona_id": gone.pk}, by=rep, at=AT)
        assert refused.value.refusals[0].code == "unknown_persona"
        kept.refresh_from_db()
        assert (kept.persona, kept.job_title) == (gone, "CFO")
