"""Facts of a deal as a sheet takes them, alone or with the move they are missing for: all of it happens or nothing (D-16)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from crm.enums import ActivityKind, ActivityOutcome
from crm.models import User
from crm.queries.organisation import get_local_date
from pipeline.commands.derived import refreshing_once
from pipeline.commands.opportunities.activities import log_deal_activity
from pipeline.commands.opportunities.attesting import attest_criterion
from pipeline.commands.opportunities.editing import edit_opportunity
from pipeline.commands.opportunities.moving import Move, move_opportunity, open_move
from pipeline.commands.opportunities.steps import StepPlan, set_next_step
from pipeline.commands.qualification import assess_element
from pipeline.commands.roles import name_stakeholder
from pipeline.enums import QUALIFICATION, Element, Level, StakeholderRole
from pipeline.models import Assessment


@dataclass(frozen=True, slots=True)
class GivenAttestation:
    """One attested fact as the sheet took it."""

    criterion_version_id: int
    said_on: date
    note: str
    contact_id: int | None = None


@dataclass(frozen=True, slots=True)
class GivenAssessment:
    """How well an element is known, and from whom, as the sheet took it."""

    element: Element
    level: Level
    said_on: date
    note: str = ""
    contact_id: int | None = None


@dataclass(frozen=True, slots=True)
class GivenPerson:
    """Who has a role in the decision, and when we met them."""

    contact_id: int
    role: StakeholderRole
    met_on: date | None = None


@dataclass(frozen=True, slots=True)
class GivenFacts:
    """What somebody filled in on the sheet; what is empty stays missing. `fields` are the deal's own, by name.

    `rest_is_unknown` says of every element of qualification that nobody assessed yet that it is unknown.
    """

    attestations: Sequence[GivenAttestation] = ()
    assessments: Sequence[GivenAssessment] = ()
    rest_is_unknown: bool = False
    people: Sequence[GivenPerson] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)
    meeting_at: datetime | None = None
    held_at: datetime | None = None
    step: StepPlan | None = None


@transaction.atomic
def move_with_facts(
    *,
    opportunity_id: int,
    to: int,
    facts: GivenFacts,
    seen_version: int,
    by: User,
    at: datetime,
    override: str = "",
    reason: str = "",
    idempotency_key: str | None = None,
) -> Move:
    """Record the facts that were missing, then move. Where the move is refused no fact is kept either.

    :raises StaleRecord: somebody changed the deal since it was seen
    :raises MoveRefused: carrying what is still missing
    :raises CommandRefused: a fact may not be like this
    """
    _, known = open_move(opportunity_id, to_id=to, seen_version=seen_version, idempotency_key=idempotency_key, by=by)
    if known is not None:
        return known
    with refreshing_once(at=at):
        raised = _record(opportunity_id, facts, seen_version=seen_version, by=by, at=at)
        return move_opportunity(
            opportunity_id=opportunity_id,
            to=to,
            seen_version=seen_version + raised,
            by=by,
            at=at,
            override=override,
            reason=reason,
            idempotency_key=idempotency_key,
        )


@transaction.atomic
def record_facts(*, opportunity_id: int, facts: GivenFacts, by: User, at: datetime) -> None:
    """Record what became known of a deal; all of it or nothing.

    :raises CommandRefused: a fact may not be like this
    :raises NotPermitted: the person may not change the deal
    """
    with refreshing_once(at=at):
        _record(opportunity_id, facts, seen_version=None, by=by, at=at)


def _record(opportunity_id: int, facts: GivenFacts, *, seen_version: int | None, by: User, at: datetime) -> int:
    """Record each fact; return by how much that raised the deal's version."""
    raised = 0
    if facts.fields:
        edited = edit_opportunity(
            opportunity_id=opportunity_id, changes=facts.fields, seen_version=seen_version, by=by, at=at
        )
        raised = edited.version - (seen_version or 0)
    _log_meetings(opportunity_id, facts, by=by, at=at)
    for given in facts.attestations:
        attest_criterion(opportunity_id=opportunity_id, by=by, at=at, **asdict(given))
    for assessed in facts.assessments:
        assess_element(opportunity_id=opportunity_id, by=by, at=at, **asdict(assessed))
    for person in facts.people:
        name_stakeholder(opportunity_id=opportunity_id, by=by, at=at, **asdict(person))
    if facts.rest_is_unknown:
        _note_unknown(opportunity_id, by=by, at=at)
    if facts.step is not None:
        set_next_step(opportunity_id=opportunity_id, replaces_overdue=True, by=by, at=at, **asdict(facts.step))
    return raised


def _note_unknown(opportunity_id: int, *, by: User, at: datetime) -> None:
    standing = Assessment.objects.filter(opportunity_id=opportunity_id, ended_at=None)
    assessed = set(standing.values_list("element", flat=True))
    for element in QUALIFICATION:
        if element not in assessed:
            assess_element(
                opportunity_id=opportunity_id, element=element, level=Level.UNKNOWN, said_on=get_local_date(at), by=by,
                at=at,
            )  # fmt: skip


def _log_meetings(opportunity_id: int, facts: GivenFacts, *, by: User, at: datetime) -> None:
    for moment, held in ((facts.meeting_at, False), (facts.held_at, True)):
        if moment is not None:
            log_deal_activity(
                opportunity_id=opportunity_id,
                kind=ActivityKind.MEETING,
                occurred_at=moment,
                done=held,
                outcome=ActivityOutcome.HELD if held else "",
                by=by,
                at=at,
            )
