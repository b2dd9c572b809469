"""Shared hours: asked for, set aside where weeks have them, declined, spent; who may; twice, at once, too late (EE-017)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from crm.lib.errors import CommandRefused, NotPermitted, StaleRecord
from crm.lib.values import Money
from crm.models import Team, User
from pipeline.commands.resource_hours import ResourceRefused, put_resource, retire_resource, set_gate, set_week
from pipeline.commands.resources import (
    RequestRefused,
    accept_request,
    decline_request,
    finish_request,
    request_hours,
    withdraw_request,
)
from pipeline.models import (
    EconomicAssumptions,
    Effort,
    Opportunity,
    OpportunityEvent,
    OpportunityLine,
    PlannedHours,
    Resource,
    ResourceRequest,
)
from pipeline.queries.resources import get_weeks
from tests.factories.crm import TeamFactory, UserFactory
from tests.factories.pipeline import OpportunityFactory
from tests.factories.resources import RequestFactory, ResourceFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)  # a Wednesday
MONDAY = date(2026, 3, 2)
WHY = "Without the trial they will not decide this year"
D = Decimal


@pytest.fixture
def team() -> Team:
    return TeamFactory()


@pytest.fixture
def rep(team: Team) -> User:
    return UserFactory(rep=True, team=team)


@pytest.fixture
def deal(rep: User) -> Opportunity:
    return OpportunityFactory(owner=rep, at="25")


@pytest.fixture
def engineer() -> Resource:
    return ResourceFactory()


def ask(deal: Opportunity, **more: Any) -> ResourceRequest:
    given: dict[str, Any] = {
        "kind": "sales_engineer", "hours": D(8), "purpose": "A trial", "due_on": date(2026, 3, 20), "by": deal.owner,
        "at": AT, "reason": WHY,
    }  # fmt: skip
    return request_hours(opportunity_id=deal.pk, **{**given, **more})


def codes(refused: Any) -> list[str]:
    return [refusal.code for refusal in refused.value.refusals]


def make_worth(deal: Opportunity, *, won: int, lost: int, pursuit: int = 200) -> None:
    """Give a deal of 1,000 its cost of 400, and deals like it their ends; to its end a deal usually costs 200."""
    OpportunityLine.objects.create(
        opportunity=deal, description="Meter", price=Money(D(1000), "EUR"), cost=Money(D(400), "EUR")
    )
    EconomicAssumptions.objects.create(valid_from=date(2026, 1, 1), pursuit=Money(D(pursuit), "EUR"))
    past = {"at": "50", "highest_rank": 2, "closed_at": AT - timedelta(days=30)}
    for _ in range(won):
        OpportunityFactory(outcome="won", **past)
    for _ in range(lost):
        OpportunityFactory(outcome="lost", **past)


def test_asking_stands_on_the_deal_with_what_spoke_against_it(deal: Opportunity, engineer: Resource) -> None:
    request = ask(deal)
    event = OpportunityEvent.objects.get(opportunity=deal, kind="resource")
    assert (request.state, request.against, request.reason) == ("open", ["economics_unknown"], WHY)
    assert event.new == {"request": request.pk, "kind": "sales_engineer", "hours": "8.00", "state": "open"}
    assert event.detail == {"purpose": "A trial", "reason": WHY}
    assert ask(deal) == request
    assert ResourceRequest.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"kind": "weather"}, "unknown_value"),
        ({"hours": None}, "required"),
        ({"hours": D(0)}, "out_of_range"),
        ({"hours": D(-1)}, "out_of_range"),
        ({"hours": D("NaN")}, "out_of_range"),
        ({"hours": D("1e400")}, "out_of_range"),
        ({"hours": D("400.01")}, "out_of_range"),
        ({"purpose": " "}, "required"),
        ({"purpose": "x" * 1001}, "too_long"),
        ({"due_on": None}, "required"),
        ({"due_on": date(2026, 3, 3)}, "hours_needed_when"),
        ({"due_on": date(2027, 3, 6)}, "hours_needed_when"),
        ({"kind": "legal"}, "nobody_gives"),
        ({"resource_id": 0}, "nobody_gives"),
        ({"reason": "soon"}, "economics_unknown"),
    ],
)
def test_what_cannot_be_asked_changes_nothing(deal: Opportunity, engineer: Resource, more: Any, code: str) -> None:
    with pytest.raises(RequestRefused) as refused:
        ask(deal, **more)
    assert codes(refused)[0] == code
    assert (ResourceRequest.objects.count(), OpportunityEvent.objects.count()) == (0, 0)


def test_a_stranger_cannot_ask_and_nothing_is_asked_for_a_deal_that_ended(
    deal: Opportunity, engineer: Resource
) -> None:
    with pytest.raises(NotPermitted):
        ask(deal, by=UserFactory(rep=True, team=TeamFactory()))
    with pytest.raises(RequestRefused) as refused:
        ask(OpportunityFactory(won=True))
    assert codes(refused) == ["deal_closed"]


def test_what_is_worth_it_needs_no_reason(deal: Opportunity, engineer: Resource) -> None:
    make_worth(deal, won=3, lost=2)
    request = ask(deal, hours=D(2), reason="")
    assert (request.against, request.reason) == ([], "")


def test_what_costs_more_than_it_can_bring_needs_a_reason_whatever_the_gate(
    deal: Opportunity, engineer: Resource
) -> None:
    make_worth(deal, won=1, lost=4)
    set_gate(kind="sales_engineer", gate="", by=None, at=AT)
    with pytest.raises(RequestRefused) as refused:
        ask(deal, reason="")
    assert codes(refused) == ["not_worth_it", "reason_too_short"]
    assert ask(deal).against == ["not_worth_it"]


def test_the_gate_says_who_may_ask_before_the_economics_are_known(
    deal: Opportunity, engineer: Resource, team: Team
) -> None:
    set_gate(kind="sales_engineer", gate="require", by=None, at=AT)
    with pytest.raises(RequestRefused) as refused:
        ask(deal)
    assert codes(refused) == ["economics_first"]
    manager = UserFactory(manages=team)
    assert ask(deal, by=manager).asked_by == manager
    set_gate(kind="sales_engineer", gate="", by=None, at=AT)
    assert ask(deal, hours=D(1), reason="").against == []


def test_accepted_hours_are_set_aside_where_the_weeks_have_them(deal: Opportunity, engineer: Resource) -> None:
    set_week(resource_id=engineer.pk, monday=MONDAY, hours=D(5), by=engineer.user, at=AT)
    request = accept_request(request_id=ask(deal, hours=D("30.5")).pk, by=engineer.user, at=AT)
    assert (request.state, request.resource) == ("accepted", engineer)
    assert list(PlannedHours.objects.order_by("monday").values_list("monday", "hours")) == [
        (MONDAY, D(5)), (MONDAY + timedelta(7), D(20)), (MONDAY + timedelta(14), D("5.5")),
    ]  # fmt: skip
    with pytest.raises(RequestRefused) as refused:
        accept_request(request_id=ask(deal, hours=D(15)).pk, by=engineer.user, at=AT)
    assert codes(refused) == ["hours_do_not_fit"]
    later = accept_request(
        request_id=ask(deal, hours=D("14.5")).pk, by=engineer.user, at=AT, week=MONDAY + timedelta(14)
    )
    assert later.planned.get().hours == D("14.5")
    with pytest.raises(RequestRefused) as refused:
        accept_request(request_id=ask(deal).pk, by=engineer.user, at=AT, week=MONDAY - timedelta(7))
    assert codes(refused) == ["week_not_possible"]


def test_who_may_answer(deal: Opportunity, engineer: Resource) -> None:
    request, other = ask(deal, resource_id=engineer.pk), ResourceFactory()
    for person in (deal.owner, other.user, ResourceFactory(kind="legal").user, UserFactory(manages=TeamFactory())):
        with pytest.raises(NotPermitted):
            accept_request(request_id=request.pk, by=person, at=AT)
        with pytest.raises(NotPermitted):
            decline_request(request_id=request.pk, answer="No time", by=person, at=AT)
    own = UserFactory(rep=True, team=(team := TeamFactory()))
    mine = ResourceFactory(user=own)
    given = accept_request(request_id=ask(deal).pk, resource_id=mine.pk, by=UserFactory(manages=team), at=AT)
    assert given.resource == mine
    with pytest.raises(NotPermitted):
        accept_request(request_id=ask(deal, hours=D(1)).pk, resource_id=mine.pk, by=other.user, at=AT)
    assert accept_request(request_id=request.pk, by=UserFactory(admin=True), at=AT).resource == engineer


def test_declining_says_why_and_frees_the_hours(deal: Opportunity, engineer: Resource) -> None:
    request = accept_request(request_id=ask(deal).pk, by=engineer.user, at=AT)
    with pytest.raises(RequestRefused) as refused:
        decline_request(request_id=request.pk, answer=" ", by=engineer.user, at=AT)
    assert codes(refused) == ["say_why_declined"]
    declined = decline_request(request_id=request.pk, answer="Ill until Monday", by=engineer.user, at=AT)
    assert (declined.state, declined.answer, PlannedHours.objects.count()) == ("declined", "Ill until Monday", 0)
    assert decline_request(request_id=request.pk, answer="Ill until Monday", by=engineer.user, at=AT) == declined
    with pytest.raises(RequestRefused):
        accept_request(request_id=request.pk, by=engineer.user, at=AT)


def test_hours_spent_become_effort_and_what_is_left_is_free(deal: Opportunity, engineer: Resource) -> None:
    request = accept_request(request_id=ask(deal, hours=D(30)).pk, by=engineer.user, at=AT)
    done = finish_request(request_id=request.pk, hours=D("7.5"), by=engineer.user, at=AT)
    effort = Effort.objects.get()
    assert (effort.user, effort.opportunity, effort.kind) == (engineer.user, deal, "sales_engineer")
    assert (effort.minutes, effort.on, effort.note) == (450, date(2026, 3, 4), "A trial")
    assert (done.state, done.effort) == ("done", effort)
    assert [week.free for week in get_weeks([engineer.pk], [MONDAY, MONDAY + timedelta(7)])[engineer.pk]] == [0, 20]
    assert finish_request(request_id=request.pk, hours=D("7.5"), by=engineer.user, at=AT) == done
    with pytest.raises(RequestRefused):
        finish_request(request_id=request.pk, hours=D(9), by=engineer.user, at=AT)
    assert Effort.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"hours": None}, "required"),
        ({"hours": D(0)}, "out_of_range"),
        ({"hours": D("Infinity")}, "out_of_range"),
        ({"on": date(2026, 3, 5)}, "hours_spent_when"),
        ({"on": date(2026, 3, 3)}, "hours_spent_when"),
    ],
)
def test_what_cannot_be_spent(deal: Opportunity, engineer: Resource, more: Any, code: str) -> None:
    request = accept_request(request_id=ask(deal).pk, by=engineer.user, at=AT)
    with pytest.raises(RequestRefused) as refused:
        finish_request(**{"request_id": request.pk, "hours": D(1), "by": engineer.user, "at": AT, **more})
    assert codes(refused) == [code]
    assert Effort.objects.count() == 0


def test_withdrawing_frees_the_hours_and_what_was_seen_before_is_stale(deal: Opportunity, engineer: Resource) -> None:
    request = accept_request(request_id=ask(deal).pk, by=engineer.user, at=AT)
    with pytest.raises(NotPermitted):
        withdraw_request(request_id=request.pk, by=engineer.user, at=AT)
    with pytest.raises(StaleRecord):
        withdraw_request(request_id=request.pk, by=deal.owner, at=AT, seen_version=1)
    gone = withdraw_request(request_id=request.pk, by=deal.owner, at=AT, seen_version=2)
    assert (gone.state, PlannedHours.objects.count()) == ("withdrawn", 0)
    with pytest.raises(RequestRefused):
        finish_request(request_id=request.pk, hours=D(1), by=engineer.user, at=AT)


def test_only_an_administrator_says_whose_hours_are_shared(engineer: Resource) -> None:
    admin, person = UserFactory(admin=True), UserFactory()
    for by in (engineer.user, UserFactory(manages=TeamFactory())):
        with pytest.raises(NotPermitted):
            put_resource(user_id=person.pk, kind="legal", weekly_hours=D(4), by=by, at=AT)
        with pytest.raises(NotPermitted):
            set_gate(kind="legal", gate="", by=by, at=AT)
        with pytest.raises(NotPermitted):
            retire_resource(resource_id=engineer.pk, by=by, at=AT)
    made = put_resource(user_id=person.pk, kind="legal", weekly_hours=D(4), by=admin, at=AT)
    assert put_resource(user_id=person.pk, kind="legal", weekly_hours=D(6), by=admin, at=AT) == made
    assert Resource.objects.get(pk=made.pk).weekly_hours == D(6)
    for hours in (None, D(-1), D(169), D("NaN"), D("1e400")):
        with pytest.raises(ResourceRefused):
            put_resource(user_id=person.pk, kind="legal", weekly_hours=hours, by=admin, at=AT)
    with pytest.raises(ResourceRefused):
        put_resource(user_id=UserFactory(is_active=False).pk, kind="legal", weekly_hours=D(1), by=admin, at=AT)


def test_who_has_hours_set_aside_cannot_leave_and_what_was_asked_of_who_leaves_is_asked_of_all(
    deal: Opportunity, engineer: Resource
) -> None:
    kept, asked = ask(deal), ask(deal, hours=D(3), resource_id=engineer.pk)
    accept_request(request_id=kept.pk, by=engineer.user, at=AT)
    with pytest.raises(ResourceRefused):
        retire_resource(resource_id=engineer.pk, by=None, at=AT)
    finish_request(request_id=kept.pk, hours=D(1), by=engineer.user, at=AT)
    assert retire_resource(resource_id=engineer.pk, by=None, at=AT).retired_at == AT
    asked.refresh_from_db()
    assert asked.resource is None
    with pytest.raises(RequestRefused):
        ask(deal, hours=D(2))


def test_a_week_belongs_to_whoever_has_it(engineer: Resource) -> None:
    with pytest.raises(NotPermitted):
        set_week(resource_id=engineer.pk, monday=MONDAY, hours=D(0), by=ResourceFactory().user, at=AT)
    for monday, hours in ((MONDAY + timedelta(1), D(1)), (MONDAY, D(169)), (MONDAY, D("NaN"))):
        with pytest.raises(ResourceRefused):
            set_week(resource_id=engineer.pk, monday=monday, hours=hours, by=engineer.user, at=AT)
    set_week(resource_id=engineer.pk, monday=MONDAY, hours=D(0), by=engineer.user, at=AT)
    assert get_weeks([engineer.pk], [MONDAY])[engineer.pk][0].free == 0
    set_week(resource_id=engineer.pk, monday=MONDAY, hours=None, by=engineer.user, at=AT)
    assert get_weeks([engineer.pk], [MONDAY])[engineer.pk][0].free == 20


@pytest.mark.django_db(transaction=True)
def test_two_requests_accepted_at_once_never_take_the_same_hours() -> None:
    engineer = ResourceFactory(weekly_hours=D(10))
    asked = [RequestFactory(hours=D(6), due_on=date(2026, 3, 8)) for _ in range(2)]
    barrier = Barrier(2)

    def accept(request: ResourceRequest) -> str:
        try:
            barrier.wait()
            return str(accept_request(request_id=request.pk, by=engineer.user, at=AT).state)
        except CommandRefused as refused:
            return refused.refusals[0].code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(accept, asked)) == ["accepted", "hours_do_not_fit"]
    assert PlannedHours.objects.get().hours == D(6)
