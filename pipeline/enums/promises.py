"""What may be promised, and what became of it."""

from enum import StrEnum


class PolicyArea(StrEnum):
    """What a seller may promise is limited in (P-14, EE-066)."""

    DISCOUNT = "discount"
    CUSTOM_WORK = "custom_work"
    DELIVERY_DATE = "delivery_date"
    ROADMAP = "roadmap"
    PAYMENT_TERMS = "payment_terms"


class Tier(StrEnum):
    """What the policy says of something asked for (EE-065)."""

    FREE = "free"
    APPROVAL = "approval"
    NOT_SOLD = "not_sold"


class ApprovalState(StrEnum):
    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class PromiseState(StrEnum):
    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"
    DROPPED = "dropped"
