"""How long approvals take, whether promises are kept on time, whether what was sold is delivered (EE-063, EE-070, EE-089)."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from crm.lib.envelope import Reason
from pipeline.commands.approvals import ask_approval, decide_approval, withdraw_approval
from pipeline.commands.handovers import check_delivery
from pipeline.commands.promises import add_promise, end_promise
from pipeline.figures.promises import (
    AnsweredFacts,
    DeliveredFacts,
    KeptFacts,
    approval_time,
    delivered_as_sold,
    promises_on_time,
)
from pipeline.models import Handover, Opportunity
from tests.factories.crm import UserFactory
from tests.factories.pipeline import OpportunityFactory
from tests.figures.asking import Q1, figures
from tests.figures.histories import noon

D = Decimal
HOUR = 3600


@pytest.mark.parametrize(
    ("hours", "value"),
    [
        pytest.param([], None, id="nothing was answered"),
        pytest.param([4], "4.00", id="one"),
        pytest.param([1, 5, 30], "5.00", id="the middle one, not the mean"),
        pytest.param([1, 2, 4, 100], "3.00", id="between the two in the middle"),
        pytest.param([0], "0.00", id="at once"),
    ],
)
def test_approval_time_is_the_median(hours: list[int], value: str | None) -> None:
    facts = AnsweredFacts(tuple(range(len(hours))), tuple(D(each * HOUR) for each in hours), len(hours), waiting=(9,))
    figure = approval_time(facts)
    assert (figure.value, figure.n) == (D(value) if value else None, len(hours))
    assert (figure.reason, figure.excluded) == (None if hours else Reason.NO_DATA, {"waiting": [9]})


@pytest.mark.parametrize(
    ("kept", "value"),
    [
        pytest.param(KeptFacts(), None, id="none was due"),
        pytest.param(KeptFacts(dropped=(1,)), None, id="no longer wanted"),
        pytest.param(KeptFacts(on_time=(1, 2, 3)), "1.000000", id="all"),
        pytest.param(KeptFacts((1, 2, 3), (4,), (5,), (6,), (7,)), "0.500000", id="late, broken and overdue are not"),
    ],
)
def test_promises_on_time_counts_what_was_due(kept: KeptFacts, value: str | None) -> None:
    figure = promises_on_time(kept)
    assert figure.value == (D(value) if value else None)
    assert figure.reason is (None if value else Reason.NO_DATA)
    assert figure.excluded == ({"dropped": list(kept.dropped)} if kept.dropped else {})


@pytest.mark.parametrize(
    ("facts", "value"),
    [
        pytest.param(DeliveredFacts(unchecked=(1,)), None, id="nobody looked"),
        pytest.param(DeliveredFacts((1, 2, 3), (4,)), "0.750000", id="three of four"),
    ],
)
def test_delivered_as_sold_counts_what_was_checked(facts: DeliveredFacts, value: str | None) -> None:
    figure = delivered_as_sold(facts)
    assert (figure.value, figure.detail["unchecked"]) == (D(value) if value else None, len(facts.unchecked))


@pytest.fixture
def finance() -> Any:
    return UserFactory(roles=["finance"])


def ask(deal: Opportunity, at: datetime, **more: Any) -> Any:
    given = {"area": "discount", "asked": D(15), "why": "Two plants", "by": deal.owner, "at": at}
    return ask_approval(opportunity_id=deal.pk, **{**given, **more})


@pytest.mark.django_db
def test_approval_time_of_a_period_and_of_a_moment_in_it(finance: Any) -> None:
    deal, other = OpportunityFactory(), OpportunityFactory()
    monday = noon("2026-01-05")
    decide_approval(approval_id=ask(deal, monday).pk, approves=True, by=finance, at=monday + timedelta(hours=3))
    late = ask(other, monday)
    found = figures("approval-time", period=Q1, as_of=monday + timedelta(hours=4))[""]
    assert (found.value, found.excluded) == (D("3.00"), {"waiting": [other.pk]})
    decide_approval(approval_id=late.pk, approves=False, answer="No", by=finance, at=monday + timedelta(days=10))
    withdraw_approval(approval_id=late.pk, by=other.owner, at=monday + timedelta(days=11))
    found = figures("approval-time", period=Q1)[""]
    assert (found.value, found.n, found.detail["in_time"]) == (D("121.50"), 2, D("0.500000"))
    assert found.ids == [deal.pk, other.pk]
    by_owner = figures("approval-time", period=Q1, by="owner")
    assert by_owner[str(deal.owner_id)].value == D("3.00")
    assert figures("approval-time")[""].n == 2


@pytest.mark.django_db
def test_promises_on_time_of_a_period_and_of_a_moment_in_it() -> None:
    deal, made = OpportunityFactory(), noon("2026-01-05")

    def promise(day: str, state: str = "", on: str = "", said: str = "") -> None:
        given = {"opportunity_id": deal.pk, "text": f"{day} {state}", "due_on": date.fromisoformat(day)}
        found = add_promise(**given, by=deal.owner, at=made)
        if state:
            ended = date.fromisoformat(on or day)
            end_promise(promise_id=found.pk, state=state, by=deal.owner, at=noon(said or on or day), ended_on=ended)

    promise("2026-02-02", "kept")
    promise("2026-02-03", "kept", "2026-02-09")
    promise("2026-02-04", "broken")
    promise("2026-02-05", "dropped")
    promise("2026-02-06", "kept", "2026-02-06", said="2026-03-20")
    promise("2026-03-10")
    promise("2026-06-01", "kept", "2026-02-01")
    found = figures("promises-on-time", period=Q1)[""]
    assert (found.numerator, found.denominator, found.excluded) == (D(2), D(5), {"dropped": [deal.pk]})
    assert found.detail == {"late": 1, "broken": 1, "overdue": 1}
    # On 8 February the second was overdue, and nobody had said yet that the fifth was kept.
    then = figures("promises-on-time", period=Q1, as_of=noon("2026-02-08"))[""]
    assert (then.numerator, then.denominator) == (D(1), D(4))
    assert then.detail == {"late": 0, "broken": 1, "overdue": 2}


@pytest.mark.django_db
def test_delivered_as_sold_is_what_the_last_check_says_and_keeps_its_past() -> None:
    deals = [OpportunityFactory(won=True, closed_at=noon("2026-01-05")) for _ in range(3)]
    for deal in deals:
        Handover.objects.create(opportunity=deal, made_at=noon("2026-01-05"))
    first, second, third = deals

    def check(deal: Opportunity, day: str, as_sold: bool) -> None:
        pk = Handover.objects.get(opportunity=deal).pk
        gap = "" if as_sold else "No night readings"
        on = date.fromisoformat(day)
        check_delivery(handover_id=pk, as_sold=as_sold, gap=gap, by=deal.owner, at=noon(day), checked_on=on)

    check(first, "2026-02-02", False)
    check(second, "2026-02-03", True)
    assert figures("delivered-as-sold", period=Q1)[""].value == D("0.500000")
    check(first, "2026-03-02", True)
    found = figures("delivered-as-sold", period=Q1)[""]
    # 90 days after the handover somebody should have looked.
    assert (found.value, found.n, found.excluded) == (D("1.000000"), 2, {"unchecked": [third.pk]})
    then = figures("delivered-as-sold", period=Q1, as_of=noon("2026-02-20"))[""]
    assert (then.value, then.excluded) == (D("0.500000"), {})
