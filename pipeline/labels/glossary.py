"""The words everybody here uses, each said once (RU-003): what a page names, its definition is one click away."""

from django.utils.translation import gettext_lazy as _

# Anchor, word, definition; in the order a deal meets them.
TERMS = (
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
    ("qualified", _("Qualified"), _("At a setpoint that weighs 25% or more. First meetings stand beside, not within.")),
    ("weighted", _("Weighted"), _("The amount times the weight of the setpoint.")),
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
    ("milestone", _("Milestone"), _("A decision the customer has made on the way to buying.")),
    ("signal", _("Signal"), _("A warning about a deal, with its reason and what to do about it.")),
    ("outcome", _("Outcome"), _("How a deal ended: won, lost to a competitor, no decision, or declined by us.")),
    ("ideal", _("Ideal"), _("What must stand at a setpoint today to reach the target.")),
    ("balance", _("Balance"), _("How close the pipeline at hand comes to the one needed, over all setpoints.")),
    ("commitment", _("Commitment"), _("Who does what by when, agreed in a review.")),
)  # fmt: skip
