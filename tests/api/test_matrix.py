"""Every address against every kind of person, and every write against bodies that cannot be read."""

from typing import Any

import pytest
from django.test import Client

from crm.models import Team, User
from tests.api.client import Api, assert_problem, checksum
from tests.factories.crm import ActivityFactory, ContactFactory, UserFactory
from tests.factories.pipeline import OpportunityFactory
from tests.factories.scoring import LeadFactory

pytestmark = pytest.mark.django_db

READ = ["accounts/", "contacts/", "activities/", "opportunities/", "setpoints/", "leads/", "qbrs/", "teams/", "users/",
        "figures/win-rate/"]  # fmt: skip
# What a body may be sent to; {kind} stands for a record of the person's own.
WRITTEN = [
    ("post", "accounts/"), ("patch", "accounts/{accounts}/"), ("post", "contacts/"), ("patch", "contacts/{contacts}/"),
    ("post", "activities/"), ("patch", "activities/{activities}/"), ("post", "opportunities/"),
    ("patch", "opportunities/{opportunities}/"), ("post", "opportunities/{opportunities}/move/"),
    ("post", "opportunities/{opportunities}/close/"), ("post", "leads/"), ("patch", "leads/{leads}/"),
    ("post", "leads/{leads}/accept/"), ("post", "leads/{leads}/reject/"), ("post", "leads/{leads}/convert/"),
    ("post", "events/"), ("post", "qbrs/"), ("post", "tokens/"),
]  # fmt: skip
HOSTILE = {
    "nul": b'{"name": "a\\u0000b", "note": "\\u0000"}',
    "surrogate": b'{"name": "\\udfff"}',
    "deep": b'{"properties":' * 100_000 + b"1" + b"}" * 100_000,
    "1e400": b'{"amount": {"amount": 1e400, "currency": "EUR"}}',
    "a list": b"[[[]]]",
    "a number": b"7",
    "a text": b'"text"',
    "all wrong": b'{"name": {}, "kind": [], "account": 1.5, "lead": 0, "events": 7, "amount": [], "setpoint": {}}',
    "unknown": b'{"is_staff": true, "scopes": {"admin": true}, "__proto__": {}}',
}


@pytest.fixture
def records(rep: User) -> dict[str, int]:
    contact = ContactFactory(owner=rep, account__owner=rep)
    return {
        "accounts": contact.account_id,
        "contacts": contact.pk,
        "activities": ActivityFactory(owner=rep).pk,
        "opportunities": OpportunityFactory(owner=rep).pk,
        "leads": LeadFactory(owner=rep).pk,
    }


@pytest.mark.parametrize("path", READ)
@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("rep", 200),
        ("manager", 200),
        ("marketing", 200),
        ("admin", 200),
        ("contributor", 404),
        ("nobody", 404),
        ("left", 401),
    ],
)
def test_who_reads_what(path: str, kind: str, status: int, team: Team) -> None:
    people: dict[str, dict[str, Any]] = {
        "rep": {"rep": True, "team": team}, "manager": {"manages": team}, "marketing": {"marketing": True},
        "admin": {"admin": True}, "contributor": {"contributor": True}, "nobody": {}, "left": {"rep": True},
    }  # fmt: skip
    person = UserFactory(**people[kind])
    client = Client()
    client.force_login(person)
    if kind == "left":
        User.objects.filter(pk=person.pk).update(is_active=False)
    assert client.get(f"/api/v1/{path}").status_code == status


@pytest.mark.parametrize(("method", "path"), WRITTEN, ids=lambda value: value)
def test_a_stranger_writes_nothing(method: str, path: str, records: dict[str, int]) -> None:
    before = checksum()
    answer = getattr(Client(), method)(f"/api/v1/{path.format(**records)}", "{}", content_type="application/json")
    assert_problem(answer, 401)
    assert checksum() == before


@pytest.mark.parametrize(("method", "path"), WRITTEN, ids=lambda value: value)
def test_hostile_bodies_are_refused_everywhere(api: Api, records: dict[str, int], method: str, path: str) -> None:
    address = path.format(**records)
    kind = address.split("/")[0]
    tag = api.get(f"{kind}/{records[kind]}/")["ETag"] if kind in records else ""
    before = checksum()
    for name, body in HOSTILE.items():
        answer = getattr(api, method)(address, body, if_match=tag)
        if path == "events/" and answer.status_code == 202:
            assert {event["status"] for event in answer.json()["events"]} == {"rejected"}, name
        else:
            assert_problem(answer, answer.status_code)
            assert 400 <= answer.status_code < 500, name
    assert checksum() == before
