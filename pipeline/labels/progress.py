"""The words for how far a customer has come in buying (P-21, B31)."""

from django.utils.translation import gettext_lazy as _

from crm.lib.labels import register
from pipeline.enums import Element

# Short names, for cells; a question's own words stand with the elements.
PROGRESS = register(
    "progress",
    {
        Element.PROBLEM_CONFIRMED: _("Problem confirmed"),
        Element.CRITERIA_AGREED: _("Criteria agreed"),
        Element.STAKEHOLDERS_KNOWN: _("Deciders known"),
        Element.BUDGET_AND_TIMELINE_SET: _("Budget and timeline"),
        "champion": _("Champion"),
        "executive": _("Executives"),
        "driver": _("Economic driver"),
    },
)
PARTS = register(
    "progress_part",
    {
        "milestones": _("What the customer decided"),
        "champion": _("Champion"),
        "executive": _("Executives"),
        "driver": _("Economic driver"),
    },
)
