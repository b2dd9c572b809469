"""The words everybody here uses, each said once (RU-003): what a page names, its definition is one click away."""

from django.utils.translation import gettext_lazy as _

from crm.lib.labels import register
from pipeline.enums import ELEMENT_FACTS, Fact

# Anchor, word, definition; in the order a deal meets them.
TERMS = (
    ("account", _("Account"), _("A company: a prospect, a customer, a former customer or a partner.")),
    ("lead", _("Lead"), _("A person, with their company, whom marketing scores and sales has not taken yet.")),
    (
        "handed-over", _("Handed over"),
        _("The lead’s score crossed the threshold, and somebody has until a set hour to answer it."),
    ),
    ("accepted", _("Accepted"), _("Sales took the lead that was handed over.")),
    ("deal", _("Deal"), _("One sale being worked at an account: new business, win-back, renewal or expansion.")),
    ("setpoint", _("Setpoint"), _("A control point of the sale with objective criteria. A deal stands where it was put.")),
    (
        "phase", _("Phase"),
        _("A sub-step within one setpoint, where a company speaks of such. It says how the work is going on, no more: a move "
          "begins at the first phase of its setpoint, and figures know setpoints only."),
    ),
    ("criterion", _("Criterion"), _("One fact a deal needs to stand at its setpoint and at every one above.")),
    (
        "evidence", _("Evidence"),
        _("What meets a criterion: a field of the deal, a record beside it, or a note of who said it and when."),
    ),
    ("claimed", _("Claimed"), _("The setpoint somebody moved the deal to.")),
    (
        "evidenced", _("Evidenced"),
        _("The highest setpoint whose facts, and those of every one below, are all there. It follows from the facts alone."),
    ),
    (
        "gate", _("Gate"),
        _("What happens where a fact is missing: a warning takes a reason from whoever moves the deal, a required fact one "
          "from a manager. The reason stands in the history and in the next review."),
    ),
    (
        "qualified", _("Qualified"),
        _("At a setpoint that weighs 25% or more; where the organisation asks for it, carried there by its facts. The others "
          "are not qualified yet: every total shows them beside."),
    ),
    ("weighted", _("Weighted"), _("The amount times the weight of the setpoint.")),
    (
        "category", _("Category"),
        _("What its owner expects of the deal in the forecast: commit, best case, pipeline or omitted. A move never sets it."),
    ),
    (
        "next-step", _("Next step"),
        _("What happens next: with a date, a purpose and the customer’s agreement. “Call me next week” is none."),
    ),
    (
        "customer-action", _("Customer action"),
        _("Something the customer did that moves the sale: replied, attended, sent data, signed. Our own activity is none."),
    ),
    (
        "qualification", _("Qualification"),
        _("Budget, authority, need, timing, competition, decision process and compelling event, each unknown, assumed, told "
          "by one contact, or confirmed by the decision maker or in writing."),
    ),
    ("decision-maker", _("Decision maker"), _("Who can say yes. Never taken to be the main contact until confirmed.")),
    (
        "stakeholder", _("Stakeholder"),
        _("Somebody at the customer’s who takes part in the decision, with a role, a stance and influence."),
    ),
    ("economic-buyer", _("Economic buyer"), _("Whose money it is: the one who can spend it, budget or no budget.")),
    ("champion", _("Champion"), _("Somebody there who sells for us when we are not in the room, and has influence.")),
    ("milestone", _("Milestone"), _("A decision the customer has made on the way to buying.")),
    (
        "progress", _("Progress"),
        _("How far the customer has come in buying, of 100: milestones, champion, executives and economic driver. What we did "
          "counts for nothing."),
    ),
    ("signal", _("Signal"), _("A warning about a deal, with its reason and what to do about it.")),
    ("outcome", _("Outcome"), _("How a deal ended: won, lost to a competitor, no decision, or declined by us.")),
    ("ideal", _("Ideal"), _("What must stand at a setpoint today to reach the target.")),
    ("balance", _("Balance"), _("How close the pipeline at hand comes to the one needed, over all setpoints.")),
    ("commitment", _("Commitment"), _("Who does what by when, agreed in a review.")),
)  # fmt: skip
ANCHORS = frozenset(anchor for anchor, _word, _meaning in TERMS)

_TOLD = _("Met once one contact told us, or it is confirmed.")
# What meets a criterion, by its check.
HOW_MET = register(
    "how_met",
    {
        **dict.fromkeys(ELEMENT_FACTS.values(), _TOLD),
        Fact.MEETING_DATED: _("Met by a meeting that is planned or was held."),
        Fact.DEAL_TYPE_KNOWN: _("Met by the type of the deal."),
        Fact.FIRST_MEETING_HELD: _("Met by a meeting that was held."),
        Fact.NEXT_STEP_AGREED: _("Met by an open next step with a day, agreed with somebody there."),
        Fact.DECISION_MAKER_MET: _("Met by a decision maker or economic buyer whom we have met."),
        Fact.DECISION_DATE_KNOWN: _("Met by the decision date of the deal."),
        Fact.CLOSING_STEP_SET: _("Met by an open next step with a day."),
        Fact.RESULTS_KNOWN: _("Met by the result they need, written on the deal."),
        Fact.GO_LIVE_KNOWN: _("Met by the day it goes live, written on the deal."),
        Fact.QUALIFICATION_ASSESSED: _("Met once each element was looked at, be it as unknown."),
        Fact.ECONOMICS_CHECKED: _("Met once every price and every direct cost is known."),
        Fact.AMOUNT_KNOWN: _("Met by the amount of the deal."),
        Fact.CLOSE_DATE_KNOWN: _("Met by the expected close of the deal."),
        Fact.CHAMPION_NAMED: _("Met by a champion among the stakeholders."),
        Fact.ECONOMIC_BUYER_NAMED: _("Met by an economic buyer among the stakeholders."),
    },
)
