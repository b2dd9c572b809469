"""Whom a deal lacks: roles nobody has, and who decides without having been met."""

from datetime import UTC, datetime
from typing import Any

import pytest

from pipeline.enums import Element, Level
from pipeline.facts import AssessmentFacts, StakeholderFacts
from pipeline.policies.stakeholders import assumed_decider, missing_roles, unmet_decider

AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def somebody(role: str = "", **given: Any) -> StakeholderFacts:
    return StakeholderFacts(1, "Rasa", role=role, **given)


@pytest.mark.parametrize(
    ("roles", "missing"),
    [
        pytest.param([], ["economic_buyer", "decision_maker", "champion"], id="nobody"),
        pytest.param(["decision_maker"], ["economic_buyer", "champion"], id="a decision maker signs no money"),
        pytest.param(["economic_buyer"], ["champion"], id="who holds the money decides"),
        pytest.param(["economic_buyer", "champion", "user"], [], id="all"),
        pytest.param(["blocker", "legal", ""], ["economic_buyer", "decision_maker", "champion"], id="others"),
    ],
)
def test_roles_nobody_has(roles: list[str], missing: list[str]) -> None:
    assert missing_roles([somebody(role) for role in roles]) == missing


@pytest.mark.parametrize(
    ("who", "level", "warned"),
    [
        pytest.param(somebody("decision_maker", is_main=True), None, True, id="nobody asked"),
        pytest.param(somebody("economic_buyer", is_main=True), Level.TOLD, True, id="told by one contact"),
        pytest.param(somebody("decision_maker", is_main=True), Level.CONFIRMED, False, id="confirmed"),
        pytest.param(somebody("decision_maker"), None, False, id="somebody else decides"),
        pytest.param(somebody("champion", is_main=True), None, False, id="the main contact does not decide"),
    ],
)
def test_the_main_contact_is_not_taken_for_who_decides(
    who: StakeholderFacts, level: Level | None, warned: bool
) -> None:
    authority = AssessmentFacts(Element.AUTHORITY, level, AT.date(), AT) if level else None
    assert (assumed_decider([who], authority) is not None) == warned


def test_who_decides_and_was_not_met_is_named() -> None:
    unmet, met = somebody("decision_maker"), somebody("economic_buyer", met_on=AT.date())
    assert (unmet_decider([unmet]), unmet_decider([unmet, met]), unmet_decider([somebody()])) == (unmet, None, None)
