"""Every address asked by everybody (C-2, D-3, D-49): what may not be seen is 404, what may not be done is 403.

Rows are in permission_rows/. An address without a row fails, so that nobody adds one without thinking of it.
"""

from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from tests.crm.permission_rows import ELSEWHERE, ROWS
from tests.crm.permission_world import ROLES, World, arguments, make_world


def routes(resolver: URLResolver | None = None, prefix: str = "", space: str = "") -> list[tuple[str, str]]:
    """Return every route with its name, those of the apps that guard themselves left out."""
    found: list[tuple[str, str]] = []
    for entry in (resolver or get_resolver()).url_patterns:
        path = prefix + str(entry.pattern)
        if path.startswith(ELSEWHERE):
            continue
        if isinstance(entry, URLResolver):
            found += routes(entry, path, entry.namespace or space)
        elif isinstance(entry, URLPattern):
            found.append((path, f"{space}:{entry.name}" if space else str(entry.name)))
    return found


def sign_in(world: World) -> dict[str, Client]:
    """Return a browser for each person, signed in."""
    clients = {}
    for role in ROLES:
        clients[role] = Client(raise_request_exception=False)
        if (user := world.people[role]) is not None:
            clients[role].force_login(user)
    return clients


def ask(world: World, clients: dict[str, Client], method: str, name: str) -> dict[str, int]:
    """Return the status each person gets; what a request changes is taken back before the next."""
    url = address(world, name)
    statuses = {}
    for role, client in clients.items():
        with transaction.atomic():
            statuses[role] = _send(client, method, name, url)
            transaction.set_rollback(True)
    return statuses


def address(world: World, name: str) -> str:
    """Return the address of a name, with the arguments it takes."""
    values = arguments(name, world)
    try:
        return reverse(name, kwargs=values)
    except NoReverseMatch:
        return reverse(name)


def _send(client: Client, method: str, name: str, url: str) -> int:
    kind: dict[str, Any] = {"content_type": "application/json"} if name.startswith("api_") and method == "POST" else {}
    answer = client.get(url) if method == "GET" else client.post(url, {}, **kind)
    if answer.streaming:
        list(answer.streaming_content)  # a file is closed when it was read
    return int(answer.status_code)


def test_every_address_has_a_row():
    named = {row.partition(" ")[2] for row in ROWS}
    missing = sorted({name for _, name in routes()} - named)
    assert missing == [], "add them to tests/crm/permission_rows/"


def test_no_row_is_left_of_an_address_that_went():
    known = {name for _, name in routes()}
    assert sorted(row for row in ROWS if row.partition(" ")[2] not in known) == []


@pytest.mark.django_db
@pytest.mark.parametrize("app", ["crm:", "pipeline:", "scoring:", "reports:", "api_"])
def test_everybody_gets_what_is_theirs(app):
    world = make_world()
    clients = sign_in(world)
    wrong = {}
    for row, statuses in ROWS.items():
        method, _, name = row.partition(" ")
        if name.startswith(app):
            expected = dict(zip(ROLES, map(int, statuses.split()), strict=True))
            given = ask(world, clients, method, name)
            wrong |= {
                f"{row} as {role}": (given[role], expected[role]) for role in ROLES if given[role] != expected[role]
            }
    assert wrong == {}, "(given, expected)"


def test_no_row_is_of_no_app():
    apps = ("crm:", "pipeline:", "scoring:", "reports:", "api_")
    assert [row for row in ROWS if not row.partition(" ")[2].startswith(apps)] == []
