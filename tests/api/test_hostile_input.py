"""What strangers send: always a 4xx with a reason, never a 500, never half a record."""

import json
import time
from typing import Any

import pytest

from crm.models import Account
from tests.api.client import Api, assert_problem, checksum
from tests.factories.crm import AccountFactory

pytestmark = pytest.mark.django_db

UNREADABLE = {
    "nothing": b"",
    "no json": b"name=Kardamon",
    "half": b'{"name": "Kard',
    "two values": b'{"name": "a"} {"name": "b"}',
    "not utf-8": b'{"name": "\xff\xfe"}',
    "utf-16": '{"name": "a"}'.encode("utf-16"),
    "byte order mark": b'\xef\xbb\xbf{"name": "a"}',
    "nul escape": b'{"name": "a\\u0000b"}',
    "nul escape in a key": b'{"na\\u0000me": "a"}',
    "raw nul": b'{"name": "a\x00b"}',
    "lone surrogate": b'{"name": "\\ud800"}',
    "lone low surrogate": b'{"name": "\\uDC00"}',
    "same key twice": b'{"name": "a", "name": "b"}',
    "nan": b'{"name": "a", "employee_count": NaN}',
    "infinity": b'{"name": "a", "employee_count": Infinity}',
    "1e400": b'{"name": "a", "employee_count": 1e400}',
    "a thousand digits": b'{"name": "a", "employee_count": ' + b"9" * 1000 + b"}",
    "5,000 digits": b'{"name": "a", "employee_count": ' + b"9" * 5000 + b"}",
    "100,000 arrays deep": b"[" * 100_000 + b"]" * 100_000,
    "100,000 objects deep": b'{"name":' * 100_000 + b"1" + b"}" * 100_000,
    "100,000 arrays never closed": b"[" * 100_000,
    "33 deep": b"[" * 33 + b"]" * 33,
}


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_refused_within_a_second(api: Api, body: bytes) -> None:
    before = checksum()
    began = time.perf_counter()
    response = api.post("accounts/", body)
    assert time.perf_counter() - began < 1
    assert_problem(response, 400)
    assert checksum() == before


def test_too_many_keys_are_refused(api: Api) -> None:
    assert_problem(api.post("accounts/", {str(number): 1 for number in range(150_000)}), 400, "unreadable")


def test_a_body_above_the_limit_is_refused(api: Api, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    assert_problem(api.post("accounts/", {"name": "a" * 1000}), 413, "too_large")


@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain", "application/xml"]
)
def test_only_json_is_taken(api: Api, kind: str) -> None:
    response = api.client.post("/api/v1/accounts/", b"name=a", content_type=kind)
    assert_problem(response, 415)


WRONG = {
    "no object": ("[]", "body"),
    "a text": ('"Kardamon"', "body"),
    "null": ("null", "body"),
    "no name": ({}, "name"),
    "name is a number": ({"name": 5}, "name"),
    "name is a list": ({"name": ["a"]}, "name"),
    "name is null": ({"name": None}, "name"),
    "name is blank": ({"name": "  "}, "name"),
    "name too long": ({"name": "a" * 301}, "name"),
    "unknown field": ({"name": "a", "color": "red"}, "color"),
    "id": ({"name": "a", "id": "7"}, "id"),
    "version": ({"name": "a", "version": 7}, "version"),
    "created_at": ({"name": "a", "created_at": "2020-01-01T00:00:00Z"}, "created_at"),
    "merged_into": ({"name": "a", "merged_into": "7"}, "merged_into"),
    "count is text": ({"name": "a", "employee_count": "7"}, "employee_count"),
    "count is true": ({"name": "a", "employee_count": True}, "employee_count"),
    "count is a fraction": ({"name": "a", "employee_count": 7.5}, "employee_count"),
    "count is negative": ({"name": "a", "employee_count": -1}, "employee_count"),
    "count beyond the column": ({"name": "a", "employee_count": 2**31}, "employee_count"),
    "count beyond any column": ({"name": "a", "employee_count": 2**80}, "employee_count"),
    "kind unknown": ({"name": "a", "kind": "friend"}, "kind"),
    "kind is a list": ({"name": "a", "kind": ["prospect"]}, "kind"),
    "owner is a number": ({"name": "a", "owner": 7}, "owner"),
    "owner unknown": ({"name": "a", "owner": "999999999"}, "owner"),
    "owner beyond any id": ({"name": "a", "owner": "9" * 40}, "owner"),
    "owner in other digits": ({"name": "a", "owner": "١٢"}, "owner"),
    "source unknown": ({"name": "a", "source": "nowhere"}, "source"),
    "date in another format": ({"name": "a", "customer_since": "31.12.2025"}, "customer_since"),
    "date that is none": ({"name": "a", "customer_since": "2025-02-30"}, "customer_since"),
    "date is a number": ({"name": "a", "customer_since": 20250101}, "customer_since"),
    "year 1": ({"name": "a", "customer_since": "0001-01-01"}, "customer_since"),
    "technologies is text": ({"name": "a", "technologies": "python"}, "technologies"),
    "technologies hold a number": ({"name": "a", "technologies": [1]}, "technologies.0"),
    "money is a number": ({"name": "a", "annual_revenue": 5}, "annual_revenue"),
    "money without currency": ({"name": "a", "annual_revenue": {"amount": "5.00"}}, "annual_revenue"),
    "money with more": (
        {"name": "a", "annual_revenue": {"amount": "5.00", "currency": "EUR", "rate": "1"}},
        "annual_revenue",
    ),
}


@pytest.mark.parametrize(("body", "field"), WRONG.values(), ids=WRONG)
def test_a_wrong_value_names_its_field(api: Api, body: Any, field: str) -> None:
    before = checksum()
    problem = assert_problem(api.post("accounts/", body), 400, "invalid")
    assert list(problem["errors"]) == [field]
    assert checksum() == before


AMOUNTS = ["1e400", "1e2", "1E2", "Infinity", "-Infinity", "NaN", "sNaN", "", " ", "1.234", "1,5", "1_000", "-1", "+1",
           "0x10", "١٢", ".5", "5.", "9" * 15, 5, 5.5, None, True, ["5"]]  # fmt: skip


@pytest.mark.parametrize("amount", AMOUNTS, ids=repr)
def test_an_amount_is_digits_with_a_point(api: Api, amount: Any) -> None:
    body = {"name": "a", "annual_revenue": {"amount": amount, "currency": "EUR"}}
    assert list(assert_problem(api.post("accounts/", body), 400)["errors"]) == ["annual_revenue"]


@pytest.mark.parametrize("currency", ["", "eur", "EURO", "XXY", None, 978, "€"], ids=repr)
def test_a_currency_is_a_code_of_iso_4217(api: Api, currency: Any) -> None:
    body = {"name": "a", "annual_revenue": {"amount": "5.00", "currency": currency}}
    assert list(assert_problem(api.post("accounts/", body), 400)["errors"]) == ["annual_revenue"]


@pytest.mark.parametrize(
    ("amount", "currency", "status"),
    [
        ("1250.00", "EUR", 201),
        ("1250.5", "EUR", 201),
        ("1250", "JPY", 201),
        ("1250.00", "JPY", 201),
        ("1250.50", "JPY", 400),
    ],
)
def test_an_amount_has_its_currencys_decimals(api: Api, amount: str, currency: str, status: int) -> None:
    body = {"name": "a", "annual_revenue": {"amount": amount, "currency": currency}}
    assert api.post("accounts/", body).status_code == status


QUERIES = {
    "nul": "search=%00",
    "nul in a name": "a%00=1",
    "unknown": "colour=red",
    "lookup of Django": "name__regex=(a%2B)%2B",
    "related lookup": "owner__password__startswith=a",
    "given twice": "kind=prospect&kind=partner",
    "owner is text": "owner=me",
    "owner beyond any id": "owner=" + "9" * 40,
    "kind unknown": "kind=friend",
    "date is none": "customer_since__gte=2025-02-30",
    "moment is none": "created_at__gte=yesterday",
    "moment in year 0": "created_at__gte=0000-01-01T00:00:00Z",
    "archived is maybe": "archived=maybe",
    "ordering unknown": "ordering=password",
    "ordering related": "ordering=owner__password",
    "ordering random": "ordering=?",
    "two orders": "ordering=name,id",
    "page size 0": "page_size=0",
    "page size huge": "page_size=100000",
    "page size is text": "page_size=all",
    "page size in other digits": "page_size=%D9%A1",
    "cursor": "cursor=abc",
    "cursor with accents": "cursor=%C3%A9",
    "cursor of nothing": "cursor=",
    "cursor of another order": "cursor=WyJpZCIsdHJ1ZSwiMSIsMV0=",
    "cursor with a wrong value": "ordering=id&cursor=WyJpZCIsdHJ1ZSwiYSIsMV0=",
    "cursor of numbers": "ordering=id&cursor=WzEsMiwzLDRd",
    "search too long": "search=" + "a" * 201,
    "format": "format=xml",
}


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_a_wrong_parameter_is_refused(api: Api, query: str) -> None:
    AccountFactory()
    assert_problem(api.get(f"/api/v1/accounts/?{query}"), 400)


@pytest.mark.parametrize(
    "words", ["%", "_", "\\", "(a+)+$", "[", "'; DROP TABLE crm_account; --", "é" * 100, "\ud83d\ude00"]
)
def test_words_are_only_words(api: Api, words: str) -> None:
    AccountFactory(name="Plain")
    words = words.encode("utf-16", "surrogatepass").decode("utf-16")
    assert api.get("accounts/", {"search": words}).json()["results"] == []


@pytest.mark.parametrize(
    "path",
    ["accounts", "accounts/1", "accounts/abc/", "accounts/-1/", "accounts/" + "9" * 40 + "/", "nothing/",
     "accounts/%00/", "accounts/1/../2/", "targets/", "webhooks/"],
)  # fmt: skip
def test_an_address_that_does_not_exist_is_a_problem_too(api: Api, path: str) -> None:
    assert_problem(api.get(path), 404, "not_found")


@pytest.mark.parametrize("method", ["put", "delete", "options", "trace"])
def test_a_method_that_does_not_exist_is_refused(api: Api, method: str) -> None:
    account = AccountFactory()
    response = getattr(api.client, method)(f"/api/v1/accounts/{account.pk}/")
    assert_problem(response, 405)
    assert "PATCH" in response["Allow"]


def test_only_json_is_given(api: Api) -> None:
    assert_problem(api.get("accounts/", Accept="text/html"), 406)


def test_every_model_field_that_is_not_writable_is_refused(api: Api) -> None:
    account = AccountFactory(owner=api.user)
    tag = api.get(f"accounts/{account.pk}/")["ETag"]
    writable = {"name", "domain", "registration_number", "industry", "employee_count", "annual_revenue", "country",
                "city", "growth_stage", "technologies", "parent", "kind", "owner", "source", "customer_since",
                "churned_on", "external_id"}  # fmt: skip
    names = {field.name for field in Account._meta.get_fields()} | {"is_staff", "owner_id", "team", "score", "pk"}
    before = checksum()
    for name in sorted(names - writable):
        problem = assert_problem(api.patch(f"accounts/{account.pk}/", {name: "1"}, if_match=tag), 400, "invalid")
        assert list(problem["errors"]) == [name]
    assert checksum() == before


def test_long_numbers_in_text_are_text(api: Api) -> None:
    body = {"name": "9" * 300, "technologies": [json.dumps("\\u0000")]}
    assert api.post("accounts/", body).status_code == 201
