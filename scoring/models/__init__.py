"""The lead: events, rules, scores, handoff."""

from scoring.models.agreements import AgreedDefinition, LeadComment, LeadGoal
from scoring.models.challenges import Challenge, ChallengeLead
from scoring.models.events import LeadEvent, LeadEventType, Visitor, VisitorIdentity
from scoring.models.feedback import CrossingRules
from scoring.models.forms import FormSubmission, WebForm, Website
from scoring.models.handoffs import Crossing, EndedClock, Handoff
from scoring.models.leads import Conversion, Lead, LeadActivity, LeadKnown, LeadStatusEvent
from scoring.models.routing import HandoffNotice, HandoffTerms, RepShare, Territory, Trial, TrialWeek
from scoring.models.rules import ScoringGroup, ScoringModel, ScoringRule
from scoring.models.scores import LeadScore
from scoring.models.simulations import Simulation, SimulationPart

__all__ = [
    "AgreedDefinition",
    "Challenge",
    "ChallengeLead",
    "Conversion",
    "Crossing",
    "CrossingRules",
    "EndedClock",
    "FormSubmission",
    "Handoff",
    "HandoffNotice",
    "HandoffTerms",
    "Lead",
    "LeadActivity",
    "LeadComment",
    "LeadEvent",
    "LeadEventType",
    "LeadGoal",
    "LeadKnown",
    "LeadScore",
    "LeadStatusEvent",
    "RepShare",
    "ScoringGroup",
    "ScoringModel",
    "ScoringRule",
    "Simulation",
    "SimulationPart",
    "Territory",
    "Trial",
    "TrialWeek",
    "Visitor",
    "VisitorIdentity",
    "WebForm",
    "Website",
]
