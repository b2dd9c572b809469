"""What policies may know of deals: plain values, built by queries."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from crm.lib.values import Money, Refusal
from pipeline.enums import (
    ApprovalState,
    CaseSide,
    DealType,
    Element,
    Evidence,
    Gate,
    Level,
    Outcome,
    PolicyArea,
    RequestState,
    ResourceKind,
)

# A deal is qualified at a setpoint that weighs this much or more (D-18).
QUALIFIED_FROM = Decimal("0.25")
# What was said longer ago than this is stale (A9, B31).
STALE_AFTER_DAYS = 45


@dataclass(frozen=True, slots=True)
class EvidenceFacts:
    """What meets a criterion, as a person would point at it.

    `said_by` names a contact, `by` a colleague; `attestation_id` is set where it can be revoked.
    """

    on: date | None = None
    note: str = ""
    said_by: str = ""
    by: str = ""
    attestation_id: int | None = None


@dataclass(frozen=True, slots=True)
class CriterionFacts:
    """The version of a criterion in force."""

    version_id: int
    number: int
    code: str
    text: str
    ask: str
    evidence: Evidence
    check_code: str
    gate: Gate
    setpoint_id: int
    setpoint_name: str
    rank: int
    criterion_id: int = 0
    deal_types: tuple[str, ...] = ()

    @property
    def proof(self) -> str:
        """Return the code of what proves it: of the built-in check, or of the criterion itself where it is attested."""
        return f"criterion:{self.criterion_id}" if self.evidence == Evidence.ATTESTED else self.check_code

    def is_asked_of(self, deal_type: str) -> bool:
        """Whether deals of this type need it; a criterion that names no types is asked of all."""
        return not self.deal_types or deal_type in self.deal_types

    def is_met_by(self, deal: "DealFacts") -> bool:
        """Whether the deal has evidence for this criterion."""
        return self.version_id in deal.evidence


@dataclass(frozen=True, slots=True)
class StageFacts:
    """A sub-step within a setpoint."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class SetpointFacts:
    """A setpoint with the criteria it and every one below it ask for (D-16), lowest first."""

    id: int
    pipeline_id: int
    code: str
    name: str
    meaning: str
    rank: int
    probability: Decimal
    stall_limit_days: int | None = None
    is_retired: bool = False
    guidance: str = ""
    key_fields: tuple[str, ...] = ()
    stages: tuple[StageFacts, ...] = ()
    cumulative_criteria: tuple[CriterionFacts, ...] = ()
    below: tuple["SetpointFacts", ...] = ()

    def asked_of(self, deal_type: str) -> tuple[CriterionFacts, ...]:
        """Return what a deal of this type needs to stand here, lowest first."""
        return tuple(criterion for criterion in self.cumulative_criteria if criterion.is_asked_of(deal_type))

    @property
    def own_criteria(self) -> tuple[CriterionFacts, ...]:
        """Return the criteria of this setpoint alone."""
        return tuple(criterion for criterion in self.cumulative_criteria if criterion.setpoint_id == self.id)


@dataclass(frozen=True, slots=True)
class DealFacts:
    """A deal as it stands, with its evidence by criterion version."""

    id: int
    owner_id: int
    pipeline_id: int
    setpoint_id: int | None
    rank: int | None
    outcome: str
    is_archived: bool
    deal_type: DealType
    amount: Money | None
    created_at: datetime
    closed_at: datetime | None = None
    decision_on: date | None = None
    evidence: Mapping[int, EvidenceFacts] = field(default_factory=dict)
    barred_by: tuple[Refusal, ...] = ()  # approvals that are open or refused: they bar 90% and won (D-17)

    @property
    def is_open(self) -> bool:
        """Whether the deal is still being worked."""
        return not self.outcome and not self.is_archived


@dataclass(frozen=True, slots=True)
class Closing:
    """What somebody says about how a deal ended; what each outcome needs is a policy."""

    outcome: Outcome
    closed_on: date
    reason_code: str = ""
    competitor: str = ""
    note: str = ""
    revisit_on: date | None = None
    amount: Money | None = None
    criteria: tuple[str, ...] = ()

    def with_reason_among_criteria(self) -> "Closing":
        """Return it with every criterion once; why a deal is declined is one that spoke against it, the first here."""
        if self.outcome != Outcome.DECLINED:
            return replace(self, criteria=tuple(dict.fromkeys(self.criteria)))
        spoke = tuple(dict.fromkeys(code for code in (self.reason_code, *self.criteria) if code))
        return replace(self, reason_code=spoke[0] if spoke else "", criteria=spoke)


@dataclass(frozen=True, slots=True)
class AssessmentFacts:
    """How well one element of a deal is known since `at`: who told us, on which day, what they said.

    `contact` and `by` are names; `ended_at` is set where something newer stands. What does not apply has its reason in
    `note`.
    """

    element: Element
    level: Level
    said_on: date
    at: datetime
    note: str = ""
    contact_id: int | None = None
    contact: str = ""
    by: str = ""
    ended_at: datetime | None = None
    applies: bool = True

    def is_stale(self, today: date) -> bool:
        """Whether what was said so long ago should be asked again."""
        return (today - self.said_on).days > STALE_AFTER_DAYS

    def counted_level(self, today: date) -> int:
        """Return the level, one lower once it is stale (B31)."""
        return max(0, self.level - 1) if self.is_stale(today) else int(self.level)


@dataclass(frozen=True, slots=True)
class PolicyFacts:
    """What may be promised in one area since a day; limits in the unit of the area, None means no end (P-14)."""

    area: PolicyArea
    free_to: Decimal | None
    approval_to: Decimal | None
    role: str
    approver_id: int | None = None
    approver: str = ""
    standard: Decimal | None = None
    answer_hours: int = 16
    hint: str = ""
    valid_from: date = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class ApproverFacts:
    """Somebody who can be asked, with how many questions wait for them already."""

    user_id: int
    roles: frozenset[str]
    waiting: int = 0

    @property
    def rank(self) -> tuple[int, int]:
        """Return the order in which people are asked: who has least to answer, then who was here first."""
        return self.waiting, self.user_id


@dataclass(frozen=True, slots=True)
class ApprovalFacts:
    """A question whether a deal may go beyond the policy, as it stands; `approver` is a name."""

    approval_id: int
    area: PolicyArea
    state: ApprovalState
    asked: Decimal
    approver_id: int
    asked_by_id: int | None
    approver: str = ""
    escalated_to_id: int | None = None


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """Shared hours asked for a deal, as they stand; `resource_id` None is whoever gives that kind."""

    request_id: int
    opportunity_id: int
    kind: ResourceKind
    hours: Decimal
    due_on: date
    state: RequestState
    asked_on: date
    resource_id: int | None = None
    asked_by_id: int | None = None


@dataclass(frozen=True, slots=True)
class StakeholderFacts:
    """What part a contact has in the decision about a deal; `introduced_by_id` is the contact who leads us to them."""

    pk: int
    name: str
    job_title: str = ""
    role: str = ""
    stance: str = "unknown"
    influence: int | None = None
    met_on: date | None = None
    is_main: bool = False
    introduced_by_id: int | None = None
    touched_on: date | None = None
    note: str = ""

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class CaseKpiFacts:
    """A figure the customer steers by, and what of ours moves it; `kpi_id` None is one that is not kept yet."""

    name: str
    unit: str = ""
    now: Decimal | None = None
    goal: Decimal | None = None
    our_part: str = ""
    kpi_id: int | None = None


@dataclass(frozen=True, slots=True)
class CaseRowFacts:
    """A cost or a benefit of a business case; zeros at the end of `yearly` are left out, `kpi` is the name of one."""

    side: CaseSide
    label: str
    at_start: Decimal = Decimal(0)
    yearly: tuple[Decimal, ...] = ()
    kpi: str = ""
    row_id: int | None = None


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """The customer's own case for buying, whole (B28); rows and figures in their order."""

    currency: str
    years: int = 3
    discount_rate: Decimal = Decimal(0)
    justification: str = ""
    measure: str = ""
    co_built_with_id: int | None = None
    co_built_on: date | None = None
    kpis: tuple[CaseKpiFacts, ...] = ()
    rows: tuple[CaseRowFacts, ...] = ()
