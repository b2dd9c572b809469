"""What a deal costs and brings, and whose hours it takes."""

from enum import StrEnum


class CostKind(StrEnum):
    """Direct costs that gross margin takes off (B15, EE-055)."""

    GOODS = "goods"
    SERVICES = "services"
    CUSTOM_DEVELOPMENT = "custom_development"
    THIRD_PARTY = "third_party"


class Billing(StrEnum):
    ONE_OFF = "one_off"
    MONTHLY = "monthly"
    YEARLY = "yearly"


class ExpansionKind(StrEnum):
    """Where a customer can grow (EE-059)."""

    USAGE = "usage"
    PRODUCT = "product"
    BUSINESS_UNIT = "business_unit"


class StrategicKind(StrEnum):
    """What a deal is worth beside its money (EE-060)."""

    REFERENCE = "reference"
    DISPLACEMENT = "displacement"
    NEW_SEGMENT = "new_segment"


class CaseSide(StrEnum):
    """On which side of the customer's business case a row stands."""

    COST = "cost"
    BENEFIT = "benefit"


class EffortKind(StrEnum):
    DISCOVERY = "discovery"
    DEMO = "demo"
    PROPOSAL = "proposal"
    SALES_ENGINEER = "sales_engineer"
    EXECUTIVE = "executive"
    LEGAL = "legal"
    PROSPECTING = "prospecting"
    OTHER = "other"


class ResourceKind(StrEnum):
    """Whose hours deals share (EE-017); each is the kind of effort its hours become."""

    SALES_ENGINEER = "sales_engineer"
    EXECUTIVE = "executive"
    LEGAL = "legal"


class RequestState(StrEnum):
    """What became of hours that were asked for."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    DONE = "done"
    WITHDRAWN = "withdrawn"
