"""The cost of a new customer as pages, API and command give it (B16): from hours, leads and assumptions."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from crm.lib.envelope import Reason
from crm.lib.values import Money
from pipeline.commands.economics import log_effort
from pipeline.models import CostRate, EconomicAssumptions, Effort, Opportunity
from tests.factories.crm import TeamFactory, UserFactory
from tests.factories.pipeline import OpportunityFactory
from tests.factories.scoring import LeadFactory
from tests.figures.asking import D, figures
from tests.figures.histories import noon

pytestmark = pytest.mark.django_db
SPRING = noon("2026-03-02")


def eur(amount: int) -> Money:
    return Money(Decimal(amount), "EUR")


def won(**more: Any) -> Opportunity:
    return OpportunityFactory(at="90", outcome="won", closed_at=SPRING, **more)


def spend(deal: Opportunity, hours: int, **more: object) -> None:
    given = {"user": deal.owner, "kind": "demo", "on": date(2026, 2, 2), **more}
    Effort.objects.create(opportunity=deal, minutes=hours * 60, **given)


@pytest.fixture(autouse=True)
def assumed() -> None:
    EconomicAssumptions.objects.create(valid_from=date(2026, 1, 1), lead=eur(100), onboarding=eur(2000))
    CostRate.objects.create(kind="demo", hourly=eur(60), valid_from=date(2026, 1, 1))


def test_cac_b16_counts_new_customers_once_and_what_was_lost_too() -> None:
    first = won()
    won(account=first.account)
    won(deal_type="renewal")
    won(deal_type="win_back")
    spend(OpportunityFactory(at="50", outcome="lost", closed_at=SPRING), 100)
    spend(first, 20)
    spend(first, 9, on=date(2025, 12, 31))
    spend(first, 9, removed_at=SPRING)
    LeadFactory(created_at=SPRING, recorded_at=SPRING)
    found = figures("cac")[""]
    assert (found.value, found.n, len(found.ids)) == (D("5650.00"), 2, 3)
    assert (found.detail["selling"], found.detail["marketing"], found.detail["onboarding"]) == (7200, 100, 4000)


def test_cac_b16_is_of_what_a_person_may_see() -> None:
    rep = UserFactory(rep=True, team=TeamFactory())
    own = won(owner=rep)
    spend(own, 10)
    spend(won(), 500)
    assert figures("cac", user=rep)[""].value == D("2600.00")


def test_cac_b16_says_why_there_is_none() -> None:
    assert figures("cac")[""].reason == Reason.NO_DATA
    deal = won()
    spend(deal, 10, kind="legal")
    assert figures("cac")[""].reason == Reason.INCOMPLETE


def test_why_we_lost_says_what_pursuing_those_deals_cost_by_then() -> None:
    lost = OpportunityFactory(at="50", outcome="lost", closed_at=SPRING)
    spend(lost, 10)
    spend(lost, 5, on=date(2026, 4, 1))  # after the day it is seen from
    spend(lost, 7, removed_at=SPRING)
    spend(won(amount=eur(9000)), 30)
    [found] = figures("lost-reasons", as_of=noon("2026-03-20")).values()
    assert [found.detail[name] for name in ("hours", "cost", "elsewhere")] == [D("10.0"), D("600.00"), D("3000.00")]


def test_hours_are_known_from_when_they_were_logged() -> None:
    deal = won()
    spend(deal, 10)
    log_effort(
        opportunity_id=deal.pk, user_id=deal.owner_id, kind="demo", minutes=600, on=date(2026, 2, 2), by=None,
        at=noon("2026-05-04"),
    )  # fmt: skip
    known = {day: figures("cac", known_at=noon(day))[""].detail["hours"] for day in ("2026-05-03", "2026-05-05")}
    assert known == {"2026-05-03": D("10.00"), "2026-05-05": D("20.00")}
