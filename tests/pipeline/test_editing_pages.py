"""A field edited in its place: two people meet only in the same field, both values are shown, and each save has a way back."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from crm.lib.values import Money
from pipeline.commands.opportunities import edit_opportunity
from pipeline.models import Opportunity, OpportunityEvent
from tests.api.client import Api
from tests.factories.crm import AccountFactory, UserFactory
from tests.factories.pipeline import OpportunityFactory
from tests.testing import assert_same_after_reload, htmx_post, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal(rep: Any) -> Opportunity:
    made: Opportunity = OpportunityFactory(owner=rep, amount=1000, expected_close_on=date(2027, 1, 31))
    return made


def save(client: Client, deal: Opportunity, field: str, value: str, seen: str, **more: str) -> Any:
    return htmx_post(client, f"/deals/{deal.pk}/fields/{field}/save/", {field: value, f"seen-{field}": seen, **more})


def test_a_colleagues_change_of_another_field_stays(mine: Client, deal: Opportunity) -> None:
    edit_opportunity(opportunity_id=deal.pk, changes={"deal_type": "expansion"}, by=deal.owner, at=deal.created_at)
    assert save(mine, deal, "expected_close_on", "2027-03-31", "2027-01-31").status_code == 200
    deal.refresh_from_db()
    assert (deal.deal_type, deal.expected_close_on, deal.version) == ("expansion", date(2027, 3, 31), 3)
    assert list(OpportunityEvent.objects.order_by("seq").values_list("seq", "kind")) == [
        (1, "deal_type"),
        (2, "expected_close_on"),
    ]


def test_a_change_of_the_same_field_shows_both_and_lets_choose(mine: Client, deal: Opportunity) -> None:
    amount = {"amount": Money(Decimal(2000), "EUR")}
    edit_opportunity(opportunity_id=deal.pk, changes=amount, by=deal.owner, at=deal.created_at)
    answer = save(mine, deal, "amount", "3000 EUR", "1000 EUR")
    page = text(answer)
    assert answer.status_code == 409
    assert "Somebody set this to “€2,000” meanwhile" in page
    assert ('value="3000 EUR"' in page, 'name="seen-amount" value="2000 EUR"' in page) == (True, True)
    assert ("Use mine" in page, "Keep theirs" in page) == (True, True)
    deal.refresh_from_db()
    assert deal.amount is not None
    assert deal.amount.amount == 2000
    assert save(mine, deal, "amount", "3000 EUR", "2000 EUR").status_code == 200


def test_a_change_from_somebody_who_left_since_shows_both(mine: Client, rep: Any, deal: Opportunity) -> None:
    team, left = rep.memberships.get().team, UserFactory(rep=True, is_active=False)
    Opportunity.objects.filter(pk=deal.pk).update(owner=rep)
    sent = {"owner_id": str(UserFactory(rep=True, team=team).pk), "seen-owner_id": str(left.pk)}
    answer = htmx_post(mine, f"/deals/{deal.pk}/fields/owner_id/save/", sent)
    assert (answer.status_code, "Somebody set this to “Liis Tamm” meanwhile" in text(answer)) == (409, True)


def test_a_saved_field_can_be_taken_back(mine: Client, deal: Opportunity) -> None:
    answer = save(mine, deal, "expected_close_on", "2027-03-31", "2027-01-31")
    assert_same_after_reload(answer, mine.get(f"/deals/{deal.pk}/"), "fact-expected_close_on")
    assert 'name="expected_close_on" value="2027-01-31"' in text(answer)
    back = save(mine, deal, "expected_close_on", "2027-01-31", "2027-03-31", undo="1")
    assert (back.headers["HX-Retarget"], "data-undo" in text(back)) == ("#fact-expected_close_on", False)
    deal.refresh_from_db()
    assert deal.expected_close_on == date(2027, 1, 31)
    assert OpportunityEvent.objects.count() == 2


def test_what_a_colleague_wrote_since_is_not_taken_back(mine: Client, deal: Opportunity) -> None:
    save(mine, deal, "expected_close_on", "2027-03-31", "2027-01-31")
    day = {"expected_close_on": date(2027, 6, 30)}
    edit_opportunity(opportunity_id=deal.pk, changes=day, by=deal.owner, at=deal.created_at)
    back = save(mine, deal, "expected_close_on", "2027-01-31", "2027-03-31", undo="1")
    assert (back.status_code, back.headers["HX-Retarget"]) == (422, "#alerts")
    deal.refresh_from_db()
    assert deal.expected_close_on == date(2027, 6, 30)


def test_what_did_not_change_offers_no_way_back(mine: Client, deal: Opportunity) -> None:
    assert "data-undo" not in text(save(mine, deal, "expected_close_on", "2027-01-31", "2027-01-31"))


def test_a_field_of_an_account_has_its_way_back_too(mine: Client, rep: Any) -> None:
    account = AccountFactory(owner=rep, city="Kaunas")
    url = f"/accounts/{account.pk}/fields/city/save/"
    answer = htmx_post(mine, url, {"city": "Riga", "seen-city": "Kaunas"})
    assert 'name="city" value="Kaunas"' in text(answer)
    htmx_post(mine, url, {"city": "Kaunas", "seen-city": "Riga", "undo": "1"})
    account.refresh_from_db()
    assert account.city == "Kaunas"


@pytest.mark.parametrize("value", ["1e400", "NaN", "9" * 60, "12\x00", "-5 EUR", "5 EURO", "<b>1</b>"])
def test_no_amount_of_that_kind_is_saved(mine: Client, deal: Opportunity, value: str) -> None:
    for seen in ("1000 EUR", value):
        assert save(mine, deal, "amount", value, seen).status_code == 422
    assert OpportunityEvent.objects.count() == 0


def test_the_api_tells_what_stands_in_the_fields_an_edit_sent(deal: Opportunity) -> None:
    api = Api(deal.owner)
    first = f'"{deal.pk}-1"'
    sent = {"expected_close_on": "2027-03-31", "deal_type": "expansion"}
    edit_opportunity(opportunity_id=deal.pk, changes={"deal_type": "renewal"}, by=deal.owner, at=deal.created_at)
    refused = api.patch(f"opportunities/{deal.pk}/", sent, if_match=first)
    assert (refused.status_code, refused.json()["code"], refused.json()["now"]) == (412, "stale_record", 2)
    assert refused.json()["current"] == {"expected_close_on": "2027-01-31", "deal_type": "renewal"}
    day = {"expected_close_on": "2027-03-31"}
    assert api.patch(f"opportunities/{deal.pk}/", day, if_match=refused["ETag"]).status_code == 200
    deal.refresh_from_db()
    assert (deal.deal_type, deal.expected_close_on) == ("renewal", date(2027, 3, 31))
