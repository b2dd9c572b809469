"""The deal and what managers do with deals."""

from pipeline.models.context import (
    Competitor,
    CostRate,
    Effort,
    OpportunityActivity,
    OpportunityCompetitor,
    OpportunityPain,
    OpportunityTrigger,
    Proposal,
    Stakeholder,
)
from pipeline.models.events import OpportunityEvent
from pipeline.models.evidence import Attestation, NextStep
from pipeline.models.opportunities import Opportunity
from pipeline.models.products import OpportunityLine, Product
from pipeline.models.setpoints import Criterion, CriterionVersion, Pipeline, Setpoint
from pipeline.models.targets import Target

__all__ = [
    "Attestation",
    "Competitor",
    "CostRate",
    "Criterion",
    "CriterionVersion",
    "Effort",
    "NextStep",
    "Opportunity",
    "OpportunityActivity",
    "OpportunityCompetitor",
    "OpportunityEvent",
    "OpportunityLine",
    "OpportunityPain",
    "OpportunityTrigger",
    "Pipeline",
    "Product",
    "Proposal",
    "Setpoint",
    "Stakeholder",
    "Target",
]
