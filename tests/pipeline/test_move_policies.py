"""Where a deal may stand and who may move it there anyway, without a database."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from crm.enums import Role
from crm.facts import Access
from crm.lib.values import Money, Refusal
from pipeline.enums import DealType, Evidence, Gate, Outcome
from pipeline.facts import Closing, CriterionFacts, DealFacts, EvidenceFacts, SetpointFacts
from pipeline.policies import closing, moves

AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def criterion(version_id: int, *, rank: int, gate: Gate = Gate.WARN) -> CriterionFacts:
    return CriterionFacts(
        version_id,
        1,
        f"c{version_id}",
        f"Fact {version_id}",
        "",
        Evidence.ATTESTED,
        "",
        gate,
        rank + 1,
        f"S{rank}",
        rank,
    )


CRITERIA = (criterion(1, rank=0), criterion(2, rank=1), criterion(3, rank=2, gate=Gate.REQUIRE))


def setpoint(rank: int, **changes: object) -> SetpointFacts:
    given = {"is_retired": False, "pipeline_id": 7} | changes
    return SetpointFacts(
        id=rank + 1,
        code=f"s{rank}",
        name=f"S{rank}",
        meaning="",
        rank=rank,
        probability=Decimal("0.5"),
        cumulative_criteria=CRITERIA[: rank + 1],
        below=tuple(setpoint(lower) for lower in range(rank)),
        **given,
    )


def deal(rank: int | None = 0, *, met: tuple[int, ...] = (), **changes: object) -> DealFacts:
    given = {"outcome": "", "is_archived": False, "amount": None} | changes
    return DealFacts(
        id=1,
        owner_id=11,
        pipeline_id=7,
        setpoint_id=None if rank is None else rank + 1,
        rank=rank,
        deal_type=DealType.NEW_BUSINESS,
        created_at=AT,
        evidence={version: EvidenceFacts(note="said") for version in met},
        **given,
    )


def unmet(*numbers: int) -> list[Refusal]:
    return [moves.unmet_refusal(CRITERIA[number - 1]) for number in numbers]


@pytest.mark.parametrize(
    ("facts", "to", "expected"),
    [
        pytest.param(deal(0, met=(1, 2)), setpoint(1), [], id="all facts met"),
        pytest.param(deal(0), setpoint(1), unmet(1, 2), id="missing facts of the setpoint and of those below"),
        pytest.param(deal(0, met=(2,)), setpoint(2), unmet(1, 3), id="a skip asks for what it skips"),
        pytest.param(deal(2), setpoint(0), [], id="backwards asks for no fact"),
        pytest.param(deal(0), setpoint(0), [Refusal.of("already_there", setpoint="S0")], id="stands there already"),
        pytest.param(
            deal(0), setpoint(1, pipeline_id=8), [Refusal.of("other_pipeline", setpoint="S1")], id="another pipeline"
        ),
        pytest.param(
            deal(0), setpoint(1, is_retired=True), [Refusal.of("setpoint_retired", setpoint="S1")], id="retired"
        ),
        pytest.param(
            deal(0, outcome="won"), setpoint(1), [Refusal.of("deal_closed", outcome="won")], id="a closed deal stays"
        ),
        pytest.param(
            deal(0, is_archived=True), setpoint(1), [Refusal.of("deal_archived")], id="an archived deal stays"
        ),
    ],
)
def test_where_a_deal_may_stand(facts: DealFacts, to: SetpointFacts, expected: list[Refusal]) -> None:
    assert moves.refusals(facts, to=to) == expected


@pytest.mark.parametrize(
    ("rank", "to", "expected"),
    [
        pytest.param(0, 2, [2], id="25% is passed"),
        pytest.param(0, 1, [], id="one step passes nothing"),
        pytest.param(2, 0, [], id="nothing is passed backwards"),
        pytest.param(None, 2, [], id="created there passes nothing"),
    ],
)
def test_skipped_setpoints_count_as_passed(rank: int | None, to: int, expected: list[int]) -> None:
    assert moves.skipped_setpoints(rank, to=setpoint(to)) == expected


def test_backwards_asks_for_a_reason() -> None:
    assert moves.missing_reason(deal(2), to=setpoint(0), reason=" ") == [Refusal.of("reason_needed", setpoint="S0")]
    assert moves.missing_reason(deal(2), to=setpoint(0), reason="Budget is gone") == []
    assert moves.missing_reason(deal(0), to=setpoint(2), reason="") == []


def access(
    user_id: int = 11, *, managed: frozenset[int] = frozenset(), roles: frozenset[Role] = frozenset({Role.REP})
) -> Access:
    return Access(user_id, roles, 1, frozenset(), frozenset({11, 12}), managed)


LONG_ENOUGH = "The board signs it on Friday"


@pytest.mark.parametrize(
    ("who", "missing", "override", "expected"),
    [
        pytest.param(access(), CRITERIA[:2], LONG_ENOUGH, [], id="the owner, gate warn, a reason"),
        pytest.param(access(12), CRITERIA[:2], LONG_ENOUGH, [], id="a team mate too"),
        pytest.param(access(), CRITERIA[:2], "x" * 19, ["reason_too_short"], id="19 characters are too few"),
        pytest.param(access(), CRITERIA[:2], "  " + "x" * 18 + "  ", ["reason_too_short"], id="blanks do not count"),
        pytest.param(access(), CRITERIA, LONG_ENOUGH, ["manager_needed"], id="the owner, gate require"),
        pytest.param(
            access(20, managed=frozenset({11})), CRITERIA, LONG_ENOUGH, [], id="the owner's manager, gate require"
        ),
        pytest.param(access(21, roles=frozenset({Role.ADMIN})), CRITERIA, LONG_ENOUGH, [], id="an administrator"),
        pytest.param(
            access(20, managed=frozenset({11})), CRITERIA, "", ["reason_too_short"], id="a manager gives a reason"
        ),
    ],
)
def test_who_may_move_a_deal_past_missing_facts(
    who: Access, missing: tuple, override: str, expected: list[str]
) -> None:
    refused = moves.override_refusals(who, 11, missing, override=override)
    assert [refusal.code for refusal in refused] == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, [], id="the same person, at once"),
        pytest.param({"is_latest": False}, ["changed_since"], id="something happened since"),
        pytest.param({"by_id": 12}, ["moved_by_another"], id="somebody else"),
        pytest.param({"at": AT + timedelta(minutes=10)}, [], id="ten minutes are in time"),
        pytest.param({"at": AT + timedelta(minutes=10, seconds=1)}, ["undo_too_late"], id="later is too late"),
    ],
)
def test_what_can_be_undone(changes: dict[str, object], expected: list[str]) -> None:
    given = {"moved_by_id": 11, "moved_at": AT, "is_latest": True, "by_id": 11, "at": AT} | changes
    assert [refusal.code for refusal in moves.undo_refusals(**given)] == expected


TODAY = date(2026, 3, 2)
MONEY = Money(Decimal(100), "EUR")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(Closing(Outcome.WON, TODAY, "price", amount=MONEY), [], id="won"),
        pytest.param(Closing(Outcome.WON, TODAY), ["amount", "reason_code"], id="won asks for value and why"),
        pytest.param(Closing(Outcome.LOST, TODAY), ["competitor", "reason_code", "note"], id="lost asks for three"),
        pytest.param(Closing(Outcome.LOST, TODAY, "price", "Volta", "Cheaper"), [], id="lost"),
        pytest.param(
            Closing(Outcome.NO_DECISION, TODAY), ["reason_code", "revisit_on"], id="no decision asks when again"
        ),
        pytest.param(Closing(Outcome.DECLINED, TODAY), ["reason_code"], id="declined asks which criterion"),
        pytest.param(
            Closing(Outcome.DECLINED, TODAY + timedelta(days=1), "need_known"), ["closed_on"], id="not in the future"
        ),
        pytest.param(
            Closing(Outcome.DECLINED, TODAY - timedelta(days=9), "need_known"),
            ["closed_on"],
            id="not before it began",
        ),
        pytest.param(
            Closing(Outcome.NO_DECISION, TODAY, "no_budget", revisit_on=TODAY), ["revisit_on"], id="again means later"
        ),
    ],
)
def test_what_each_outcome_asks_for(given: Closing, expected: list[str]) -> None:
    refused = closing.refusals(deal(1), given, created_on=TODAY - timedelta(days=8), today=TODAY)
    assert [dict(refusal.params)["field"] for refusal in refused] == expected


def test_reopening_voids_the_outcome_for_thirty_days() -> None:
    assert closing.voids_outcome(closed_at=AT, at=AT + timedelta(days=30))
    assert not closing.voids_outcome(closed_at=AT, at=AT + timedelta(days=30, seconds=1))
