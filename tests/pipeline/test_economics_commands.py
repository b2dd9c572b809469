"""Lines, costs, hours, potential and strategic value of a deal: written, refused, twice, too late (P-13)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from crm.lib.errors import NotPermitted, StaleRecord
from crm.lib.values import Money
from pipeline.commands.approvals import ApprovalRefused, OutsidePolicy, withdraw_approval
from pipeline.commands.economics import (
    EconomicsRefused,
    add_cost,
    add_line,
    approve_strategic_value,
    edit_cost,
    edit_line,
    log_effort,
    put_expansion,
    put_strategic_value,
    remove_cost,
    remove_effort,
    remove_expansion,
    remove_line,
    remove_strategic_value,
)
from pipeline.labels.history import describe_change
from pipeline.models import (
    Effort,
    Opportunity,
    OpportunityCost,
    OpportunityEvent,
    OpportunityLine,
    Product,
    StrategicValue,
)
from pipeline.policies.economics import discount_given
from pipeline.queries.timeline import get_event_names
from tests.factories.crm import TeamFactory, UserFactory
from tests.factories.pipeline import OpportunityFactory, ProductFactory
from tests.factories.promises import ApprovalFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
WHY = "They are the first bank in the country"


def eur(amount: Any) -> Money:
    return Money(Decimal(amount), "EUR")


@pytest.fixture
def deal() -> Opportunity:
    return OpportunityFactory()


def line(deal: Opportunity, **more: Any) -> OpportunityLine:
    given = {"opportunity_id": deal.pk, "description": "Licences", "price": eur(100), "cost": eur(40), "at": AT}
    return add_line(**{**given, "by": deal.owner, **more})


def codes(refused: Any) -> list[str]:
    return [refusal.code for refusal in refused.value.refusals]


def told(deal: Opportunity) -> list[tuple[Any, Any]]:
    events = OpportunityEvent.objects.filter(opportunity=deal, kind="economics").order_by("seq")
    return [(event.old, event.new) for event in events]


def sentences(deal: Opportunity) -> list[str]:
    events = list(OpportunityEvent.objects.filter(opportunity=deal, kind="economics").order_by("seq"))
    return [describe_change(event, get_event_names(events)).sentence for event in events]


def test_a_line_takes_price_and_cost_from_the_price_list(deal):
    product = ProductFactory(price=eur(1200), cost=eur(300))
    made = line(deal, product_id=product.pk, description="", price=None, cost=None, quantity=Decimal(2))
    assert (made.price, made.cost) == (eur(1200), eur(300))
    assert told(deal) == [
        (None, {
            "line": made.pk, "product": product.pk, "description": "", "quantity": "2.000", "price": "1200.00",
            "currency": "EUR", "cost": "300.00", "cost_currency": "EUR", "discount": "0.0000", "billing": "one_off",
            "months": None, "removed": False,
        })
    ]  # fmt: skip
    assert sentences(deal) == [f"Product: 2 × {product.name}, €1,200"]


def test_the_same_line_again_is_the_same_line(deal):
    assert line(deal) == line(deal)
    assert len(told(deal)) == 1


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"description": " "}, "line_names_something", "description"),
        ({"description": "x" * 301}, "too_long", "description"),
        ({"quantity": Decimal(0)}, "out_of_range", "quantity"),
        ({"quantity": Decimal("1e400")}, "out_of_range", "quantity"),
        ({"quantity": Decimal("NaN")}, "out_of_range", "quantity"),
        ({"quantity": Decimal("0.0001")}, "out_of_range", "quantity"),
        ({"discount": Decimal("1.0001")}, "out_of_range", "discount"),
        ({"discount": Decimal("-0.1")}, "out_of_range", "discount"),
        ({"discount": Decimal("0.00001")}, "out_of_range", "discount"),
        ({"price": eur(-1)}, "amount_negative", "price"),
        ({"cost": Money(Decimal(1), "XXZ")}, "unknown_currency", "cost"),
        ({"price": eur("99999999999999.99"), "quantity": Decimal(2)}, "amount_too_large", "price"),
        ({"billing": "weekly"}, "unknown_value", "billing"),
        ({"months": 12}, "line_billed_once", "months"),
        ({"billing": "monthly"}, "line_needs_term", "months"),
        ({"billing": "yearly", "months": 601}, "line_needs_term", "months"),
        ({"product_id": 999_999}, "choose_offered", "product"),
    ],
)
def test_a_line_that_may_not_be(deal, more, code, field):
    with pytest.raises(EconomicsRefused) as refused:
        line(deal, **more)
    assert (codes(refused), dict(refused.value.refusals[0].params)["field"]) == ([code], field)
    assert (OpportunityLine.objects.count(), told(deal)) == (0, [])


def test_a_discount_beyond_the_policy_needs_somebody_who_was_asked(deal):
    with pytest.raises(OutsidePolicy) as refused:
        line(deal, discount=Decimal("0.15"))
    assert codes(refused) == ["promise_needs_approval"]
    with pytest.raises(OutsidePolicy):
        line(deal, discount=Decimal("0.9"))
    made = line(deal)
    with pytest.raises(OutsidePolicy):
        edit_line(line_id=made.pk, changes={"discount": Decimal("0.15")}, by=deal.owner, at=AT)
    ApprovalFactory(opportunity=deal)
    edit_line(line_id=made.pk, changes={"discount": Decimal("0.15")}, by=deal.owner, at=AT)
    assert OpportunityLine.objects.get().discount == Decimal("0.15")
    assert sentences(deal)[-1] == "Product: Licences, €100 → Licences, €100, 15% off"


@pytest.mark.parametrize(
    ("price", "discount", "listed", "given"),
    [
        (eur(100), "0.05", eur(100), "0.05"), (eur(120), "0.05", eur(100), "0.05"), (eur(80), "0", eur(100), "0.2"),
        (eur(80), "0.1", eur(100), "0.28"), (eur(80), "0.1", None, "0.1"), (None, "0.1", eur(100), "0.1"),
        (Money(Decimal(80), "SEK"), "0", eur(100), "0"), (eur(1), "0", eur(0), "0"), (eur(200), "0.5", eur(300), "0.6667"),
    ],
)  # fmt: skip
def test_what_a_price_lies_below_the_list_is_given_away_too(price, discount, listed, given):
    assert discount_given(price=price, discount=Decimal(discount), list_price=listed) == Decimal(given)


def test_a_price_below_the_list_is_measured_like_a_discount(deal):
    product = ProductFactory(price=eur(100), cost=eur(40))
    with pytest.raises(OutsidePolicy) as refused:
        line(deal, product_id=product.pk, price=eur(85))
    assert [(each.code, dict(each.params)["field"]) for each in refused.value.refusals] == [
        ("promise_needs_approval", "price")
    ]
    made = line(deal, product_id=product.pk, price=eur(95), discount=Decimal("0.05"))
    assert (made.list_price, made.is_below_list) == (eur(100), True)
    Product.objects.filter(pk=product.pk).update(price=200)  # the line was sold at the list of its day
    changed = edit_line(line_id=made.pk, changes={"price": eur(98)}, by=deal.owner, at=AT)
    assert (changed.price, changed.list_price) == (eur(98), eur(100))
    with pytest.raises(OutsidePolicy):
        edit_line(line_id=made.pk, changes={"price": eur(80)}, by=deal.owner, at=AT)
    approval = ApprovalFactory(opportunity=deal, asked=Decimal(16))
    edit_line(line_id=made.pk, changes={"price": eur(89)}, by=deal.owner, at=AT)  # 15.45% with its discount
    with pytest.raises(ApprovalRefused, match="line_has_discount"):
        withdraw_approval(approval_id=approval.pk, by=deal.owner, at=AT)


def test_an_imported_line_is_measured_once_it_is_priced_by_hand(deal):
    product = ProductFactory(price=eur(100))
    made = OpportunityLine.objects.create(opportunity=deal, product=product, price=eur(50))
    assert edit_line(line_id=made.pk, changes={"quantity": Decimal(2)}, by=deal.owner, at=AT).list_price is None
    with pytest.raises(OutsidePolicy):
        edit_line(line_id=made.pk, changes={"price": eur(60)}, by=deal.owner, at=AT)
    assert edit_line(line_id=made.pk, changes={"price": eur(90)}, by=deal.owner, at=AT).list_price == eur(100)


def test_two_people_change_a_line_each_their_own_field(deal):
    made = line(deal)
    shown = {"price": eur(100), "cost": eur(40)}
    edit_line(line_id=made.pk, changes={"price": eur(120)}, seen=shown, by=deal.owner, at=AT)
    edit_line(line_id=made.pk, changes={"cost": eur(50)}, seen=shown, by=deal.owner, at=AT)
    with pytest.raises(StaleRecord):
        edit_line(line_id=made.pk, changes={"price": eur(90)}, seen=shown, by=deal.owner, at=AT)
    made.refresh_from_db()
    assert (made.price, made.cost, len(told(deal))) == (eur(120), eur(50), 3)
    edit_line(line_id=made.pk, changes={"cost": None}, by=deal.owner, at=AT)
    made.refresh_from_db()
    assert (made.cost, made.cost_currency) == (None, "")


def test_a_line_is_taken_away_once_and_stays_in_the_history(deal):
    made = line(deal)
    for _ in range(2):
        remove_line(line_id=made.pk, by=deal.owner, at=AT)
    assert sentences(deal) == ["Product: Licences, €100", "Removed: Licences, €100"]
    with pytest.raises(EconomicsRefused) as refused:
        edit_line(line_id=made.pk, changes={"price": eur(1)}, by=deal.owner, at=AT)
    assert codes(refused) == ["removed_already"]


def test_what_was_sold_stays_sold_and_what_it_cost_can_be_learned(deal):
    made = line(deal)
    Opportunity.objects.filter(pk=deal.pk).update(outcome="won", closed_at=AT)
    for refused_command in (
        lambda: line(deal, description="More"),
        lambda: edit_line(line_id=made.pk, changes={"price": eur(1)}, by=deal.owner, at=AT),
        lambda: remove_line(line_id=made.pk, by=deal.owner, at=AT),
    ):
        with pytest.raises(EconomicsRefused) as refused:
            refused_command()
        assert codes(refused) == ["deal_closed"]
    assert add_cost(opportunity_id=deal.pk, kind="services", amount=eur(5), by=deal.owner, at=AT).pk
    Opportunity.objects.filter(pk=deal.pk).update(outcome="", closed_at=None, archived_at=AT)
    with pytest.raises(EconomicsRefused):
        add_cost(opportunity_id=deal.pk, kind="services", amount=eur(6), by=deal.owner, at=AT)


def test_nobody_writes_on_anothers_deal(deal):
    made, cost = line(deal), add_cost(opportunity_id=deal.pk, kind="services", amount=None, by=deal.owner, at=AT)
    stranger: dict[str, Any] = {"by": UserFactory(rep=True), "at": AT}
    before = len(told(deal))
    for command in (
        lambda: line(deal, **stranger),
        lambda: edit_line(line_id=made.pk, changes={"price": eur(1)}, **stranger),
        lambda: remove_line(line_id=made.pk, **stranger),
        lambda: edit_cost(cost_id=cost.pk, changes={"amount": eur(1)}, **stranger),
        lambda: remove_cost(cost_id=cost.pk, **stranger),
        lambda: put_expansion(opportunity_id=deal.pk, kind="usage", yearly=eur(1), **stranger),
        lambda: log_effort(
            opportunity_id=deal.pk, user_id=deal.owner_id, kind="demo", minutes=30, on=TODAY, **stranger
        ),
    ):
        with pytest.raises(NotPermitted):
            command()
    assert len(told(deal)) == before


def test_a_cost_may_be_known_to_come_before_anybody_knows_how_much(deal):
    cost = add_cost(opportunity_id=deal.pk, kind="third_party", amount=None, note=" Maps ", by=deal.owner, at=AT)
    assert add_cost(opportunity_id=deal.pk, kind="third_party", amount=None, note="Maps", by=deal.owner, at=AT) == cost
    edit_cost(cost_id=cost.pk, changes={"amount": eur(500)}, seen={"amount": None}, by=deal.owner, at=AT)
    with pytest.raises(StaleRecord):
        edit_cost(cost_id=cost.pk, changes={"amount": eur(600)}, seen={"amount": None}, by=deal.owner, at=AT)
    remove_cost(cost_id=cost.pk, by=deal.owner, at=AT)
    assert sentences(deal) == ["Third party: –", "Third party: – → €500", "Removed: €500"]
    assert OpportunityCost.objects.get().removed_at == AT


def test_hours_are_logged_for_oneself_or_a_colleague_and_taken_back(deal):
    engineer = UserFactory(rep=True)
    given = {"opportunity_id": deal.pk, "user_id": engineer.pk, "by": deal.owner, "at": AT}
    made = log_effort(kind="sales_engineer", minutes=90, on=TODAY, **given)
    remove_effort(effort_id=made.pk, by=deal.owner, at=AT)
    remove_effort(effort_id=made.pk, by=deal.owner, at=AT)
    spent = f"1 h 30 min, 2 Mar, {engineer.name}"
    assert sentences(deal) == [f"Sales engineer: {spent}", f"Removed: {spent}"]
    for wrong in (
        {"minutes": 0}, {"minutes": 1441}, {"on": TODAY + timedelta(days=1)}, {"on": TODAY - timedelta(days=367)},
        {"kind": "lunch"}, {"note": "x" * 301}, {"user_id": 0},
    ):  # fmt: skip
        with pytest.raises(EconomicsRefused):
            log_effort(**{"kind": "demo", "minutes": 30, "on": TODAY, **given, **wrong})
    assert Effort.objects.count() == 1


def test_potential_is_said_once_a_kind_and_taken_back(deal):
    given: dict[str, Any] = {"opportunity_id": deal.pk, "kind": "usage", "by": deal.owner, "at": AT}
    put_expansion(yearly=eur(1000), **given)
    put_expansion(yearly=eur(1000), **given)
    said = put_expansion(yearly=eur(2000), **given)
    for _ in range(2):
        remove_expansion(expansion_id=said.pk, by=deal.owner, at=AT)
    put_expansion(yearly=eur(2000), **given)
    assert sentences(deal) == [
        "More usage: €1,000", "More usage: €1,000 → €2,000", "Removed: €2,000", "More usage: €2,000",
    ]  # fmt: skip
    for wrong in ({"yearly": None}, {"kind": "wish"}, {"yearly": eur(-1)}):
        with pytest.raises(EconomicsRefused):
            put_expansion(**{"yearly": eur(1), **given, **wrong})


def test_strategic_value_counts_once_the_owners_manager_agreed_with_a_reason():
    team = TeamFactory()
    rep, manager = UserFactory(rep=True, team=team), UserFactory(manages=team)
    deal = OpportunityFactory(owner=rep)
    given: dict[str, Any] = {"opportunity_id": deal.pk, "kind": "reference", "at": AT}
    claimed = put_strategic_value(weight=2, value=eur(5000), justification=WHY, by=rep, **given)
    assert claimed.approved_at is None
    row: dict[str, Any] = {"strategic_id": claimed.pk, "at": AT}
    with pytest.raises(NotPermitted):
        approve_strategic_value(reason=WHY, by=rep, **row)
    for reason, seen_at, code in (("ok", AT, "reason_too_short"), (WHY, AT - timedelta(hours=1), "claim_changed")):
        with pytest.raises(EconomicsRefused) as refused:
            approve_strategic_value(reason=reason, by=manager, seen_at=seen_at, **row)
        assert codes(refused) == [code]
    approve_strategic_value(reason=WHY, by=manager, seen_at=AT, **row)
    with pytest.raises(EconomicsRefused) as refused:
        approve_strategic_value(reason=WHY, by=manager, **row)
    assert codes(refused) == ["approval_decided"]
    assert told(deal)[-1][1] == {
        "strategic": "reference", "weight": 2, "amount": "5000.00", "currency": "EUR", "approved": True,
        "owner": manager.pk, "why": WHY, "removed": False,
    }  # fmt: skip
    put_strategic_value(weight=3, value=eur(5000), justification=WHY, by=rep, **given)
    claimed.refresh_from_db()
    assert (claimed.weight, claimed.approved_at, claimed.approved_by, claimed.reason) == (3, None, None, "")
    remove_strategic_value(by=rep, **row)
    with pytest.raises(EconomicsRefused) as refused:
        approve_strategic_value(reason=WHY, by=manager, **row)
    assert codes(refused) == ["removed_already"]


def test_nobody_approves_their_own_claim():
    team = TeamFactory()
    manager = UserFactory(manages=team)
    deal = OpportunityFactory(owner=UserFactory(rep=True, team=team))
    given: dict[str, Any] = {"opportunity_id": deal.pk, "kind": "new_segment", "at": AT, "by": manager}
    claim = put_strategic_value(weight=1, justification=WHY, **given)
    with pytest.raises(EconomicsRefused) as refused:
        approve_strategic_value(strategic_id=claim.pk, reason=WHY, by=manager, at=AT)
    assert codes(refused) == ["approval_own"]


@pytest.mark.parametrize(
    "wrong", [{"kind": "fame"}, {"weight": 0}, {"weight": 4}, {"justification": "because"}, {"value": eur(-1)}]
)
def test_a_strategic_value_that_may_not_be(deal, wrong):
    given = {"opportunity_id": deal.pk, "kind": "reference", "weight": 1, "justification": WHY, "at": AT}
    with pytest.raises(EconomicsRefused):
        put_strategic_value(**{**given, "by": deal.owner, **wrong})
    assert StrategicValue.objects.count() == 0
