"""The description of the API says what the API does."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import get_resolver
from drf_spectacular.generators import SchemaGenerator

from tests.api.client import Api, assert_problem

pytestmark = pytest.mark.django_db

LATER = {"targets", "forecasts", "reviews", "imports", "webhooks"}
# Tokens are told once: a stored answer would keep the secret.
ANSWERED_ONCE = {"api_tokens"}


def routes() -> list[tuple[str, Any]]:
    """Return every address of the API with its view."""
    found = []
    for pattern in get_resolver().url_patterns:
        if str(pattern.pattern) == "api/v1/":
            for word in pattern.url_patterns:
                inner = getattr(word, "url_patterns", None)
                below = [(f"{word.pattern}{each.pattern}", each) for each in inner] if inner else [(word.pattern, word)]
                found += [(f"/api/v1/{address}", each) for address, each in below]
    assert len(found) > 100
    return found


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return schema


def test_it_is_valid_and_has_no_warnings() -> None:
    call_command("spectacular", "--fail-on-warn", "--validate", stdout=StringIO())


def test_a_signed_in_person_reads_it(api: Api) -> None:
    answer = api.get("schema/")
    assert answer.status_code == 200
    assert b"openapi: 3." in answer.content


def test_a_stranger_does_not() -> None:
    assert_problem(Client().get("/api/v1/schema/"), 401)
    assert Client().get("/api/v1/docs/").status_code == 302


def test_the_readable_page_runs_no_inline_code(api: Api) -> None:
    client = Client()
    client.force_login(api.user)
    page = client.get("/api/v1/docs/").content.decode()
    assert "<style" not in page and "style=" not in page
    assert page.count("<script") == page.count("<script src=") == 3
    assert client.get("/api/v1/docs/?script").status_code == 200


def test_what_comes_later_is_absent(document: dict[str, Any]) -> None:
    assert not {path.split("/")[3] for path in document["paths"]} & LATER


def test_every_operation_tells_its_problems_and_scopes(document: dict[str, Any]) -> None:
    for path, operations in document["paths"].items():
        if path in ("/api/v1/schema/",):
            continue
        for method, operation in operations.items():
            responses = operation["responses"]
            assert {"401", "403", "404", "429", "503"} <= set(responses), (path, method)
            assert "Scope: " in operation["description"], (path, method)
            assert {"token": []} in operation["security"]
            reference = responses["401"]["content"]["application/problem+json"]["schema"]["$ref"]
            assert reference == "#/components/schemas/Problem"


ASKS = "/simulate/"  # tries rules out and changes none


def test_every_change_of_a_record_asks_for_its_tag(document: dict[str, Any]) -> None:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            named = {parameter["name"] for parameter in operation.get("parameters", [])}
            changes = method == "patch" or (method == "post" and "{id}" in path and not path.endswith(ASKS))
            of_deal = "{deal_id}" in path and "/files/" not in path
            changes |= method == "delete" and (of_deal or "/scoring-models/" in path)  # rows of a deal, drafts of rules
            assert ("If-Match" in named) == changes, (path, method)
            assert ("428" in operation["responses"]) == changes


def test_every_post_may_be_repeated_with_a_key() -> None:
    for path, route in routes():
        actions = getattr(route.callback, "actions", None) or {}
        if "post" in actions and route.name not in ANSWERED_ONCE:
            assert getattr(getattr(route.callback.cls, actions["post"]), "is_idempotent", False), path
