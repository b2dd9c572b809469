"""The sheet of a business case, what the customer reads by its address, and the PDF of it (B28, EE-082, TR-042)."""

import json
import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.signing import Signer
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from crm.models import FeatureSwitch, User
from crm.settings.logs import shown
from pipeline.commands.shared_cases import share_case, withdraw_case
from pipeline.models import BusinessCase, Opportunity
from pipeline.queries.business_cases import get_case, get_case_facts
from pipeline.views.shared_cases import looks
from tests.factories.business_cases import make_case
from tests.factories.crm import ContactFactory, UserFactory
from tests.factories.pipeline import OpportunityFactory
from tests.testing import htmx_post, signed_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def rep() -> Any:
    return UserFactory(rep=True, name="Kaur Inside")


@pytest.fixture
def deal(rep: Any) -> Opportunity:
    return OpportunityFactory(owner=rep, at="50", account__name="Baltvilla Foods", name="Risky upsell")


@pytest.fixture(autouse=True)
def _nobody_looked_before() -> None:
    looks._windows.clear()


def sent(page: str, **changes: Any) -> dict[str, Any]:
    """Return what a browser would send of the form on a page, with some fields typed over."""
    form = page[page.index('id="case-form"') : page.index("</form>", page.index('id="case-form"'))]
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        attrs = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if attrs.get("type") != "checkbox":
            found[attrs["name"]] = attrs.get("value", "").replace("&quot;", '"')
    for name, options in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    for name, value in re.findall(r'<textarea name="([^"]+)"[^>]*>\s*(.*?)</textarea>', form, re.S):
        found[name] = value
    assert set(changes) <= set(found) | {"more", "benefit-0-gone", "cost-0-gone"}, set(changes) - set(found)
    return found | changes


def address(deal: Opportunity, part: str = "") -> str:
    return f"/deals/{deal.pk}/case/{part}"


def shared_address(deal: Opportunity, **days: int) -> str:
    """Share the case of a deal and return its address."""
    until = timezone.localdate() + timedelta(**(days or {"days": 5}))
    share_case(opportunity_id=deal.pk, until=until, by=None, at=timezone.now())
    found = re.search(r'value="(http[^"]+)"', text(signed_in(deal.owner).get(address(deal))))
    assert found
    return found[1].removeprefix("http://testserver")


def test_a_case_is_typed_and_kept_by_a_plain_form(deal: Opportunity, rep: Any) -> None:
    browser = signed_in(rep)
    contact = ContactFactory(account=deal.account)
    filled = sent(
        text(browser.get(address(deal))),
        **{
            "currency": "sek", "discount_rate": "8,5", "measure": "A shift more a week",
            "co_built_with_id": str(contact.pk), "co_built_on": timezone.localdate().isoformat(),
            "cost-0-label": "Meters", "cost-0-at_start": "50k",
            "benefit-0-label": "Less water", "benefit-0-y1": "25 000", "kpi-0-name": "Water a tonne", "kpi-0-now": "410",
        },
    )  # fmt: skip
    answer = browser.post(address(deal), filled, follow=True)
    assert answer.redirect_chain == [(address(deal), 302)]
    facts = get_case_facts(get_case(deal.pk))  # type: ignore[arg-type]
    assert (facts.currency, facts.discount_rate, facts.co_built_with_id) == ("SEK", Decimal("0.085"), contact.pk)
    assert [(row.label, row.at_start, row.yearly) for row in facts.rows] == [
        ("Less water", Decimal(0), (Decimal(25_000),) * 3),
        ("Meters", Decimal(50_000), ()),
    ]
    shown_page = text(answer)
    assert "50.0%" in shown_page
    assert "23.4%" in shown_page
    assert "2 years" in shown_page


def test_a_form_sent_as_it_was_shown_changes_nothing(deal: Opportunity, rep: Any) -> None:
    make_case(deal)
    browser = signed_in(rep)
    assert browser.post(address(deal), sent(text(browser.get(address(deal))))).status_code == 302
    assert BusinessCase.objects.get().version == 1


def test_a_benefit_is_tied_to_a_figure_of_the_same_form_and_a_line_is_taken_away(deal: Opportunity, rep: Any) -> None:
    make_case(deal)
    browser = signed_in(rep)
    page = text(browser.get(address(deal)))
    browser.post(address(deal), sent(page, **{"kpi-0-name": "Water", "cost-0-gone": "on"}))
    facts = get_case_facts(get_case(deal.pk))  # type: ignore[arg-type]
    assert ([row.kpi for row in facts.rows], [kpi.name for kpi in facts.kpis]) == (["Water"], ["Water"])


def test_of_two_forms_the_later_keeps_what_the_first_changed_elsewhere(deal: Opportunity, rep: Any) -> None:
    make_case(deal)
    browser = signed_in(rep)
    page = text(browser.get(address(deal)))
    browser.post(address(deal), sent(page, measure="Less water", **{"cost-0-at_start": "60000"}))
    assert browser.post(address(deal), sent(page, **{"benefit-0-label": "Saved water"})).status_code == 302
    facts = get_case_facts(get_case(deal.pk))  # type: ignore[arg-type]
    assert (facts.measure, [row.label for row in facts.rows]) == ("Less water", ["Saved water", "Meters"])
    refused = browser.post(address(deal), sent(page, measure="More bread"))
    assert refused.status_code == 409
    assert "is now: Less water" in text(refused)
    assert "More bread" in text(refused)
    assert browser.post(address(deal), sent(text(refused))).status_code == 302
    assert get_case(deal.pk).measure == "More bread"  # type: ignore[union-attr]


def test_what_is_tried_is_shown_and_not_kept(deal: Opportunity, rep: Any) -> None:
    make_case(deal)
    browser = signed_in(rep)
    page = text(browser.get(address(deal)))
    tried = htmx_post(browser, address(deal, "try/"), sent(page, **{"cost-0-at_start": "75000"}), target="case-figures")
    assert "0.0%" in text(tried)
    assert "not saved yet" in text(tried)
    more = htmx_post(browser, address(deal, "try/"), sent(page, more="cost", years="5"), target="case-form")
    assert 'name="cost-2-y5"' in text(more)
    plain = browser.post(address(deal, "try/"), sent(page, more="kpi"))
    assert 'name="kpi-2-name"' in text(plain)
    assert BusinessCase.objects.get().version == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"currency": "€"}, {"currency": "\x00"}, {"years": "0"}, {"years": "9" * 500}, {"discount_rate": "1e400"},
        {"discount_rate": "NaN"}, {"discount_rate": "101"}, {"co_built_on": "2200-01-01"}, {"co_built_with_id": "0"},
        {"cost-0-at_start": "1e400"}, {"cost-0-at_start": "-5"}, {"cost-0-at_start": "9" * 39},
        {"cost-0-at_start": "1,2,3"}, {"cost-0-at_start": "0.005"}, {"cost-0-label": ""}, {"cost-0-label": "x" * 201},
        {"cost-0-label": "\x00"}, {"cost-0-id": "999999999"}, {"cost-0-id": "x"}, {"benefit-0-kpi": "7"},
        {"kpi-0-name": ""}, {"kpi-0-now": "Infinity"}, {"measure": "x" * 301}, {"justification": "x" * 1001},
    ],
    ids=lambda wrong: str(wrong)[:40],
)  # fmt: skip
def test_what_cannot_be_is_told_and_changes_nothing(deal: Opportunity, rep: Any, wrong: dict[str, str]) -> None:
    make_case(deal)
    browser = signed_in(rep)
    answer = browser.post(address(deal), sent(text(browser.get(address(deal))), **wrong))
    assert answer.status_code == 422
    assert "error" in text(answer)
    assert BusinessCase.objects.get().version == 1


@pytest.mark.parametrize("seen", ["", "[]", "7", "{", '{"years": {}}', "[" * 30_000, '{"row:1": "\\ud800"}'])
@pytest.mark.parametrize("lines", ["", "-1", "9" * 400, "9999", "x"])
def test_odd_forms_break_nothing(deal: Opportunity, rep: Any, seen: str, lines: str) -> None:
    make_case(deal)
    browser = signed_in(rep)
    filled = sent(text(browser.get(address(deal))), seen=seen, **{"cost-lines": lines})
    assert browser.post(address(deal), filled).status_code in (302, 422)
    assert browser.post(address(deal, "try/"), filled | {"more": "\x00"}).status_code == 200
    assert BusinessCase.objects.count() == 1


def test_the_panel_says_what_the_case_comes_to(deal: Opportunity, rep: Any) -> None:
    browser = signed_in(rep)
    assert "Begin" in text(browser.get(address(deal, "panel/")))
    make_case(deal)
    assert "50.0%" in text(browser.get(address(deal, "panel/")))
    assert address(deal, "panel/") in text(browser.get(f"/deals/{deal.pk}/"))


@pytest.mark.parametrize(("part", "most"), [("", 14), ("panel/", 10)])
def test_a_case_costs_the_same_however_long_it_is(
    deal: Opportunity, rep: Any, django_assert_max_num_queries: Any, part: str, most: int
) -> None:
    browser = signed_in(rep)
    make_case(deal)
    for _ in range(2):
        with django_assert_max_num_queries(most):
            assert browser.get(address(deal, part)).status_code == 200
        facts = get_case_facts(get_case(deal.pk))  # type: ignore[arg-type]
        BusinessCase.objects.get().rows.bulk_create(
            [BusinessCase.objects.get().rows.model(case_id=get_case(deal.pk).pk, side=row.side, label=f"More {n}")  # type: ignore[union-attr]
             for n, row in enumerate(facts.rows)]
        )  # fmt: skip


def test_who_only_reads_gets_no_form(deal: Opportunity) -> None:
    make_case(deal, justification="Their board said so")
    page = text(signed_in(UserFactory(marketing=True)).get(address(deal)))
    assert "case-form" not in page
    assert "Their board said so" in page
    assert "Less water" in page


def test_the_customer_reads_their_numbers_and_nothing_of_ours(deal: Opportunity, rep: Any) -> None:
    contact = ContactFactory(account=deal.account, first_name="Anna", last_name="Customer")
    make_case(
        deal, justification="They are desperate", co_built_with_id=contact.pk, co_built_on=date(2026, 3, 1),
        measure="A shift more a week",
    )  # fmt: skip
    url = shared_address(deal)
    answer = Client().get(url)
    page = text(answer)
    for told in ("Baltvilla Foods", "50.0%", "Less water", "Water a tonne", "Meters find the leaks", "A shift more"):
        assert told in page
    for hidden in ("Risky upsell", "They are desperate", "Kaur Inside", "Anna", "Customer", "<script", "csrf"):
        assert hidden not in page
    assert answer["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "script-src" not in answer["Content-Security-Policy"]
    assert not answer.cookies
    pdf = Client().get(f"{url}file/")
    assert (pdf.status_code, pdf["Content-Type"], pdf.content[:5]) == (200, "application/pdf", b"%PDF-")
    assert pdf["X-Robots-Tag"] == "noindex, nofollow, noarchive"


def test_an_address_ends_by_day_by_hand_and_with_its_deal(deal: Opportunity) -> None:
    make_case(deal)
    url = shared_address(deal)
    assert Client().get(url).status_code == 200
    BusinessCase.objects.update(shared_until=timezone.localdate() - timedelta(days=1))
    assert Client().get(url).status_code == 404
    url = shared_address(deal)
    withdraw_case(opportunity_id=deal.pk, by=None, at=timezone.now())
    assert [Client().get(f"{url}{part}").status_code for part in ("", "file/")] == [404, 404]
    url = shared_address(deal)
    Opportunity.objects.update(archived_at=timezone.now())
    assert Client().get(url).status_code == 404


def test_an_address_cannot_be_made_up(deal: Opportunity) -> None:
    make_case(deal)
    url = shared_address(deal)
    key = BusinessCase.objects.get().share_key
    token = url.rstrip("/").rpartition("/")[2]
    other = Signer(sep=".", salt="shared:something-else").sign(key or "")
    for wrong in (key, f"{token}x", token[:-1], other, ".", f"{key}.", token.swapcase(), "%00", "x" * 5000):
        assert Client().get(f"/shared/cases/{wrong}/").status_code == 404
    assert len(key or "") >= 32
    assert [Client().post(url).status_code, Client().put(url).status_code] == [405, 405]


@override_settings(SHARED_RATE=(3, 60))
def test_who_asks_too_often_waits(deal: Opportunity) -> None:
    make_case(deal)
    url = shared_address(deal)
    assert [Client().get("/shared/cases/guess/").status_code for _ in range(3)] == [404] * 3
    assert Client().get(url).status_code == 429
    assert Client().get(f"{url}file/").status_code == 429
    assert Client(REMOTE_ADDR="192.0.2.7").get(url).status_code == 200


def test_no_log_holds_an_address(deal: Opportunity) -> None:
    make_case(deal)
    url = shared_address(deal)
    token = url.rstrip("/").rpartition("/")[2]
    assert token not in shown(f'GET {url}file/ HTTP/1.1" 200')


def test_sharing_by_page_refuses_days_that_are_none(deal: Opportunity, rep: Any) -> None:
    make_case(deal)
    browser = signed_in(rep)
    for until in ("", "soon", "2199-01-01", "2001-01-01", "\x00"):
        answer = browser.post(address(deal, "share/"), {"until": until}, follow=True)
        assert answer.status_code in (200, 422)
    assert BusinessCase.objects.get().share_key is None
    until = timezone.localdate() + timedelta(days=30)
    browser.post(address(deal, "share/"), {"until": until.isoformat()})
    assert BusinessCase.objects.get().shared_until == until
    browser.post(address(deal, "withdraw/"))
    assert BusinessCase.objects.get().share_key is None


def test_the_module_can_be_switched_off(deal: Opportunity, rep: Any) -> None:
    make_case(deal)
    url = shared_address(deal)
    FeatureSwitch.objects.create(module="business_case", is_on=False)
    assert signed_in(rep).get(address(deal)).status_code == 404
    assert Client().get(url).status_code == 404
    page = text(signed_in(User.objects.get(pk=rep.pk)).get(f"/deals/{deal.pk}/"))
    assert address(deal) not in page


def test_what_was_typed_is_text_in_the_page_and_on_paper(deal: Opportunity, rep: Any) -> None:
    attack = '</script><script>canary()</script> #read("/etc/passwd") $x$ {{ settings.SECRET_KEY }}'
    make_case(deal, measure=attack)
    page = text(Client().get(shared_address(deal)))
    assert "<script>canary" not in page
    assert signed_in(rep).get(address(deal, "file/")).content[:5] == b"%PDF-"


def test_the_history_says_what_the_case_comes_to_and_who_can_read_it(deal: Opportunity, rep: Any) -> None:
    make_case(deal)
    shared_address(deal)
    page = text(signed_in(rep).get(f"/deals/{deal.pk}/"))
    assert "shared until" in page
    assert "75,000" in page


def test_seen_is_what_the_page_showed(deal: Opportunity, rep: Any) -> None:
    make_case(deal)
    filled = sent(text(signed_in(rep).get(address(deal))))
    assert {"years", "measure", *(f"row:{row.row_id}" for row in get_case_facts(get_case(deal.pk)).rows)} <= set(  # type: ignore[arg-type]
        json.loads(filled["seen"])
    )
    assert reverse("pipeline:business_case", args=[deal.pk]) == address(deal)
