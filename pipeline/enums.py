"""Closed lists of the pipeline (decisions.md). Their labels live in labels.py."""

from enum import StrEnum


class Outcome(StrEnum):
    WON = "won"
    LOST = "lost"
    NO_DECISION = "no_decision"
    DECLINED = "declined"


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


class Gate(StrEnum):
    WARN = "warn"
    REQUIRE = "require"


class Evidence(StrEnum):
    """How a criterion is met: by a field, by a related record, or by an attested note."""

    FIELD = "field"
    RECORD = "record"
    ATTESTED = "attested"


class Fact(StrEnum):
    """Stable codes of the criteria that ship (P-2)."""

    MEETING_DATED = "meeting_dated"
    DEAL_TYPE_KNOWN = "deal_type_known"
    FIRST_MEETING_HELD = "first_meeting_held"
    NEXT_STEP_AGREED = "next_step_agreed"
    INTEREST_CONFIRMED = "interest_confirmed"
    BUDGET_KNOWN = "budget_known"
    NEED_KNOWN = "need_known"
    COMPETITION_KNOWN = "competition_known"
    DECISION_PROCESS_KNOWN = "decision_process_known"
    DECISION_MAKER_MET = "decision_maker_met"
    DECISION_DATE_KNOWN = "decision_date_known"
    VERBAL_AGREEMENT = "verbal_agreement"
    CLOSING_STEP_SET = "closing_step_set"
    PARTICIPANTS_KNOWN = "participants_known"
    RESULTS_KNOWN = "results_known"
    GO_LIVE_KNOWN = "go_live_known"


# The five pips of a card, in order (D-24).
PIPS = (
    Fact.BUDGET_KNOWN,
    Fact.NEED_KNOWN,
    Fact.COMPETITION_KNOWN,
    Fact.DECISION_PROCESS_KNOWN,
    Fact.DECISION_MAKER_MET,
)


# What nobody can know of in general: who agreed, whom we met (P-2).
SAID_BY_SOMEBODY = frozenset({Fact.DECISION_MAKER_MET, Fact.VERBAL_AGREEMENT})


class TargetMeasure(StrEnum):
    REVENUE = "revenue"
    DEALS = "deals"
    FIRST_MEETINGS = "first_meetings"
    CONVERSATIONS = "conversations"


class EffortKind(StrEnum):
    DISCOVERY = "discovery"
    DEMO = "demo"
    PROPOSAL = "proposal"
    SALES_ENGINEER = "sales_engineer"
    EXECUTIVE = "executive"
    LEGAL = "legal"
    PROSPECTING = "prospecting"
    OTHER = "other"
