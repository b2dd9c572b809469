"""The words for what is assessed of a deal, for how sure one may be of it, and for what to ask (P-9, P-21)."""

from django.utils.translation import gettext_lazy as _

from crm.lib.labels import extend, register
from pipeline.enums import Element, Level

LEVELS = register(
    "level",
    {
        Level.UNKNOWN: _("Unknown"),
        Level.ASSUMED: _("Assumed"),
        Level.TOLD: _("Told by one contact"),
        Level.CONFIRMED: _("Confirmed"),
    },
)
# What stands beside the choices of the sheet.
LEVEL_CHOICES = {
    Level.UNKNOWN: _("Unknown"),
    Level.ASSUMED: _("Assumed by us"),
    Level.TOLD: _("Told by one contact"),
    Level.CONFIRMED: _("Confirmed by the decision maker or in writing"),
}
NOT_APPLICABLE = _("Does not apply to this deal")
ELEMENTS = register(
    "element",
    {
        Element.BUDGET: _("Budget"),
        Element.AUTHORITY: _("Authority"),
        Element.NEED: _("Need"),
        Element.TIMING: _("Timing"),
        Element.COMPETITION: _("Competition"),
        Element.DECISION_PROCESS: _("Decision process"),
        Element.COMPELLING_EVENT: _("Compelling event"),
        Element.PROBLEM_CONFIRMED: _("Problem and its impact confirmed"),
        Element.CRITERIA_AGREED: _("Criteria of the choice agreed"),
        Element.STAKEHOLDERS_KNOWN: _("Everyone who decides is known"),
        Element.BUDGET_AND_TIMELINE_SET: _("Budget and timeline set"),
        Element.CHAMPION_SELLS: _("Sells for us inside"),
        Element.CHAMPION_SHARES: _("Tells us what goes on inside"),
        Element.CHAMPION_COACHES: _("Coaches us through the organisation"),
        Element.EXECUTIVE_KNOWS_PROJECT: _("Know the project"),
        Element.EXECUTIVE_KNOWS_PROBLEM: _("Know the problem and its cost"),
        Element.EXECUTIVE_BACKS: _("Have backed it"),
        Element.DRIVER_JUSTIFIED: _("The money is justified"),
        Element.DRIVER_CO_BUILT: _("The case was built together"),
        Element.DRIVER_IN_THEIR_TERMS: _("It stands in their own figures"),
    },
)
QUESTIONS = register(
    "element_question",
    {
        Element.BUDGET: _("How much is set aside, and by whom?"),
        Element.AUTHORITY: _("Who can say yes, and who can say no?"),
        Element.NEED: _("What does the problem cost them?"),
        Element.TIMING: _("When must it work, and why then?"),
        Element.COMPETITION: _("Who else is asked, doing nothing included?"),
        Element.DECISION_PROCESS: _("Which steps lead to a decision, and who takes them?"),
        Element.COMPELLING_EVENT: _("What happens if they do not decide?"),
        Element.PROBLEM_CONFIRMED: _("Did the customer confirm the problem and what it does to the business?"),
        Element.CRITERIA_AGREED: _("Did the customer decide what the choice is measured by?"),
        Element.STAKEHOLDERS_KNOWN: _("Do we know everyone who takes part in the decision?"),
        Element.BUDGET_AND_TIMELINE_SET: _("Did the customer set a budget and a timeline?"),
        Element.CHAMPION_SELLS: _("Does the champion sell for us when we are not there, or wait for our push?"),
        Element.CHAMPION_SHARES: _("Does the champion tell us how it is decided and what is in the way?"),
        Element.CHAMPION_COACHES: _("Does the champion guide us to the right people in the right order?"),
        Element.EXECUTIVE_KNOWS_PROJECT: _("Does the leadership know that this project exists?"),
        Element.EXECUTIVE_KNOWS_PROBLEM: _("Does the leadership know the problem and what it costs?"),
        Element.EXECUTIVE_BACKS: _("Has somebody of the leadership backed it?"),
        Element.DRIVER_JUSTIFIED: _("Is it clear what the customer gains for the money?"),
        Element.DRIVER_CO_BUILT: _("Did the customer work out the case with us?"),
        Element.DRIVER_IN_THEIR_TERMS: _("Is the gain measured by figures the customer already watches?"),
    },
)
REFUSALS = {
    "told_by_whom": _("Choose who told us. Until somebody did, it is assumed."),
    "confirmed_by_what": _("Choose who confirmed it, or name the document it is written in."),
    "always_applies": _("Every deal has this. Say that it is unknown instead."),
    "say_why_not_applicable": _("Say why it does not apply to this deal."),
}
extend("refusal", REFUSALS)
