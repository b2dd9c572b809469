"""Closed lists of the pipeline (decisions.md). Their labels live in labels.py."""

from enum import IntEnum, StrEnum


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


class TargetMeasure(StrEnum):
    REVENUE = "revenue"
    DEALS = "deals"
    FIRST_MEETINGS = "first_meetings"
    CONVERSATIONS = "conversations"


class Element(StrEnum):
    """What is assessed of a deal, each on the scale of `Level`: how well we are told of it (P-9, P-21, B31).

    Seven elements of qualification, four milestones the customer decides, and three questions each about the
    champion, the executives and the economic driver.
    """

    BUDGET = "budget"
    AUTHORITY = "authority"
    NEED = "need"
    TIMING = "timing"
    COMPETITION = "competition"
    DECISION_PROCESS = "decision_process"
    COMPELLING_EVENT = "compelling_event"
    PROBLEM_CONFIRMED = "problem_confirmed"
    CRITERIA_AGREED = "criteria_agreed"
    STAKEHOLDERS_KNOWN = "stakeholders_known"
    BUDGET_AND_TIMELINE_SET = "budget_and_timeline_set"
    CHAMPION_SELLS = "champion_sells"
    CHAMPION_SHARES = "champion_shares"
    CHAMPION_COACHES = "champion_coaches"
    EXECUTIVE_KNOWS_PROJECT = "executive_knows_project"
    EXECUTIVE_KNOWS_PROBLEM = "executive_knows_problem"
    EXECUTIVE_BACKS = "executive_backs"
    DRIVER_JUSTIFIED = "driver_justified"
    DRIVER_CO_BUILT = "driver_co_built"
    DRIVER_IN_THEIR_TERMS = "driver_in_their_terms"


QUALIFICATION = (
    Element.BUDGET, Element.AUTHORITY, Element.NEED, Element.TIMING, Element.COMPETITION, Element.DECISION_PROCESS,
    Element.COMPELLING_EVENT,
)  # fmt: skip
MILESTONES = (
    Element.PROBLEM_CONFIRMED, Element.CRITERIA_AGREED, Element.STAKEHOLDERS_KNOWN, Element.BUDGET_AND_TIMELINE_SET,
)  # fmt: skip
CHAMPION = (Element.CHAMPION_SELLS, Element.CHAMPION_SHARES, Element.CHAMPION_COACHES)
EXECUTIVE = (Element.EXECUTIVE_KNOWS_PROJECT, Element.EXECUTIVE_KNOWS_PROBLEM, Element.EXECUTIVE_BACKS)
DRIVER = (Element.DRIVER_JUSTIFIED, Element.DRIVER_CO_BUILT, Element.DRIVER_IN_THEIR_TERMS)


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


class Level(IntEnum):
    """How sure we may be of an element, by who said it (P-9)."""

    UNKNOWN = 0
    ASSUMED = 1
    TOLD = 2
    CONFIRMED = 3


class StakeholderRole(StrEnum):
    """What part a contact has in the buying decision (P-10)."""

    ECONOMIC_BUYER = "economic_buyer"
    DECISION_MAKER = "decision_maker"
    CHAMPION = "champion"
    TECHNICAL_EVALUATOR = "technical_evaluator"
    USER = "user"
    LEGAL = "legal"
    BLOCKER = "blocker"


# The fields of a deal that a setpoint can put forward.
KEY_FIELDS = (
    "amount", "expected_close_on", "decision_on", "required_results", "go_live_on", "deal_type", "category", "approach",
    "contact_id", "source_id", "campaign_id",
)  # fmt: skip


# Who can say yes; "met" means one of these was (P-2).
DECIDING_ROLES = (StakeholderRole.DECISION_MAKER, StakeholderRole.ECONOMIC_BUYER)


class Stance(StrEnum):
    UNKNOWN = "unknown"
    AGAINST = "against"
    NEUTRAL = "neutral"
    FOR = "for"


class SignalCode(StrEnum):
    """What can be wrong with an open deal (P-11, B24)."""

    NO_NEXT_STEP = "no_next_step"
    STEP_OVERDUE = "step_overdue"
    STUCK = "stuck"
    NEVER_STARTED = "never_started"
    CLOSE_DATE_PASSED = "close_date_passed"
    CLOSE_DATE_PUSHED = "close_date_pushed"
    CRITERIA_MISSING = "criteria_missing"
    NO_DECISION_MAKER = "no_decision_maker"
    SINGLE_CONTACT = "single_contact"
    QUIET = "quiet"
    AMOUNT_DROPPED = "amount_dropped"
    MARGIN_LOW = "margin_low"
    BUSY_NOT_MOVING = "busy_not_moving"


class Severity(IntEnum):
    NOTE = 1
    WARN = 2
    BAD = 3


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
