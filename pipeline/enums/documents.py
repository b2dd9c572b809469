"""What is offered, signed and negotiated."""

from enum import StrEnum


class DocumentKind(StrEnum):
    PROPOSAL = "proposal"
    CONTRACT = "contract"


class Package(StrEnum):
    """Whether an offer is one of our packages or made for this customer (LT-051, FI-017)."""

    STANDARD = "standard"
    CUSTOM = "custom"


class NegotiationTopic(StrEnum):
    """What is negotiated (LT-052)."""

    PRICE = "price"
    TERMS = "terms"
    IMPLEMENTATION = "implementation"


class NegotiationState(StrEnum):
    OPEN = "open"
    AGREED = "agreed"
    DECLINED = "declined"
