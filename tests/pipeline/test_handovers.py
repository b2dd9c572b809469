"""What goes to delivery with the win, who takes it over, and whether it was delivered as sold (EE-063, LT-053)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from crm.exchange.run import import_rows
from crm.lib.errors import NotPermitted
from crm.lib.values import Money
from crm.models import OrganisationTimeZone, User
from pipeline.commands.handovers import HandoverRefused, accept_handover, check_delivery
from pipeline.commands.opportunities import CloseRefused, close_opportunity, reopen_opportunity
from pipeline.models import Handover, Opportunity
from pipeline.queries.deliveries import get_sold_before
from tests.factories.crm import UserFactory
from tests.factories.pipeline import OpportunityFactory
from tests.factories.promises import PromiseFactory
from tests.testing import signed_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal(rep: User) -> Opportunity:
    return OpportunityFactory(owner=rep, at="90", account__name="Baltvilla Foods", required_results="12% less water")


def close(deal: Opportunity, outcome: str = "won", **more: Any) -> None:
    given = {"reason_code": "price", "amount": Money(Decimal(900), "EUR"), "by": deal.owner, "at": timezone.now()}
    close_opportunity(opportunity_id=deal.pk, outcome=outcome, seen_version=deal.version, **{**given, **more})
    deal.refresh_from_db()


def hand_over(deal: Opportunity) -> Handover:
    close(deal)
    return Handover.objects.get(opportunity=deal)


def test_a_win_is_handed_to_whoever_has_least_to_take_over(deal: Opportunity) -> None:
    busy, free = UserFactory(roles=["delivery"]), UserFactory(roles=["delivery"])
    Handover.objects.create(opportunity=OpportunityFactory(won=True), made_at=timezone.now(), to=busy)
    assert hand_over(deal).to == free


def test_without_anybody_in_delivery_it_waits_for_nobody_in_particular(deal: Opportunity) -> None:
    handover = hand_over(deal)
    assert handover.to is None
    later = UserFactory(roles=["delivery"])
    assert accept_handover(handover_id=handover.pk, by=later, at=timezone.now()).to == later


def test_what_is_lost_refused_or_history_is_not_handed_over(deal: Opportunity, rep: User) -> None:
    with pytest.raises(CloseRefused):
        close(deal, reason_code="mood")
    close(deal, "lost", competitor="Acme", note="They chose another")
    row = {"external_id": "D7", "account": deal.account.external_id or "A7", "name": "Old", "owner": rep.email}
    import_rows("accounts", [{"external_id": "A7", "name": "Old firm"}], by=None, at=timezone.now())
    past = {**row, "account": "A7", "created_at": "2026-01-05", "outcome": "won", "closed_at": "2026-02-01"}
    import_rows("opportunities", [past], by=None, at=timezone.now())
    assert Opportunity.objects.filter(outcome="won").count() == 1
    assert Handover.objects.count() == 0


def test_it_is_taken_over_once_by_whom_it_is_addressed_to(deal: Opportunity) -> None:
    person, at = UserFactory(roles=["delivery"]), timezone.now()
    handover = hand_over(deal)
    with pytest.raises(NotPermitted):
        accept_handover(handover_id=handover.pk, by=UserFactory(roles=["delivery"]), at=at)
    for moment in (at, at + timedelta(hours=1)):
        assert accept_handover(handover_id=handover.pk, by=person, at=moment).accepted_at == at


def test_a_deal_that_went_on_is_handed_over_anew(deal: Opportunity) -> None:
    person = UserFactory(roles=["delivery"])
    handover = hand_over(deal)
    accept_handover(handover_id=handover.pk, by=person, at=timezone.now())
    reopen_opportunity(opportunity_id=deal.pk, seen_version=deal.version, by=deal.owner, at=timezone.now())
    with pytest.raises(HandoverRefused):
        accept_handover(handover_id=handover.pk, by=person, at=timezone.now())
    deal.refresh_from_db()
    assert hand_over(deal).accepted_at is None


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"as_sold": True}, ""),
        ({"as_sold": False, "gap": "No ERP link"}, ""),
        ({"as_sold": False, "gap": " "}, "say_what_differs"),
        ({"as_sold": False, "gap": "x" * 1001}, "too_long"),
        ({"as_sold": True, "checked_on": date(2020, 1, 1)}, "checked_when"),
        ({"as_sold": True, "checked_on": date(2999, 1, 1)}, "checked_when"),
    ],
)
def test_what_differs_is_named(deal: Opportunity, given: dict[str, Any], code: str) -> None:
    handover, found = hand_over(deal), ""
    try:
        check_delivery(handover_id=handover.pk, by=deal.owner, at=timezone.now(), **given)
    except HandoverRefused as refused:
        found = refused.refusals[0].code
    handover.refresh_from_db()
    assert (found, handover.as_sold) == (code, None if code else given["as_sold"])


def test_delivery_reads_the_sheet_and_nothing_else_of_the_deal(deal: Opportunity) -> None:
    person = UserFactory(roles=["delivery"])
    PromiseFactory(opportunity=deal, text="A visit to a plant")
    hand_over(deal)
    browser, url = signed_in(person), f"/deals/{deal.pk}/handover/"
    sheet = text(browser.get(url))
    assert "A visit to a plant" in sheet
    assert "12% less water" in sheet
    assert "Open the deal" not in sheet
    assert browser.get(f"/deals/{deal.pk}/").status_code == 404
    assert signed_in(UserFactory(roles=["delivery"])).get(url).status_code == 404
    assert "Baltvilla Foods" in browser.get("/").content.decode()
    assert browser.post(f"{url}accept/").status_code == 302
    assert "Baltvilla Foods" not in browser.get("/").content.decode()
    assert browser.post(f"{url}check/", {"as_sold": "no", "checked_on": timezone.localdate()}).status_code == 422
    sent = {"as_sold": "no", "gap": "<b>No</b> link", "checked_on": timezone.localdate()}
    assert browser.post(f"{url}check/", sent).status_code == 302
    assert "&lt;b&gt;No&lt;/b&gt; link" in browser.get(url).content.decode()
    assert "Handover to delivery" in text(signed_in(deal.owner).get(f"/deals/{deal.pk}/"))


def test_what_a_customer_bought_before_has_the_organisations_day() -> None:
    OrganisationTimeZone.objects.update_or_create(valid_from=date(2020, 1, 1), defaults={"zone": "Europe/Tallinn"})
    sold = OpportunityFactory(won=True, closed_at=datetime(2026, 6, 30, 22, 30, tzinfo=UTC))
    [before] = get_sold_before(OpportunityFactory(account=sold.account, deal_type="renewal"))
    assert before.won_on == date(2026, 7, 1)


def test_a_deal_won_anew_is_handed_over_as_another_version(deal: Opportunity, rep: User) -> None:
    seen = hand_over(deal).version
    reopen_opportunity(opportunity_id=deal.pk, seen_version=deal.version, by=rep, at=timezone.now())
    deal.refresh_from_db()
    assert hand_over(deal).version > seen
