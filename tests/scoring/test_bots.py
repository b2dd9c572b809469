"""What no person did is kept and gives nothing: crawlers by their name, mail scanners by their speed (S-2)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from crm.queries.timeline import Asked
from scoring.commands.events import confirm_event, record_events
from scoring.models import LeadEvent, LeadScore, ScoringRule
from scoring.policies.bots import Click, find_scanned, get_not_counted, is_bot
from scoring.queries.scores import get_score
from scoring.queries.timeline import get_events
from scoring.queries.uncounted import get_uncounted
from tests.factories.crm import UserFactory
from tests.factories.scoring import LeadFactory, sent
from tests.scoring.examples import PRICING
from tests.testing import signed_in, text

NOW = datetime(2026, 3, 6, 12, 0, tzinfo=UTC)
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
)


def click(number: int, seconds: float, url: str, *, who: int = 1, mail: str = "") -> Click:
    return Click(number, ("lead", who), NOW + timedelta(seconds=seconds), url, mail)


@pytest.mark.parametrize(
    ("agent", "bot"),
    [(GOOGLEBOT, True), ("curl/8.5.0", True), ("python-requests/2.32", True), (CHROME, False), ("", False)],
)
def test_a_program_is_known_by_what_it_calls_itself(agent, bot):
    assert is_bot(agent) is bot


@pytest.mark.parametrize(("told", "bot"), [(True, "bot"), (" Yes ", "bot"), ("1", "bot"), ("no", None), (1, None)])
def test_a_program_is_known_by_what_another_system_says(told, bot):
    assert get_not_counted({"bot": told, "user_agent": CHROME}) == bot


@pytest.mark.parametrize("properties", [{}, {"user_agent": 7}, {"user_agent": None}, {"user_agent": "x" * 1_000_000}])
def test_an_odd_user_agent_is_nobodys_and_costs_nothing(properties):
    assert get_not_counted(properties) is None


@pytest.mark.parametrize(
    ("clicks", "scanned"),
    [
        pytest.param([click(1, 0, "/a"), click(2, 2, "/b")], {1, 2}, id="two links within two seconds"),
        pytest.param([click(1, 0, "/a"), click(2, 2.001, "/b")], set(), id="a reader's pace"),
        pytest.param([click(1, 0, "/a"), click(2, 1, "/a")], set(), id="a double click"),
        pytest.param([click(1, 0, "/a"), click(2, 1, "/b", who=2)], set(), id="two people"),
        pytest.param([click(1, 0, "/a", mail="m"), click(2, 1, "/b", mail="n")], set(), id="two mails"),
        pytest.param([click(1, 0, "/a"), click(2, 2, "/b"), click(3, 4, "/a"), click(4, 9, "/c")], {1, 2, 3}, id="chain"),
        pytest.param([click(1, 0, "/a"), click(2, 0, "/a"), click(3, 1, "/b")], {1, 2, 3}, id="each beside another link"),
    ],
)  # fmt: skip
def test_a_scanner_is_known_by_its_speed_in_whatever_order_it_was_told(clicks, scanned):
    assert [find_scanned(order) for order in permutations(clicks)] == [scanned] * len(list(permutations(clicks)))


def clicked(lead, key, seconds, url):
    at = NOW + timedelta(seconds=seconds)
    return sent(lead, "email_clicked", at, key, properties={"url": url})


@pytest.mark.django_db
@pytest.mark.parametrize("order", [*permutations(range(3))], ids=str)
def test_clicks_told_one_by_one_are_judged_alike_in_any_order(order):
    lead = LeadFactory()
    events = [clicked(lead, "a", 0, "/a"), clicked(lead, "b", 2, "/b"), clicked(lead, "late", 60, "/b")]
    for index in order:
        record_events(events=[events[index]], by=None, at=NOW + timedelta(hours=1))
    found = dict(LeadEvent.objects.values_list("idempotency_key", "not_counted"))
    assert found == {"a": "scanner", "b": "scanner", "late": ""}
    assert get_uncounted(lead.pk, as_of=NOW + timedelta(hours=1)) == {"scanner": 2}


@pytest.mark.django_db
def test_a_crawlers_visit_gives_nothing_and_says_so_on_timeline_and_card():
    lead, marketer = LeadFactory(), UserFactory(marketing=True)
    visits = [
        sent(lead, PRICING, NOW, "bot", properties={"user_agent": GOOGLEBOT, "url": "/one"}),
        sent(lead, PRICING, NOW, "person", properties={"user_agent": CHROME, "url": "/two"}),
    ]
    record_events(events=visits, by=None, at=NOW)
    assert LeadScore.objects.get(lead=lead).score == 10
    reasons = {
        e.payload.row.idempotency_key: e.payload.row.not_counted for e in get_events(Asked("lead", lead.pk, marketer))
    }
    assert reasons == {"bot": "bot", "person": ""}
    page = text(signed_in(marketer).get(f"/leads/{lead.pk}/"))
    assert "Not counted: a program did it" in page
    assert "1 more did not count; the timeline says why." in page


@pytest.mark.django_db
def test_what_was_known_then_tells_neither_of_scanners_nor_of_who_confirmed_later():
    lead, hour = LeadFactory(), timedelta(hours=1)
    ScoringRule.objects.filter(code="pricing_page").update(event_types=["email_clicked", "form_submitted"])
    record_events(events=[clicked(lead, "a", 0, "/a")], by=None, at=NOW + hour)
    asked = sent(lead, "form_submitted", NOW, "form", is_pending=True)
    record_events(events=[asked], by=None, at=NOW + hour)
    record_events(events=[clicked(lead, "b", 2, "/b")], by=None, at=NOW + 2 * hour)  # now both were a scanner
    confirm_event(event=replace(asked, is_pending=False), by=None, at=NOW + 3 * hour)
    known = [
        [row.event_id for row in get_score(lead.pk, as_of=NOW + hour, known_at=then)[0].contributions]
        for then in (NOW, NOW + hour, NOW + 2 * hour, NOW + 3 * hour, None)
    ]
    first, form = (
        LeadEvent.objects.filter(idempotency_key__in=["a", "form"]).order_by("pk").values_list("pk", flat=True)
    )
    assert known == [[], [first], [], [form], [form]]
