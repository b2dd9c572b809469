"""Proposals and the negotiation about them: written, sent once, taken back; wishes settled once (LT-051, LT-052)."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from crm.lib.errors import NotPermitted, StaleRecord
from crm.lib.values import Money
from pipeline.commands.negotiation import NegotiationRefused, note_point, settle_point
from pipeline.commands.opportunities import MoveRefused
from pipeline.commands.proposals import (
    ProposalRefused,
    change_proposal,
    remove_proposal,
    send_proposal,
    write_proposal,
)
from pipeline.models import (
    Criterion,
    CriterionVersion,
    NegotiationPoint,
    Opportunity,
    OpportunityEvent,
    OpportunityLine,
    Proposal,
)
from pipeline.policies.proposals import SolutionLine
from tests.factories.crm import ContactFactory, UserFactory
from tests.factories.documents import NegotiationPointFactory
from tests.factories.pipeline import OpportunityFactory, get_setpoint
from tests.testing import htmx_get, htmx_post, signed_in, text

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SENT = date(2026, 2, 27)
LINES = [SolutionLine("Scrap at the second press", "Cameras on both lines"), SolutionLine("", " ")]


@pytest.fixture
def deal(rep: Any) -> Opportunity:
    return OpportunityFactory(owner=rep, at="25", amount=48_000)


def write(deal: Opportunity, **more: Any) -> Proposal:
    given = {"opportunity_id": deal.pk, "package": "custom", "lines": LINES, "by": deal.owner, "at": AT, **more}
    return write_proposal(**given)


def send(proposal: Proposal, deal: Opportunity, **more: Any) -> Proposal:
    given = {"seen_version": proposal.version, "sent_on": SENT, "by": deal.owner, "at": AT, **more}
    return send_proposal(proposal_id=proposal.pk, **given)


def note(deal: Opportunity, **more: Any) -> NegotiationPoint:
    given = {"topic": "price", "asked": " Ten percent less ", "asked_on": SENT, "by": deal.owner, "at": AT, **more}
    return note_point(opportunity_id=deal.pk, **given)


def codes(refused: Any) -> list[str]:
    return [refusal.code for refusal in refused.value.refusals]


def told(deal: Opportunity, kind: str) -> list[OpportunityEvent]:
    return list(OpportunityEvent.objects.filter(opportunity=deal, kind=kind).order_by("seq"))


def asks_for_economics(gate: str) -> None:
    """Let the pipeline ask whether the economics were looked at, at 50%."""
    criterion = Criterion.objects.create(setpoint=get_setpoint("50"), code="economics_looked_at", order=99)
    CriterionVersion.objects.create(
        criterion=criterion, number=1, text="The economics were looked at", check_code="economics_checked", gate=gate,
        evidence="record", valid_from=AT,
    )  # fmt: skip


def test_a_proposal_is_written_line_by_line_and_sent_once(deal):
    made = write(deal, amount=Money(Decimal(48_000), "EUR"), note=" First ")
    assert [(line.challenge, line.solution) for line in made.lines.all()] == [
        ("Scrap at the second press", "Cameras on both lines")
    ]
    sent = send(made, deal)
    assert (sent.number, sent.package, sent.sent_on, sent.version, sent.note) == (1, "custom", SENT, 2, "First")
    first, second = told(deal, "proposal")
    value = {"proposal": made.pk, "number": 1, "package": "custom", "on": None, "amount": "48000.00", "currency": "EUR"}
    assert (first.old, first.new) == (None, value)
    assert (second.old, second.new) == (value, {**value, "on": "2026-02-27"})
    with pytest.raises(ProposalRefused) as refused:
        send(sent, deal)
    assert codes(refused) == ["proposal_sent"]
    with pytest.raises(ProposalRefused):
        change_proposal(proposal_id=made.pk, seen_version=2, package="custom", lines=LINES, by=deal.owner, at=AT)


def test_it_is_changed_by_whoever_saw_it_as_it_is(deal):
    made = write(deal)
    change = {"proposal_id": made.pk, "package": "standard", "lines": [], "by": deal.owner, "at": AT}
    changed = change_proposal(seen_version=1, **change)
    assert (changed.package, changed.lines.count(), changed.version) == ("standard", 0, 2)
    with pytest.raises(StaleRecord):
        change_proposal(seen_version=1, **change)
    with pytest.raises(StaleRecord):
        send(made, deal, seen_version=1)


def test_numbers_are_not_given_again(deal):
    first = write(deal)
    remove_proposal(proposal_id=first.pk, by=deal.owner, at=AT)
    remove_proposal(proposal_id=first.pk, by=deal.owner, at=AT)
    assert [(event.old is None, event.new is None) for event in told(deal, "proposal")] == [
        (True, False),
        (False, True),
    ]
    assert write(deal).number == 2
    with pytest.raises(ProposalRefused):
        send(Proposal.objects.get(pk=first.pk), deal)


def test_a_standard_package_needs_no_lines_and_a_custom_one_does(deal):
    assert send(write(deal, package="standard", lines=[]), deal).sent_on == SENT
    with pytest.raises(ProposalRefused) as refused:
        send(write(deal, lines=[]), deal)
    assert codes(refused) == ["proposal_empty"]


@pytest.mark.parametrize("sent_on", [date(2026, 3, 3), date(1999, 1, 1), date(2199, 12, 31)])
def test_nothing_is_sent_tomorrow_or_before_the_deal_began(deal, sent_on):
    with pytest.raises(ProposalRefused) as refused:
        send(write(deal), deal, sent_on=sent_on)
    assert codes(refused) == ["sent_when"]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"package": "gift"}, "unknown_value"),
        ({"note": "x" * 1001}, "too_long"),
        ({"amount": Money(Decimal(-1), "EUR")}, "amount_negative"),
        ({"amount": Money(Decimal("1e400"), "EUR")}, "amount_too_large"),
        ({"amount": Money(Decimal("NaN"), "EUR")}, "amount_too_large"),
        ({"amount": Money(Decimal("1.001"), "EUR")}, "too_many_decimals"),
        ({"amount": Money(Decimal(1), "XQZ")}, "unknown_currency"),
        ({"lines": [SolutionLine("Scrap", "")]}, "line_half"),
        ({"lines": [SolutionLine("x" * 301, "y")]}, "too_long"),
        ({"lines": [SolutionLine("x", "y" * 501)]}, "too_long"),
        ({"lines": [SolutionLine("x", "y")] * 21}, "too_many_lines"),
    ],
)
def test_what_a_proposal_may_not_say(deal, more, code):
    with pytest.raises(ProposalRefused) as refused:
        write(deal, **more)
    assert (codes(refused), Proposal.objects.count()) == ([code], 0)


@pytest.mark.parametrize("over", [{"won": True}, {"archived": True}])
def test_nothing_is_offered_for_a_deal_that_is_over(rep, over):
    with pytest.raises(ProposalRefused):
        write(OpportunityFactory(owner=rep, **over))


@pytest.mark.parametrize(("gate", "allowed"), [("warn", True), ("require", False)])
def test_the_economics_are_judged_before_a_proposal(deal, gate, allowed):
    asks_for_economics(gate)
    with pytest.raises(MoveRefused) as refused:
        write(deal)
    assert (codes(refused), refused.value.override_allowed) == (["criterion_unmet"], allowed)
    reason = "A reference for the whole Baltic region"
    if not allowed:
        with pytest.raises(MoveRefused):
            write(deal, override=reason)
        return
    write(deal, override=reason)
    assert [event.detail for event in told(deal, "proposal")] == [{"override": reason}]


def test_where_every_price_and_cost_is_known_no_reason_is_asked_for(deal):
    asks_for_economics("require")
    price, cost = Money(Decimal(48_000), "EUR"), Money(Decimal(30_000), "EUR")
    OpportunityLine.objects.create(opportunity=deal, description="Cameras", price=price, cost=cost)
    write(deal, override="")
    assert [event.detail for event in told(deal, "proposal")] == [{}]


def test_the_page_asks_for_the_reason_where_one_may_stand_in(rep, deal):
    asks_for_economics("warn")
    browser, url = signed_in(rep), f"/deals/{deal.pk}/proposals/new/"
    sent = {"package": "custom", "0-challenge": "Scrap", "0-solution": "Cameras"}
    assert "override" not in text(htmx_get(browser, url))
    answer = htmx_post(browser, url, sent)
    assert (answer.status_code, Proposal.objects.count()) == (422, 0)
    assert "The economics were looked at" in text(answer)
    assert 'name="override"' in text(answer) and "Cameras" in text(answer)
    assert htmx_post(browser, url, {**sent, "override": "too short"}).status_code == 422
    answer = htmx_post(browser, url, {**sent, "override": "A reference for the whole Baltic region"})
    assert (answer.status_code, Proposal.objects.count()) == (200, 1)


def test_two_who_write_a_proposal_anew_see_both_and_lose_nothing(rep, deal):
    made = write(deal)
    browser, url = signed_in(rep), f"/deals/{deal.pk}/proposals/{made.pk}/"
    theirs = {"package": "custom", "0-challenge": "Scrap", "0-solution": "Two cameras", "version": "1"}
    assert htmx_post(browser, url, theirs).status_code == 200
    mine = {**theirs, "0-solution": "One camera"}
    both = htmx_post(browser, url, mine)
    assert (both.status_code, 'name="version" value="2"' in text(both)) == (409, True)
    assert "Scrap: Two cameras" in text(both) and "One camera" in text(both)
    assert htmx_post(browser, url, {**mine, "version": "2"}).status_code == 200
    assert [line.solution for line in made.lines.all()] == ["One camera"]


def test_a_wish_is_noted_and_settled_once(deal):
    anna = ContactFactory(account=deal.account)
    made = note(deal, contact_id=anna.pk)
    assert note(deal, contact_id=anna.pk) == made
    given = {
        "point_id": made.pk,
        "seen_version": 1,
        "answer": "Five, for two years",
        "settled_on": AT.date(),
        "by": deal.owner,
        "at": AT,
    }
    settled = settle_point(state="agreed", **given)
    assert settle_point(state="agreed", **given) == settled
    with pytest.raises(NegotiationRefused) as refused:
        settle_point(state="declined", **given)
    assert codes(refused) == ["negotiation_settled"]
    value = {"point": made.pk, "topic": "price", "text": "Ten percent less", "state": "open", "on": "2026-02-27"}
    after = {**value, "text": "Five, for two years", "state": "agreed", "on": "2026-03-02"}
    assert [(event.old, event.new) for event in told(deal, "negotiation")] == [(None, value), (value, after)]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"topic": "weather"}, "unknown_value"),
        ({"asked": " "}, "required"),
        ({"asked": "x" * 501}, "too_long"),
        ({"asked_on": date(2026, 3, 3)}, "asked_when"),
        ({"contact_id": 0}, "not_of_this_deal"),
    ],
)
def test_what_may_not_be_noted(deal, more, code):
    with pytest.raises(NegotiationRefused) as refused:
        note(deal, **more)
    assert (codes(refused), NegotiationPoint.objects.count()) == ([code], 0)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"state": "open"}, "settled_how"),
        ({"state": "maybe"}, "settled_how"),
        ({"answer": "x" * 501}, "too_long"),
        ({"settled_on": date(2026, 3, 3)}, "asked_when"),
        ({"settled_on": date(2026, 1, 19)}, "asked_when"),
    ],
)
def test_what_cannot_have_come_of_it(deal, more, code):
    point = NegotiationPointFactory(opportunity=deal)
    with pytest.raises(NegotiationRefused) as refused:
        settle_point(point_id=point.pk, seen_version=1, **{"state": "agreed", "by": deal.owner, "at": AT, **more})
    assert codes(refused) == [code]


def test_a_wish_is_settled_by_whoever_saw_it_as_it_is(deal):
    point = note(deal)
    with pytest.raises(StaleRecord):
        settle_point(point_id=point.pk, seen_version=2, state="agreed", by=deal.owner, at=AT)


def test_nobody_offers_on_anothers_deal(deal):
    made, point, stranger = write(deal), note(deal), UserFactory(rep=True)
    for tried in (
        lambda: write(deal, by=stranger),
        lambda: send(made, deal, by=stranger),
        lambda: remove_proposal(proposal_id=made.pk, by=stranger, at=AT),
        lambda: note(deal, by=stranger),
        lambda: settle_point(point_id=point.pk, seen_version=1, state="agreed", by=stranger, at=AT),
    ):
        with pytest.raises(NotPermitted):
            tried()


def test_the_ids_of_another_deal_are_not_found(rep, deal):
    made, point = write(deal), note(deal)
    other, browser = OpportunityFactory(owner=rep), signed_in(rep)
    for address in (
        f"proposals/{made.pk}/", f"proposals/{made.pk}/sent/", f"negotiation/{point.pk}/", "proposals/999999999999999999/",
    ):  # fmt: skip
        assert browser.get(f"/deals/{other.pk}/{address}").status_code == 404
        assert browser.post(f"/deals/{other.pk}/{address}").status_code == 404
    assert browser.post(f"/deals/{other.pk}/proposals/{made.pk}/remove/").status_code == 404
