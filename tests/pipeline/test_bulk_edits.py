"""Many deals changed at once: each by its own rules, in the same few statements, and taken back as a whole (D-22)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.lib.errors import CommandRefused, NotPermitted
from pipeline.commands.bulk import MOST, BulkChange, BulkRefused, SeenDeal, edit_deals, undo_bulk_edit
from pipeline.commands.opportunities import EditRefused, StepPlan, StepRefused, UndoRefused, edit_opportunity
from pipeline.enums import BulkKind
from pipeline.models import BulkAnswer, BulkEdit, NextStep, Opportunity, OpportunityEvent
from tests.factories.crm import ContactFactory, TeamFactory, UserFactory
from tests.factories.pipeline import NextStepFactory, OpportunityFactory, get_setpoint, meet_criteria

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
REASON = "The board signs it on Friday"


@pytest.fixture
def team() -> Any:
    return TeamFactory()


@pytest.fixture
def rep(team: Any) -> Any:
    return UserFactory(rep=True, team=team, name="Liis Tamm")


def seen(*deals: Opportunity, column: str = "") -> list[SeenDeal]:
    return [SeenDeal(deal.pk, deal.version, getattr(deal, column) if column else None) for deal in deals]


def edit(deals: list[Opportunity], kind: str, value: Any, by: Any, *, reason: str = "", at: datetime = AT) -> BulkEdit:
    column = kind if kind in ("owner_id", "expected_close_on", "deal_type") else ""
    return edit_deals(deals=seen(*deals, column=column), change=BulkChange(BulkKind(kind), value, reason), by=by, at=at)


def outcomes(edited: BulkEdit) -> dict[int, str]:
    return dict(edited.answers.values_list("opportunity_id", "outcome"))


def codes(edited: BulkEdit, deal: Opportunity) -> list[str]:
    return [each["code"] for each in edited.answers.get(opportunity=deal).refusals]


def kinds(deal: Opportunity) -> list[str]:
    return list(OpportunityEvent.objects.filter(opportunity=deal).order_by("seq").values_list("kind", flat=True))


def columns(deal: Opportunity) -> dict[str, Any]:
    deal.refresh_from_db()
    names = ("owner_id", "setpoint_id", "setpoint_entered_at", "highest_rank", "expected_close_on", "deal_type")
    return {name: getattr(deal, name) for name in (*names, "next_step_on", "current_step_id")}


class TestEachDealByItself:
    def test_a_field_is_set_where_it_differs(self, rep: Any) -> None:
        other, same = OpportunityFactory(owner=rep), OpportunityFactory(owner=rep, deal_type="expansion")
        archived = OpportunityFactory(owner=rep, archived=True)
        edited = edit([other, same, archived], "deal_type", "expansion", rep)
        assert outcomes(edited) == {other.pk: "changed", same.pk: "unchanged", archived.pk: "refused"}
        assert codes(edited, archived) == ["deal_archived"]
        assert (kinds(other), kinds(same), kinds(archived)) == (["deal_type"], [], [])
        other.refresh_from_db()
        assert (other.deal_type, other.version) == ("expansion", 2)

    def test_an_owner_takes_the_open_steps_along(self, rep: Any, team: Any) -> None:
        mate = UserFactory(rep=True, team=team)
        step = NextStepFactory(opportunity=OpportunityFactory(owner=rep))
        edit([step.opportunity], "owner_id", mate.pk, rep)
        step.refresh_from_db()
        assert step.owner == mate

    def test_a_move_is_refused_by_what_is_missing_and_overridden_by_a_reason(self, rep: Any) -> None:
        contact = ContactFactory()
        ready = OpportunityFactory(owner=rep, account=contact.account, contact=contact)
        bare = OpportunityFactory(owner=rep)
        meet_criteria(ready, "25")
        to = get_setpoint("25")
        edited = edit([ready, bare], "setpoint_id", to.pk, rep)
        assert outcomes(edited) == {ready.pk: "changed", bare.pk: "refused"}
        assert set(codes(edited, bare)) == {"criterion_unmet"}
        bare.refresh_from_db()
        again = edit([ready, bare], "setpoint_id", to.pk, rep, reason=REASON)
        assert outcomes(again)[bare.pk] == "overridden"
        event = OpportunityEvent.objects.get(opportunity=bare, kind="setpoint")
        assert (event.detail["override"], event.detail["before"]["version"]) == (REASON, 1)

    def test_a_deal_that_changed_since_it_was_chosen_is_left_alone(self, rep: Any, team: Any) -> None:
        deal = OpportunityFactory(owner=rep, expected_close_on=date(2026, 5, 1))
        chosen = {kind: seen(deal, column=kind) for kind in ("expected_close_on", "deal_type")}
        moved = seen(deal)
        edit_opportunity(opportunity_id=deal.pk, changes={"expected_close_on": date(2026, 6, 1)}, by=rep, at=AT)
        results = [
            edit_deals(deals=told, change=BulkChange(BulkKind(kind), value, REASON), by=rep, at=AT)
            for told, kind, value in (
                (chosen["expected_close_on"], "expected_close_on", date(2026, 7, 1)),
                (moved, "setpoint_id", get_setpoint("25").pk),
                (chosen["deal_type"], "deal_type", "expansion"),
            )
        ]
        assert [outcomes(each)[deal.pk] for each in results] == ["refused", "refused", "changed"]
        assert codes(results[0], deal) == codes(results[1], deal) == ["stale_record"]

    def test_a_step_replaces_one_whose_day_has_passed_and_no_other(self, rep: Any) -> None:
        late, ahead, closed = (OpportunityFactory(owner=rep, **given) for given in ({}, {}, {"won": True}))
        NextStepFactory(opportunity=late, due_on=date(2026, 2, 2))
        kept = NextStepFactory(opportunity=ahead, due_on=date(2026, 3, 3))
        edited = edit([late, ahead, closed], "next_step", StepPlan("Send the offer", date(2026, 3, 9)), rep)
        assert outcomes(edited) == {late.pk: "changed", ahead.pk: "changed", closed.pk: "refused"}
        assert columns(late)["next_step_on"] == date(2026, 3, 9)
        assert columns(ahead)["current_step_id"] == kept.pk
        assert (kinds(late), kinds(ahead)) == (["next_step", "next_step"], ["next_step"])

    def test_deals_of_others_are_not_chosen_and_not_told(self, rep: Any) -> None:
        mine, other = OpportunityFactory(owner=rep), OpportunityFactory()
        edited = edit([mine, other], "deal_type", "expansion", rep)
        assert outcomes(edited) == {mine.pk: "changed"}
        with pytest.raises(BulkRefused):
            edit([other], "deal_type", "expansion", rep)

    def test_who_only_reads_changes_nothing(self, rep: Any) -> None:
        deal = OpportunityFactory(owner=rep)
        edited = edit([deal], "deal_type", "expansion", UserFactory(marketing=True))
        assert codes(edited, deal) == ["may_not_edit_deal"]
        assert kinds(deal) == []


@pytest.mark.parametrize(
    ("kind", "value", "refused"),
    [
        pytest.param("deal_type", "gift", EditRefused, id="no such type"),
        pytest.param("owner_id", 999_999, EditRefused, id="nobody"),
        pytest.param("setpoint_id", 999_999, BulkRefused, id="no such setpoint"),
        pytest.param("next_step", StepPlan("  ", date(2026, 3, 9)), StepRefused, id="a step without words"),
    ],
)
def test_what_no_deal_may_hold_changes_none(rep: Any, kind: str, value: Any, refused: type[CommandRefused]) -> None:
    deal = OpportunityFactory(owner=rep)
    with pytest.raises(refused):
        edit([deal], kind, value, rep)
    assert (BulkEdit.objects.count(), kinds(deal)) == (0, [])


def test_a_deal_is_given_to_nobody_of_another_team(rep: Any) -> None:
    deal, stranger = OpportunityFactory(owner=rep), UserFactory(rep=True, team=TeamFactory())
    with pytest.raises(NotPermitted):
        edit([deal], "owner_id", stranger.pk, rep)
    assert BulkEdit.objects.count() == 0


def test_too_many_are_refused_before_anything(rep: Any) -> None:
    deals = [SeenDeal(number, 1) for number in range(1, MOST + 2)]
    with pytest.raises(BulkRefused) as refused:
        edit_deals(deals=deals, change=BulkChange(BulkKind.DEAL_TYPE, "expansion"), by=rep, at=AT)
    assert [each.code for each in refused.value.refusals] == ["too_many_deals"]


VALUES = {
    "owner_id": lambda world: world.pk,
    "setpoint_id": lambda world: get_setpoint("25").pk,
    "expected_close_on": lambda world: date(2026, 9, 30),
    "deal_type": lambda world: "expansion",
    "next_step": lambda world: StepPlan("Send the offer", date(2026, 3, 9)),
}


@pytest.mark.parametrize("kind", list(VALUES))
def test_ten_deals_take_the_statements_of_three(rep: Any, team: Any, kind: str) -> None:
    mate = UserFactory(rep=True, team=team)

    def statements(count: int) -> int:
        deals = [NextStepFactory(opportunity=OpportunityFactory(owner=rep)).opportunity for _ in range(count)]
        with CaptureQueriesContext(connection) as run:
            edited = edit(deals, kind, VALUES[kind](mate), rep, reason=REASON)
        assert set(outcomes(edited).values()) <= {"changed", "overridden"}
        return len(run)

    statements(1)  # what is read once is read
    assert statements(3) == statements(10)


class TestUndoing:
    @pytest.mark.parametrize("kind", list(VALUES))
    def test_it_brings_everything_back_and_erases_nothing(self, rep: Any, team: Any, kind: str) -> None:
        mate = UserFactory(rep=True, team=team)
        deals = [OpportunityFactory(owner=rep, expected_close_on=date(2026, 5, 1)) for _ in range(2)]
        NextStepFactory(opportunity=deals[0], due_on=date(2026, 2, 2))
        before = [columns(deal) for deal in deals]
        edited = edit(deals, kind, VALUES[kind](mate), rep, reason=REASON)
        assert [columns(deal) for deal in deals] != before
        told = OpportunityEvent.objects.count()
        undo_bulk_edit(bulk_edit_id=edited.pk, by=rep, at=AT + timedelta(minutes=9))
        assert [columns(deal) for deal in deals] == before
        assert OpportunityEvent.objects.count() == 2 * told
        assert [list(range(1, len(kinds(deal)) + 1)) for deal in deals] == [
            list(OpportunityEvent.objects.filter(opportunity=deal).order_by("seq").values_list("seq", flat=True))
            for deal in deals
        ]
        step = NextStep.objects.filter(opportunity=deals[0], due_on=date(2026, 2, 2)).get()
        assert (step.owner_id, step.dropped_at) == (rep.pk, None)

    def test_a_voided_move_counts_as_none(self, rep: Any) -> None:
        deal = OpportunityFactory(owner=rep)
        edited = edit([deal], "setpoint_id", get_setpoint("25").pk, rep, reason=REASON)
        undo_bulk_edit(bulk_edit_id=edited.pk, by=rep, at=AT)
        assert kinds(deal) == ["setpoint", "move_voided"]

    def test_a_deal_that_changed_since_keeps_the_change(self, rep: Any) -> None:
        kept, back = OpportunityFactory(owner=rep), OpportunityFactory(owner=rep)
        edited = edit([kept, back], "deal_type", "expansion", rep)
        edit_opportunity(opportunity_id=kept.pk, changes={"name": "Kiln 2"}, by=rep, at=AT)
        undo_bulk_edit(bulk_edit_id=edited.pk, by=rep, at=AT)
        assert [columns(deal)["deal_type"] for deal in (kept, back)] == ["expansion", "new_business"]
        assert dict(edited.answers.values_list("opportunity_id", "undone_at")) == {kept.pk: None, back.pk: AT}

    def test_it_is_refused_twice_late_and_to_others(self, rep: Any, team: Any) -> None:
        deal = OpportunityFactory(owner=rep)
        edited = edit([deal], "deal_type", "expansion", rep)
        mate = UserFactory(rep=True, team=team)
        for by, at, code in (
            (mate, AT, "moved_by_another"),
            (rep, AT + timedelta(minutes=11), "undo_too_late"),
        ):
            with pytest.raises(UndoRefused) as refused:
                undo_bulk_edit(bulk_edit_id=edited.pk, by=by, at=at)
            assert [each.code for each in refused.value.refusals] == [code]
        undo_bulk_edit(bulk_edit_id=edited.pk, by=rep, at=AT)
        with pytest.raises(UndoRefused):
            undo_bulk_edit(bulk_edit_id=edited.pk, by=rep, at=AT)
        assert kinds(deal) == ["deal_type", "deal_type"]

    def test_what_was_done_is_not_rewritten(self, rep: Any) -> None:
        edited = edit([OpportunityFactory(owner=rep)], "deal_type", "expansion", rep)
        answer = BulkAnswer.objects.get(bulk_edit=edited)
        with pytest.raises(Exception, match="Cannot update"):
            BulkAnswer.objects.filter(pk=answer.pk).update(outcome="refused")
