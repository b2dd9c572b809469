"""Products and targets: every field, and what cannot be."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from crm.exchange.run import import_rows
from crm.lib.values import Money
from pipeline.models import Product, Target
from tests.exchange.importing import AT, counts, reasons, run, write_csv
from tests.factories.crm import TeamFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_products_with_every_field() -> None:
    row = {
        "external_id": "P1",
        "name": "Sensor",
        "code": "S-1",
        "price": "99.90",
        "currency": "EUR",
        "cost": "40",
        "family": "Hardware",
    }
    import_rows("products", [row], by=None, at=AT)
    product = Product.objects.get()
    assert (product.name, product.code, product.price, product.cost, product.family) == (
        "Sensor", "S-1", Money(Decimal("99.90"), "EUR"), Money(Decimal(40), "EUR"), "Hardware",
    )  # fmt: skip
    assert counts(import_rows("products", [row | {"price": "89"}], by=None, at=AT)) == {"read": 1, "updated": 1}
    product.refresh_from_db()
    assert (product.price, product.version) == (Money(Decimal(89), "EUR"), 2)


def test_targets_of_teams_and_people_by_year_quarter_and_month() -> None:
    team, rep = TeamFactory(name="North"), UserFactory(rep=True, email="rep@example.com")
    rows = [
        {"period": "2026", "team": "North", "owner": "", "measure": "revenue", "value": "100000.00"},
        {"period": "2026Q3", "team": "", "owner": "rep@example.com", "measure": "deals", "value": "5"},
        {"period": "2026-07", "team": "North", "owner": "", "measure": "first_meetings", "value": "12"},
    ]
    import_rows("targets", rows, by=None, at=AT)
    assert list(
        Target.objects.order_by("id").values_list(
            "period", "starts_on", "ends_on", "team", "owner", "value", "currency"
        )
    ) == [
        ("2026", date(2026, 1, 1), date(2027, 1, 1), team.pk, None, Decimal("100000.00"), "EUR"),
        ("2026Q3", date(2026, 7, 1), date(2026, 10, 1), None, rep.pk, Decimal(5), ""),
        ("2026-07", date(2026, 7, 1), date(2026, 8, 1), team.pk, None, Decimal(12), ""),
    ]
    assert counts(import_rows("targets", [rows[0] | {"value": "1"}], by=None, at=AT)) == {"read": 1, "updated": 1}


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"period": "2026Q5"}, ("period", "not_a_period")),
        ({"period": "0000"}, ("period", "not_a_period")),
        ({"team": "", "owner": ""}, ("team", "needs_team_or_owner")),
        ({"owner": "rep@example.com"}, ("team", "needs_team_or_owner")),
        ({"team": "South"}, ("team", "unknown_reference")),
        ({"measure": "joy"}, ("measure", "not_allowed")),
        ({"value": "lots"}, ("value", "not_a_number")),
    ],
)
def test_a_target_that_cannot_be(change: dict[str, str], where: tuple[str, str], tmp_path: Path) -> None:
    TeamFactory(name="North")
    row = {"period": "2026", "team": "North", "owner": "", "measure": "revenue", "value": "1"} | change
    assert reasons(run("targets", write_csv(tmp_path / "t.csv", list(row), list(row.values())))) == [(2, *where)]
