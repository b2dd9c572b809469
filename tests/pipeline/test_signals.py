"""Signals follow a deal in the response that changes it; warnings rest, deals wait, restarts are planned (P-11, P-12)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from crm.commands.activities import log_activity
from crm.lib.errors import NotPermitted
from crm.models import Job
from pipeline.commands.attention import (
    AttentionRefused,
    pause_deal,
    plan_restart,
    resume_deal,
    set_signal_limits,
    snooze_signal,
    wake_signal,
)
from pipeline.commands.opportunities import (
    close_opportunity,
    complete_next_step,
    create_opportunity,
    edit_opportunity,
    move_opportunity,
    set_next_step,
)
from pipeline.commands.signals import refresh_all_signals, refresh_signals
from pipeline.models import (
    Opportunity,
    OpportunityEvent,
    RestartPlan,
    Signal,
    SignalLimit,
    SignalSnooze,
)
from pipeline.policies.signals import Limit
from pipeline.queries.warnings import get_warnings
from tests.factories.crm import AccountFactory, UserFactory
from tests.factories.pipeline import NO_MEETING_YET, OpportunityFactory, get_setpoint

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def at(days: int) -> datetime:
    return START + timedelta(days=days)


def day(days: int) -> date:
    return at(days).date()


@pytest.fixture
def deal() -> Opportunity:
    """Return a deal made at First meeting on 2 March, closing in May, its step agreed with nobody."""
    account = AccountFactory()
    return create_opportunity(
        account_id=account.pk, name="Metering", owner_id=UserFactory(rep=True).pk, expected_close_on=date(2026, 5, 29),
        setpoint_code="first_meeting", by=None, at=START, **NO_MEETING_YET,
    )  # fmt: skip


def codes(deal: Opportunity) -> set[str]:
    return set(Signal.objects.filter(opportunity=deal).values_list("code", flat=True))


def move(deal: Opportunity, to: str, days: int) -> None:
    move_opportunity(
        opportunity_id=deal.pk, to=get_setpoint(to), seen_version=Opportunity.objects.get(pk=deal.pk).version, by=None,
        at=at(days), override="They told us so on the phone", reason="Not as far as we thought",
    )  # fmt: skip


def test_a_new_deal_has_its_signals_at_once(deal: Opportunity) -> None:
    assert codes(deal) == {"no_next_step", "criteria_missing"}
    assert Opportunity.objects.get(pk=deal.pk).severity == 2


def test_each_change_sets_them_right_in_its_own_transaction(deal: Opportunity) -> None:
    step = set_next_step(opportunity_id=deal.pk, purpose="Call", due_on=day(3), by=None, at=at(0))
    assert Signal.objects.get(opportunity=deal, code="no_next_step").detail == {"why": "not_agreed"}
    complete_next_step(step_id=step.pk, by=None, at=at(3))
    assert Signal.objects.get(opportunity=deal, code="no_next_step").detail == {"why": "none"}
    edit_opportunity(opportunity_id=deal.pk, changes={"expected_close_on": date(2026, 3, 1)}, by=None, at=at(3))
    assert "close_date_passed" in codes(deal)
    edit_opportunity(opportunity_id=deal.pk, changes={"expected_close_on": date(2026, 8, 1)}, by=None, at=at(3))
    edit_opportunity(opportunity_id=deal.pk, changes={"expected_close_on": date(2026, 9, 1)}, by=None, at=at(3))
    assert {"close_date_pushed"} <= codes(deal) and "close_date_passed" not in codes(deal)


def test_a_logged_call_of_the_customer_wakes_a_quiet_deal_and_a_typo_does_not(deal: Opportunity) -> None:
    refresh_signals([deal.pk], at=at(15))
    assert {"quiet", "never_started"} <= codes(deal)
    edit_opportunity(opportunity_id=deal.pk, changes={"name": "Metering, two sites"}, by=None, at=at(15))
    edit_opportunity(opportunity_id=deal.pk, changes={"category": "commit"}, by=None, at=at(15))
    assert "quiet" in codes(deal)
    log_activity(
        kind="call", direction="inbound", occurred_at=at(15), context={"opportunity": deal.pk}, by=None, at=at(15),
        account_id=deal.account_id, done=True, owner_id=None,
    )  # fmt: skip
    assert "quiet" not in codes(deal)


def test_stuck_at_90_counts_from_the_last_entry(deal: Opportunity) -> None:
    move(deal, "90", 1)
    refresh_signals([deal.pk], at=at(32))
    assert Signal.objects.get(opportunity=deal, code="stuck").severity == 3
    assert Opportunity.objects.get(pk=deal.pk).severity == 3
    move(deal, "50", 32)
    move(deal, "90", 33)
    assert "stuck" not in codes(deal)
    refresh_signals([deal.pk], at=at(63))
    assert "stuck" not in codes(deal)
    refresh_signals([deal.pk], at=at(64))
    assert "stuck" in codes(deal)


def test_a_deal_that_ended_has_none(deal: Opportunity) -> None:
    close_opportunity(
        opportunity_id=deal.pk, outcome="no_decision", seen_version=Opportunity.objects.get(pk=deal.pk).version,
        reason_code="went_quiet", note="Nobody answers", revisit_on=date(2027, 1, 4), by=None, at=at(20),
    )  # fmt: skip
    assert codes(deal) == set()
    assert Opportunity.objects.get(pk=deal.pk).severity == 0


def test_only_differences_are_written_and_no_version_is_raised(deal: Opportunity) -> None:
    refresh_all_signals(at=at(20))
    version = Opportunity.objects.get(pk=deal.pk).version
    kept = list(Signal.objects.order_by("pk").values_list("pk", flat=True))
    done = refresh_all_signals(at=at(21))  # a day later the same is wrong
    assert (done.deals, done.changed) == (1, 0)
    assert list(Signal.objects.order_by("pk").values_list("pk", flat=True)) == kept
    assert Opportunity.objects.get(pk=deal.pk).version == version


def test_batches_come_to_the_same_as_one_deal_at_a_time() -> None:
    deals = [OpportunityFactory(at=code) for code in ("first_meeting", "25", "50", "90", "90")]
    closed = OpportunityFactory(lost=True)
    Signal.objects.create(opportunity=closed, code="quiet", severity=2)
    refresh_all_signals(at=at(100), batch=2)
    together = {deal.pk: codes(deal) for deal in deals}
    assert codes(closed) == set()
    Signal.objects.all().delete()
    for each in deals:
        refresh_signals([each.pk], at=at(100))
    assert {deal.pk: codes(deal) for deal in deals} == together
    assert all(together.values())


class TestRest:
    """A warning rests until a day, with a reason."""

    def test_it_no_longer_counts_and_comes_back_on_its_day(self, deal: Opportunity) -> None:
        by = deal.owner
        snooze_signal(opportunity_id=deal.pk, code="no_next_step", until=day(10), reason="Holidays", by=by, at=at(1))
        assert Signal.objects.get(opportunity=deal, code="no_next_step").snoozed_until == day(10)
        assert Opportunity.objects.get(pk=deal.pk).severity == 1
        rested = next(each for each in get_warnings(deal.pk) if each.code == "no_next_step")
        assert (rested.reason, rested.by) == ("Holidays", by.name)
        refresh_all_signals(at=at(10))
        assert Opportunity.objects.get(pk=deal.pk).severity == 2
        assert Signal.objects.get(opportunity=deal, code="no_next_step").snoozed_until is None

    def test_twice_is_once_and_another_day_replaces_it(self, deal: Opportunity) -> None:
        given: dict[str, Any] = {"opportunity_id": deal.pk, "code": "quiet", "reason": "Holidays", "by": None}
        first = snooze_signal(until=day(10), at=at(1), **given)
        assert snooze_signal(until=day(10), at=at(2), **given) == first
        snooze_signal(until=day(20), at=at(3), **given)
        assert list(SignalSnooze.objects.order_by("pk").values_list("until", "ended_at")) == [
            (day(10), at(3)), (day(20), None),
        ]  # fmt: skip

    def test_it_may_be_woken(self, deal: Opportunity) -> None:
        snooze_signal(opportunity_id=deal.pk, code="no_next_step", until=day(10), reason="Holidays", by=None, at=at(1))
        assert wake_signal(opportunity_id=deal.pk, code="no_next_step", by=None, at=at(2))
        assert Opportunity.objects.get(pk=deal.pk).severity == 2
        assert not wake_signal(opportunity_id=deal.pk, code="no_next_step", by=None, at=at(2))

    @pytest.mark.parametrize(
        ("wrong", "refusal"),
        [
            ({"until": day(1)}, "until_not_ahead"),
            ({"until": date(1, 1, 1)}, "until_not_ahead"),
            ({"until": day(92)}, "rests_too_long"),
            ({"until": date(9999, 12, 31)}, "rests_too_long"),
            ({"reason": "  "}, "rest_needs_reason"),
            ({"code": "margin_of_error"}, "unknown_value"),
        ],
    )  # fmt: skip
    def test_what_will_not_do_changes_nothing(self, deal: Opportunity, wrong: dict[str, Any], refusal: str) -> None:
        given = {"code": "no_next_step", "until": day(10), "reason": "Holidays"} | wrong
        with pytest.raises(AttentionRefused, match=refusal):
            snooze_signal(opportunity_id=deal.pk, by=None, at=at(1), **given)
        assert not SignalSnooze.objects.exists()

    def test_a_stranger_may_not(self, deal: Opportunity) -> None:
        with pytest.raises(NotPermitted):
            snooze_signal(
                opportunity_id=deal.pk, code="quiet", until=day(10), reason="x", by=UserFactory(rep=True), at=at(1)
            )


class TestPause:
    """The customer asked us to wait."""

    def test_clocks_rest_until_the_day_and_its_days_are_not_counted(self, deal: Opportunity) -> None:
        move(deal, "90", 1)
        pause_deal(opportunity_id=deal.pk, until=day(40), reason="Budget frozen", by=None, at=at(10))
        refresh_signals([deal.pk], at=at(39))
        assert codes(deal) == {"criteria_missing", "no_decision_maker", "single_contact"}
        refresh_signals([deal.pk], at=at(61))
        assert "stuck" not in codes(deal)  # 60 days, 30 of them waited
        refresh_signals([deal.pk], at=at(62))
        assert Signal.objects.get(opportunity=deal, code="stuck").detail["paused"] == 30

    def test_it_is_told_by_an_event_and_may_end_early(self, deal: Opportunity) -> None:
        pause_deal(opportunity_id=deal.pk, until=day(40), reason="Budget frozen", by=None, at=at(10))
        pause_deal(opportunity_id=deal.pk, until=day(40), reason="Budget frozen", by=None, at=at(11))
        resume_deal(opportunity_id=deal.pk, by=None, at=at(12))
        resume_deal(opportunity_id=deal.pk, by=None, at=at(12))
        told = OpportunityEvent.objects.filter(opportunity=deal, kind="pause").order_by("seq")
        until = {"until": day(40).isoformat(), "reason": "Budget frozen"}
        assert list(told.values_list("old", "new")) == [(None, until), (until, None)]
        assert Opportunity.objects.get(pk=deal.pk).paused_until is None

    @pytest.mark.parametrize(
        ("until", "refusal"), [(100, None), (101, "waits_too_long"), (10, "until_not_ahead")], ids=str
    )
    def test_ninety_days_at_most(self, deal: Opportunity, until: int, refusal: str | None) -> None:
        if refusal is None:
            pause_deal(opportunity_id=deal.pk, until=day(until), reason="Budget frozen", by=None, at=at(10))
            return
        with pytest.raises(AttentionRefused, match=refusal):
            pause_deal(opportunity_id=deal.pk, until=day(until), reason="Budget frozen", by=None, at=at(10))

    def test_two_pauses_of_a_stay_count_together(self, deal: Opportunity) -> None:
        pause_deal(opportunity_id=deal.pk, until=day(70), reason="Budget frozen", by=None, at=at(10))
        with pytest.raises(AttentionRefused, match="waits_too_long"):
            pause_deal(opportunity_id=deal.pk, until=day(131), reason="Still frozen", by=None, at=at(100))
        pause_deal(opportunity_id=deal.pk, until=day(130), reason="Still frozen", by=None, at=at(100))
        move(deal, "25", 131)
        pause_deal(opportunity_id=deal.pk, until=day(221), reason="Frozen anew", by=None, at=at(131))

    def test_a_closed_deal_does_not_wait(self) -> None:
        closed = OpportunityFactory(lost=True)
        with pytest.raises(AttentionRefused, match="deal_closed"):
            pause_deal(opportunity_id=closed.pk, until=day(40), reason="Budget frozen", by=None, at=at(10))


class TestRestart:
    """What gets a deal going that languishes."""

    def test_a_plan_is_kept_once(self, deal: Opportunity) -> None:
        plan_restart(opportunity_id=deal.pk, note="Visit the plant", by=deal.owner, at=at(1))
        plan_restart(opportunity_id=deal.pk, note="Visit the plant ", by=deal.owner, at=at(2))
        assert list(RestartPlan.objects.values_list("note", "by")) == [("Visit the plant", deal.owner.pk)]

    def test_saying_nothing_is_no_plan(self, deal: Opportunity) -> None:
        with pytest.raises(AttentionRefused, match="restart_needed"):
            plan_restart(opportunity_id=deal.pk, note=" ", by=None, at=at(1))


class TestLimits:
    """Limits are settings."""

    def test_they_are_kept_where_they_differ_and_a_job_looks_anew(self, deal: Opportunity) -> None:
        usual = {"quiet": Limit(10), "close_date_pushed": Limit(3), "single_contact": Limit(1, is_on=False)}
        assert set_signal_limits(pipeline_id=deal.pipeline_id, limits=usual, by=None, at=at(1)) == 2
        assert set(SignalLimit.objects.values_list("code", "limit", "is_on")) == {
            ("close_date_pushed", 3, True), ("single_contact", None, False),
        }  # fmt: skip
        assert Job.objects.filter(task="pipeline.refresh_signals_now").count() == 1
        assert set_signal_limits(pipeline_id=deal.pipeline_id, limits=usual, by=None, at=at(2)) == 0

    def test_a_limit_of_the_pipeline_counts(self, deal: Opportunity) -> None:
        refresh_signals([deal.pk], at=at(12))
        assert "quiet" in codes(deal)
        set_signal_limits(pipeline_id=deal.pipeline_id, limits={"quiet": Limit(20)}, by=None, at=at(12))
        refresh_all_signals(at=at(12))
        assert "quiet" not in codes(deal)

    @pytest.mark.parametrize(("code", "value"), [("quiet", -1), ("quiet", 366), ("stuck", 5), ("nonsense", 1)], ids=str)
    def test_what_is_no_limit_changes_nothing(self, deal: Opportunity, code: str, value: int) -> None:
        with pytest.raises(AttentionRefused):
            set_signal_limits(pipeline_id=deal.pipeline_id, limits={code: Limit(value)}, by=None, at=at(1))
        assert not SignalLimit.objects.exists()

    def test_only_administrators_set_them(self, deal: Opportunity) -> None:
        with pytest.raises(NotPermitted):
            set_signal_limits(pipeline_id=deal.pipeline_id, limits={}, by=UserFactory(rep=True), at=at(1))
