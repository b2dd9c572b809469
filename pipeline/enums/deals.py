"""What a deal is, how it ends, and what is changed of many."""

from enum import StrEnum


class Outcome(StrEnum):
    WON = "won"
    LOST = "lost"
    NO_DECISION = "no_decision"
    DECLINED = "declined"


# Why a deal closed where an import did not say (D-48).
NOT_RECORDED = "not_recorded"


class DealType(StrEnum):
    NEW_BUSINESS = "new_business"
    WIN_BACK = "win_back"
    RENEWAL = "renewal"
    EXPANSION = "expansion"


class ForecastCategory(StrEnum):
    """Judgement, never set by a move (D-35)."""

    COMMIT = "commit"
    BEST_CASE = "best_case"
    PIPELINE = "pipeline"
    OMITTED = "omitted"


class TargetMeasure(StrEnum):
    REVENUE = "revenue"
    DEALS = "deals"
    FIRST_MEETINGS = "first_meetings"
    CONVERSATIONS = "conversations"


class BulkKind(StrEnum):
    """What can be changed of many deals at once; all but the next step is a column."""

    OWNER = "owner_id"
    SETPOINT = "setpoint_id"
    EXPECTED_CLOSE_ON = "expected_close_on"
    DEAL_TYPE = "deal_type"
    NEXT_STEP = "next_step"


class BulkOutcome(StrEnum):
    """What became of one deal that was changed with others."""

    CHANGED = "changed"
    OVERRIDDEN = "overridden"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
