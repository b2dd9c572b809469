"""The words for the part people have in buying (P-10)."""

from django.utils.translation import gettext_lazy as _

from crm.lib.labels import extend, register
from pipeline.enums import StakeholderRole, Stance

STANCES = register(
    "stance",
    {
        Stance.UNKNOWN: _("Not known"),
        Stance.AGAINST: _("Against us"),
        Stance.NEUTRAL: _("Neutral"),
        Stance.FOR: _("For us"),
    },
)
INFLUENCES = register("influence", {1: _("A little"), 2: _("Some"), 3: _("Decides or is asked")})
# Where there is room for one short word.
SHORT_ROLES = register(
    "stakeholder_role_short",
    {
        StakeholderRole.ECONOMIC_BUYER: _("budget"),
        StakeholderRole.DECISION_MAKER: _("decides"),
        StakeholderRole.CHAMPION: _("champion"),
        StakeholderRole.TECHNICAL_EVALUATOR: _("technical"),
        StakeholderRole.USER: _("user"),
        StakeholderRole.LEGAL: _("legal"),
        StakeholderRole.BLOCKER: _("blocker"),
    },
)
NO_ROLE = register(
    "missing_role",
    {
        StakeholderRole.ECONOMIC_BUYER: _("No economic buyer yet"),
        StakeholderRole.DECISION_MAKER: _("No decision maker yet"),
        StakeholderRole.CHAMPION: _("No champion yet"),
    },
)
REFUSALS = {
    "left_already": _("This person does not take part in the deal."),
    "main_contact_stays": _("This is the main contact. Choose another main contact first."),
    "introducer_takes_part": _("Choose somebody else who takes part in this deal."),
}
extend("refusal", REFUSALS)
