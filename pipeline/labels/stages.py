"""Phases that ship: the six of a usual sale, and the eight from the target group to the customer's care (LT-043, FI-002)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.lib.labels import extend


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase of a template: worked at from a weight on, or elsewhere, before a deal is made or after it is won."""

    name: Any
    weight: Decimal | None = None
    elsewhere: Any = ""


@dataclass(frozen=True, slots=True)
class Template:
    """Phases under a name."""

    code: str
    name: Any
    phases: tuple[Phase, ...]

    @property
    def stages(self) -> list[tuple[str, Decimal]]:
        """Return what is made of it: the phases of a deal, in the reader's language."""
        return [(str(phase.name), phase.weight) for phase in self.phases if phase.weight is not None]


FIRST, QUALIFYING, DECIDING, CLOSING = Decimal("0.10"), Decimal("0.25"), Decimal("0.50"), Decimal("0.90")
TEMPLATES = (
    Template(
        "six",
        _("Six phases of a sale"),
        (
            Phase(_("Prospecting"), FIRST),
            Phase(_("Qualification"), QUALIFYING),
            Phase(_("Needs analysis"), QUALIFYING),
            Phase(_("Proposal"), DECIDING),
            Phase(_("Negotiation"), DECIDING),
            Phase(_("Closing"), CLOSING),
        ),
    ),
    Template(
        "eight",
        _("Eight phases, from the target group to the customer’s care"),
        (
            Phase(_("Target group"), elsewhere=_("on accounts and leads")),
            Phase(_("New leads"), elsewhere=_("on leads")),
            Phase(_("Qualification of leads"), elsewhere=_("on leads, by their score")),
            Phase(_("First contact"), elsewhere=_("on leads, until a meeting has a date")),
            Phase(_("Customer meetings"), QUALIFYING),
            Phase(_("Proposal"), DECIDING),
            Phase(_("Closing"), CLOSING),
            Phase(_("Customer care"), elsewhere=_("on the account, after the deal is won")),
        ),
    ),
)

REFUSALS = {
    "has_stages": _("This pipeline has phases. Take them away before you choose others."),
    "stage_elsewhere": _("That phase is not one of the setpoint the deal stands at. Move the deal first."),
    "stage_name_taken": _("There is a phase “%(name)s” in this pipeline already."),
    "setpoint_gone": _("Choose a setpoint that is in use."),
}
extend("refusal", REFUSALS)
