"""Generated requests, right and wrong, against every operation: no 500, and answers as described."""

from typing import Any

import pytest
import requests
import schemathesis
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from tests.api.client import Api
from tests.factories.crm import ActivityFactory, ContactFactory, TeamFactory, UserFactory
from tests.factories.pipeline import OpportunityFactory
from tests.factories.scoring import LeadFactory

EXAMPLES = 5  # an operation and mode; HYPOTHESIS_PROFILE=long asks for more
MANY = 1000
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]


@pytest.fixture
def admin(db: None) -> Api:
    return Api(UserFactory(admin=True), "read", "write", "admin")


@pytest.fixture
def ids(admin: Api) -> dict[str, int]:
    """Return a record of each kind that exists, by the first word of its address."""
    contact = ContactFactory()
    return {
        "accounts": contact.account_id,
        "contacts": contact.pk,
        "activities": ActivityFactory(contact=contact).pk,
        "opportunities": OpportunityFactory(owner=admin.user).pk,
        "leads": LeadFactory(owner=admin.user).pk,
        "teams": TeamFactory().pk,
        "users": admin.user.pk,
    }


@pytest.fixture
def schema(admin: Api, settings: Any) -> Any:
    settings.API_RATES = settings.API_RATES | {"requests": (10**9, 60)}
    return schemathesis.openapi.from_dict(SchemaGenerator().get_schema(request=None, public=True))


@pytest.mark.serial
@pytest.mark.django_db
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_generated_requests_are_answered_as_described(schema: Any, admin: Api, ids: dict[str, int], mode: Any) -> None:
    examples = max(EXAMPLES, settings().max_examples // 10 if settings().max_examples > MANY else 0)
    operations = [result.ok() for result in schema.get_all_operations()]
    assert len(operations) > 30
    for operation in operations:
        kind, *rest = operation.path.split("/")[3:]
        # Of what belongs to a record, such as a point of a deal's negotiation, none is known.
        probe(operation, mode, admin, ids.get(kind) if rest[0] == "{id}" else None, examples)


def probe(operation: Any, mode: Any, admin: Api, record_id: int | None, examples: int) -> None:
    """Send generated requests to one operation, most of them to a record that exists and with its tag."""

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), known=st.integers(0, 3))
    def send(case: Any, known: int) -> None:
        if known and record_id and "id" in (case.path_parameters or {}):
            case.path_parameters["id"] = record_id
            if "If-Match" in (case.headers or {}):
                path = operation.path.split("{id}")[0] + f"{record_id}/"
                case.headers["If-Match"] = admin.get(path)["ETag"]
        case.validate_response(call(case, admin), checks=CHECKS)

    send()


def call(case: Any, admin: Api) -> schemathesis.Response:
    """Send a generated request through Django's test client, so that it shares the transaction of the test."""
    sent = requests.Request(**case.as_transport_kwargs(base_url="http://testserver")).prepare()
    body = sent.body.encode() if isinstance(sent.body, str) else sent.body or b""
    headers = {name: value for name, value in sent.headers.items() if name not in ("Authorization", "Cookie")}
    kind = headers.pop("Content-Type", "application/json")
    answer = admin.client.generic(
        str(sent.method), str(sent.url).removeprefix("http://testserver"), body, kind, headers=headers
    )
    return schemathesis.Response(
        status_code=answer.status_code,
        headers={name.lower(): [value] for name, value in answer.items()},
        content=answer.content,
        request=sent,
        elapsed=0,
        verify=False,
    )
