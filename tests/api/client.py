"""A client of the API with a token, and what the tests compare."""

import json
from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.db import connection
from django.test import Client

from crm.commands.tokens import create_token
from crm.models import User

ALL = ("read", "write")
NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


class Api:
    """Sends JSON in a person's name; a path begins below /api/v1/."""

    def __init__(self, user: User, *scopes: str) -> None:
        self.user = user
        self.token, self.secret = create_token(name="test", scopes=scopes or ALL, by=user, at=NOW)
        self.client = Client(headers={"Authorization": f"Bearer {self.secret}"})

    def get(self, path: str, query: dict[str, Any] | None = None, **headers: str) -> Any:
        """Read."""
        return self.client.get(self.url(path), query or {}, headers=named(headers))

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        """Send a body; text and bytes go as they are."""
        return self.client.post(self.url(path), as_text(body), content_type="application/json", headers=named(headers))

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        """Change a record; without `if_match` against its present version."""
        if "if_match" not in headers:
            headers["if_match"] = self.get(path)["ETag"]
        return self.client.patch(self.url(path), as_text(body), content_type="application/json", headers=named(headers))

    def delete(self, path: str, **headers: str) -> Any:
        """Take a record away; without `if_match` against its present version."""
        if "if_match" not in headers:
            headers["if_match"] = self.get(path)["ETag"]
        return self.client.delete(self.url(path), headers=named(headers))

    def url(self, path: str) -> str:
        """Return the address."""
        return path if path.startswith(("/", "http")) else f"/api/v1/{path}"


def named(headers: dict[str, str]) -> dict[str, str]:
    """Return `if_match` as `If-Match`."""
    return {name.replace("_", "-"): value for name, value in headers.items() if value != ""}


def as_text(body: Any) -> Any:
    """Return a body as it goes over the wire."""
    return body if isinstance(body, str | bytes) else json.dumps({} if body is None else body)


def checksum() -> dict[str, str | None]:
    """Return one checksum for each of our tables, so that a refusal can be seen to have changed nothing.

    Left out is what a request may note of itself: when a token was used, and the answers kept for a repeat.
    """
    tables = [
        model._meta.db_table
        for model in apps.get_models()
        if model._meta.app_label in {"crm", "pipeline", "scoring", "reports"}
        and model._meta.db_table not in {"crm_apitoken", "crm_idempotencykey"}
    ]
    parts = " UNION ALL ".join(
        f"SELECT '{table}', md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t" for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(parts)
        return dict(cursor.fetchall())


def assert_problem(response: Any, status: int, code: str = "") -> dict[str, Any]:
    """See that the answer is problem details with this status, and return them."""
    body: dict[str, Any] = json.loads(response.content)
    assert (response.status_code, body.get("code")) == (status, code or body.get("code")), body
    assert response["Content-Type"] == "application/problem+json"
    assert body["status"] == status
    assert body["type"] == f"urn:setpoint:problem:{body['code'].replace('_', '-')}"
    assert body["title"] and "detail" in body
    return body
