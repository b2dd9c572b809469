"""The words for tries of rules."""

from django.utils.translation import gettext_lazy as _

from crm.lib.labels import extend, register

SCHEMES = register(
    "simulated_scheme", {"draft": _("These rules"), "published": _("Rules in force"), "fit": _("Who they are, alone")}
)
SIMULATION_REFUSALS = {
    "no_leads_to_try": _("There are no leads to try the rules on yet."),
    "nothing_suggested": _("Nothing is suggested for this rule any more."),
}
extend("refusal", SIMULATION_REFUSALS)
