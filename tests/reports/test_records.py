"""Every figure opens its records: each number of a row, what was left out, what stood out, on both pages (R-1, LT-120)."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from crm.models import User
from reports.commands.qbrs import ask_qbr
from reports.models import QbrRun
from reports.queries.figures import compute
from scoring.commands.conversion import convert_lead
from scoring.commands.handoffs import reject_lead
from tests.factories.crm import SourceFactory, UserFactory
from tests.factories.scoring import LeadFactory
from tests.figures.histories import Firm, noon
from tests.reports.test_qbr_commands import work
from tests.scoring.test_handoffs import hot_lead
from tests.testing import element

pytestmark = pytest.mark.django_db
ASKED = {"period": "2026Q3", "team": ""}


@pytest.fixture
def firm() -> Firm:
    return Firm()


@pytest.fixture
def admin() -> User:
    return UserFactory(admin=True)


@pytest.fixture
def client(admin: User) -> Client:
    client = Client()
    client.force_login(admin)
    return client


def words(markup: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def links(page: Any, panel: str = "") -> dict[str, str]:
    """Return the links of a page or of a part of it: text to address."""
    markup = str(element(page, panel)) if panel else page.content.decode()
    found = re.findall(r'<a\s[^>]*?href="([^"]+)"[^>]*>(.*?)</a>', markup, re.DOTALL)
    return {words(inside): unescape(href) for href, inside in found}


def cells(page: Any, panel: str, row: str) -> list[tuple[str, str]]:
    """Return the cells of one row: text and address."""
    for markup in re.findall(r"<tr>(.*?)</tr>", str(element(page, panel)), re.DOTALL):
        head, *others = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", markup, re.DOTALL)
        if words(head).startswith(row):
            return [(words(cell), unescape((re.findall(r'href="([^"]+)"', cell) or [""])[0])) for cell in others]
    raise AssertionError(row)


def test_each_count_of_a_setpoint_opens_its_own_deals(firm: Firm, client: Client) -> None:
    went_on = firm.deal("Went on", "2026-07-02", "25").move("2026-07-20", "50")
    lost = firm.deal("Lost there", "2026-07-03", "25").close("2026-08-01", "lost")
    stays = firm.deal("Stays", "2026-07-04", "25")

    found = cells(client.get("/reports/", ASKED), "figure-pipeline-by-setpoint", "25%")

    assert [text for text, _href in found] == ["1", "0", "€1k", "€250", "3", "1", "0", "0", "1"]
    opened = [client.get(href).content.decode() if href else "" for _text, href in found]
    named = [{story.row.name for story in (went_on, lost, stays) if story.row.name in body} for body in opened]
    everything = {"Went on", "Lost there", "Stays"}
    assert named == [{"Stays"}, set(), set(), set(), everything, {"Went on"}, set(), set(), {"Lost there"}]
    assert "25%: Entered" in " ".join(opened[4].split())


def test_what_a_row_left_out_and_what_took_unusually_long_is_linked(firm: Firm, client: Client) -> None:
    firm.deal("Without a start", "2026-05-01").close("2026-07-05", "won")
    for number, days in enumerate((10, 10, 11, 11, 12, 60)):
        story = firm.deal(f"Won {number}", "2026-05-01").meet("2026-05-04")
        story.close(noon("2026-05-04") + timedelta(days=60 + days), "won")

    page = client.get("/reports/", ASKED)
    found = links(page, "figure-cycle")

    assert {"1 unusually long", "1 without a first meeting"} <= found.keys()
    assert "Won 5" in client.get(found["1 unusually long"]).content.decode()
    assert "Without a start" in client.get(found["1 without a first meeting"]).content.decode()
    value = cells(page, "figure-cycle", "All")[0][1]
    assert "Unusually long" in client.get(value).content.decode()  # marked among the others
    assert cells(page, "figure-cycle", "All")[2][0] == "74 d"  # from making the deal


def test_a_raw_pipeline_never_stands_alone(firm: Firm, client: Client) -> None:
    firm.deal("First", "2026-07-02")
    firm.deal("Qualified", "2026-07-02", "25", amount=3000)

    heading = client.get("/reports/", {**ASKED, "as_of": "2026-09-30"}).context["finding"]

    assert heading == "€0 won, €4,000 open, of it €3,000 at 25% and above."


def built(firm: Firm, admin: User) -> QbrRun:
    run = ask_qbr(team_id=firm.sales.pk, quarter="2026Q3", by=admin, at=noon("2026-10-02"))
    work()
    run.refresh_from_db()
    return run


def test_a_quarter_review_opens_reasons_moves_sources_and_what_was_sent_back(
    firm: Firm, admin: User, client: Client
) -> None:
    firm.deal("To Volta", "2026-07-02", "25").close("2026-08-01", "lost")
    firm.deal("To Ampere", "2026-07-02", "25").close("2026-08-02", "lost", competitor="Ampere")
    open_deal = firm.deal("Still open", "2026-07-02", "25")
    lead = hot_lead(
        at=noon("2026-07-06"), owner=firm.liis, created_at=noon("2026-07-05"), recorded_at=noon("2026-07-05"),
        source=SourceFactory(name="Trade fairs"),
    )  # fmt: skip
    reject_lead(lead_id=lead.pk, reason_code="not_now", by=firm.liis, at=noon("2026-07-07"))
    run = built(firm, admin)

    page = client.get(f"/reports/qbr/{run.pk}/")

    assert ", of it €1k at 25% and above." in page.context["paper"].lead
    (reason,) = page.context["paper"].reasons
    body = client.get(reason["href"]).content.decode()
    assert reason["count"] == 2 and "To Volta" in body and "To Ampere" in body and "Lost · Price: 2" in body
    entered = next(row for row in page.context["paper"].setpoints if row["label"] == "25%")["moves"][0]
    assert entered["count"] == 3 and open_deal.row.name in client.get(entered["href"]).content.decode()
    shown = {unescape(href) for href in re.findall(r'href="([^"]+)"', page.content.decode())}
    (sent_back,) = page.context["paper"].sent_back
    assert f"/leads/{lead.pk}/" in client.get(sent_back["href"]).content.decode()
    (source,) = page.context["paper"].sources
    assert source["name"] == "Trade fairs"
    assert {reason["href"], entered["href"], sent_back["href"], source["href"]} <= shown
    assert f"/leads/{lead.pk}/" in client.get(source["href"]).content.decode()


def test_the_leads_of_a_source_that_became_deals_open(client: Client, admin: User) -> None:
    now, source = timezone.now(), SourceFactory()
    made = [LeadFactory(owner=admin, source=source, created_at=now, recorded_at=now) for _ in range(3)]
    convert_lead(lead_id=made[1].pk, opens_deal=False, by=admin, at=now)
    row = compute("leads", user=admin, at=timezone.now(), by="source")[0]
    assert (row.figure.ids, row.figure.cells["converted"]) == ([lead.pk for lead in made], [made[1].pk])
    page = client.get(f"{row.records_url}&cell=converted").content.decode()
    assert [f"/leads/{lead.pk}/" in page for lead in made] == [False, True, False]
    assert "Became deals" in page
