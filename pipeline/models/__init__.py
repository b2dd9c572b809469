"""The deal and what managers do with deals."""

from pipeline.models.bulk import BulkAnswer, BulkEdit
from pipeline.models.context import (
    Competitor,
    CostRate,
    Effort,
    OpportunityActivity,
    OpportunityCompetitor,
    OpportunityPain,
    OpportunityTrigger,
    Stakeholder,
)
from pipeline.models.economics import (
    BusinessCase,
    BusinessCaseKpi,
    BusinessCaseRow,
    EconomicAssumptions,
    ExpansionPotential,
    StrategicValue,
)
from pipeline.models.events import OpportunityEvent
from pipeline.models.evidence import Attestation, NextStep
from pipeline.models.files import OpportunityFile
from pipeline.models.guides import MessageGuide
from pipeline.models.meetings import MeetingRecord
from pipeline.models.opportunities import Opportunity
from pipeline.models.products import OpportunityCost, OpportunityLine, Product
from pipeline.models.promises import Approval, DeliveryQuestion, Handover, Promise, PromisePolicy
from pipeline.models.proposals import (
    Document,
    DocumentTemplate,
    NegotiationPoint,
    Proposal,
    ProposalLine,
    TemplateVersion,
)
from pipeline.models.qualification import Assessment
from pipeline.models.resources import PlannedHours, Resource, ResourceRequest, ResourceRule, ResourceWeek
from pipeline.models.setpoints import Criterion, CriterionVersion, Pipeline, Setpoint, Stage
from pipeline.models.signals import RestartPlan, Signal, SignalLimit, SignalSnooze, TypicalStay
from pipeline.models.targets import Target

__all__ = [
    "Approval",
    "Assessment",
    "Attestation",
    "BulkAnswer",
    "BulkEdit",
    "BusinessCase",
    "BusinessCaseKpi",
    "BusinessCaseRow",
    "Competitor",
    "CostRate",
    "Criterion",
    "CriterionVersion",
    "DeliveryQuestion",
    "Document",
    "DocumentTemplate",
    "EconomicAssumptions",
    "Effort",
    "ExpansionPotential",
    "Handover",
    "MeetingRecord",
    "MessageGuide",
    "NegotiationPoint",
    "NextStep",
    "Opportunity",
    "OpportunityActivity",
    "OpportunityCompetitor",
    "OpportunityCost",
    "OpportunityEvent",
    "OpportunityFile",
    "OpportunityLine",
    "OpportunityPain",
    "OpportunityTrigger",
    "Pipeline",
    "PlannedHours",
    "Product",
    "Promise",
    "PromisePolicy",
    "Proposal",
    "ProposalLine",
    "Resource",
    "ResourceRequest",
    "ResourceRule",
    "ResourceWeek",
    "RestartPlan",
    "Setpoint",
    "Signal",
    "SignalLimit",
    "SignalSnooze",
    "Stage",
    "Stakeholder",
    "StrategicValue",
    "Target",
    "TemplateVersion",
    "TypicalStay",
]
