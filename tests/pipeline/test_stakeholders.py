"""Who decides about a deal: added, changed field by field, gone and back, and what is said of those nobody named."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from crm.lib.errors import NotPermitted, StaleRecord
from crm.models import ActivityParticipant, Contact
from pipeline.commands.opportunities import EditRefused, edit_opportunity, revert_change
from pipeline.commands.qualification import assess_element
from pipeline.commands.roles import StakeholderRefused, name_stakeholder, put_stakeholder, remove_stakeholder
from pipeline.enums import StakeholderRole
from pipeline.facts import StakeholderFacts
from pipeline.models import Opportunity, OpportunityEvent, Stakeholder
from pipeline.queries.stakeholders import get_stakeholders
from tests.api.client import Api, assert_problem, checksum
from tests.factories.crm import AccountFactory, ActivityFactory, ContactFactory, UserFactory
from tests.factories.pipeline import OpportunityActivityFactory, OpportunityFactory
from tests.testing import htmx_get, htmx_post, text

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SHEET_STATEMENTS = 5


@pytest.fixture
def deal(rep: Any) -> Opportunity:
    deal = OpportunityFactory(owner=rep, account=AccountFactory())
    edit_opportunity(opportunity_id=deal.pk, changes={"contact_id": person(deal, "Rasa").pk}, by=rep, at=AT)
    deal.refresh_from_db()
    return deal


def person(deal: Opportunity, first_name: str) -> Contact:
    made: Contact = ContactFactory(account=deal.account, first_name=first_name, last_name="Kalnas", job_title="Head")
    return made


def put(deal: Opportunity, contact: Contact, **changes: Any) -> Stakeholder:
    return put_stakeholder(opportunity_id=deal.pk, contact_id=contact.pk, changes=changes, by=deal.owner, at=AT)


def events(deal: Opportunity) -> list[tuple[Any, Any]]:
    found = OpportunityEvent.objects.filter(opportunity=deal, kind="stakeholder").exclude(new__has_key="main")
    return list(found.order_by("seq").values_list("old", "new"))


class TestCommand:
    def test_somebody_is_added_changed_and_read(self, deal: Opportunity) -> None:
        tomas, rasa = person(deal, "Tomas"), deal.contact
        put(deal, tomas, role="champion", stance="for", influence=2)
        put(deal, rasa, role="economic_buyer", introduced_by_id=tomas.pk)
        put(deal, tomas, met_on=date(2026, 2, 20), note="  Runs maintenance ")
        first = {
            "contact": tomas.pk,
            "role": "champion",
            "stance": "for",
            "influence": 2,
            "met_on": None,
            "left": False,
        }
        plain = {**first, "contact": rasa.pk, "role": "", "stance": "unknown", "influence": None}
        assert events(deal) == [
            (None, first),
            (plain, {**plain, "role": "economic_buyer"}),
            (first, {**first, "met_on": "2026-02-20"}),
        ]
        assert get_stakeholders(deal.pk) == [
            StakeholderFacts(rasa.pk, "Rasa Kalnas", "Head", "economic_buyer", is_main=True, introduced_by_id=tomas.pk),
            StakeholderFacts(
                tomas.pk, "Tomas Kalnas", "Head", "champion", "for", 2, date(2026, 2, 20), note="Runs maintenance"
            ),
        ]

    def test_saying_it_twice_is_saying_it_once(self, deal: Opportunity) -> None:
        tomas = person(deal, "Tomas")
        assert put(deal, tomas, role="user") == put(deal, tomas, role="user")
        assert len(events(deal)) == 1

    def test_who_leaves_is_gone_from_the_page_and_may_come_back(self, deal: Opportunity) -> None:
        tomas = person(deal, "Tomas")
        put(deal, tomas, role="champion", met_on=date(2026, 2, 1))
        gone = {"opportunity_id": deal.pk, "contact_id": tomas.pk, "by": deal.owner, "at": AT}
        remove_stakeholder(**gone)
        assert [each.name for each in get_stakeholders(deal.pk)] == ["Rasa Kalnas"]
        with pytest.raises(StakeholderRefused, match="left_already"):
            remove_stakeholder(**gone)
        put(deal, tomas)
        assert [each.role for each in get_stakeholders(deal.pk)] == ["", "champion"]
        assert [new["left"] for _old, new in events(deal)] == [False, True, False]

    def test_the_main_contact_stays_until_there_is_another(self, deal: Opportunity) -> None:
        tomas = person(deal, "Tomas")
        with pytest.raises(StakeholderRefused, match="main_contact_stays"):
            remove_stakeholder(opportunity_id=deal.pk, contact_id=deal.contact_id, by=deal.owner, at=AT)
        put(deal, tomas)
        remove_stakeholder(opportunity_id=deal.pk, contact_id=tomas.pk, by=deal.owner, at=AT)
        edit_opportunity(opportunity_id=deal.pk, changes={"contact_id": tomas.pk}, by=deal.owner, at=AT)
        assert [(each.name, each.is_main) for each in get_stakeholders(deal.pk)] == [
            ("Tomas Kalnas", True), ("Rasa Kalnas", False),
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("changes", "refusal"),
        [
            pytest.param({"role": "boss"}, "unknown_value", id="no such role"),
            pytest.param({"stance": "love"}, "unknown_value", id="no such stance"),
            pytest.param({"influence": 4}, "unknown_value", id="above the scale"),
            pytest.param({"met_on": date(2026, 3, 3)}, "said_in_future", id="met tomorrow"),
            pytest.param({"introduced_by_id": 2**40}, "introducer_takes_part", id="led by nobody"),
            pytest.param({"is_main": True}, "not_editable", id="by the back door"),
        ],
    )
    def test_a_part_is_refused_without_a_trace(self, deal: Opportunity, changes: dict[str, Any], refusal: str) -> None:
        tomas = person(deal, "Tomas")
        with pytest.raises(StakeholderRefused) as refused:
            put(deal, tomas, **changes)
        assert [each.code for each in refused.value.refusals] == [refusal]
        assert (events(deal), Stakeholder.objects.count()) == ([], 1)

    def test_nobody_leads_us_to_themselves(self, deal: Opportunity) -> None:
        with pytest.raises(StakeholderRefused, match="introducer_takes_part"):
            put(deal, deal.contact, introduced_by_id=deal.contact_id)

    def test_people_of_another_company_do_not_decide_here(self, deal: Opportunity) -> None:
        with pytest.raises(StakeholderRefused, match="unknown_contact"):
            put(deal, ContactFactory(account=AccountFactory()), role="user")

    def test_who_may_not_change_the_deal_names_nobody(self, deal: Opportunity) -> None:
        with pytest.raises(NotPermitted):
            put_stakeholder(
                opportunity_id=deal.pk, contact_id=deal.contact_id, changes={"role": "user"}, at=AT,
                by=UserFactory(rep=True),
            )  # fmt: skip

    def test_a_colleague_who_changed_the_same_field_is_noticed_and_another_field_is_kept(
        self, deal: Opportunity
    ) -> None:
        tomas = person(deal, "Tomas")
        put(deal, tomas, stance="neutral")
        put(deal, tomas, stance="for")
        sent = {"opportunity_id": deal.pk, "contact_id": tomas.pk, "by": deal.owner, "at": AT}
        with pytest.raises(StaleRecord):
            put_stakeholder(changes={"stance": "against"}, seen={"stance": "neutral"}, **sent)
        put_stakeholder(
            changes={"influence": 3, "stance": "for"}, seen={"influence": None, "stance": "neutral"}, **sent
        )
        kept = Stakeholder.objects.get(contact=tomas)
        assert (kept.stance, kept.influence) == ("for", 3)

    def test_the_short_form_keeps_what_it_is_not_told(self, deal: Opportunity) -> None:
        put(deal, deal.contact, stance="for", met_on=date(2026, 2, 1))
        name_stakeholder(
            opportunity_id=deal.pk, contact_id=deal.contact_id, role="decision_maker", by=deal.owner, at=AT
        )
        kept = Stakeholder.objects.get(contact=deal.contact)
        assert (kept.role, kept.stance, kept.met_on) == ("decision_maker", "for", date(2026, 2, 1))

    def test_somebodys_part_is_not_reverted_as_if_it_were_the_main_contact(self, deal: Opportunity) -> None:
        put(deal, person(deal, "Tomas"), role="user")
        seq = OpportunityEvent.objects.filter(opportunity=deal).latest("seq").seq
        with pytest.raises(EditRefused):
            revert_change(opportunity_id=deal.pk, seq=seq, by=deal.owner, at=AT)
        deal.refresh_from_db()
        assert str(deal.contact) == "Rasa Kalnas"


def test_the_last_touch_is_ours_took_place_and_counts_those_who_took_part(deal: Opportunity) -> None:
    tomas, held = person(deal, "Tomas"), {"account": deal.account}
    put(deal, tomas)
    for moment, kind, outcome, done in (
        (AT - timedelta(days=9), "call", "", True),
        (AT - timedelta(days=5), "meeting", "held", True),
        (AT - timedelta(days=3), "note", "", True),
        (AT - timedelta(days=2), "meeting", "no_show", True),
        (AT + timedelta(days=2), "meeting", "", False),
    ):
        activity = ActivityFactory(
            kind=kind,
            outcome=outcome,
            occurred_at=moment,
            done_at=moment if done else None,
            contact=deal.contact,
            **held,
        )
        OpportunityActivityFactory(opportunity=deal, activity=activity)
        if kind == "meeting" and outcome == "held":
            ActivityParticipant.objects.create(activity=activity, contact=tomas)
    assert [each.touched_on for each in get_stakeholders(deal.pk)] == [date(2026, 2, 25), date(2026, 2, 25)]


@pytest.mark.parametrize("people", [1, 3])
def test_the_people_of_a_deal_are_one_statement(deal: Opportunity, people: int, django_assert_num_queries: Any) -> None:
    for number in range(people):
        put(deal, person(deal, f"Tomas {number}"))
    with django_assert_num_queries(1):
        assert len(get_stakeholders(deal.pk)) == people + 1


class TestPages:
    def url(self, deal: Opportunity, rest: str) -> str:
        return f"/deals/{deal.pk}/people/{rest}"

    def test_somebody_is_added_from_the_sheet(self, mine: Client, deal: Opportunity) -> None:
        tomas = person(deal, "Tomas")
        sheet = htmx_get(mine, self.url(deal, "add/"), role="champion")
        assert sheet.status_code == 200, text(sheet)[:2000]
        assert '<option value="champion" selected>' in text(sheet)
        sent = {"contact_id": tomas.pk, "role": "champion", "stance": "for", "influence": "3"}
        assert htmx_post(mine, self.url(deal, "add/"), sent).status_code == 200
        assert get_stakeholders(deal.pk)[1].role == StakeholderRole.CHAMPION

    def test_it_works_as_plain_forms(self, mine: Client, deal: Opportunity) -> None:
        tomas = person(deal, "Tomas")
        mine.post(self.url(deal, "add/"), {"contact_id": tomas.pk, "stance": "unknown"})
        assert mine.get(self.url(deal, f"{tomas.pk}/")).status_code == 200
        mine.post(self.url(deal, f"{tomas.pk}/"), {"role": "user", "stance": "neutral", "influence": "1"})
        assert Stakeholder.objects.get(contact=tomas).role == "user"
        answer = mine.post(self.url(deal, f"{tomas.pk}/left/"))
        assert (answer.status_code, len(get_stakeholders(deal.pk))) == (302, 1)

    def test_a_colleagues_change_is_shown_and_saving_again_keeps_ones_own(
        self, mine: Client, deal: Opportunity
    ) -> None:
        url = self.url(deal, f"{deal.contact_id}/")
        form = {"role": "", "stance": "neutral", "influence": "", "seen-stance": "unknown", "seen-role": ""}
        put(deal, deal.contact, stance="for")
        stale = htmx_post(mine, url, form)
        assert (stale.status_code, "meanwhile" in text(stale)) == (409, True)
        assert 'name="seen-stance" value="for"' in text(stale)
        assert htmx_post(mine, url, form | {"seen-stance": "for"}).status_code == 200
        assert Stakeholder.objects.get(contact=deal.contact).stance == "neutral"

    @pytest.mark.parametrize(
        "given",
        [{"contact_id": ""}, {"contact_id": "9" * 20}, {"stance": "love"}, {"influence": "9"}, {"met_on": "2199-01-01"},
         {"introduced_by_id": "9" * 15}, {"note": "x" * 1001}, {"note": "a\x00"}],
    )  # fmt: skip
    def test_what_is_wrong_keeps_the_sheet_open(self, mine: Client, deal: Opportunity, given: dict[str, Any]) -> None:
        tomas = person(deal, "Tomas")
        sent = {"contact_id": tomas.pk, "stance": "for", "influence": "", "role": "user"} | given
        answer = htmx_post(mine, self.url(deal, "add/"), sent)
        assert (answer.status_code, Stakeholder.objects.count()) == (422, 1)
        assert "error" in text(answer)

    def test_who_is_not_on_the_deal_is_not_found(self, mine: Client, deal: Opportunity) -> None:
        other = person(deal, "Tomas")
        assert mine.get(self.url(deal, f"{other.pk}/")).status_code == 404
        assert mine.post(self.url(deal, f"{other.pk}/"), {"stance": "for"}).status_code == 404

    @pytest.mark.parametrize("people", [1, 3])
    def test_the_sheet_takes_the_same_statements(
        self, mine: Client, deal: Opportunity, people: int, django_assert_num_queries: Any
    ) -> None:
        for number in range(people):
            put(deal, person(deal, f"Tomas {number}"))
        htmx_get(mine, self.url(deal, f"{deal.contact_id}/"))
        with django_assert_num_queries(SHEET_STATEMENTS):
            htmx_get(mine, self.url(deal, f"{deal.contact_id}/"))


class TestApi:
    @pytest.fixture
    def api(self, rep: Any) -> Api:
        return Api(rep)

    def path(self, deal: Opportunity) -> str:
        return f"opportunities/{deal.pk}/stakeholders/"

    def test_somebody_is_put_read_and_taken_off(self, api: Api, deal: Opportunity) -> None:
        tomas = person(deal, "Tomas")
        sent = {"contact": str(tomas.pk), "role": "champion", "influence": 3, "introduced_by": str(deal.contact_id)}
        made = api.post(self.path(deal), sent)
        assert (made.status_code, made.json()) == (201, {
            "contact": str(tomas.pk), "role": "champion", "stance": "unknown", "influence": 3, "met_on": None,
            "introduced_by": str(deal.contact_id), "note": "", "last_touch_at": None, "main": False, "left": False,
        })  # fmt: skip
        changed = api.post(self.path(deal), {"contact": str(tomas.pk), "stance": "for", "met_on": "2026-03-01"}).json()
        assert (changed["role"], changed["stance"], changed["met_on"]) == ("champion", "for", "2026-03-01")
        assert api.get(self.path(deal)).json()["results"][1] == changed
        assert api.post(self.path(deal), {"contact": str(tomas.pk), "left": True}).json()["left"] is True

    def test_our_last_touch_is_told_as_on_the_page(self, api: Api, deal: Opportunity) -> None:
        tomas, noon = person(deal, "Tomas"), datetime(2026, 2, 3, 12, 0, tzinfo=UTC)
        api.post(self.path(deal), {"contact": str(tomas.pk), "role": "champion"})
        spoke = ActivityFactory(account=deal.account, kind="call", occurred_at=noon, done_at=noon)
        spoke.participants.create(contact=tomas)
        later, missed = noon + timedelta(days=1), {"kind": "meeting", "outcome": "no_show"}
        for told in ({"kind": "note"}, missed, {"kind": "call", "done_at": None}):
            other = ActivityFactory(
                account=deal.account, contact=tomas, occurred_at=later, **{"done_at": later, **told}
            )
            OpportunityActivityFactory(opportunity=deal, activity=other)
        OpportunityActivityFactory(opportunity=deal, activity=spoke)
        told = {each["contact"]: each["last_touch_at"] for each in api.get(self.path(deal)).json()["results"]}
        assert told == {str(deal.contact_id): None, str(tomas.pk): "2026-02-03T12:00:00Z"}
        assert {each.pk: each.touched_on for each in get_stakeholders(deal.pk)}[tomas.pk] == noon.date()

    @pytest.mark.parametrize(
        ("given", "status"),
        [
            pytest.param({"role": "boss"}, 400, id="no such role"),
            pytest.param({"influence": 0}, 400, id="below the scale"),
            pytest.param({"influence": "3"}, 400, id="a text for a number"),
            pytest.param({"met_on": "2199-01-01"}, 422, id="in the future"),
            pytest.param({"contact": "1" * 18}, 400, id="nobody"),
            pytest.param({"left": True, "role": "user"}, 400, id="leaves and stays"),
            pytest.param({"left": True}, 422, id="the main contact leaves"),
            pytest.param({"main": True}, 400, id="read only"),
        ],
    )
    def test_it_is_refused_without_a_trace(
        self, api: Api, deal: Opportunity, given: dict[str, Any], status: int
    ) -> None:
        before = checksum()
        assert_problem(api.post(self.path(deal), {"contact": str(deal.contact_id), **given}), status)
        assert checksum() == before

    def test_another_teams_deal_is_not_there(self, deal: Opportunity) -> None:
        stranger = Api(UserFactory(rep=True))
        assert_problem(stranger.get(self.path(deal)), 404)
        assert_problem(stranger.post(self.path(deal), {"contact": str(deal.contact_id)}), 404)


def test_a_day_to_come_is_judged_by_the_organisations_day(mine: Client, deal: Opportunity) -> None:
    sent = {"stance": "for", "met_on": timezone.localdate().isoformat(), "role": "", "influence": ""}
    assert htmx_post(mine, f"/deals/{deal.pk}/people/{deal.contact_id}/", sent).status_code == 200


class TestPanel:
    def test_it_shows_the_map_the_people_and_who_is_missing(self, mine: Client, deal: Opportunity) -> None:
        tomas = person(deal, "Tomas")
        put(deal, tomas, role="champion", stance="for", influence=3)
        put(deal, deal.contact, role="decision_maker", introduced_by_id=tomas.pk)
        page = text(mine.get(f"/deals/{deal.pk}/"))
        assert 'role="img" aria-label="2 people on the map. Not known: 1, For us: 1"' in page
        assert page.count("map-link") == 1
        assert "No economic buyer yet" in page
        assert "No champion yet" not in page
        assert "nobody confirmed it" in page
        assess_element(
            opportunity_id=deal.pk, element="authority", level=3, said_on=AT.date(), contact_id=tomas.pk, by=deal.owner,
            at=AT,
        )  # fmt: skip
        assert "nobody confirmed it" not in text(mine.get(f"/deals/{deal.pk}/"))

    def test_a_deal_without_people_has_no_map(self, mine: Client, rep: Any) -> None:
        page = text(mine.get(f"/deals/{OpportunityFactory(owner=rep).pk}/"))
        assert ("is-map" in page, "No decision maker yet" in page) == (False, True)

    def test_a_name_is_never_markup(self, mine: Client, deal: Opportunity) -> None:
        put(
            deal,
            ContactFactory(account=deal.account, first_name="<script>alert(1)</script>", last_name="&"),
            role="user",
        )
        page = text(mine.get(f"/deals/{deal.pk}/"))
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page
