"""Business cases by API: begun, changed with the version that was seen, shared and closed (B28, TR-042)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from crm.models import FeatureSwitch, User
from pipeline.models import BusinessCase, Opportunity
from tests.api.client import Api, assert_problem, checksum
from tests.factories.crm import ContactFactory
from tests.factories.pipeline import OpportunityFactory

pytestmark = pytest.mark.django_db

CASE = {
    "currency": "SEK", "years": 3, "discount_rate": "0.0850", "measure": "A shift more a week",
    "kpis": [{"name": "Water a tonne", "unit": "litres", "now": "410", "goal": "360", "our_part": "Meters"}],
    "rows": [
        {"side": "cost", "label": "Meters", "at_start": "50000.00"},
        {"side": "benefit", "label": "Less water", "yearly": ["25000", "25000", "25000.00"], "kpi": "Water a tonne"},
    ],
}  # fmt: skip


@pytest.fixture
def deal(rep: User) -> Opportunity:
    return OpportunityFactory(owner=rep)


@pytest.fixture
def url(deal: Opportunity) -> str:
    return f"opportunities/{deal.pk}/business-case/"


def test_a_case_is_begun_once_and_says_what_it_comes_to(api: Api, url: str) -> None:
    assert_problem(api.get(url), 404)
    made = api.post(url, CASE)
    assert made.status_code == 201, made.content
    shown = made.json()
    figures = shown["figures"]
    assert {name: figures[name]["value"] for name in figures} == {
        "roi": "0.500000", "payback": "2.00", "npv": "13850.56", "irr": "0.233752",
    }  # fmt: skip
    assert [row["kpi"] for row in shown["rows"]] == ["Water a tonne", ""]
    assert shown["shared_url"] is None
    assert_problem(api.post(url, CASE), 409, "case_exists")


def test_it_is_changed_with_the_version_that_was_seen(api: Api, url: str, deal: Opportunity) -> None:
    api.post(url, CASE)
    contact = ContactFactory(account=deal.account)
    old = api.get(url)["ETag"]
    changed = api.patch(url, {"co_built_with": str(contact.pk), "co_built_on": timezone.localdate().isoformat()})
    assert (changed.status_code, changed.json()["version"], len(changed.json()["rows"])) == (200, 2, 2)
    assert_problem(api.patch(url, {"years": 2}, if_match=old), 412)
    benefit = changed.json()["rows"][0]
    only = api.patch(
        url, {"rows": [{"id": benefit["id"], "side": "benefit", "label": "Water", "yearly": ["1"]}]}
    ).json()
    assert [(row["id"], row["label"], row["yearly"]) for row in only["rows"]] == [(benefit["id"], "Water", ["1.00"])]
    assert api.get(url, if_none_match=api.get(url)["ETag"]).status_code == 304


def test_it_is_shared_until_a_day_or_until_it_is_closed(api: Api, url: str) -> None:
    api.post(url, CASE)
    until = (timezone.localdate() + timedelta(days=9)).isoformat()
    shared = api.post(f"{url}share/", {"until": until}).json()
    assert shared["shared_until"] == until
    assert Client().get(shared["shared_url"].removeprefix("http://testserver")).status_code == 200
    assert_problem(api.post(f"{url}share/", {"until": "2199-01-01"}), 422)
    closed = api.post(f"{url}withdraw/").json()
    assert (closed["shared_until"], closed["shared_url"]) == (None, None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"currency": "XXQ"}, {"currency": "\x00"}, {"years": 0}, {"years": 11}, {"years": "3"}, {"years": 1e400},
        {"discount_rate": "1.01"}, {"discount_rate": "NaN"}, {"discount_rate": 1e400}, {"measure": "x" * 301},
        {"co_built_with": "1"}, {"co_built_with": 1}, {"co_built_on": "2199-12-31"}, {"figures": {}},
        {"shared_url": "x"}, {"version": 7}, {"rows": {}}, {"rows": [7]}, {"rows": [{"side": "cost"}]},
        {"rows": [{"side": "air", "label": "A"}]}, {"rows": [{"side": "cost", "label": "A", "at_start": "-1"}]},
        {"rows": [{"side": "cost", "label": "A", "at_start": "1e400"}]},
        {"rows": [{"side": "cost", "label": "A", "at_start": "Infinity"}]},
        {"rows": [{"side": "cost", "label": "A", "yearly": ["1", "2", "3", "4"]}]},
        {"rows": [{"side": "cost", "label": "A", "id": "999999"}]},
        {"rows": [{"side": "cost", "label": "A"}] * 21}, {"rows": [{"side": "benefit", "label": "A", "kpi": "Air"}]},
        {"kpis": [{"name": "\x00"}]}, {"kpis": [{"name": "A"}, {"name": "a"}]}, {"kpis": [{"name": "A"}] * 13},
        {"kpis": [{"name": "A", "now": "0.001"}]},
    ],
    ids=lambda wrong: str(wrong)[:50],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_changes_nothing(api: Api, url: str, wrong: dict[str, Any]) -> None:
    api.post(url, CASE)
    tag, before = api.get(url)["ETag"], checksum()
    answer = api.patch(url, wrong, if_match=tag)
    assert answer.status_code in (400, 422), answer.content
    assert checksum() == before


def test_a_row_of_another_deal_is_none_of_this_one(api: Api, rep: User, url: str) -> None:
    other = f"opportunities/{OpportunityFactory(owner=rep).pk}/business-case/"
    theirs = api.post(other, CASE).json()["rows"][0]["id"]
    api.post(url, CASE)
    answer = api.patch(url, {"rows": [{"id": theirs, "side": "cost", "label": "Stolen"}]})
    assert_problem(answer, 422)
    assert not BusinessCase.objects.filter(rows__label="Stolen").exists()


def test_the_module_is_off_for_the_api_too(api: Api, url: str) -> None:
    api.post(url, CASE)
    FeatureSwitch.objects.create(module="business_case", is_on=False)
    assert api.get(url).status_code == 404
