"""What a setpoint asks for, and how it is met."""

from enum import StrEnum

from pipeline.enums.qualification import Element


class Gate(StrEnum):
    WARN = "warn"
    REQUIRE = "require"


class Evidence(StrEnum):
    """How a criterion is met: by a field, by a related record, or by an attested note."""

    FIELD = "field"
    RECORD = "record"
    ATTESTED = "attested"


class Fact(StrEnum):
    """Stable codes of what can be known of a deal: the criteria that ship, and the checks an admin can choose (P-2)."""

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
    QUALIFICATION_ASSESSED = "qualification_assessed"
    ECONOMICS_CHECKED = "economics_checked"
    AMOUNT_KNOWN = "amount_known"
    CLOSE_DATE_KNOWN = "close_date_known"
    AUTHORITY_KNOWN = "authority_known"
    TIMING_KNOWN = "timing_known"
    COMPELLING_EVENT_KNOWN = "compelling_event_known"
    PROBLEM_CONFIRMED = "problem_confirmed"
    CRITERIA_AGREED = "criteria_agreed"
    BUDGET_AND_TIMELINE_SET = "budget_and_timeline_set"
    CHAMPION_NAMED = "champion_named"
    ECONOMIC_BUYER_NAMED = "economic_buyer_named"


# The five pips of a card, in order (D-24).
PIPS = (
    Fact.BUDGET_KNOWN,
    Fact.NEED_KNOWN,
    Fact.COMPETITION_KNOWN,
    Fact.DECISION_PROCESS_KNOWN,
    Fact.DECISION_MAKER_MET,
)

# What nobody can know of in general: who agreed (P-2).
SAID_BY_SOMEBODY = frozenset({Fact.VERBAL_AGREEMENT})

# The fields of a deal that a setpoint can put forward.
KEY_FIELDS = (
    "amount", "expected_close_on", "decision_on", "required_results", "go_live_on", "deal_type", "category", "approach",
    "contact_id", "source_id", "campaign_id",
)  # fmt: skip

# What is known once its element is: told by one contact, or better.
ELEMENT_FACTS: dict[Element, Fact] = {
    Element.BUDGET: Fact.BUDGET_KNOWN,
    Element.AUTHORITY: Fact.AUTHORITY_KNOWN,
    Element.NEED: Fact.NEED_KNOWN,
    Element.TIMING: Fact.TIMING_KNOWN,
    Element.COMPETITION: Fact.COMPETITION_KNOWN,
    Element.DECISION_PROCESS: Fact.DECISION_PROCESS_KNOWN,
    Element.COMPELLING_EVENT: Fact.COMPELLING_EVENT_KNOWN,
    Element.PROBLEM_CONFIRMED: Fact.PROBLEM_CONFIRMED,
    Element.CRITERIA_AGREED: Fact.CRITERIA_AGREED,
    Element.STAKEHOLDERS_KNOWN: Fact.PARTICIPANTS_KNOWN,
    Element.BUDGET_AND_TIMELINE_SET: Fact.BUDGET_AND_TIMELINE_SET,
}
FACT_ELEMENTS: dict[Fact, Element] = {fact: element for element, fact in ELEMENT_FACTS.items()}

# What can be read off a deal, and whether it is a field of it or a record beside it: what an admin can ask for.
CHECKS: dict[Fact, Evidence] = {
    Fact.DEAL_TYPE_KNOWN: Evidence.FIELD,
    Fact.AMOUNT_KNOWN: Evidence.FIELD,
    Fact.CLOSE_DATE_KNOWN: Evidence.FIELD,
    Fact.DECISION_DATE_KNOWN: Evidence.FIELD,
    Fact.RESULTS_KNOWN: Evidence.FIELD,
    Fact.GO_LIVE_KNOWN: Evidence.FIELD,
    Fact.MEETING_DATED: Evidence.RECORD,
    Fact.FIRST_MEETING_HELD: Evidence.RECORD,
    Fact.NEXT_STEP_AGREED: Evidence.RECORD,
    Fact.CLOSING_STEP_SET: Evidence.RECORD,
    Fact.QUALIFICATION_ASSESSED: Evidence.RECORD,
    Fact.ECONOMICS_CHECKED: Evidence.RECORD,
    **dict.fromkeys(FACT_ELEMENTS, Evidence.RECORD),
    Fact.DECISION_MAKER_MET: Evidence.RECORD,
    Fact.CHAMPION_NAMED: Evidence.RECORD,
    Fact.ECONOMIC_BUYER_NAMED: Evidence.RECORD,
}
