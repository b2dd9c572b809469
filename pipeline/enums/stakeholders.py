"""What part people have in a decision."""

from enum import StrEnum


class StakeholderRole(StrEnum):
    """What part a contact has in the buying decision (P-10)."""

    ECONOMIC_BUYER = "economic_buyer"
    DECISION_MAKER = "decision_maker"
    CHAMPION = "champion"
    TECHNICAL_EVALUATOR = "technical_evaluator"
    USER = "user"
    LEGAL = "legal"
    BLOCKER = "blocker"


# Who can say yes; "met" means one of these was (P-2).
DECIDING_ROLES = (StakeholderRole.DECISION_MAKER, StakeholderRole.ECONOMIC_BUYER)


class Stance(StrEnum):
    UNKNOWN = "unknown"
    AGAINST = "against"
    NEUTRAL = "neutral"
    FOR = "for"
