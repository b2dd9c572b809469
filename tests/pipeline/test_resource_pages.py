"""Asking colleagues by page: shared hours in the order of their worth, and questions to those who deliver (EE-017, EE-098)."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from crm.lib.values import Money
from pipeline.models import (
    DeliveryQuestion,
    EconomicAssumptions,
    Effort,
    Handover,
    Opportunity,
    OpportunityLine,
    Resource,
    ResourceRequest,
)
from pipeline.policies.resources import monday_of
from tests.factories.crm import UserFactory
from tests.factories.pipeline import OpportunityFactory
from tests.factories.promises import PromiseFactory
from tests.factories.resources import QuestionFactory, RequestFactory, ResourceFactory
from tests.testing import htmx_get, htmx_post, signed_in, text

pytestmark = pytest.mark.django_db
WHY = "Without the trial they will not decide this year"
D = Decimal


@pytest.fixture
def deal(rep: Any) -> Opportunity:
    return OpportunityFactory(owner=rep, at="25", account__name="Baltvilla Foods", name="Metering")


@pytest.fixture
def engineer() -> Resource:
    return ResourceFactory(user__name="Ott Kivi")


def soon(days: int = 20) -> Any:
    return timezone.localdate() + timedelta(days=days)


def test_hours_are_asked_for_given_and_spent(rep: Any, deal: Opportunity, engineer: Resource) -> None:
    browser, ask = signed_in(rep), f"/deals/{deal.pk}/hours/ask/"
    assert "Sales engineer: Ott Kivi" in text(htmx_get(browser, ask))
    sent = {"giver": "sales_engineer", "purpose": "A trial at the plant", "hours": "7,5", "due_on": str(soon())}
    refused = htmx_post(browser, ask, sent)
    assert refused.status_code == 422
    assert "Nobody can tell yet what this deal is worth" in text(refused)
    assert "A trial at the plant" in text(refused)
    assert htmx_post(browser, ask, {**sent, "reason": WHY}).status_code == 200
    request = ResourceRequest.objects.get()
    panel = text(htmx_get(browser, f"/deals/{deal.pk}/help/"))
    assert "Sales engineer, 7.5 hours" in panel and "All the same: " + WHY in panel
    assert "Nobody can tell yet what this deal is worth" in panel
    theirs = signed_in(engineer.user)
    assert "1 request waits for you." in text(theirs.get("/resources/"))
    page = text(theirs.get(f"/resources/requests/{request.pk}/"))
    assert "Baltvilla Foods, Metering" in page and "Open the deal" not in page
    week = monday_of(timezone.localdate())
    given = theirs.post(f"/resources/requests/{request.pk}/accept/", {"resource_id": engineer.pk, "week": str(week)})
    assert given.status_code == 302
    assert "7.5 / 20" in text(theirs.get("/resources/"))
    spent = {"hours": "6", "on": str(timezone.localdate())}
    assert theirs.post(f"/resources/requests/{request.pk}/spent/", spent).status_code == 302
    assert (Effort.objects.get().minutes, Effort.objects.get().opportunity) == (360, deal)
    assert "6 hours spent" in text(htmx_get(browser, f"/deals/{deal.pk}/help/"))
    plain = RequestFactory(opportunity=deal, purpose="Nothing against it", due_on=soon())
    shown = browser.get(f"/deals/{deal.pk}/help/").context["rows"]
    assert [row["against"] for row in shown if row["id"] == plain.pk] == [[]]
    assert "Sales engineer, 7.5 hours: 6 hours spent" in text(browser.get(f"/deals/{deal.pk}/"))


def test_the_queue_is_in_the_order_of_what_an_hour_is_worth(rep: Any, engineer: Resource) -> None:
    EconomicAssumptions.objects.create(valid_from=soon(-90), pursuit=Money(D(100), "EUR"))
    at = timezone.now() - timedelta(days=30)
    for outcome in ("won", "won", "won", "lost", "lost"):
        OpportunityFactory(outcome=outcome, at="50", highest_rank=2, closed_at=at)
    for name, price in (("Small", 1000), ("Large", 9000), ("Unknown", None)):
        deal = OpportunityFactory(owner=rep, at="25", name=name)
        if price:
            cost, line = Money(D(0), "EUR"), Money(D(price), "EUR")
            OpportunityLine.objects.create(opportunity=deal, description="Meter", price=line, cost=cost)
        RequestFactory(opportunity=deal, hours=D(10), due_on=soon())
    RequestFactory(opportunity=OpportunityFactory(owner=rep, won=True, name="Ended"), due_on=soon())
    queue = signed_in(engineer.user).get("/resources/").context["queue"]
    # 60% of the margin less the 100 it usually costs, over 10 hours.
    assert [(row["deal"].name, row["per_hour"].replace("\xa0", " ")) for row in queue] == [
        ("Large", "€530"), ("Small", "€50"), ("Unknown", ""),
    ]  # fmt: skip


def test_the_page_asks_as_often_for_three_as_for_one(
    rep: Any, engineer: Resource, django_assert_num_queries: Any
) -> None:
    browser = signed_in(engineer.user)
    RequestFactory(opportunity=OpportunityFactory(owner=rep), due_on=soon())
    browser.get("/resources/")
    with django_assert_num_queries(23):
        browser.get("/resources/")
    ResourceFactory(user__name="Two")
    for _ in range(2):
        RequestFactory(opportunity=OpportunityFactory(owner=rep), due_on=soon())
    with django_assert_num_queries(23):
        browser.get("/resources/")


def test_the_panel_asks_as_often_for_three_as_for_one(rep: Any, deal: Any, django_assert_num_queries: Any) -> None:
    browser, url = signed_in(rep), f"/deals/{deal.pk}/help/"
    for count in (1, 2):
        for _ in range(count):
            RequestFactory(opportunity=deal)
            QuestionFactory(opportunity=deal)
        browser.get(url)
        with django_assert_num_queries(5):
            htmx_get(browser, url)


def test_what_a_returning_customer_was_sold_stands_on_the_next_deal(rep: Any, deal: Opportunity) -> None:
    past = OpportunityFactory(owner=rep, account=deal.account, won=True, name="First meters")
    at = timezone.now()
    Handover.objects.create(opportunity=past, made_at=at, checked_on=soon(0), as_sold=False, gap="No night readings")
    PromiseFactory(opportunity=past, state="broken", ended_on=soon(0))
    assert "First meters" not in text(htmx_get(signed_in(rep), f"/deals/{deal.pk}/help/"))
    Opportunity.objects.filter(pk=deal.pk).update(deal_type="renewal")
    shown = text(htmx_get(signed_in(rep), f"/deals/{deal.pk}/help/"))
    for words in ("First meters", "Something differs", "Renewal at risk", "No night readings", "1 promise broken"):
        assert words in shown


def test_the_panel_is_a_page_without_script_and_the_deal_links_to_it(rep: Any, deal: Opportunity) -> None:
    browser = signed_in(rep)
    assert f'href="/deals/{deal.pk}/help/"' in browser.get(f"/deals/{deal.pk}/").content.decode()
    assert "Nobody was asked for hours" in text(browser.get(f"/deals/{deal.pk}/help/"))


def test_hours_are_declined_and_withdrawn_with_a_reason(rep: Any, deal: Opportunity, engineer: Resource) -> None:
    request = RequestFactory(opportunity=deal, due_on=soon())
    theirs = signed_in(engineer.user)
    url = f"/resources/requests/{request.pk}/decline/"
    assert theirs.post(url, {"no-answer": " "}).status_code == 422
    assert theirs.post(url, {"no-answer": "In Riga until June"}).status_code == 302
    assert "In Riga until June" in text(htmx_get(signed_in(rep), f"/deals/{deal.pk}/help/"))
    other = RequestFactory(opportunity=deal, due_on=soon())
    assert signed_in(rep).post(f"/deals/{deal.pk}/hours/{other.pk}/withdraw/").status_code == 302
    assert ResourceRequest.objects.get(pk=other.pk).state == "withdrawn"
    foreign = RequestFactory(due_on=soon())
    assert signed_in(rep).post(f"/deals/{deal.pk}/hours/{foreign.pk}/withdraw/").status_code == 404


@pytest.mark.parametrize(
    "more",
    [
        {"hours": "1e400"}, {"hours": "NaN"}, {"hours": "-1"}, {"hours": "\x00"}, {"hours": "9" * 400},
        {"due_on": "0001-01-01"}, {"due_on": "soon"}, {"purpose": "\x00"}, {"purpose": "x" * 1001},
        {"giver": "sales_engineer:0"}, {"giver": "sales_engineer:x"}, {"giver": "weather"}, {"giver": ""},
    ],
)  # fmt: skip
def test_hostile_input_asks_for_nothing(rep: Any, deal: Any, engineer: Any, more: dict[str, str]) -> None:
    sent = {"giver": "sales_engineer", "purpose": "A trial", "hours": "8", "due_on": str(soon()), "reason": WHY}
    answer = htmx_post(signed_in(rep), f"/deals/{deal.pk}/hours/ask/", {**sent, **more})
    assert answer.status_code in (400, 422)
    assert ResourceRequest.objects.count() == 0


def test_an_administrator_shares_hours_and_who_has_them_sets_the_weeks(deal: Opportunity) -> None:
    admin, person = signed_in(UserFactory(admin=True)), UserFactory(contributor=True, name="Ülle Mets")
    sent = {"user_id": person.pk, "kind": "legal", "weekly_hours": "12"}
    assert htmx_post(admin, "/resources/add/", {**sent, "weekly_hours": "200"}).status_code == 422
    assert htmx_post(admin, "/resources/add/", sent).status_code == 200
    resource, theirs = Resource.objects.get(), signed_in(person)
    url, week = f"/resources/{resource.pk}/weeks/", monday_of(timezone.localdate())
    assert "Hours of Ülle Mets" in text(htmx_get(theirs, url))
    assert htmx_post(theirs, url, {f"week-{week}": "4"}).status_code == 200
    assert "0 / 4" in text(theirs.get("/resources/"))
    for hours in ("-1", "169", "NaN", "1e400", "\x00"):
        assert htmx_post(theirs, url, {f"week-{week}": hours}).status_code == 422
    assert htmx_post(admin, "/resources/gates/", {"legal": "require", "executive": "", "sales_engineer": "warn"})
    assert "selected" in htmx_get(admin, "/resources/gates/").content.decode()
    assert htmx_post(admin, "/resources/gates/", {"legal": "never"}).status_code == 422
    assert htmx_post(admin, f"/resources/{resource.pk}/retire/", {}).status_code == 200
    assert "Ülle" not in text(admin.get("/resources/"))


def test_who_delivers_answers_on_the_deal_without_seeing_it(rep: Any, deal: Opportunity) -> None:
    delivery, browser = UserFactory(roles=["delivery"], name="Ants Roos"), signed_in(rep)
    url = f"/deals/{deal.pk}/questions/ask/"
    assert htmx_post(browser, url, {"to_id": UserFactory(rep=True).pk, "text": "Can it?"}).status_code == 422
    assert htmx_post(browser, url, {"to_id": delivery.pk, "text": "\x00"}).status_code == 422
    assert htmx_post(browser, url, {"to_id": delivery.pk, "text": "Can it run at 95 degrees?"}).status_code == 200
    asked, theirs = DeliveryQuestion.objects.get(), signed_in(delivery)
    assert "Can it run at 95 degrees?" in text(theirs.get("/approvals/"))
    page = text(theirs.get(f"/questions/{asked.pk}/"))
    assert "Baltvilla Foods, Metering" in page and "Open the deal" not in page
    assert theirs.get(f"/deals/{deal.pk}/").status_code == 404
    assert signed_in(UserFactory(roles=["delivery"])).get(f"/questions/{asked.pk}/").status_code == 404
    assert theirs.post(f"/questions/{asked.pk}/answer/", {"answer": " "}).status_code == 422
    assert theirs.post(f"/questions/{asked.pk}/answer/", {"answer": "With the steel housing"}).status_code == 302
    assert theirs.post(f"/questions/{asked.pk}/answer/", {"answer": "Or not"}).status_code == 422
    assert "Ants Roos: With the steel housing" in text(htmx_get(browser, f"/deals/{deal.pk}/help/"))
    assert "Answered: Can it run at 95 degrees?" in text(browser.get(f"/deals/{deal.pk}/"))


def test_handovers_are_listed_by_what_they_need(rep: Any, django_assert_num_queries: Any) -> None:
    at, today, browser = timezone.now(), timezone.localdate(), signed_in(rep)

    def make(name: str, **given: Any) -> Handover:
        won = OpportunityFactory(owner=rep, won=True, name=name)
        return Handover.objects.create(**{"opportunity": won, "made_at": at, **given})

    make("Fresh")
    browser.get("/handovers/")
    with django_assert_num_queries(6):
        browser.get("/handovers/")
    make("Old", made_at=at - timedelta(days=91), accepted_at=at)
    make("Short", accepted_at=at, checked_on=today, as_sold=False, gap="Two late")
    make("Done", accepted_at=at, checked_on=today, as_sold=True)
    PromiseFactory(opportunity=make("Broken").opportunity, state="broken", ended_on=today)
    with django_assert_num_queries(6):
        page = browser.get("/handovers/")
    groups = [(str(group["title"]), [row["deal"].name for row in group["rows"]]) for group in page.context["groups"]]
    assert groups == [
        ("Wait to be taken over", ["Fresh"]), ("To be checked", ["Old"]), ("Renewal at risk", ["Broken", "Short"]),
        ("Taken over", ["Done"]),
    ]  # fmt: skip
    assert signed_in(UserFactory(contributor=True)).get("/handovers/").status_code == 404
