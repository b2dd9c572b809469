"""Deals on the pages of their company and their people, for who may see them."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from pipeline.commands.opportunities import create_opportunity, edit_opportunity
from tests.factories.crm import AccountFactory, ContactFactory, UserFactory
from tests.factories.pipeline import (
    NO_MEETING_YET,
    OpportunityFactory,
)
from tests.testing import element, htmx_get

pytestmark = pytest.mark.django_db


def test_the_account_page_shows_the_deals_a_person_may_see(mine: Client, rep: Any) -> None:
    account = AccountFactory()
    OpportunityFactory(owner=rep, account=account, name="Seen")
    OpportunityFactory(account=account, name="Hidden")
    panel = htmx_get(mine, f"/accounts/{account.pk}/deals/").content.decode()
    assert "Seen" in panel
    assert "Hidden" not in panel


def test_the_page_of_a_person_leads_to_deals_and_moves_of_the_main_contact_and_of_whoever_was() -> None:
    rep = UserFactory(rep=True)
    account, at = AccountFactory(), timezone.now()
    main, earlier, other = (ContactFactory(account=account) for _ in range(3))
    deal = create_opportunity(
        account_id=account.pk, name="Kiln control", owner_id=rep.pk, contact_id=earlier.pk, by=rep, at=at,
        **NO_MEETING_YET,
    )  # fmt: skip
    edit_opportunity(opportunity_id=deal.pk, changes={"contact_id": main.pk}, by=rep, at=at)
    client = Client()
    client.force_login(rep)
    for person, shown in ((main, True), (earlier, True), (other, False)):
        page = client.get(f"/contacts/{person.pk}/").content.decode()
        assert f"/contacts/{person.pk}/deals/" in page
        assert f"/contacts/{person.pk}/leads/" in page
        assert ("Started at First meeting" in page) is shown
        panel = str(element(client.get(f"/contacts/{person.pk}/deals/"), "contact-deals"))
        assert (f"/deals/{deal.pk}/" in panel) is shown
    stranger = Client()
    stranger.force_login(UserFactory(rep=True))
    assert f"/deals/{deal.pk}/" not in stranger.get(f"/contacts/{main.pk}/deals/").content.decode()
    assert "Started at" not in stranger.get(f"/contacts/{main.pk}/").content.decode()
