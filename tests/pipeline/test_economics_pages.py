"""A deal's economics by page: the panel, the formulas, every sheet, the price list, assumptions, deals side by side."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.lib.values import Money
from pipeline.models import (
    CostRate,
    EconomicAssumptions,
    Effort,
    Opportunity,
    OpportunityCost,
    OpportunityLine,
    Product,
    StrategicValue,
)
from tests.factories.crm import TeamFactory, UserFactory
from tests.factories.pipeline import OpportunityFactory, ProductFactory
from tests.testing import htmx_get, htmx_post, signed_in, text

pytestmark = pytest.mark.django_db
WHY = "They are the first bank in the country"


def words_of(answer: Any) -> str:
    """Return what a page says, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", text(answer)).split())


def eur(amount: Any) -> Money:
    return Money(Decimal(amount), "EUR")


@pytest.fixture
def team() -> Any:
    return TeamFactory()


@pytest.fixture
def rep(team: Any) -> Any:
    return UserFactory(rep=True, team=team)


@pytest.fixture
def deal(rep: Any) -> Opportunity:
    return OpportunityFactory(owner=rep, name="Metering", account__name="Baltvilla Foods", amount=eur(90000))


def sold(deal: Opportunity, **more: Any) -> OpportunityLine:
    given = {"description": "Metering", "price": eur(120000), "cost": eur(20000), "discount": Decimal("0.25")}
    return OpportunityLine.objects.create(opportunity=deal, **{**given, **more})


def big_and_small(rep: Any) -> tuple[Opportunity, Opportunity]:
    big = OpportunityFactory(owner=rep, name="Big", amount=eur(90000))
    sold(big)
    for kind, amount in (("services", 25000), ("custom_development", 10000), ("third_party", 15000)):
        OpportunityCost.objects.create(opportunity=big, kind=kind, amount=eur(amount))
    small = OpportunityFactory(owner=rep, name="Small", amount=eur(30000))
    sold(small, price=eur(30000), cost=eur(6000), discount=Decimal(0))
    return big, small


def test_the_panel_is_loaded_by_the_deal_page_and_is_the_pages_own(rep, deal):
    sold(deal)
    browser, url = signed_in(rep), f"/deals/{deal.pk}/economics/"
    assert f'hx-get="{url}"' in browser.get(f"/deals/{deal.pk}/").content.decode()
    panel = browser.get(url, headers={"HX-Request": "true", "HX-Target": "economics-panel"})
    assert panel.content.decode().strip().startswith('<section class="panel economics" id="economics-panel"')
    assert "Gross margin 77.8% €70,000" in words_of(panel)
    page = words_of(browser.get(url))
    assert "Net price of the whole contract less its direct costs: €90,000 − €20,000 (goods sold)" in page
    cells = words_of(panel).partition("Margin, costs and payback")[2]
    assert cells and cells in page
    body = browser.get(url, headers={"HX-Request": "true", "HX-Target": "economics-body"})
    assert body.content.decode().strip().startswith("<div")


def test_an_incomplete_margin_says_what_is_missing(rep, deal):
    sold(deal)
    sold(deal, cost=None)
    OpportunityCost.objects.create(opportunity=deal, kind="services", amount=None)
    page = text(signed_in(rep).get(f"/deals/{deal.pk}/economics/"))
    assert "1 of 2 lines costed, 0 of 1 other cost known" in page
    assert "The lines come to €180,000, the deal says €90,000." in page


def test_the_page_of_a_deal_takes_a_constant_number_of_statements(rep, deal):
    browser, counts = signed_in(rep), []
    browser.get(f"/deals/{deal.pk}/economics/")
    for _ in range(2):
        sold(deal)
        OpportunityCost.objects.create(opportunity=deal, kind="services", amount=eur(1))
        Effort.objects.create(opportunity=deal, user=rep, kind="demo", minutes=30, on=date(2026, 1, 1))
        with CaptureQueriesContext(connection) as captured:
            browser.get(f"/deals/{deal.pk}/economics/")
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_a_line_is_added_changed_and_removed_with_and_without_htmx(rep, deal):
    product, browser = ProductFactory(price=eur(1200), cost=eur(300)), signed_in(rep)
    url = f"/deals/{deal.pk}/economics/lines/new/"
    assert "Up to 10% freely, up to 20% with finance, more is not sold." in text(htmx_get(browser, url))
    given = {"product_id": product.pk, "quantity": "2,5", "discount": "10%", "billing": "monthly", "months": "12"}
    answer = htmx_post(browser, url, given)
    assert (answer.status_code, "record:changed" in answer["HX-Trigger"]) == (200, True)
    line = OpportunityLine.objects.get()
    assert (line.quantity, line.discount, line.price, line.months) == (Decimal("2.5"), Decimal("0.1"), eur(1200), 12)
    url = f"/deals/{deal.pk}/economics/lines/{line.pk}/"
    form = browser.get(url).context["form"]
    sent = {name: form[name].value() for name in form.fields} | {"price": "1500", "cost": "", "is_standard": ""}
    seen = {f"seen-{name}": form[name].value() for name in form.fields}
    sent = {name: "" if value is None else value for name, value in sent.items()}
    seen = {name: "" if value is None else value for name, value in seen.items()}
    assert browser.post(url, {**sent, **_flat(seen)}).status_code == 302
    line.refresh_from_db()
    assert (line.price, line.cost, line.is_standard, line.discount) == (eur(1500), None, False, Decimal("0.1"))
    assert browser.post(f"{url}remove/").status_code == 302
    assert browser.post(f"{url}remove/").status_code == 302
    assert htmx_get(browser, url).status_code == 404


def _flat(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: f"{value.amount:f} {value.currency}" if isinstance(value, Money) else value
        for name, value in values.items()
    }


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("quantity", "0", "greater than or equal to"),
        ("quantity", "1e400", "digits"),
        ("quantity", "NaN", "Enter a number"),
        ("quantity", "two", "Enter a number"),
        ("discount", "101", "less than or equal to 100"),
        ("discount", "15", "This needs an approval first"),
        ("discount", "50", "We do not sell this"),
        ("price", "-5", "below zero"),
        ("price", "1e400", "no amount"),
        ("price", "9" * 20, "too large"),
        ("product_id", "999999", "Select a valid choice"),
        ("product_id", "1e400", "Select a valid choice"),
        ("description", "x" * 301, "at most 300"),
        ("months", "12", "has no term"),
        ("billing", "weekly", "Select a valid choice"),
    ],
)
def test_a_line_that_cannot_be_says_why_and_keeps_what_was_typed(rep, deal, field, value, says):
    given = {"description": "Meters for two plants", "quantity": "1", "discount": "0", "billing": "one_off"}
    answer = htmx_post(signed_in(rep), f"/deals/{deal.pk}/economics/lines/new/", {**given, field: value})
    assert answer.status_code == 422
    assert says in text(answer)
    assert OpportunityLine.objects.count() == 0


def test_a_nul_in_any_field_breaks_nothing(rep, deal):
    for kind in ("lines", "costs", "hours", "potential", "strategic"):
        given = {"description": "\0", "note": "\0", "justification": "\0", "minutes": "\0", "kind": "\0"}
        assert htmx_post(signed_in(rep), f"/deals/{deal.pk}/economics/{kind}/new/", given).status_code == 422
    assert signed_in(rep).get(f"/deals/{deal.pk}/economics/weather/new/").status_code == 404


def test_two_who_change_the_same_field_of_a_line_meet(rep, deal):
    line, browser = sold(deal), signed_in(rep)
    OpportunityLine.objects.filter(pk=line.pk).update(price=110000)
    sent = {"description": "Metering", "quantity": "1", "discount": "25", "billing": "one_off", "price": "100000"}
    seen = {"seen-price": "120000 EUR", "seen-quantity": "1", "seen-discount": "25", "seen-billing": "one_off"}
    answer = htmx_post(browser, f"/deals/{deal.pk}/economics/lines/{line.pk}/", {**sent, **seen})
    assert answer.status_code == 409
    assert "Somebody changed this since you opened it." in text(answer)
    line.refresh_from_db()
    assert line.price == eur(110000)


@pytest.mark.parametrize(
    ("discount", "says"),
    [("5", "Free to give"), ("15", "Needs an approval"), ("25", "Not sold"), ("x", "Free to give")],
)
def test_margin_and_policy_answer_while_a_discount_is_typed(rep, deal, discount, says):
    given = {"price": "100", "cost": "60", "quantity": "10", "discount": discount, "billing": "one_off"}
    shown = words_of(signed_in(rep).get(f"/deals/{deal.pk}/economics/preview/", given))
    assert says in shown
    net = {"5": "€950", "15": "€850", "25": "€750", "x": "€1,000"}[discount]
    assert f"Customer pays {net}" in shown


def test_a_preview_of_nonsense_is_calm(rep, deal):
    for given in ({}, {"quantity": "1e400", "price": "\0", "months": "-1", "product_id": "9" * 30, "billing": "x"}):
        assert signed_in(rep).get(f"/deals/{deal.pk}/economics/preview/", given).status_code == 200


def test_costs_hours_and_potential_are_said_in_their_sheets(rep, deal):
    browser, base = signed_in(rep), f"/deals/{deal.pk}/economics"
    assert htmx_post(browser, f"{base}/costs/new/", {"kind": "services", "amount": ""}).status_code == 200
    cost = OpportunityCost.objects.get()
    assert htmx_post(browser, f"{base}/costs/{cost.pk}/", {"kind": "services", "amount": "2k"}).status_code == 200
    today = timezone.localdate()
    hours = {"minutes": "1:30", "kind": "demo", "on": today.isoformat(), "user_id": rep.pk}
    assert htmx_post(browser, f"{base}/hours/new/", hours).status_code == 200
    for wrong in ("", "x", "1:99", "25", "-1", "1:x", "NaN", "1e400"):
        assert htmx_post(browser, f"{base}/hours/new/", {**hours, "minutes": wrong}).status_code == 422
    assert htmx_post(browser, f"{base}/potential/new/", {"kind": "usage", "yearly": "12k"}).status_code == 200
    row = deal.expansions.get()
    assert htmx_post(browser, f"{base}/potential/{row.pk}/", {"yearly": "15k", "note": "Plants"}).status_code == 200
    page = words_of(browser.get(f"{base}/"))
    for words in ("Professional services €2,000", "1 h 30 min", "More usage Plants ≈ €15,000"):
        assert words in page
    assert htmx_post(browser, f"{base}/hours/{Effort.objects.get().pk}/", hours).status_code == 404
    assert browser.post(f"{base}/hours/{Effort.objects.get().pk}/remove/").status_code == 302


def test_rows_of_another_deal_are_not_there(rep, deal):
    other = sold(OpportunityFactory(owner=rep))
    for path in (f"lines/{other.pk}/", f"strategic/{other.pk}/approve/"):
        assert signed_in(rep).get(f"/deals/{deal.pk}/economics/{path}").status_code in (403, 404)
    assert signed_in(rep).post(f"/deals/{deal.pk}/economics/lines/{other.pk}/remove/").status_code == 404


def test_a_manager_lets_a_strategic_value_count(rep, deal, team):
    manager, url = UserFactory(manages=team), f"/deals/{deal.pk}/economics"
    said = {"kind": "reference", "weight": "2", "value": "5k", "justification": WHY}
    assert htmx_post(signed_in(rep), f"{url}/strategic/new/", said).status_code == 200
    claim = StrategicValue.objects.get()
    assert "Not approved" in text(signed_in(rep).get(f"{url}/"))
    browser = signed_in(manager)
    assert WHY in text(htmx_get(browser, f"{url}/strategic/{claim.pk}/approve/"))
    assert htmx_post(browser, f"{url}/strategic/{claim.pk}/approve/", {"reason": "ok"}).status_code == 422
    assert htmx_post(browser, f"{url}/strategic/{claim.pk}/approve/", {"reason": WHY}).status_code == 200
    assert f"{manager.name}: {WHY}" in text(browser.get(f"{url}/"))


def test_the_small_deal_stands_before_the_big_one_by_margin_and_behind_by_amount(rep):
    big, small = big_and_small(rep)
    browser, chosen = signed_in(rep), f"deal={big.pk}&deal={small.pk}"
    page = browser.get(f"/deals/compare/?{chosen}")
    assert [row["deal"].name for row in page.context["rows"]] == ["Small", "Big"]
    assert "€24,000 80.0%" in words_of(page)
    assert "€20,000 22.2%" in words_of(page)
    by_amount = browser.get(f"/deals/compare/?{chosen}&sort=-amount")
    assert [row["deal"].name for row in by_amount.context["rows"]] == ["Big", "Small"]


def test_a_payback_over_its_limit_is_flagged(rep):
    big, small = big_and_small(rep)
    EconomicAssumptions.objects.create(
        valid_from=date(2026, 1, 1), payback_limit_months=12, onboarding=eur(22000), churn=Decimal(0)
    )
    page = signed_in(rep).get(f"/deals/compare/?deal={big.pk}&deal={small.pk}")
    assert {row["deal"].name: row["over_limit"] for row in page.context["rows"]} == {"Big": True, "Small": False}
    assert "1 deal pays back later than our limit." in text(page)


def test_deals_without_the_figure_stand_last_either_way(rep):
    big, small = big_and_small(rep)
    bare = OpportunityFactory(owner=rep, name="Bare")
    for sort, names in (("margin", ["Big", "Small", "Bare"]), ("-margin", ["Small", "Big", "Bare"])):
        page = signed_in(rep).get(f"/deals/compare/?deal={bare.pk}&deal={big.pk}&deal={small.pk}&sort={sort}")
        assert [row["deal"].name for row in page.context["rows"]] == names


def test_comparing_takes_what_is_asked_calmly(rep):
    hidden = OpportunityFactory(name="Hidden")
    shown = OpportunityFactory(owner=rep, name="Shown")
    url = f"/deals/compare/?deal={hidden.pk}&deal=x&deal=-1&deal={'9' * 30}&deal=&deal={shown.pk}&sort=weather"
    page = signed_in(rep).get(url)
    assert [row["deal"].name for row in page.context["rows"]] == ["Shown"]
    assert [row["deal"].name for row in signed_in(rep).get("/deals/compare/").context["rows"]] == ["Shown"]


@pytest.mark.parametrize("deals", [1, 3])
def test_comparing_takes_a_constant_number_of_statements(rep, deals):
    for _ in range(deals):
        sold(OpportunityFactory(owner=rep))
    browser = signed_in(rep)
    browser.get("/deals/compare/")
    with CaptureQueriesContext(connection) as captured:
        browser.get("/deals/compare/")
    assert len(captured) <= 17


def test_an_administrator_keeps_the_price_list():
    browser = signed_in(UserFactory(admin=True))
    assert htmx_post(browser, "/settings/products/new/", {"name": "Base", "price": "100"})["HX-Redirect"]
    made = Product.objects.get(name="Base")
    assert htmx_post(browser, "/settings/products/new/", {"name": "base"}).status_code == 422
    url = f"/settings/products/{made.pk}/"
    sent = {"name": "Base", "price": "120", "cost": "40", "seen-name": "Base", "seen-price": "100 EUR"}
    assert browser.post(url, sent).status_code == 302
    assert browser.post(url, {**sent, "price": "130"}).status_code == 409
    assert browser.post(f"{url}put/").status_code == 302
    assert "No longer sold" in text(browser.get("/settings/products/"))
    assert browser.post(f"{url}put/", {"is_sold": "yes"}).status_code == 302
    made.refresh_from_db()
    assert (made.price, made.cost, made.archived_at) == (eur(120), eur(40), None)


def test_an_administrator_sets_assumptions_and_rates():
    browser = signed_in(UserFactory(admin=True))
    given = {"margin_floor": "55%", "churn": "1,5", "horizon_months": "60", "payback_limit_months": "12", "lead": "200"}
    assert browser.post("/settings/economics/", given).status_code == 302
    row = EconomicAssumptions.objects.get()
    assert (row.margin_floor, row.churn, row.lead) == (Decimal("0.55"), Decimal("0.015"), eur(200))
    assert 'value="55"' in browser.get("/settings/economics/").content.decode()
    assert browser.post("/settings/economics/", {**given, "churn": "101"}).status_code == 422
    assert browser.post("/settings/economics/rates/", {"demo": "60", "legal": ""}).status_code == 302
    assert CostRate.objects.get().hourly == eur(60)
    assert browser.post("/settings/economics/rates/", {"demo": "1e400"}).status_code == 422


def test_a_closed_deal_shows_its_lines_and_lets_nobody_change_them(rep, deal):
    line = sold(deal)
    Opportunity.objects.filter(pk=deal.pk).update(outcome="won", closed_at=datetime(2026, 1, 5, tzinfo=UTC))
    page = signed_in(rep).get(f"/deals/{deal.pk}/economics/").content.decode()
    assert f"/economics/lines/{line.pk}/" not in page
    assert "/economics/lines/new/" not in page
    answer = htmx_post(signed_in(rep), f"/deals/{deal.pk}/economics/lines/{line.pk}/remove/")
    assert (answer.status_code, "closed" in text(answer)) == (422, True)
