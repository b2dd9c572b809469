"""The pages of figures: who sees what, what stands on them, how many queries they take."""

import pytest
from django.utils import timezone

from crm.models import User
from tests.factories.crm import UserFactory
from tests.factories.pipeline import OpportunityFactory
from tests.testing import element, signed_in

pytestmark = pytest.mark.django_db


def test_the_figures_page_shows_value_definition_and_section(rep: User) -> None:
    OpportunityFactory(owner=rep, amount=66_000, outcome="won", closed_at=timezone.now())

    page = signed_in(rep).get("/reports/")

    panel = str(element(page, "figure-won-value"))
    assert (
        "66,000" in panel
        and "B0" in panel
        and "booking rate" in panel
        and "/reports/figures/won-value/records/" in panel
    )
    assert "n too small" in str(element(page, "figure-win-rate"))  # one deal is too few to show a rate


@pytest.mark.parametrize(
    "query",
    [
        "?by=owner",
        "?by=month",
        "?by=setpoint",
        "?period=2026Q3",
        "?as_of=2026-06-30&known_at=2026-07-31",
        "?period=nonsense",
        "?as_of=31.12.2026",
    ],
)
def test_the_figures_page_takes_any_address(rep: User, query: str) -> None:
    OpportunityFactory(owner=rep, amount=66_000, outcome="won", closed_at=timezone.now())

    answer = signed_in(rep).get(f"/reports/{query}")

    assert answer.status_code == 200
    if "nonsense" in query or "31.12" in query:
        assert "Write " in answer.content.decode()


def test_figures_are_over_what_the_person_may_see(rep: User, stranger: User) -> None:
    OpportunityFactory(owner=rep, amount=66_000, outcome="won", closed_at=timezone.now())
    assert "66,000" in str(element(signed_in(rep).get("/reports/"), "figure-won-value"))

    assert "66,000" not in str(element(signed_in(stranger).get("/reports/"), "figure-won-value"))


def test_the_records_behind_a_figure_are_listed(rep: User, stranger: User) -> None:
    deal = OpportunityFactory(owner=rep, name="Gedris Steel", amount=66_000, outcome="won", closed_at=timezone.now())
    page = signed_in(rep).get("/reports/")
    url = next(
        href for href in page.content.decode().split('"') if href.startswith("/reports/figures/won-value/")
    ).replace("&amp;", "&")

    assert deal.name in signed_in(rep).get(url).content.decode()
    hidden = signed_in(stranger).get(url)
    assert hidden.status_code == 200 and deal.name not in hidden.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_figures_page_takes_the_same_queries_for_any_number_of_deals(
    rows: int, rep: User, django_assert_num_queries
) -> None:
    for _ in range(rows):
        OpportunityFactory(owner=rep, amount=1000, outcome="won", closed_at=timezone.now())
        OpportunityFactory(owner=rep, amount=1000)
    client = signed_in(rep)
    client.get("/reports/")

    with django_assert_num_queries(37):
        client.get("/reports/")


@pytest.mark.parametrize("url", ["/reports/", "/reports/qbr/", "/reports/figures/win-rate/records/"])
def test_reports_are_not_for_contributors(url: str) -> None:
    assert signed_in(UserFactory(contributor=True)).get(url).status_code == 404


def test_an_unknown_figure_is_not_there(rep: User) -> None:
    assert signed_in(rep).get("/reports/figures/horoscope/records/").status_code == 404
