"""`bench pages`: the pages of peers.md over real HTTP, each as a ratio to a constant page measured in turns with it."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.commands.tokens import create_token
from crm.models import User
from pipeline.models import Opportunity, Setpoint
from reports.management.bench.data import Say, load_company
from reports.management.bench.scratch import scratch_database
from reports.management.bench.server import KeepAliveClient, web_server
from reports.management.bench.timing import TIMES, TURNS, WARM_UPS, Sample, measure_beside, pages_table

FLOOR = "/healthz/"
LIST = "/accounts/?q=company&industry=food&sort=-employees"
# The ratios we want to stay within, up to so many deals; over more, twice as much.
GOALS_HOLD_TO = 20_000
GOALS = {"board": 30, "deal page": 45, "list": 40, "move": 40, "lead by API": 35, "report": 22}
HTMX = {"HX-Request": "true"}


def run(size: int, *, at: datetime, say: Say) -> None:
    """Measure the pages over a scratch database of `size` deals and print the table."""
    call_command("build_assets", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    with scratch_database() as database_url:
        manager = load_company(size, at=at, say=say)
        _, secret = create_token(name="bench", scopes=["read", "write"], by=manager, at=at)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")  # as autovacuum does within minutes of such a load
        statements = _statements(manager)
        with web_server(database_url) as port:
            samples = list(_measure(port, manager, secret, statements, goals_over(size)))
    say(f"pages over {size:,} deals, one client, medians of {TURNS} turns of {TIMES} after {WARM_UPS} warm-ups")
    for line in pages_table(samples):
        say(line)


def goals_over(size: int) -> dict[str, int]:
    """Return the ratio each page is to stay within over so many deals."""
    return {name: goal if size <= GOALS_HOLD_TO else 2 * goal for name, goal in GOALS.items()}


def _pages() -> dict[str, str]:
    deal = Opportunity.objects.filter(outcome="").order_by("id").values_list("id", flat=True)[0]
    return {"board": "/pipeline/", "deal page": f"/deals/{deal}/", "list": LIST, "report": "/reports/"}


def _statements(user: User) -> dict[str, int]:
    """Count the statements of each page, in this process."""
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    found = {}
    for name, path in _pages().items():
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        found[name] = len(queries)
    return found


def _measure(port: int, user: User, secret: str, statements: dict[str, int], goals: dict[str, int]) -> Iterator[Sample]:
    signed_out, signed_in, api = (
        KeepAliveClient(port),
        KeepAliveClient(port, user),
        KeepAliveClient(port, bearer=secret),
    )
    floor = partial(_get, signed_out, FLOOR)
    for name, path in _pages().items():
        size = len(signed_in.get(path)) / 1024
        beside, taken = measure_beside(floor, partial(_get, signed_in, path))
        yield Sample(name, taken, beside, statements[name], size, goals[name])
    for name, do in (("move", _mover(signed_in)), ("lead by API", partial(_create_lead, api))):
        beside, taken = measure_beside(floor, do)
        yield Sample(name, taken, beside, goal=goals[name])


def _get(client: KeepAliveClient, path: str, number: int) -> None:
    client.get(path)


def _mover(client: KeepAliveClient) -> Callable[[int], None]:
    """Return what moves another open deal from First meeting to 25% each time, giving a reason for what it lacks."""
    there = Setpoint.objects.get(pipeline__code="new_business", code="25").pk
    first = Opportunity.objects.filter(outcome="", setpoint__code="first_meeting").order_by("id")
    deals = list(first.values_list("id", "version")[: TURNS * (WARM_UPS + TIMES)])

    def move(number: int) -> None:
        deal_id, version = deals[number]
        form = {"to": there, "version": version, "override": "Measured by the benchmark of pages"}
        client.post(f"/deals/{deal_id}/move/", form, **HTMX)

    return move


def _create_lead(client: KeepAliveClient, number: int) -> None:
    lead = {"first_name": "Kim", "last_name": f"New {number}", "email": f"new{number}@lead.example", "company": "Firm"}
    client.post("/api/v1/leads/", json.dumps(lead), **{"Content-Type": "application/json"})
