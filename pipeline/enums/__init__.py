"""Closed lists of the pipeline (decisions.md), a module a noun. Their labels live in labels."""

from pipeline.enums.criteria import (
    CHECKS,
    ELEMENT_FACTS,
    FACT_ELEMENTS,
    KEY_FIELDS,
    PIPS,
    SAID_BY_SOMEBODY,
    Evidence,
    Fact,
    Gate,
)
from pipeline.enums.deals import NOT_RECORDED, BulkKind, BulkOutcome, DealType, ForecastCategory, Outcome, TargetMeasure
from pipeline.enums.documents import DocumentKind, NegotiationState, NegotiationTopic, Package
from pipeline.enums.economics import (
    Billing,
    CaseSide,
    CostKind,
    EffortKind,
    ExpansionKind,
    RequestState,
    ResourceKind,
    StrategicKind,
)
from pipeline.enums.promises import ApprovalState, PolicyArea, PromiseState, Tier
from pipeline.enums.qualification import CHAMPION, DRIVER, EXECUTIVE, MILESTONES, QUALIFICATION, Element, Level
from pipeline.enums.signals import Severity, SignalCode
from pipeline.enums.stakeholders import DECIDING_ROLES, StakeholderRole, Stance

__all__ = [
    "CHAMPION",
    "CHECKS",
    "DECIDING_ROLES",
    "DRIVER",
    "ELEMENT_FACTS",
    "EXECUTIVE",
    "FACT_ELEMENTS",
    "KEY_FIELDS",
    "MILESTONES",
    "NOT_RECORDED",
    "PIPS",
    "QUALIFICATION",
    "SAID_BY_SOMEBODY",
    "ApprovalState",
    "Billing",
    "BulkKind",
    "BulkOutcome",
    "CaseSide",
    "CostKind",
    "DealType",
    "DocumentKind",
    "EffortKind",
    "Element",
    "Evidence",
    "ExpansionKind",
    "Fact",
    "ForecastCategory",
    "Gate",
    "Level",
    "NegotiationState",
    "NegotiationTopic",
    "Outcome",
    "Package",
    "PolicyArea",
    "PromiseState",
    "RequestState",
    "ResourceKind",
    "Severity",
    "SignalCode",
    "StakeholderRole",
    "Stance",
    "StrategicKind",
    "TargetMeasure",
    "Tier",
]
