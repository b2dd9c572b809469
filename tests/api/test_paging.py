"""Lists: pages, order, filters, words."""

from datetime import date
from typing import Any

import pytest

from crm.models import Account
from tests.api.client import Api
from tests.factories.crm import (
    LONG_AGO,
    AccountFactory,
    ActivityFactory,
    ContactFactory,
    SourceFactory,
    TeamFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def names(response: Any) -> list[str]:
    assert response.status_code == 200, response.content
    return [record["name"] for record in response.json()["results"]]


def walk(api: Api, path: str, query: dict[str, Any], key: str = "next") -> list[list[str]]:
    """Return the pages from here to the end."""
    pages, url = [], None
    for _page in range(20):
        response = api.get(url) if url else api.get(path, query)
        pages.append(names(response))
        url = response.json()[key]
        if url is None:
            return pages
    raise AssertionError("the pages have no end")


@pytest.mark.parametrize("order", ["name", "-name", "id", "-id", "created_at", "-created_at"])
def test_pages_hold_every_record_once_in_order(api: Api, order: str) -> None:
    for name in ["b", "A", "ä", "c", "a", "b", "É"]:
        AccountFactory(name=name)
    whole = names(api.get("accounts/", {"ordering": order}))
    pages = walk(api, "accounts/", {"ordering": order, "page_size": 3})
    assert [len(page) for page in pages] == [3, 3, 1]
    assert [name for page in pages for name in page] == whole


def test_names_are_ordered_without_regard_to_case_and_accents(api: Api) -> None:
    for name in ["Zebra", "ähre", "Apfel", "éclair"]:
        AccountFactory(name=name)
    assert names(api.get("accounts/")) == ["ähre", "Apfel", "éclair", "Zebra"]


def test_previous_leads_back_the_same_way(api: Api) -> None:
    for number in range(7):
        AccountFactory(name=f"{number}")
    last = api.get(api.get(api.get("accounts/", {"page_size": 3}).json()["next"]).json()["next"])
    assert last.json()["next"] is None
    middle = api.get(last.json()["previous"])
    first = api.get(middle.json()["previous"])
    assert [names(page) for page in (first, middle, last)] == [["0", "1", "2"], ["3", "4", "5"], ["6"]]
    assert first.json()["previous"] is None


def test_a_record_added_before_the_cursor_shifts_nothing(api: Api) -> None:
    for name in "bcde":
        AccountFactory(name=name)
    page = api.get("accounts/", {"page_size": 2})
    AccountFactory(name="a")
    assert names(api.get(page.json()["next"])) == ["d", "e"]


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("path", ["accounts/", "contacts/", "activities/", "users/", "teams/"])
def test_a_list_costs_the_same_queries_for_one_record_and_for_three(
    api: Api, path: str, rows: int, django_assert_num_queries: Any
) -> None:
    api.get(path)  # notes that the token was used, which the second time it is not
    for _row in range(rows):
        account = AccountFactory(source=SourceFactory(), owner=UserFactory(rep=True))
        ActivityFactory(account=account, contact=ContactFactory(account=account))
        TeamFactory()
    # The token, what its person reaches, the list, and who took part in activities.
    with django_assert_num_queries(4 if path == "activities/" else 3):
        assert len(api.get(path).json()["results"]) >= rows


def test_filters_are_named_like_the_fields(api: Api, rep: Any) -> None:
    source = SourceFactory(code="fair")
    wanted = AccountFactory(
        name="a", kind="customer", owner=rep, source=source, country="EE", customer_since=date(2026, 1, 1)
    )
    AccountFactory(name="b")
    for query in (
        {"kind": "customer"},
        {"owner": str(rep.pk)},
        {"source": "fair"},
        {"country": "EE"},
        {"customer_since__gte": "2026-01-01"},
        {"kind": "customer", "owner": str(rep.pk)},
    ):
        assert names(api.get("accounts/", query)) == [wanted.name], query
    assert names(api.get("accounts/", {"customer_since__lt": "2026-01-01"})) == []
    assert names(api.get("accounts/", {"kind": "customer", "country": "DE"})) == []


def test_moments_bound_a_half_open_range(api: Api) -> None:
    AccountFactory(name="a", created_at=LONG_AGO)
    at = LONG_AGO.isoformat().replace("+00:00", "Z")
    assert names(api.get("accounts/", {"created_at__gte": at})) == ["a"]
    assert names(api.get("accounts/", {"created_at__lt": at})) == []


def test_words_are_found_without_regard_to_case_and_accents(api: Api) -> None:
    AccountFactory(name="Pärnu Kalatööstus")
    AccountFactory(name="Other", domain="kala.example")
    assert names(api.get("accounts/", {"search": "PARNU kala"})) == ["Pärnu Kalatööstus"]
    assert names(api.get("accounts/", {"search": "KALA"})) == ["Other", "Pärnu Kalatööstus"]


def test_archived_and_merged_records_are_left_out(api: Api) -> None:
    kept = AccountFactory(name="kept")
    AccountFactory(name="archived", archived=True)
    AccountFactory(name="merged", merged_into=kept)
    assert names(api.get("accounts/")) == ["kept"]
    assert names(api.get("accounts/", {"archived": "true"})) == ["archived"]


def test_an_empty_list_has_no_neighbours(api: Api) -> None:
    assert not Account.objects.exists()
    assert api.get("accounts/").json() == {"next": None, "previous": None, "results": []}
