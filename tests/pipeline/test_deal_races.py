"""What two people, two clicks or a late word do to one deal: each change happens once, or is refused without a trace."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from crm.commands.activities import ActivityRefused, log_activity
from crm.lib.errors import NotPermitted, StaleRecord
from crm.lib.values import Money
from pipeline.commands.facts import GivenFacts, move_with_facts
from pipeline.commands.opportunities import (
    AttestationRefused,
    CloseRefused,
    EditRefused,
    MoveRefused,
    StepPlan,
    StepRefused,
    UndoRefused,
    archive_opportunity,
    attest_criterion,
    close_opportunity,
    complete_next_step,
    create_opportunity,
    edit_opportunity,
    move_opportunity,
    reopen_opportunity,
    reschedule_next_step,
    revoke_attestation,
    set_next_step,
    undo_move,
)
from pipeline.models import NextStep, Opportunity, OpportunityActivity, OpportunityCompetitor, OpportunityEvent
from pipeline.queries.state import STATE_COLUMNS, fetch, opportunity_state
from tests.factories.crm import AccountFactory, ContactFactory, TeamFactory, UserFactory
from tests.factories.pipeline import (
    NO_MEETING_YET,
    AttestationFactory,
    NextStepFactory,
    OpportunityFactory,
    get_setpoint,
    get_version,
)

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
REASON = "The board signs it on Friday"


def euro(amount: int) -> Money:
    return Money(Decimal(amount).quantize(Decimal("0.01")), "EUR")


def kinds(deal: Opportunity) -> list[str]:
    return list(OpportunityEvent.objects.filter(opportunity=deal).order_by("seq").values_list("kind", flat=True))


def create(**changes: Any) -> Opportunity:
    owner = changes.pop("owner", None) or UserFactory(rep=True)
    given = {"account_id": AccountFactory().pk, "name": "Kiln", "owner_id": owner.pk, "by": owner, "at": AT}
    return create_opportunity(**(NO_MEETING_YET | given | changes))


def sent(deal: Opportunity, **changes: Any) -> dict[str, Any]:
    deal.refresh_from_db()
    return {"opportunity_id": deal.pk, "seen_version": deal.version, "by": deal.owner, "at": AT} | changes


def folded(deal: Opportunity, as_of: datetime) -> dict[str, Any]:
    rows = fetch(opportunity_state(as_of=as_of, known_at=as_of + timedelta(days=999)), STATE_COLUMNS)
    return next(row for row in rows if row["opportunity_id"] == deal.pk)


def test_a_sheet_sent_twice_keeps_its_facts_once() -> None:
    deal = OpportunityFactory(contact=ContactFactory())
    AttestationFactory(opportunity=deal, code="interest_confirmed")
    step = StepPlan("Workshop", date(2026, 3, 9), agreed_with_id=deal.contact_id)
    facts = GivenFacts(held_at=AT - timedelta(days=1), fields={"decision_on": date(2026, 6, 1)}, step=step)
    form = sent(deal, to=get_setpoint("25").pk, facts=facts, idempotency_key="k1")

    first, again = move_with_facts(**form), move_with_facts(**form)

    assert again.event == first.event
    assert kinds(deal) == ["evidence", "next_step", "setpoint"]
    assert OpportunityActivity.objects.filter(opportunity=deal).count() == 1


def test_a_sheet_of_an_older_deal_keeps_no_fact() -> None:
    deal = OpportunityFactory(contact=ContactFactory())
    form = sent(deal, to=get_setpoint("25").pk, facts=GivenFacts(step=StepPlan("Workshop", date(2026, 3, 9))))
    edit_opportunity(opportunity_id=deal.pk, changes={"name": "Kiln 2"}, by=deal.owner, at=AT)
    with pytest.raises(StaleRecord):
        move_with_facts(**form)
    assert NextStep.objects.count() == 0


def test_the_same_key_on_another_deal_is_another_move() -> None:
    deals = OpportunityFactory.create_batch(2, owner=UserFactory(rep=True))
    for deal in deals:
        move_opportunity(**sent(deal, to=get_setpoint("25"), override=REASON, idempotency_key="k1"))
    assert [kinds(deal) for deal in deals] == [["setpoint"], ["setpoint"]]


def test_the_same_key_with_another_setpoint_is_refused() -> None:
    deal = OpportunityFactory()
    form = sent(deal, override=REASON, idempotency_key="k1")
    move_opportunity(to=get_setpoint("25"), **form)
    with pytest.raises(MoveRefused) as refused:
        move_opportunity(to=get_setpoint("50"), **form)
    assert [each.code for each in refused.value.refusals] == ["key_used"]
    assert kinds(deal) == ["setpoint"]


def test_a_reopening_at_another_setpoint_is_no_move_to_undo() -> None:
    deal = create()
    close_opportunity(**sent(deal, outcome="declined", reason_code="need_known"))
    reopen_opportunity(**sent(deal, setpoint_id=get_setpoint("25").pk, override=REASON))
    event = OpportunityEvent.objects.filter(opportunity=deal).latest("seq")
    assert event.kind == "setpoint"
    with pytest.raises(UndoRefused):
        undo_move(opportunity_id=deal.pk, seq=event.seq, by=deal.owner, at=AT)


def test_a_deal_edited_since_its_move_is_not_undone() -> None:
    team = TeamFactory()
    deal = OpportunityFactory(owner=UserFactory(rep=True, team=team))
    move = move_opportunity(**sent(deal, to=get_setpoint("25"), override=REASON))
    colleague = UserFactory(rep=True, team=team)
    edit_opportunity(opportunity_id=deal.pk, changes={"name": "Kiln 2"}, by=colleague, at=AT)
    with pytest.raises(UndoRefused) as refused:
        undo_move(opportunity_id=deal.pk, seq=move.event.seq, by=deal.owner, at=AT)
    assert [each.code for each in refused.value.refusals] == ["changed_since"]
    deal.refresh_from_db()
    assert deal.setpoint == get_setpoint("25")


def test_a_deal_that_went_on_is_not_closed_before_that_day() -> None:
    deal = create()
    close_opportunity(**sent(deal, outcome="declined", reason_code="need_known", at=AT + timedelta(days=5)))
    reopen_opportunity(**sent(deal, at=AT + timedelta(days=9)))
    again = sent(deal, outcome="declined", reason_code="need_known", at=AT + timedelta(days=12))
    with pytest.raises(CloseRefused) as refused:
        close_opportunity(**again, closed_on=date(2026, 3, 10))
    assert [each.code for each in refused.value.refusals] == ["closed_before_reopened"]
    close_opportunity(**again, closed_on=date(2026, 3, 11))
    deal.refresh_from_db()
    now = folded(deal, AT + timedelta(days=12))
    assert (now["outcome"], now["closed_at"]) == (deal.outcome, deal.closed_at)


def test_a_win_told_late_is_worth_its_final_value_then_and_now() -> None:
    deal = create(amount=euro(100))
    late = AT + timedelta(days=9)
    edit_opportunity(opportunity_id=deal.pk, changes={"amount": euro(200)}, by=deal.owner, at=late - timedelta(days=1))
    told = {"outcome": "won", "reason_code": "product", "closed_on": date(2026, 3, 4), "amount": euro(300)}
    won = close_opportunity(**sent(deal, **told, at=late))
    worth = [folded(deal, moment)["amount"] for moment in (won.closed_at, late)]
    assert worth == [Decimal(300), Decimal(300)]


def test_a_win_told_late_without_another_value_was_worth_it_then() -> None:
    deal = create(amount=euro(100))
    late = AT + timedelta(days=9)
    edit_opportunity(opportunity_id=deal.pk, changes={"amount": euro(200)}, by=deal.owner, at=late - timedelta(days=1))
    won = close_opportunity(
        **sent(deal, outcome="won", reason_code="product", closed_on=date(2026, 3, 4), at=late),
    )
    assert [folded(deal, moment)["amount"] for moment in (won.closed_at, late)] == [Decimal(200), Decimal(200)]


def test_a_win_below_nothing_is_refused() -> None:
    deal = OpportunityFactory(amount=1000)
    with pytest.raises(CloseRefused) as refused:
        close_opportunity(**sent(deal, outcome="won", reason_code="product", amount=euro(-1)))
    assert [each.code for each in refused.value.refusals] == ["amount_negative"]
    assert kinds(deal) == []


def test_a_voided_loss_leaves_its_competitors_in_the_race() -> None:
    deal = create()
    lost = {"outcome": "lost", "reason_code": "price", "competitor": "Volta", "note": "A third cheaper"}
    close_opportunity(**sent(deal, **lost))
    reopen_opportunity(**sent(deal))
    assert list(OpportunityCompetitor.objects.filter(opportunity=deal).values_list("outcome", flat=True)) == [""]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        pytest.param({"amount": euro(-1)}, "amount", id="below nothing"),
        pytest.param({"deal_type": "gift"}, "deal_type", id="unknown type"),
        pytest.param({"approach": "sideways"}, "approach", id="unknown approach"),
        pytest.param({"contact_id": 999_999}, "contact_id", id="unknown contact"),
    ],
)
def test_no_deal_is_made_or_edited_with_a_wrong_value(values: dict[str, Any], field: str) -> None:
    with pytest.raises(EditRefused) as refused:
        create(**values)
    assert refused.value.field == field
    assert Opportunity.objects.count() == 0
    deal = OpportunityFactory()
    with pytest.raises(EditRefused):
        edit_opportunity(opportunity_id=deal.pk, changes=values, by=deal.owner, at=AT)
    assert kinds(deal) == []


def test_no_deal_is_made_for_somebody_who_does_not_sell() -> None:
    admin = UserFactory(admin=True)
    with pytest.raises(EditRefused) as refused:
        create(owner=admin, owner_id=UserFactory(marketing=True).pk)
    assert refused.value.field == "owner_id"
    assert Opportunity.objects.count() == 0


def test_an_archived_deal_changes_no_more() -> None:
    deal = OpportunityFactory()
    step = NextStepFactory(opportunity=deal)
    attestation = AttestationFactory(opportunity=deal)
    archive_opportunity(**sent(deal))
    common = {"by": deal.owner, "at": AT}
    with pytest.raises(EditRefused):
        edit_opportunity(opportunity_id=deal.pk, changes={"name": "Other"}, **common)
    with pytest.raises(StepRefused):
        complete_next_step(step_id=step.pk, **common)
    with pytest.raises(StepRefused):
        set_next_step(opportunity_id=deal.pk, purpose="Call", due_on=date(2026, 3, 9), **common)
    version = get_version("need_known").pk
    said = {"criterion_version_id": version, "said_on": date(2026, 3, 1), "note": "They said so"}
    with pytest.raises(AttestationRefused):
        attest_criterion(opportunity_id=deal.pk, **said, **common)
    with pytest.raises(AttestationRefused):
        revoke_attestation(attestation_id=attestation.pk, **common)
    assert kinds(deal) == ["archived"]


def test_the_same_step_twice_is_one() -> None:
    deal = OpportunityFactory()
    form = {"opportunity_id": deal.pk, "purpose": "Call", "due_on": date(2026, 3, 9), "by": deal.owner, "at": AT}
    assert set_next_step(**form) == set_next_step(**form)
    assert kinds(deal) == ["next_step"]


@pytest.mark.parametrize("wrong", ["unknown", "archived"])
def test_a_step_is_agreed_with_a_contact_who_is_there(wrong: str) -> None:
    deal = OpportunityFactory()
    contact_id = 999_999 if wrong == "unknown" else ContactFactory(archived_at=AT).pk
    with pytest.raises(StepRefused) as refused:
        set_next_step(
            opportunity_id=deal.pk, purpose="Call", due_on=date(2026, 3, 9), agreed_with_id=contact_id, by=deal.owner,
            at=AT,
        )  # fmt: skip
    assert refused.value.field == "agreed_with_id"
    assert NextStep.objects.count() == 0


def test_a_step_is_owned_by_somebody_who_sells() -> None:
    deal = OpportunityFactory()
    with pytest.raises(StepRefused) as refused:
        set_next_step(
            opportunity_id=deal.pk, purpose="Call", due_on=date(2026, 3, 9), owner_id=UserFactory(marketing=True).pk,
            by=deal.owner, at=AT,
        )  # fmt: skip
    assert refused.value.field == "owner_id"


def test_of_two_who_reschedule_a_step_the_second_is_told() -> None:
    step = NextStepFactory()
    form = {"step_id": step.pk, "seen_due_on": step.due_on, "by": step.owner, "at": AT}
    reschedule_next_step(due_on=date(2026, 3, 9), **form)
    with pytest.raises(StaleRecord):
        reschedule_next_step(due_on=date(2026, 3, 20), **form)
    step.refresh_from_db()
    assert step.due_on == date(2026, 3, 9)


def test_nobody_logs_at_a_deal_of_another_team() -> None:
    deal, stranger = OpportunityFactory(), UserFactory(rep=True)
    call = {"kind": "call", "occurred_at": AT, "done": True, "owner_id": stranger.pk, "by": stranger, "at": AT}
    with pytest.raises(ActivityRefused) as refused:
        log_activity(context={"opportunity": deal.pk}, **call)
    assert refused.value.field == "opportunity"
    assert OpportunityActivity.objects.count() == 0


def test_marketing_reads_a_deal_and_logs_nothing_at_it() -> None:
    deal, marketer = OpportunityFactory(), UserFactory(marketing=True)
    call = {"kind": "call", "occurred_at": AT, "done": True, "owner_id": marketer.pk, "by": marketer, "at": AT}
    with pytest.raises(NotPermitted):
        log_activity(context={"opportunity": deal.pk}, **call)
    assert OpportunityActivity.objects.count() == 0


def test_what_names_no_deal_belongs_to_none() -> None:
    deal = OpportunityFactory()
    call = {"kind": "call", "occurred_at": AT, "done": True, "owner_id": deal.owner_id, "by": deal.owner, "at": AT}
    log_activity(account_id=deal.account_id, **call)
    assert OpportunityActivity.objects.count() == 0
