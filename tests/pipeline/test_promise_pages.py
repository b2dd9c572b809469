"""Asking, answering and promising by page; a contributor sees what is addressed to them and nothing else (P-14, D-49)."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from pipeline.models import Approval, Opportunity, Promise, PromisePolicy
from tests.factories.crm import UserFactory
from tests.factories.pipeline import OpportunityFactory
from tests.factories.promises import ApprovalFactory, PromiseFactory
from tests.testing import htmx_get, htmx_post, signed_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal(rep: Any) -> Opportunity:
    return OpportunityFactory(owner=rep, at="50", account__name="Baltvilla Foods", name="Metering")


@pytest.fixture
def finance() -> Any:
    return UserFactory(roles=["finance"], name="Ann Saar")


def test_the_sheet_says_what_the_policy_allows_and_asks(rep, deal, finance):
    browser, url = signed_in(rep), f"/deals/{deal.pk}/approvals/ask/"
    shown = text(htmx_get(browser, url))
    assert "Up to 10% freely, up to 20% with finance, more is not sold." in shown
    assert "Up to 20 days sooner with delivery, more is not sold." in shown
    answer = htmx_post(browser, url, {"area": "discount", "asked": "12,5%", "why": "Two plants"})
    assert (answer.status_code, Approval.objects.get().asked) == (200, Decimal("12.5"))
    panel = text(browser.get(f"/deals/{deal.pk}/"))
    assert "Discount, 12.5%" in panel
    assert "Stays below 90%" in panel
    assert "%%" not in panel


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("5", "You may promise this without asking anybody."),
        ("25", "We do not sell this. Nobody can approve it: ask for less."),
        ("ten", "Enter a number."),
        ("NaN", "Enter a number."),
        ("1e5", "Ensure that there are no more than"),
        ("-3", "This number is out of range."),
    ],
)
def test_what_cannot_be_asked_says_why_and_keeps_what_was_typed(rep, deal, finance, asked, says):
    sent = {"area": "discount", "asked": asked, "why": "Two plants at once"}
    answer = htmx_post(signed_in(rep), f"/deals/{deal.pk}/approvals/ask/", sent)
    assert answer.status_code == 422
    assert Approval.objects.count() == 0
    shown = text(answer)
    assert "Two plants at once" in shown
    assert says in shown or asked == "1e5"


def test_finance_answers_without_seeing_the_deal(deal, finance):
    asked = ApprovalFactory(opportunity=deal, approver=finance)
    browser = signed_in(finance)
    assert "Baltvilla Foods, Metering" in text(browser.get("/approvals/"))
    page = text(browser.get(f"/approvals/{asked.pk}/"))
    assert "They order for two years" in page
    assert "Gross margin" in page  # what a discount is given from
    assert "Open the deal" not in page
    assert browser.get(f"/deals/{deal.pk}/").status_code == 404
    assert browser.get(f"/accounts/{deal.account_id}/").status_code == 404
    answer = browser.post(f"/approvals/{asked.pk}/decide/", {"decision": "approve", "answer": "Fine"})
    assert (answer.status_code, Approval.objects.get().state) == (302, "approved")


def test_another_contributor_finds_nothing(deal, finance):
    asked = ApprovalFactory(opportunity=deal, approver=finance)
    stranger = signed_in(UserFactory(roles=["finance"]))
    assert stranger.get(f"/approvals/{asked.pk}/").status_code == 404
    assert stranger.post(f"/approvals/{asked.pk}/decide/", {"decision": "approve"}).status_code == 404
    assert stranger.post(f"/approvals/{asked.pk}/hand-on/", {"to_id": finance.pk}).status_code == 404
    assert "Baltvilla" not in text(stranger.get("/approvals/"))
    assert Approval.objects.get().state == "open"


def test_who_asks_may_look_but_not_answer(rep, deal, finance):
    asked = ApprovalFactory(opportunity=deal, approver=finance)
    browser = signed_in(rep)
    assert "Approve" not in text(browser.get(f"/approvals/{asked.pk}/")).replace("Approvals", "")
    assert browser.post(f"/approvals/{asked.pk}/decide/", {"decision": "approve"}).status_code == 403
    assert Approval.objects.get().state == "open"


@pytest.mark.parametrize(
    "sent", [{"decision": "refuse"}, {"decision": "maybe"}, {}, {"decision": "approve", "answer": 1001 * "x"}]
)
def test_an_answer_that_is_none_changes_nothing(deal, finance, sent):
    asked = ApprovalFactory(opportunity=deal, approver=finance)
    assert signed_in(finance).post(f"/approvals/{asked.pk}/decide/", sent).status_code == 422
    assert Approval.objects.get().state == "open"


def test_a_question_is_handed_on(deal, finance):
    asked, other = ApprovalFactory(opportunity=deal, approver=finance), UserFactory(roles=["finance"], name="Ott")
    browser = signed_in(finance)
    assert browser.post(f"/approvals/{asked.pk}/hand-on/", {"to_id": "x"}).status_code == 422
    assert browser.post(f"/approvals/{asked.pk}/hand-on/", {"to_id": other.pk}).status_code == 302
    assert Approval.objects.get().approver == other
    assert browser.post(f"/approvals/{asked.pk}/decide/", {"decision": "approve"}).status_code == 403


def test_withdrawn_from_the_deal_it_bars_no_more(rep, deal, finance):
    asked = ApprovalFactory(opportunity=deal, approver=finance, refused=True)
    browser = signed_in(rep)
    htmx_post(browser, f"/deals/{deal.pk}/approvals/{asked.pk}/withdraw/")
    assert Approval.objects.get().state == "withdrawn"
    assert "Stays below 90%" not in text(browser.get(f"/deals/{deal.pk}/"))
    other = ApprovalFactory(approver=finance)
    assert htmx_post(browser, f"/deals/{deal.pk}/approvals/{other.pk}/withdraw/").status_code == 404


def test_a_promise_is_noted_and_ended_on_the_deal(rep, deal):
    browser, today = signed_in(rep), timezone.localdate()
    sent = {"text": "A visit to a plant", "due_on": today + timedelta(days=5), "area": "", "owner_id": ""}
    assert htmx_post(browser, f"/deals/{deal.pk}/promises/new/", sent).status_code == 200
    made = Promise.objects.get()
    assert "A visit to a plant" in text(browser.get(f"/deals/{deal.pk}/"))
    url = f"/deals/{deal.pk}/promises/{made.pk}/"
    assert htmx_post(browser, url, {"state": "kept", "ended_on": today + timedelta(days=1)}).status_code == 422
    assert htmx_post(browser, url, {"state": "kept", "ended_on": today}).status_code == 200
    assert Promise.objects.get().state == "kept"
    other = PromiseFactory()
    assert htmx_get(browser, f"/deals/{deal.pk}/promises/{other.pk}/").status_code == 404


def test_who_keeps_a_promise_says_so_without_seeing_the_deal(deal):
    delivery = UserFactory(roles=["delivery"])
    promise = PromiseFactory(opportunity=deal, owner=delivery, text="Start by May", due_on=timezone.localdate())
    browser, url = signed_in(delivery), f"/deals/{deal.pk}/promises/{promise.pk}/"
    shown = browser.get("/approvals/")
    assert "Start by May" in text(shown)
    assert url in shown.content.decode()
    assert signed_in(UserFactory(roles=["delivery"])).get(url).status_code == 404
    assert browser.get(url).status_code == 200
    sent = {"state": "kept", "ended_on": timezone.localdate()}
    assert browser.post(url, sent)["Location"] == "/approvals/"
    promise.refresh_from_db()
    assert (promise.state, "Start by May" in text(browser.get("/approvals/"))) == (
        "kept",
        True,
    )  # what was done is said
    assert "Start by May" not in text(browser.get("/approvals/"))


def test_a_sheet_that_is_the_page_goes_on_to_the_deal(rep, deal):
    url = f"/deals/{deal.pk}/promises/new/"
    sent = {"text": "A visit", "due_on": timezone.localdate().isoformat(), "area": "", "owner_id": ""}
    own = signed_in(rep).post(url, sent, headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{url}"})
    assert own["HX-Redirect"] == f"/deals/{deal.pk}/"


def test_markup_in_a_promise_stays_text(rep, deal):
    PromiseFactory(opportunity=deal, text="<script>alert(1)</script>")
    assert "<script>alert(1)" not in signed_in(rep).get(f"/deals/{deal.pk}/").content.decode()


def test_the_policy_is_read_by_sellers_and_set_by_administrators(rep):
    url = "/settings/policy/discount/"
    assert "More than 20%" in text(signed_in(rep).get("/settings/policy/"))
    assert signed_in(rep).get(url).status_code == 404
    admin = signed_in(UserFactory(admin=True))
    sent = {"free_to": "5", "approval_to": "4", "role": "finance", "answer_hours": "8"}
    assert htmx_post(admin, url, sent).status_code == 422
    assert htmx_post(admin, url, {**sent, "approval_to": ""}).status_code == 200
    assert PromisePolicy.objects.filter(area="discount").count() == 2
    assert "Everything else" in text(admin.get("/settings/policy/"))
    assert admin.get("/settings/policy/weather/").status_code == 404
