"""The leads page and the page of one lead: who sees what, fragments, forms without script, constant queries."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.models import User
from reports.queries import day_leads
from scoring.models import Crossing, Handoff, Lead, LeadEvent
from scoring.queries import inbox
from tests.factories.crm import AccountFactory, TeamFactory, UserFactory
from tests.factories.scoring import LeadFactory
from tests.scoring.test_handoffs import hot_lead
from tests.testing import assert_same_after_reload, element, htmx_get, htmx_post, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def rep() -> User:
    user: User = UserFactory(rep=True, team=TeamFactory())
    return user


@pytest.fixture
def marketer() -> User:
    user: User = UserFactory(marketing=True)
    return user


def now_hot(**fields: Any) -> Lead:
    return hot_lead(at=timezone.now() - timedelta(minutes=5), **fields)


def shows(response: Any, lead: Lead) -> bool:
    return str(lead) in response.content.decode()


def test_everybody_sees_their_own_lists(rep: User, marketer: User) -> None:
    mine, unowned = now_hot(owner=rep), LeadFactory()
    stranger = UserFactory(rep=True, team=TeamFactory())
    url = "/leads/?list=all"
    assert [shows(signed_in(person).get(url), mine) for person in (rep, marketer, stranger)] == [True, True, False]
    assert [shows(signed_in(person).get(url), unowned) for person in (rep, marketer)] == [False, True]
    assert signed_in(UserFactory(contributor=True)).get("/leads/").status_code == 404
    detail = f"/leads/{mine.pk}/"
    statuses = [signed_in(person).get(detail).status_code for person in (rep, marketer, stranger)]
    assert statuses == [200, 200, 404]
    assert Client().get("/leads/").status_code == 302


def test_to_decide_shows_score_reasons_and_the_clock(rep: User) -> None:
    lead = now_hot()
    response = signed_in(rep).get("/leads/")
    row = str(element(response, f"lead-{lead.pk}"))
    for words in ("Score 55, threshold 50", "Asked for a product demo", "Attended a webinar", "Accept", "Send back"):
        assert words in row
    assert "55 points more than a week ago" in row
    assert "Why 55?" in str(element(response, "lead-panel"))


def test_keys_are_named_to_those_who_can_press_them(rep: User, marketer: User) -> None:
    now_hot()
    seen = [signed_in(person).get("/leads/").content.decode() for person in (rep, marketer)]
    assert ["<kbd>R</kbd> send back" in page for page in seen] == [True, False]


def test_nobody_owns_what_was_handed_over_before_it_is_accepted(rep: User) -> None:
    lead = now_hot()
    client = signed_in(rep)
    assert f"{rep}, once accepted" in str(element(client.get(f"/leads/{lead.pk}/"), "fact-owner"))
    client.post(f"/leads/{lead.pk}/accept/")
    owner = str(element(client.get(f"/leads/{lead.pk}/"), "fact-owner"))
    assert str(rep) in owner
    assert "once accepted" not in owner


def test_the_clock_says_when_it_starts_wherever_it_stands(rep: User) -> None:
    lead = now_hot()
    at = timezone.now() + timedelta(days=1)
    Handoff.objects.update(assigned_at=at, due_at=at + timedelta(days=7))
    client = signed_in(rep)
    for url in ("/", "/leads/", f"/leads/{lead.pk}/"):
        page = client.get(url).content.decode()
        assert ("Starts " in page, "h left" in page, "days left" in page) == (True, False, False)


def test_each_list_holds_what_its_name_says(rep: User, marketer: User) -> None:
    client = signed_in(rep)
    accepted, sent_back = now_hot(), now_hot()
    assert client.post(f"/leads/{accepted.pk}/accept/").status_code == 302
    answer = client.post(f"/leads/{sent_back.pk}/sent-back/", {"reason_code": "wrong_fit", "note": "A student."})
    assert answer.status_code == 302
    waiting = LeadFactory()
    imported = now_hot(waiting="imported")
    every, client = (accepted, sent_back, waiting, imported), signed_in(marketer)
    names = ("decide", "accepted", "sent_back", "all", "waiting")
    lists = {name: client.get(f"/leads/?list={name}") for name in names}
    found = {name: [lead for lead in every if shows(page, lead)] for name, page in lists.items()}
    assert found == {
        "decide": [], "accepted": [accepted], "sent_back": [sent_back],
        "all": [accepted, sent_back, waiting, imported], "waiting": [imported],
    }  # fmt: skip


def test_a_lead_that_went_to_others_is_named_to_who_had_it_and_nothing_more(rep: User) -> None:
    client = signed_in(rep)
    accepted, sent_back = now_hot(), now_hot()
    client.post(f"/leads/{accepted.pk}/accept/")
    client.post(f"/leads/{sent_back.pk}/sent-back/", {"reason_code": "wrong_fit"})
    Lead.objects.filter(pk=accepted.pk).update(owner=UserFactory(rep=True, team=TeamFactory()), status="sql")
    for name, lead in (("accepted", accepted), ("sent_back", sent_back)):
        page = client.get(f"/leads/?list={name}&selected={lead.pk}")
        assert shows(page, lead)
        told = element(page, "lead-inbox")
        assert [each for each in (f"/leads/{lead.pk}/", "score-button", "Qualified") if each in told] == []
        asked = ("score=1", "q=viljandi", f"q={lead.last_name}")
        assert [shows(client.get(f"/leads/?list={name}&{each}"), lead) for each in asked] == [False, False, True]
        assert (page.context["panel"], client.get(f"/leads/{lead.pk}/").status_code) == (None, 404)


def test_accept_by_htmx_says_so_and_the_list_loads_itself_again(rep: User) -> None:
    lead = now_hot()
    answer = htmx_post(signed_in(rep), f"/leads/{lead.pk}/accept/")
    assert answer.status_code == 200
    assert "leads:changed" in answer.headers["HX-Trigger"]
    assert f"{lead} accepted." in answer.content.decode()
    assert Handoff.objects.get().answer == "accepted"
    again = htmx_post(signed_in(rep), f"/leads/{lead.pk}/sent-back/", {"reason_code": "not_now"})
    assert again.status_code == 422


def test_sending_back_asks_for_a_reason(rep: User) -> None:
    lead = now_hot()
    client = signed_in(rep)
    assert "Why does" in client.get(f"/leads/{lead.pk}/send-back/").content.decode()
    answer = htmx_post(client, f"/leads/{lead.pk}/sent-back/", {"note": "No."})
    assert answer.status_code == 422
    assert "No." in answer.content.decode()
    assert Handoff.objects.get().answered_at is None


def test_who_may_not_decide_gets_403_and_nothing_happens(rep: User, marketer: User) -> None:
    lead = now_hot(owner=rep)
    mate = UserFactory(roles=["rep"], team=rep.memberships.get().team)
    for person in (mate, marketer):
        client = signed_in(person)
        assert client.post(f"/leads/{lead.pk}/accept/").status_code == 403
        assert client.get(f"/leads/{lead.pk}/send-back/").status_code == 403
        assert client.post(f"/leads/{lead.pk}/converted/", {}).status_code in (403, 422)
    assert Handoff.objects.get().answered_at is None


@pytest.mark.parametrize("target", ["lead-inbox", "lead-panel", "lead-tabs"])
def test_a_fragment_equals_the_page_after_a_reload(marketer: User, target: str) -> None:
    now_hot(waiting="imported")  # without a clock that runs on between the two answers
    client, url = signed_in(marketer), "/leads/?list=all"
    assert_same_after_reload(htmx_get(client, url, target=target), client.get(url), target)


def test_a_row_fills_the_panel_with_its_lead_alone(rep: User, django_assert_max_num_queries: Any) -> None:
    leads = [now_hot(account=AccountFactory(owner=rep)) for _ in range(2)]
    client = signed_in(rep)
    for lead in leads:
        headers = {"HX-Request": "true", "HX-Target": "lead-panel", "HX-Trigger": f"lead-{lead.pk}"}
        with django_assert_max_num_queries(9):
            answer = client.get(f"/leads/?list=decide&selected={lead.pk}", headers=headers)
        panel = str(element(answer, "lead-panel"))
        assert f"/leads/{lead.pk}/accept/" in panel
        assert "Why 55?" in panel
    stranger = signed_in(UserFactory(rep=True, team=TeamFactory()))
    assert "No lead is selected." in stranger.get(f"/leads/?selected={lead.pk}", headers=headers).content.decode()


@pytest.mark.parametrize("name", ["decide", "accepted", "all"])
def test_the_number_of_queries_does_not_grow_with_the_rows(rep: User, name: str) -> None:
    client = signed_in(rep)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            lead = now_hot(account=AccountFactory(owner=rep))
            if name == "accepted":
                client.post(f"/leads/{lead.pk}/accept/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/leads/?list={name}").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 13


def test_the_lead_page_has_a_constant_number_of_queries(marketer: User) -> None:
    UserFactory(rep=True)
    client, counts = signed_in(marketer), []
    lead = now_hot()
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/leads/{lead.pk}/").status_code == 200
        counts.append(len(queries))
        key = {"type": "page_viewed", "occurred_at": "2026-03-01T10:00", "key": f"k{len(counts)}"}
        client.post(f"/leads/{lead.pk}/event/add/", key)
    assert counts[0] == counts[1] <= 18


def test_the_score_as_of_another_day(marketer: User) -> None:
    lead = LeadFactory()
    client = signed_in(marketer)
    for day, kind in (("2026-03-01", "pricing_page_viewed"), ("2026-03-06", "webinar_attended")):
        client.post(f"/leads/{lead.pk}/event/add/", {"type": kind, "occurred_at": f"{day}T10:00", "key": kind})
    assert LeadEvent.objects.count() == 2
    for day, score in (("2026-02-28", 0), ("2026-03-01", 10), ("2026-03-06", 30), ("2026-04-05", 20)):
        assert f"Why {score}?" in client.get(f"/leads/{lead.pk}/?as_of={day}").content.decode()
    assert "That is no date." in client.get(f"/leads/{lead.pk}/?as_of=yesterday").content.decode()


def test_an_event_sent_twice_by_the_same_form_counts_once(marketer: User) -> None:
    lead = LeadFactory()
    client = signed_in(marketer)
    form = {"type": "demo_requested", "occurred_at": "2026-03-01T10:00", "key": "one"}
    assert [client.post(f"/leads/{lead.pk}/event/add/", form).status_code for _ in range(2)] == [302, 302]
    assert LeadEvent.objects.count() == 1


def test_a_fact_is_edited_in_its_place_and_by_a_plain_form(marketer: User) -> None:
    lead = LeadFactory()
    client = signed_in(marketer)
    url = f"/leads/{lead.pk}/field/company/save/"
    assert "Viljandi Dairy" in htmx_get(client, f"/leads/{lead.pk}/field/company/").content.decode()
    answer = htmx_post(client, url, {"company": "Dairy Group", "seen-company": "Viljandi Dairy"})
    assert "Dairy Group" in str(element(answer, "fact-company"))
    stale = htmx_post(client, url, {"company": "Third", "seen-company": "Viljandi Dairy"})
    assert (stale.status_code, Lead.objects.get().company) == (409, "Dairy Group")
    plain = client.post(f"/leads/{lead.pk}/field/email/save/", {"email": "no"})
    assert plain.status_code == 422
    assert client.post(url, {"company": "Third", "seen-company": "Dairy Group"}).status_code == 302
    assert client.get(f"/leads/{lead.pk}/field/status/").status_code == 404


def test_a_new_lead_keeps_what_was_typed_when_it_is_wrong(rep: User) -> None:
    client = signed_in(rep)
    assert client.get("/leads/new/").status_code == 200
    wrong = client.post("/leads/create/", {"last_name": "Mägi", "email": "nowhere", "channel": "inbound"})
    assert wrong.status_code == 422
    assert "Mägi" in wrong.content.decode()
    form = {"last_name": "Mägi", "email": "k@example.com", "channel": "inbound", "owner_id": rep.pk}
    made = client.post("/leads/create/", form)
    assert made.headers["Location"] == f"/leads/{Lead.objects.get().pk}/"


def test_convert_asks_for_the_first_meeting_and_opens_the_deal(rep: User) -> None:
    lead = now_hot()
    client = signed_in(rep)
    assert client.get(f"/leads/{lead.pk}/convert/").status_code == 200
    form = {"deal_name": "Meters", "deal_type": "new_business", "version": Lead.objects.get().version}
    assert client.post(f"/leads/{lead.pk}/converted/", form).status_code == 422
    untyped = form | {"first_meeting_at": "2026-12-01T10:00", "deal_type": ""}
    assert client.post(f"/leads/{lead.pk}/converted/", untyped).status_code == 422
    answer = client.post(f"/leads/{lead.pk}/converted/", form | {"first_meeting_at": "2026-12-01T10:00"})
    deal = Lead.objects.get().conversion.opportunity
    assert answer.headers["Location"] == f"/deals/{deal.pk}/"
    assert "Open the deal" in client.get(f"/leads/{lead.pk}/").content.decode()


def test_marketing_releases_the_chosen(rep: User, marketer: User) -> None:
    now_hot(waiting="imported")
    now_hot(waiting="imported")
    chosen = Crossing.objects.order_by("pk").first()
    assert chosen is not None
    assert signed_in(rep).post("/leads/release/", {"crossing": chosen.pk}).status_code == 403
    assert signed_in(marketer).post("/leads/release/", {"crossing": [chosen.pk, "x"]}).status_code == 302
    assert [crossing.state for crossing in Crossing.objects.order_by("pk")] == ["released", "waiting"]
    assert Handoff.objects.get().crossing == chosen


def test_marketing_gives_the_chosen_that_nobody_answers(marketer: User) -> None:
    first, second = now_hot(), now_hot()
    rep = UserFactory(rep=True, team=TeamFactory())
    mine = now_hot()
    client = signed_in(marketer)
    page = client.get("/leads/").content.decode()
    assert all(f'form="give-chosen" name="lead" value="{lead.pk}"' in page for lead in (first, second))
    assert f'name="lead" value="{mine.pk}"' not in page
    assert f'href="/leads/{first.pk}/give/"' in page
    assert "give-chosen" not in signed_in(rep).get("/leads/").content.decode()
    here = {"next": "/leads/?list=decide"}
    for wrong in ({"lead": first.pk}, {"lead": first.pk, "owner_id": marketer.pk}, {"owner_id": rep.pk}):
        client.post("/leads/give/", here | wrong)
    assert Handoff.objects.filter(owner=None).count() == 2
    assert signed_in(rep).post("/leads/give/", here | {"lead": first.pk, "owner_id": rep.pk}).status_code == 302
    assert Handoff.objects.filter(owner=None).count() == 2
    given = client.post("/leads/give/", here | {"lead": [first.pk, second.pk, "x"], "owner_id": rep.pk})
    assert given.headers["Location"] == "/leads/?list=decide"
    assert Handoff.objects.filter(owner=rep).count() == 3
    assert "give-chosen" not in client.get("/leads/").content.decode()


def test_what_can_be_released_no_more_is_neither_listed_nor_counted(rep: User, marketer: User) -> None:
    gone = [now_hot(waiting="imported", status=status) for status in ("sql", "converted", "disqualified")]
    open_ = now_hot(waiting="imported")
    page = signed_in(marketer).get("/leads/?list=waiting")
    assert shows(page, open_)
    assert not any(shows(page, lead) for lead in gone)
    assert inbox.count_tabs(marketer)[inbox.WAITING] == inbox.count_waiting_for(marketer) == 1
    assert day_leads.waiting_crossings().get().lead == open_


def test_filters_and_search_leave_out_what_does_not_match(marketer: User) -> None:
    UserFactory(rep=True)
    cold, hot = LeadFactory(last_name="Žukauskas"), now_hot()
    client = signed_in(marketer)
    page = client.get("/leads/?list=all&q=zukauskas")
    assert (shows(page, cold), shows(page, hot)) == (True, False)
    page = client.get("/leads/?list=all&score=50&owner=x&status=nonsense")
    assert (shows(page, cold), shows(page, hot)) == (False, True)
    page = client.get("/leads/?list=all&status=mql&owner=none")
    assert (shows(page, cold), shows(page, hot)) == (False, True)


def test_the_account_page_shows_its_leads(rep: User) -> None:
    account = AccountFactory(owner=rep)
    mine, other = LeadFactory(account=account, owner=rep), LeadFactory(account=account)
    panel = signed_in(rep).get(f"/accounts/{account.pk}/leads/")
    assert (shows(panel, mine), shows(panel, other)) == (True, False)


def test_navigation_counts_what_waits_for_me(rep: User, marketer: User) -> None:
    now_hot(owner=rep)
    now_hot(waiting="imported")
    assert ">1<" in signed_in(rep).get("/_shell/counts/").content.decode().replace("\n", "")
    assert "1" in signed_in(marketer).get("/_shell/counts/").content.decode()


@pytest.mark.parametrize("query", ["selected=²", "owner=²", "owner=99999999999999999999"])
def test_an_address_with_a_number_that_is_none_shows_the_page(rep: User, query: str) -> None:
    LeadFactory(owner=rep)
    assert signed_in(rep).get(f"/leads/?list=all&{quote(query, safe='=')}").status_code == 200


def test_the_lists_load_again_when_a_lead_was_answered_meanwhile(rep: User) -> None:
    lead, client = now_hot(account=AccountFactory(owner=rep)), signed_in(rep)
    seen = re.search(r"seen=([\d-]+)", client.get("/leads/stamp/").content.decode())
    assert seen and "HX-Trigger" not in client.get(f"/leads/stamp/?seen={seen[1]}")
    client.post(f"/leads/{lead.pk}/accept/")
    assert client.get(f"/leads/stamp/?seen={seen[1]}")["HX-Trigger"] == "leads:changed"


def test_a_territory_a_share_and_terms_are_agreed_on_by_plain_forms(rep: User, marketer: User) -> None:
    client = signed_in(marketer)
    values = {"name": "Baltics", "order": 1, "countries": "ee, LV", "rep_id": rep.pk}
    assert client.post("/scoring/routing/territories/new/", values | {"countries": "Estonia"}).status_code == 422
    assert client.post("/scoring/routing/territories/new/", values | {"rep_id": ""}).status_code == 422
    assert client.post("/scoring/routing/territories/new/", values).status_code == 302
    assert client.post("/scoring/routing/territories/new/", values).status_code == 422  # the name is taken
    assert client.post(f"/scoring/routing/shares/{rep.pk}/", {"capacity": 3, "languages": "ET"}).status_code == 302
    late = {"capacity": 5, "languages": "", "seen-capacity": 1, "seen-languages": ""}  # shown before that
    assert client.post(f"/scoring/routing/shares/{rep.pk}/", late).status_code == 409
    assert client.post(f"/scoring/routing/shares/{rep.pk}/", late | {"seen-capacity": 3}).status_code == 302
    assert (rep.lead_share.capacity, rep.lead_share.languages) == (5, ["et"])  # each kept what only one of them said
    terms = {"answer_minutes": 60, "remind_minutes": 90, "trial_percent": 5}
    assert client.post("/scoring/routing/terms/", terms).status_code == 422
    assert client.post("/scoring/routing/terms/", terms | {"remind_minutes": 15}).status_code == 302
    page = client.get("/scoring/routing/").content.decode()
    assert "Baltics" in page and now_hot(country="EE").handoffs.get().routed_by == "territory"


def test_away_and_holidays_are_noted_by_plain_forms(rep: User) -> None:
    client, today = signed_in(rep), timezone.localdate()
    away = {"user_id": rep.pk, "from_on": today.isoformat(), "to_on": today.isoformat()}
    assert client.post("/settings/calendar/away/", away | {"to_on": "1e400"}).status_code == 422
    assert client.post("/settings/calendar/away/", away).status_code == 302
    assert str(rep) in client.get("/settings/calendar/").content.decode()
    admin = signed_in(UserFactory(admin=True))
    assert admin.post("/settings/calendar/holidays/", {"country": "EE", "days": "soon"}).status_code == 422
    assert (
        admin.post("/settings/calendar/holidays/", {"country": "EE", "days": "2090-01-01 New Year"}).status_code == 302
    )
    assert "New Year" in admin.get("/settings/calendar/").content.decode()


def test_the_score_over_time_says_what_moved_it(marketer: User) -> None:
    lead = LeadFactory()
    client = signed_in(marketer)
    url, counts = f"/leads/{lead.pk}/curve/", []
    assert "Nothing has moved the score yet." in client.get(url).content.decode()
    for day, kind in (("2026-03-01", "pricing_page_viewed"), ("2026-03-06", "webinar_attended")):
        client.post(f"/leads/{lead.pk}/event/add/", {"type": kind, "occurred_at": f"{day}T10:00", "key": kind})
        with CaptureQueriesContext(connection) as queries:
            page = client.get(f"{url}?as_of=2026-03-10")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8
    panel = str(element(page, "lead-curve"))
    for words in ("30 then, 30 at the highest on 6 Mar", "Attended a webinar", "+20", "Falls to 20 on"):
        assert words in panel, words
    assert_same_after_reload(htmx_get(client, f"{url}?as_of=2026-03-10"), page, "lead-curve")
    assert url in str(element(client.get(f"/leads/{lead.pk}/"), "lead-curve"))
