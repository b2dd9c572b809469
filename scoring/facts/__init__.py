"""What scoring's policies may know: plain values, built by queries."""

from scoring.facts.events import EventAnswer, NewEvent
from scoring.facts.handoffs import (
    Clock,
    CrossingRecord,
    LeadHistory,
    NewCrossing,
    RepFacts,
    Route,
    RoutedLead,
    Terms,
    TerritoryFacts,
)
from scoring.facts.rules import Condition, Decay, EventCondition, GroupFacts, ModelFacts, RuleFacts
from scoring.facts.scores import KNOWN, Cause, Contribution, Curve, Effect, Moment, Score, Shift, Step

__all__ = [
    "KNOWN",
    "Cause",
    "Clock",
    "Condition",
    "Contribution",
    "CrossingRecord",
    "Curve",
    "Decay",
    "Effect",
    "EventAnswer",
    "EventCondition",
    "GroupFacts",
    "LeadHistory",
    "ModelFacts",
    "Moment",
    "NewCrossing",
    "NewEvent",
    "RepFacts",
    "Route",
    "RoutedLead",
    "RuleFacts",
    "Score",
    "Shift",
    "Step",
    "Terms",
    "TerritoryFacts",
]
