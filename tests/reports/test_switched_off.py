"""Where an organisation does without quarter reviews, pages, API and navigation have none (D-45)."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from crm.commands.organisation import switch_feature
from reports.urls import QBR
from tests.factories.crm import TeamFactory, UserFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def status_of(client: Client, name: str) -> int:
    return client.get(reverse(name)).status_code


def test_quarter_reviews_are_gone_while_switched_off(client: Client) -> None:
    admin, manager = UserFactory(admin=True), UserFactory(manages=TeamFactory())
    client.force_login(manager)
    address = reverse("reports:qbr_list")
    for is_on in (True, False, True):
        switch_feature(module="qbr", is_on=is_on, by=admin, at=AT)
        assert status_of(client, "reports:qbr_list") == (200 if is_on else 404)
        assert status_of(client, "api_qbrs") == (200 if is_on else 404)
        for page in ("/", "/reports/"):
            assert (f'href="{address}"' in client.get(page).content.decode()) is is_on, (page, is_on)


def test_every_address_of_quarter_reviews_belongs_to_the_module() -> None:
    assert {getattr(route.callback, "feature", "") for route in QBR} == {"qbr"}
