"""Two people, one deal, at the same moment, over page and API: one wins, the other is told, and no change is lost."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from pipeline.models import Opportunity, OpportunityEvent
from tests.api.client import Api
from tests.factories.crm import TeamFactory, UserFactory
from tests.factories.pipeline import OpportunityFactory, assess_all, get_setpoint
from tests.testing import htmx_post, signed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.serial]
RACES = 200
REASON = "The board signs it on Friday"
PAGE_WON, API_WON = (200, 412), (409, 200)
Call = Callable[[], Any]


@pytest.fixture
def deal() -> Opportunity:
    owner = UserFactory(rep=True, team=TeamFactory())
    made: Opportunity = OpportunityFactory(owner=owner, at="25", amount=1000, expected_close_on=date(2027, 1, 1))
    assess_all(made)
    return made


@pytest.fixture
def at_once() -> Iterator[Callable[..., tuple[int, ...]]]:
    """Run two requests at the same moment, in threads that keep their connections; return how each was answered."""
    barrier = Barrier(2)

    def run(call: Call) -> int:
        barrier.wait()
        return int(call().status_code)

    with ThreadPoolExecutor(2) as pool:
        yield lambda *calls: tuple(pool.map(run, calls))
        list(pool.map(lambda _: (barrier.wait(), connections.close_all()), range(2)))


class Race:
    """One deal, one person at its page and one at the API; each change differs from all before it."""

    def __init__(self, deal: Opportunity) -> None:
        mate = UserFactory(rep=True, team=deal.owner.memberships.get().team)
        self.deal, self.page, self.api, self.mate_page = deal, signed_in(deal.owner), Api(mate), signed_in(mate)
        self.url, self.path = f"/deals/{deal.pk}/", f"opportunities/{deal.pk}/"
        self.setpoints = {code: get_setpoint(code).pk for code in ("25", "50", "90")}

    def field(self, name: str, value: Any, seen: Any, *, by: Any = None) -> Call:
        return lambda: htmx_post(by or self.page, f"{self.url}fields/{name}/save/", {name: value, f"seen-{name}": seen})

    def patch(self, body: dict[str, Any]) -> Call:
        tag = f'"{self.deal.pk}-{self.deal.version}"'
        return lambda: self.api.patch(self.path, body, if_match=tag)

    def amounts(self, number: int) -> tuple[tuple[Call, Call], tuple[Any, Any]]:
        mine, theirs = Decimal(10_000 + number), Decimal(50_000 + number)
        assert self.deal.amount is not None
        page = self.field("amount", f"{mine} EUR", f"{self.deal.amount.amount} EUR")
        api = self.patch({"amount": {"amount": str(theirs), "currency": "EUR"}})
        return (page, api), (("amount", mine), ("amount", theirs))

    def days(self, number: int) -> tuple[tuple[Call, Call], tuple[Any, Any]]:
        mine, theirs = date(2028, 1, 1) + timedelta(days=number), date(2030, 1, 1) + timedelta(days=number)
        page = self.field("expected_close_on", mine.isoformat(), str(self.deal.expected_close_on))
        return (page, self.patch({"expected_close_on": theirs.isoformat()})), (
            ("expected_close_on", mine),
            ("expected_close_on", theirs),
        )

    def moves(self, number: int) -> tuple[tuple[Call, Call], tuple[Any, Any]]:
        mine, theirs = (code for code, pk in self.setpoints.items() if pk != self.deal.setpoint_id)
        why = {"override": REASON, "reason": REASON}
        sent = {"to": self.setpoints[mine], "version": self.deal.version, **why}
        tag = f'"{self.deal.pk}-{self.deal.version}"'
        return (
            lambda: htmx_post(self.page, f"{self.url}move/", sent),
            lambda: self.api.post(f"{self.path}move/", {"setpoint": theirs, **why}, if_match=tag),
        ), (("setpoint_id", self.setpoints[mine]), ("setpoint_id", self.setpoints[theirs]))


def stands(deal: Opportunity, name: str) -> Any:
    value = getattr(deal, name)
    return value.amount if name == "amount" else value


def test_of_two_hundred_races_each_has_one_winner_and_the_history_no_gap(deal: Opportunity, at_once: Any) -> None:
    race, won = Race(deal), {PAGE_WON: 0, API_WON: 0}
    deal.refresh_from_db()
    for number in range(RACES):
        version = deal.version
        calls, wanted = (race.amounts, race.days, race.moves)[number % 3](number)
        answered = at_once(*calls)
        assert answered in won, (number, answered)
        won[answered] += 1
        name, value = wanted[0] if answered == PAGE_WON else wanted[1]
        deal.refresh_from_db()
        assert (deal.version, stands(deal, name)) == (version + 1, value), number
    assert sum(won.values()) == RACES
    events = list(OpportunityEvent.objects.filter(opportunity=deal).order_by("seq"))
    assert [event.seq for event in events] == list(range(1, RACES + 1))
    last: dict[str, Any] = {}
    for event in events:
        assert last.setdefault(event.kind, event.old) == event.old, event.seq
        last[event.kind] = event.new


def test_two_who_change_other_fields_both_win(deal: Opportunity, at_once: Any) -> None:
    race = Race(deal)
    for number in range(10):
        deal.refresh_from_db()
        assert deal.amount is not None
        day = date(2028, 1, 1) + timedelta(days=number)
        answered = at_once(
            race.field("amount", f"{20_000 + number} EUR", f"{deal.amount.amount} EUR"),
            race.field("expected_close_on", day.isoformat(), str(deal.expected_close_on), by=race.mate_page),
        )
        assert answered == (200, 200)
        deal.refresh_from_db()
        assert (stands(deal, "amount"), deal.expected_close_on) == (20_000 + number, day)
    events = OpportunityEvent.objects.filter(opportunity=deal).order_by("seq")
    assert list(events.values_list("seq", flat=True)) == list(range(1, 21))
