"""Deals are won, lost, declined and archived, and go on; each change is recorded once."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from crm.lib.errors import StaleRecord
from crm.lib.labels import label
from crm.lib.values import Money
from pipeline.commands.opportunities import (
    CloseRefused,
    EditRefused,
    MoveRefused,
    ReopenRefused,
    archive_opportunity,
    close_opportunity,
    reopen_opportunity,
)
from pipeline.labels.history import describe_change
from pipeline.models import (
    Competitor,
    Criterion,
    CriterionVersion,
    Opportunity,
    OpportunityCompetitor,
    OpportunityEvent,
)
from pipeline.queries.timeline import get_event_names
from tests.factories.pipeline import NextStepFactory, OpportunityFactory, get_setpoint

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
EUR = Money(Decimal("48000.00"), "EUR")


def kinds(deal: Opportunity) -> list[str]:
    return list(OpportunityEvent.objects.filter(opportunity=deal).order_by("seq").values_list("kind", flat=True))


def decline(deal: Opportunity) -> None:
    sent = {"by": deal.owner, "at": AT, "seen_version": 1, "reason_code": "need_known"}
    close_opportunity(opportunity_id=deal.pk, outcome="declined", **sent)


def last(deal: Opportunity) -> OpportunityEvent:
    return OpportunityEvent.objects.filter(opportunity=deal).latest("seq")


def test_declining_keeps_which_facts_spoke_against_it() -> None:
    deal = OpportunityFactory()
    sent = {"opportunity_id": deal.pk, "outcome": "declined", "by": deal.owner, "at": AT, "seen_version": 1}
    with pytest.raises(CloseRefused, match="unknown_value"):
        close_opportunity(**sent, reason_code="need_known", criteria=["budget_known", "weather_known"])
    close_opportunity(**sent, reason_code="need_known", criteria=["budget_known", "need_known", "budget_known"])
    event = last(deal)
    assert event.detail == {"note": "", "criteria": ["need_known", "budget_known"]}
    words = describe_change(event, get_event_names([event])).sentence
    assert f"(Need not known, {label('fact', 'budget_known')})" in words


@pytest.mark.parametrize("code", ["just_looking", "other", "not_recorded", "went_quiet"])
def test_a_deal_is_declined_for_a_criterion_of_its_pipeline_and_for_nothing_else(code: str) -> None:
    deal = OpportunityFactory()
    sent = {"opportunity_id": deal.pk, "outcome": "declined", "by": deal.owner, "at": AT, "seen_version": 1}
    with pytest.raises(CloseRefused, match="unknown_reason"):
        close_opportunity(**sent, reason_code=code)
    assert kinds(deal) == []
    close_opportunity(**sent, criteria=["go_live_known", "budget_known"])
    deal.refresh_from_db()
    assert deal.close_reason is not None
    assert (deal.close_reason.code, last(deal).new["reason"]) == ("go_live_known", "go_live_known")


def test_a_criterion_of_ones_own_is_a_reason_to_decline_under_its_own_words() -> None:
    deal = OpportunityFactory()
    criterion = Criterion.objects.create(setpoint=get_setpoint("25"), code="site_seen", order=9)
    CriterionVersion.objects.create(
        criterion=criterion, number=1, text="The site was seen", evidence="attested", gate="warn", valid_from=AT
    )
    sent = {"opportunity_id": deal.pk, "outcome": "declined", "by": deal.owner, "at": AT, "seen_version": 1}
    close_opportunity(**sent, reason_code="site_seen")
    deal.refresh_from_db()
    assert str(deal.close_reason) == "The site was seen"


def test_winning_asks_why_and_keeps_the_final_value() -> None:
    deal = OpportunityFactory(at="90", amount=1000)
    step = NextStepFactory(opportunity=deal)
    sent = {"opportunity_id": deal.pk, "outcome": "won", "by": deal.owner, "at": AT, "seen_version": 1}
    with pytest.raises(CloseRefused):
        close_opportunity(**sent)
    assert kinds(deal) == []

    won = close_opportunity(**sent, reason_code="product", amount=EUR)

    assert (won.outcome, won.closed_at, won.amount, won.version) == ("won", AT, EUR, 2)
    assert kinds(deal) == ["amount", "next_step", "closed"]
    assert last(deal).new == {
        "outcome": "won", "reason": "product", "competitor": None, "on": "2026-03-02", "revisit_on": None,
        "setpoint": get_setpoint("90").pk, "amount": "48000.00", "currency": "EUR",
    }  # fmt: skip
    step.refresh_from_db()
    assert step.dropped_at == AT
    with pytest.raises(StaleRecord):
        close_opportunity(**sent, reason_code="product")


def test_winning_keeps_whom_we_beat() -> None:
    deal = OpportunityFactory(at="90", amount=1000)
    other = OpportunityCompetitor.objects.create(opportunity=deal, competitor=Competitor.objects.create(name="Acme"))
    won = close_opportunity(
        opportunity_id=deal.pk, outcome="won", reason_code="product", competitor=" Borealis ", seen_version=1,
        by=deal.owner, at=AT,
    )  # fmt: skip
    rows = OpportunityCompetitor.objects.filter(opportunity=deal).order_by("competitor__name")
    assert list(rows.values_list("competitor__name", "outcome")) == [("Acme", "lost"), ("Borealis", "lost")]
    assert rows.first() == other
    assert won.competitor is not None and won.competitor.name == "Borealis"
    assert last(deal).new["competitor"] == won.competitor_id


def test_losing_names_who_won() -> None:
    deal = OpportunityFactory(at="50")
    close_opportunity(
        opportunity_id=deal.pk, outcome="lost", by=deal.owner, at=AT, seen_version=1, reason_code="price",
        competitor="Volta", note="A third cheaper", closed_on=date(2026, 2, 27),
    )  # fmt: skip
    deal.refresh_from_db()
    assert deal.closed_at == datetime(2026, 2, 27, 23, 59, 59, 999999, tzinfo=UTC)
    rivals = OpportunityCompetitor.objects.filter(opportunity=deal)
    assert [(each.competitor.name, each.outcome) for each in rivals] == [("Volta", "won")]


def test_an_unknown_reason_is_refused() -> None:
    deal = OpportunityFactory()
    with pytest.raises(CloseRefused):
        close_opportunity(
            opportunity_id=deal.pk, outcome="declined", by=deal.owner, at=AT, seen_version=1, reason_code="mood"
        )
    assert kinds(deal) == []


def test_reopening_soon_voids_the_outcome_and_brings_the_steps_back() -> None:
    deal = OpportunityFactory(at="50")
    step = NextStepFactory(opportunity=deal)
    decline(deal)
    reopening = reopen_opportunity(opportunity_id=deal.pk, seen_version=2, by=deal.owner, at=AT + timedelta(days=30))
    assert not reopening.is_new_cycle
    deal.refresh_from_db()
    assert (deal.outcome, deal.closed_at, deal.setpoint, deal.current_step) == ("", None, get_setpoint("50"), step)
    assert kinds(deal) == ["next_step", "closed", "reopened", "next_step"]
    with pytest.raises(ReopenRefused):
        reopen_opportunity(opportunity_id=deal.pk, seen_version=3, by=deal.owner, at=AT)


def test_reopening_late_starts_a_new_cycle() -> None:
    deal = OpportunityFactory(at="50", amount=1000)
    decline(deal)
    late = {"opportunity_id": deal.pk, "seen_version": 2, "by": deal.owner, "at": AT + timedelta(days=31)}
    with pytest.raises(MoveRefused) as refused:
        reopen_opportunity(**late)
    assert [each.code for each in refused.value.unmet] == ["meeting_dated"]
    assert Opportunity.objects.count() == 1
    reopening = reopen_opportunity(**late, first_meeting_at=AT + timedelta(days=33))
    assert reopening.is_new_cycle
    assert (reopening.deal.previous_cycle, reopening.deal.cycle_no) == (deal, 2)
    assert reopening.deal.setpoint == get_setpoint()
    deal.refresh_from_db()
    assert deal.outcome == "declined"
    with pytest.raises(ReopenRefused):
        reopen_opportunity(opportunity_id=deal.pk, seen_version=2, by=deal.owner, at=AT + timedelta(days=32))


def test_an_archived_deal_keeps_its_history() -> None:
    deal = OpportunityFactory()
    archive_opportunity(opportunity_id=deal.pk, seen_version=1, by=deal.owner, at=AT)
    assert kinds(deal) == ["archived"]
    with pytest.raises(EditRefused):
        archive_opportunity(opportunity_id=deal.pk, seen_version=2, by=deal.owner, at=AT)


def test_a_slip_with_an_old_day_is_mended_in_place() -> None:
    deal = OpportunityFactory(created_at=AT - timedelta(days=90))
    sent = {"by": deal.owner, "reason_code": "need_known", "closed_on": (AT - timedelta(days=60)).date()}
    close_opportunity(opportunity_id=deal.pk, outcome="declined", seen_version=1, at=AT, **sent)
    reopening = reopen_opportunity(opportunity_id=deal.pk, seen_version=2, by=deal.owner, at=AT + timedelta(minutes=1))
    assert not reopening.is_new_cycle
