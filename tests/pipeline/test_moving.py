"""Moves: they happen, are refused without a trace, are sent twice, and meet."""

from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pgtrigger
import pytest
from django.db import connection
from django.utils import timezone

from crm.lib.errors import CommandRefused, NotPermitted, StaleRecord
from crm.models import OrganisationTimeZone
from pipeline.commands.opportunities import MoveRefused, UndoRefused, move_opportunity, undo_move
from pipeline.models import Opportunity, OpportunityEvent
from tests.factories.crm import LONG_AGO, ActivityFactory, TeamFactory, UserFactory
from tests.factories.pipeline import (
    OpportunityActivityFactory,
    OpportunityFactory,
    assess_all,
    get_setpoint,
    meet_criteria,
)

AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
REASON = "The board signs it on Friday"


def events(deal: Opportunity) -> list[dict[str, Any]]:
    return list(OpportunityEvent.objects.filter(opportunity=deal).order_by("seq").values("kind", "old", "new", "by_id"))


def standing(deal: Opportunity) -> tuple[Any, ...]:
    deal.refresh_from_db()
    return deal.setpoint_id, deal.setpoint_entered_at, deal.highest_rank, deal.version


@pytest.mark.django_db
def test_a_meeting_is_dated_by_the_organisations_day_whoever_moves() -> None:
    OrganisationTimeZone.objects.update(zone="Asia/Tokyo")
    late = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)
    deal = OpportunityFactory()
    OpportunityActivityFactory(opportunity=deal, activity=ActivityFactory(held=True, occurred_at=late))
    with timezone.override("America/New_York"):
        move = move_opportunity(
            opportunity_id=deal.pk, to=get_setpoint("25"), seen_version=1, by=deal.owner, at=AT, override=REASON
        )
    evidence = {each["code"]: each["evidence"] for each in move.event.detail["criteria"]}
    assert (evidence["meeting_dated"], evidence["first_meeting_held"]) == ("2026-03-02", "2026-03-02")


@pytest.mark.django_db
def test_a_move_stands_and_tells_who_when_and_on_what_evidence() -> None:
    deal = OpportunityFactory(at="25")
    meet_criteria(deal, "50")

    move = move_opportunity(
        opportunity_id=deal.pk, to=get_setpoint("50"), seen_version=1, by=deal.owner, at=AT, override=REASON
    )

    start, fifty = get_setpoint("25"), get_setpoint("50")
    assert standing(deal) == (fifty.pk, AT, 2, 2)
    assert events(deal) == [
        {"kind": "setpoint", "old": {"setpoint": start.pk}, "new": {"setpoint": fifty.pk}, "by_id": deal.owner_id}
    ]
    results = {each["code"]: each["met"] for each in move.event.detail["criteria"]}
    assert len(results) == 12
    assert [code for code, met in results.items() if not met] == ["next_step_agreed"]
    assert move.event.detail["override"] == REASON
    assert move.event.detail["skipped"] == []


@pytest.mark.django_db
def test_a_skip_counts_as_having_passed_what_was_skipped() -> None:
    deal = OpportunityFactory()
    assess_all(deal)
    move = move_opportunity(
        opportunity_id=deal.pk, to=get_setpoint("90"), seen_version=1, by=deal.owner, at=AT, override=REASON
    )
    assert move.event.detail["skipped"] == [get_setpoint("25").pk, get_setpoint("50").pk]


@pytest.mark.django_db
def test_missing_facts_refuse_the_move_and_leave_no_trace() -> None:
    deal = OpportunityFactory(at="25")
    assess_all(deal)
    before = standing(deal)

    with pytest.raises(MoveRefused) as refused:
        move_opportunity(opportunity_id=deal.pk, to=get_setpoint("90"), seen_version=1, by=deal.owner, at=AT)

    assert len(refused.value.unmet) == 15
    assert refused.value.override_allowed
    assert (standing(deal), events(deal)) == (before, [])


@pytest.mark.django_db
def test_a_strict_gate_sends_a_rep_to_the_manager() -> None:
    team = TeamFactory()
    rep, manager = UserFactory(rep=True, team=team), UserFactory(manages=team)
    deal = OpportunityFactory(owner=rep)
    to = get_setpoint("25")
    with pgtrigger.ignore("pipeline.CriterionVersion:never_changed"):
        to.criteria.get(code="interest_confirmed").versions.update(gate="require")

    with pytest.raises(MoveRefused) as refused:
        move_opportunity(opportunity_id=deal.pk, to=to, seen_version=1, by=rep, at=AT, override=REASON)
    assert not refused.value.override_allowed
    assert refused.value.refusals[-1].code == "manager_needed"

    move_opportunity(opportunity_id=deal.pk, to=to, seen_version=1, by=manager, at=AT, override=REASON)
    assert standing(deal) == (to.pk, AT, 1, 2)


@pytest.mark.django_db
def test_backwards_needs_a_reason_and_keeps_what_was_reached() -> None:
    deal = OpportunityFactory(at="90")
    to = get_setpoint("25")
    with pytest.raises(MoveRefused) as refused:
        move_opportunity(opportunity_id=deal.pk, to=to, seen_version=1, by=deal.owner, at=AT)
    assert [refusal.code for refusal in refused.value.refusals] == ["reason_needed"]

    move = move_opportunity(opportunity_id=deal.pk, to=to, seen_version=1, by=deal.owner, at=AT, reason="No budget now")
    assert standing(deal) == (to.pk, AT, 3, 2)
    assert move.event.detail["reason"] == "No budget now"


@pytest.mark.django_db
def test_marketing_reads_deals_but_does_not_move_them() -> None:
    deal = OpportunityFactory()
    with pytest.raises(NotPermitted):
        move_opportunity(
            opportunity_id=deal.pk,
            to=get_setpoint("25"),
            seen_version=1,
            by=UserFactory(marketing=True),
            at=AT,
            override=REASON,
        )
    assert events(deal) == []


@pytest.mark.django_db
def test_the_same_key_twice_is_one_move() -> None:
    deal = OpportunityFactory()
    sent = {
        "opportunity_id": deal.pk,
        "to": get_setpoint("25"),
        "seen_version": 1,
        "by": deal.owner,
        "override": REASON,
    }
    first = move_opportunity(**sent, at=AT, idempotency_key="k1")
    again = move_opportunity(**sent, at=AT + timedelta(seconds=1), idempotency_key="k1")
    assert again.event == first.event
    assert len(events(deal)) == 1


@pytest.mark.django_db
def test_a_deal_somebody_changed_since_is_not_moved() -> None:
    deal = OpportunityFactory()
    sent = {"opportunity_id": deal.pk, "seen_version": 1, "by": deal.owner, "at": AT, "override": REASON}
    move_opportunity(to=get_setpoint("25"), **sent)
    with pytest.raises(StaleRecord):
        move_opportunity(to=get_setpoint("90"), **sent)
    assert standing(deal) == (get_setpoint("25").pk, AT, 1, 2)


@pytest.mark.django_db
def test_undo_voids_the_move_and_restores_the_time_of_entry() -> None:
    deal = OpportunityFactory(at="25")
    assess_all(deal)
    sent = {"opportunity_id": deal.pk, "by": deal.owner}
    move = move_opportunity(to=get_setpoint("90"), seen_version=1, at=AT, override=REASON, **sent)

    undo_move(seq=move.event.seq, at=AT + timedelta(minutes=9), **sent)

    assert standing(deal) == (get_setpoint("25").pk, LONG_AGO, 1, 3)
    voided = OpportunityEvent.objects.get(opportunity=deal, kind="move_voided")
    assert (voided.old, voided.new, voided.detail) == (move.event.new, move.event.old, {"voids": move.event.seq})
    with pytest.raises(UndoRefused):
        undo_move(seq=move.event.seq, at=AT + timedelta(minutes=9), **sent)


@pytest.mark.django_db
@pytest.mark.parametrize("late", [timedelta(minutes=11)], ids=["after eleven minutes"])
def test_undo_too_late_changes_nothing(late: timedelta) -> None:
    deal = OpportunityFactory()
    move = move_opportunity(
        opportunity_id=deal.pk, to=get_setpoint("25"), seen_version=1, by=deal.owner, at=AT, override=REASON
    )
    before = standing(deal)
    with pytest.raises(UndoRefused):
        undo_move(opportunity_id=deal.pk, seq=move.event.seq, by=deal.owner, at=AT + late)
    assert standing(deal) == before


@pytest.mark.django_db(transaction=True)
def test_of_two_people_moving_one_deal_exactly_one_wins() -> None:
    team = TeamFactory()
    people = [UserFactory(rep=True, team=team), UserFactory(rep=True, team=team)]
    deal = OpportunityFactory(owner=people[0])
    start = Barrier(2)
    results: list[str] = []

    def move(index: int, to: str) -> None:
        setpoint = get_setpoint(to)
        start.wait()
        try:
            move_opportunity(
                opportunity_id=deal.pk, to=setpoint, seen_version=1, by=people[index], at=AT, override=REASON
            )
            results.append("moved")
        except CommandRefused as refused:
            results.append(type(refused).__name__)
        finally:
            connection.close()

    assess_all(deal)
    threads = [Thread(target=move, args=(index, to)) for index, to in enumerate(("25", "50"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(results) == ["StaleRecord", "moved"]
    assert len(events(deal)) == 1
    assert standing(deal)[3] == 2


@pytest.mark.django_db
def test_a_deal_is_moved_only_within_its_pipeline() -> None:
    deal = OpportunityFactory()
    with pytest.raises(MoveRefused):
        move_opportunity(opportunity_id=deal.pk, to=999_999, seen_version=1, by=deal.owner, at=AT)


@pytest.mark.django_db
def test_the_criteria_of_a_deal_are_read_from_fields_records_and_notes() -> None:
    deal = OpportunityFactory(decision_on=date(2026, 5, 1))
    with pytest.raises(MoveRefused) as refused:
        move_opportunity(opportunity_id=deal.pk, to=get_setpoint("90"), seen_version=1, by=deal.owner, at=AT)
    missing = {criterion.code for criterion in refused.value.unmet}
    assert "decision_date_known" not in missing
    assert "deal_type_known" not in missing
    meet_criteria(deal)
    with pytest.raises(MoveRefused) as refused:
        move_opportunity(opportunity_id=deal.pk, to=get_setpoint("90"), seen_version=1, by=deal.owner, at=AT)
    assert [criterion.code for criterion in refused.value.unmet] == ["next_step_agreed"]
