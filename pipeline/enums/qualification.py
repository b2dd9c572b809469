"""What is assessed of a deal, and how sure we may be of it."""

from enum import IntEnum, StrEnum


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


class Level(IntEnum):
    """How sure we may be of an element, by who said it (P-9)."""

    UNKNOWN = 0
    ASSUMED = 1
    TOLD = 2
    CONFIRMED = 3
