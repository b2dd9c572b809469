"""What became of leads, and why they came back, on the page marketing and sales read (S-11, LT-069, LT-074)."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from crm.lib.values import Money
from crm.models import Campaign, Source, User
from pipeline.commands.opportunities import close_opportunity
from reports.queries.figures import compute
from scoring.commands.conversion import convert_lead
from scoring.commands.crossing_rules import note_crossing_rules
from scoring.commands.events import record_events
from scoring.commands.handoffs import accept_lead, reject_lead
from scoring.models import Lead
from tests.factories.crm import UserFactory
from tests.factories.scoring import LeadFactory, sent
from tests.scoring.examples import DEMO, PAPER, PRICING, WEBINAR
from tests.testing import element, signed_in

pytestmark = pytest.mark.django_db
NOW = timezone.now()
THEN = NOW - timedelta(days=3)


@pytest.fixture
def webinar() -> Source:
    return Source.objects.create(code="webinar", name="Webinars", channel="inbound", content_type="webinar")


def handed(source: Source, *kinds: str, **fields: Any) -> Lead:
    """Make a lead that crossed by what it did."""
    lead = LeadFactory(source=source, **fields)
    record_events(events=[sent(lead, kind, THEN) for kind in kinds], by=None, at=THEN)
    return lead


def answered(rep: User, source: Source, campaign: Campaign) -> tuple[Lead, Lead]:
    """Let one lead be won and one be sent back."""
    good, bad = handed(source, DEMO, WEBINAR, PRICING, campaign=campaign), handed(source, PAPER, WEBINAR, PAPER, DEMO)
    accept_lead(lead_id=good.pk, by=rep, at=THEN)
    reject_lead(lead_id=bad.pk, reason_code="wrong_fit", by=rep, at=THEN)
    became = convert_lead(
        lead_id=good.pk,
        first_meeting_at=THEN,
        amount=Money(Decimal(12000), "EUR"),
        deal_type="new_business",
        by=rep,
        at=THEN,
    )
    deal = became.opportunity
    assert deal is not None
    close_opportunity(
        opportunity_id=deal.pk, outcome="won", reason_code="product", by=rep, at=NOW, seen_version=deal.version
    )
    return good, bad


def test_a_lead_is_followed_to_the_revenue_and_back_to_what_brought_it(webinar: Source) -> None:
    rep = UserFactory(rep=True)
    leaks = Campaign.objects.create(code="leaks", name="Leaks", source=webinar, content_type="case_study")
    good, bad = answered(rep, webinar, leaks)
    assert [note_crossing_rules(at=NOW) for _ in range(2)] == [2, 0]

    rows = {row.group: row.figure for row in compute("lead-yield", user=rep, at=NOW, by="source")}
    assert {name: rows["webinar"].detail[name] for name in ("entered", "accepted", "qualified", "deals", "won")} == {
        "entered": 2, "accepted": 1, "qualified": 1, "deals": 1, "won": 1,
    }  # fmt: skip
    assert (rows["webinar"].detail["revenue"], rows["webinar"].cells["won"]) == (12000, [good.pk])

    rules = {row.group: row.figure for row in compute("rule-precision", user=None, at=NOW)}
    assert {code: (figure.n, figure.detail["qualified"]) for code, figure in rules.items()} == {
        "demo_request": (2, 1), "pricing_page": (1, 1), "webinar": (2, 1), "whitepaper": (1, 0),
    }  # fmt: skip
    back = {row.group: row.figure for row in compute("leads-sent-back", user=None, at=NOW, by="rule")}
    assert back["whitepaper/wrong_fit"].ids == [bad.pk]
    assert back["webinar/wrong_fit"].detail["answered"] == 2
    assert compute("won-value", user=rep, at=NOW, by="campaign")[0].group_label == "Leaks"
    assert compute("won-value", user=rep, at=NOW, by="content_type")[0].group == "case_study"


def test_the_page_tells_it_to_sales_and_marketing_alike(webinar: Source, django_assert_num_queries: Any) -> None:
    rep, marketer = UserFactory(rep=True), UserFactory(marketing=True)
    leaks = Campaign.objects.create(code="leaks", name="Leaks", source=webinar)
    answered(rep, webinar, leaks)
    note_crossing_rules(at=NOW)
    for user in (rep, marketer):
        page = signed_in(user).get("/reports/leads/")
        assert "Webinars" in str(element(page, "lead-yield"))
        assert "Not a fit" in str(element(page, "sent-back-by-source"))
        assert "12,000" in str(element(page, "won-by-campaign"))
    client = signed_in(rep)
    client.get("/reports/leads/")
    with django_assert_num_queries(30):
        client.get("/reports/leads/")
    handed(webinar, DEMO, WEBINAR, PRICING)
    note_crossing_rules(at=NOW)
    with django_assert_num_queries(30):
        client.get("/reports/leads/")


def test_what_comes_to_us_and_what_we_go_out_to_is_told_by_sector() -> None:
    for channel, count in (("inbound", 3), ("outbound", 1)):
        for _ in range(count):
            LeadFactory(channel=channel, industry="Dairy", created_at=THEN)
    page = signed_in(UserFactory(marketing=True)).get("/reports/leads/")
    mix = next(table for table in page.context["tables"] if table.code == "mix-by-industry")
    assert [(name, [(cell.text, cell.note) for cell in cells]) for name, cells in mix.rows] == [
        ("Dairy", [("4", ""), ("3", "75%"), ("1", "25%")])
    ]
    records = signed_in(UserFactory(marketing=True)).get(mix.rows[0][1][2].href).content.decode()
    assert records.count("/leads/") >= 1


@pytest.mark.parametrize(
    "query", ["?by=band&period=2026", "?by=owner", "?by=mood&period=x", "?by=version&as_of=2026-01-01"]
)
def test_the_page_takes_any_address(query: str) -> None:
    assert signed_in(UserFactory(rep=True)).get(f"/reports/leads/{query}").status_code == 200
