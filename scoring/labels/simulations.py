"""The words for tries of rules."""

from django.utils.translation import gettext_lazy as _

from crm.lib.labels import extend, register

SCHEMES = register(
    "simulated_scheme", {"draft": _("These rules"), "published": _("Rules in force"), "fit": _("Who they are, alone")}
)
OUTCOME_WORDS = register("simulated_outcome", {"qualified": _("Became qualified"), "won": _("Was won")})
OUTCOME_COUNTS = {
    "qualified": _("%(came)s of %(leads)s leads became qualified within 90 days"),
    "won": _("%(came)s of %(leads)s leads were won within 90 days"),
}
OUTCOME_FEW = {
    "qualified": _("Only %(came)s leads became qualified so far. Points are suggested from 20 on."),
    "won": _("Only %(came)s leads were won so far. Points are suggested from 20 on."),
}
OUTCOME_HEADS = register("simulated_outcome_head", {"qualified": _("Qualified"), "won": _("Won")})
SIMULATION_REFUSALS = {
    "no_leads_to_try": _("There are no leads to try the rules on yet."),
    "nothing_suggested": _("Nothing is suggested for this rule any more."),
}
extend("refusal", SIMULATION_REFUSALS)
