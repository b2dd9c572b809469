"""What to say to whom: by level, persona and competitor; executives in their own terms (TR-036, TR-044)."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from crm.lib.errors import NotPermitted, StaleRecord
from crm.queries.audit import get_record_audit
from pipeline.commands.guides import GuideRefused, archive_guide, create_guide, edit_guide, restore_guide
from pipeline.models import Competitor, MessageGuide, OpportunityCompetitor, Stakeholder
from pipeline.policies.guides import TEXTS, GuideFacts, fitting, guide_refusals, said_to
from tests.factories.crm import ContactFactory, PersonaFactory, TeamFactory, UserFactory
from tests.factories.pipeline import OpportunityFactory
from tests.testing import assert_same_after_reload, htmx_get, htmx_post, signed_in, text

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
URL = "/settings/guides/"
GUIDE_QUERIES, SHEET_QUERIES, PANEL_QUERIES = 5, 8, 7
pytestmark = pytest.mark.django_db


def whole(**values: Any) -> dict[str, Any]:
    return {"seniority": "", "persona_id": None, "competitor_id": None, **dict.fromkeys(TEXTS, ""), **values}


def facts(
    pk: int, seniority: str = "", persona_id: int | None = None, competitor_id: int | None = None, **texts: str
) -> Any:
    return GuideFacts(pk, seniority, persona_id, competitor_id, "", "", {**dict.fromkeys(TEXTS, ""), **texts})


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        (whole(seniority="manager", message="We save water"), []),
        (whole(persona_id=1, questions="Why now?"), []),
        (whole(competitor_id=1, proof="Three won"), []),
        (whole(message="For nobody"), ["guide_for_nobody"]),
        (whole(seniority="manager"), ["guide_says_nothing"]),
        (whole(seniority="c_level", message="Our pump"), ["executives_in_business_terms"]),
        (whole(seniority="owner"), ["executives_in_business_terms"]),
        (whole(seniority="vp", business_terms="Payback in a year"), []),
        (whole(seniority="unknown", message="x"), ["unknown_value"]),
        (whole(seniority="manager", message="x" * 2001), ["too_long"]),
    ],
    ids=lambda value: ",".join(value) if isinstance(value, list) else None,
)
def test_what_may_be_a_guide(values, refused):
    assert [refusal.code for refusal in guide_refusals(values)] == refused


GUIDES = [
    facts(1, "c_level"), facts(2, "c_level", 7), facts(3, persona_id=7), facts(4, competitor_id=9),
    facts(5, "c_level", 7, 9), facts(6, "manager"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("seniority", "persona_id", "competitor_ids", "found"),
    [
        ("c_level", 7, [9], [5, 2, 1, 3, 4]),
        ("c_level", 7, [], [2, 1, 3]),
        ("c_level", None, [], [1]),
        ("manager", 8, [8], [6]),
        ("unknown", None, [], []),
        ("unknown", None, [9, 10], [4]),
    ],
)
def test_the_closest_comes_first(seniority, persona_id, competitor_ids, found):
    chosen = fitting(GUIDES, seniority=seniority, persona_id=persona_id, competitor_ids=competitor_ids)
    assert [guide.id for guide in chosen] == found


def test_executives_hear_of_their_business():
    guide = facts(1, message="Our pump", business_terms="Payback in a year", proof="Three won")
    assert said_to(guide, "c_level") == [("business_terms", "Payback in a year"), ("proof", "Three won")]
    assert [name for name, _ in said_to(guide, "manager")] == ["business_terms", "message", "proof"]
    assert said_to(facts(2, message="Our pump"), "owner") == [("message", "Our pump")]


class TestCommands:
    @pytest.fixture
    def marketer(self) -> Any:
        return UserFactory(marketing=True)

    def test_it_is_written_changed_and_audited(self, marketer):
        guide = create_guide(values={"seniority": "manager", "message": "a\r\nb"}, by=marketer, at=AT)
        edit_guide(guide_id=guide.pk, changes={"message": "c"}, by=marketer, at=AT)
        guide.refresh_from_db()
        assert (guide.message, guide.version) == ("c", 2)
        newest, _first = get_record_audit(MessageGuide, guide.pk)
        assert [(each.field, each.old, each.new) for each in newest.changes] == [("message", "a\nb", "c")]

    def test_there_is_one_for_the_same_people(self, marketer):
        values = {"seniority": "manager", "message": "x"}
        first = create_guide(values=values, by=marketer, at=AT)
        with pytest.raises(GuideRefused) as refused:
            create_guide(values=values, by=marketer, at=AT)
        assert refused.value.refusals[0].code == "guide_exists"
        archive_guide(guide_id=first.pk, by=marketer, at=AT)
        create_guide(values=values, by=marketer, at=AT)
        with pytest.raises(GuideRefused):
            restore_guide(guide_id=first.pk, by=marketer, at=AT)
        assert MessageGuide.objects.filter(archived_at=None).count() == 1

    def test_whom_it_is_for_must_be_offered(self, marketer):
        gone = PersonaFactory(archived=True)
        for values in ({"persona_id": gone.pk}, {"persona_id": 999_999_999}, {"competitor_id": 999_999_999}, {"by": 1}):
            with pytest.raises(GuideRefused):
                create_guide(values={"message": "x", "seniority": "manager", **values}, by=marketer, at=AT)
        assert not MessageGuide.objects.exists()

    def test_sellers_do_not_write(self, marketer):
        rep, guide = UserFactory(rep=True), create_guide(
            values={"seniority": "manager", "message": "x"}, by=marketer, at=AT
        )  # fmt: skip
        for command in (
            lambda: create_guide(values={"seniority": "director", "message": "x"}, by=rep, at=AT),
            lambda: edit_guide(guide_id=guide.pk, changes={"message": "y"}, by=rep, at=AT),
            lambda: archive_guide(guide_id=guide.pk, by=rep, at=AT),
            lambda: restore_guide(guide_id=guide.pk, by=rep, at=AT),
        ):
            with pytest.raises(NotPermitted):
                command()
        assert MessageGuide.objects.get().version == 1

    def test_two_edits_meet_in_the_same_field_only(self, marketer):
        guide = create_guide(values={"seniority": "manager", "message": "Old"}, by=marketer, at=AT)
        edit_guide(guide_id=guide.pk, changes={"message": "A"}, seen={"message": "Old"}, by=marketer, at=AT)
        edit_guide(guide_id=guide.pk, changes={"proof": "B"}, seen={"proof": ""}, by=marketer, at=AT)
        with pytest.raises(StaleRecord):
            edit_guide(guide_id=guide.pk, changes={"message": "C"}, seen={"message": "Old"}, by=marketer, at=AT)

    def test_the_database_knows_no_guide_for_nobody(self):
        with pytest.raises(IntegrityError), transaction.atomic():
            MessageGuide.objects.create(message="x", created_at=AT, recorded_at=AT)


def write(**values: Any) -> MessageGuide:
    return create_guide(values=values, by=None, at=AT)


class TestPages:
    @pytest.fixture
    def rep(self) -> Any:
        return UserFactory(rep=True, team=TeamFactory())

    def test_the_list_shows_what_each_says_under_one_count(self, rep, django_assert_num_queries):
        browser, levels = signed_in(rep), iter(["manager", "director", "individual"])
        for number in (1, 3):
            write(
                seniority=next(levels), persona_id=PersonaFactory(name=f"Persona {number}").pk, message=f"Says {number}"
            )
            browser.get(URL)
            with django_assert_num_queries(GUIDE_QUERIES):
                page = text(browser.get(URL))
            assert f"Says {number}" in page
        assert f"{URL}new/" not in page

    def test_marketing_writes_by_sheet_and_by_plain_form(self):
        browser = signed_in(UserFactory(marketing=True))
        assert "In their business terms" in text(htmx_get(browser, f"{URL}new/"))
        refused = htmx_post(browser, f"{URL}new/", {"seniority": "c_level", "message": "Our pump"})
        assert (refused.status_code, "Our pump" in text(refused)) == (422, True)
        sent = {"seniority": "c_level", "business_terms": "Payback in a year"}
        assert htmx_post(browser, f"{URL}new/", sent)["HX-Redirect"] == URL
        guide = MessageGuide.objects.get()
        changed = sent | {"proof": "Three won", "seen-proof": "", "seen-seniority": "c_level"}
        assert browser.post(f"{URL}{guide.pk}/", changed).status_code == 302
        assert browser.post(f"{URL}{guide.pk}/put/").status_code == 302
        guide.refresh_from_db()
        assert (guide.proof, guide.archived_at is None) == ("Three won", False)
        assert "Three won" in text(browser.get(f"{URL}?left=1"))

    @pytest.mark.parametrize(
        "sent",
        [
            {},
            {"seniority": "king", "message": "x"},
            {"seniority": "manager", "message": "a\x00b"},
            {"seniority": "manager", "message": "x" * 2001},
            {"persona_id": "9" * 30, "message": "x"},
            {"competitor_id": "-1", "message": "x"},
        ],
    )
    def test_odd_input_is_refused(self, sent):
        browser = signed_in(UserFactory(marketing=True))
        assert (htmx_post(browser, f"{URL}new/", sent).status_code, MessageGuide.objects.count()) == (422, 0)
        assert htmx_get(browser, f"{URL}{10**18 - 1}/").status_code == 404

    def test_a_deal_says_what_to_say_to_each_of_its_people(self, rep, django_assert_num_queries):
        deal = OpportunityFactory(owner=rep)
        browser, url = signed_in(rep), f"/deals/{deal.pk}/guides/"
        assert f'hx-get="{url}"' in text(browser.get(f"/deals/{deal.pk}/"))
        rival = Competitor.objects.create(name="Volta Systems")
        OpportunityCompetitor.objects.create(opportunity=deal, competitor=rival)
        write(competitor_id=rival.pk, message="Ask about spare parts")
        write(seniority="c_level", business_terms="Payback in a year", message="Our pump")
        for number in (1, 3):
            persona = PersonaFactory(goals=f"Goal {number}")
            person = ContactFactory(account=deal.account, seniority="c_level", persona=persona)
            Stakeholder.objects.create(opportunity=deal, contact=person)
            browser.get(url)
            with django_assert_num_queries(SHEET_QUERIES):
                shown = htmx_get(browser, url)
            assert_same_after_reload(shown, browser.get(url), "guides-sheet")
        page = text(shown)
        assert all(
            words in page for words in ("Against Volta Systems", "Ask about spare parts", "Payback in a year", "Goal 3")
        )
        assert "Our pump" not in page

    def test_a_contact_has_a_panel_of_it(self, rep, django_assert_num_queries):
        contact = ContactFactory(seniority="manager", persona=PersonaFactory(goals="Fewer stops"))
        browser, url = signed_in(rep), f"/contacts/{contact.pk}/guides/"
        assert f'hx-get="{url}"' in text(browser.get(f"/contacts/{contact.pk}/"))
        write(seniority="manager", message="Fewer alarms")
        browser.get(url)
        with django_assert_num_queries(PANEL_QUERIES):
            shown = htmx_get(browser, url)
        assert "Fewer alarms" in text(shown)
        assert "Fewer stops" in text(shown)
        assert_same_after_reload(shown, browser.get(url), "contact-guides")

    def test_a_rival_of_a_deal_nobody_here_may_see_stays_unnamed(self, rep):
        deal, contact = OpportunityFactory(), ContactFactory()
        Stakeholder.objects.create(opportunity=deal, contact=contact)
        rival = Competitor.objects.create(name="Volta Systems")
        OpportunityCompetitor.objects.create(opportunity=deal, competitor=rival)
        write(competitor_id=rival.pk, message="Ask about spare parts")
        url = f"/contacts/{contact.pk}/guides/"
        assert "Volta" not in text(signed_in(rep).get(url))
        assert "Volta" in text(signed_in(UserFactory(admin=True)).get(url))

    def test_markup_stays_text(self, rep):
        write(seniority="manager", message="<script>alert(1)</script>{{ settings.SECRET_KEY }}")
        page = text(signed_in(rep).get(URL))
        assert ("<script>alert(1)" in page, "{{ settings.SECRET_KEY }}" in page) == (False, True)
