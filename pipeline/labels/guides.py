"""The words for what to say to whom (TR-036, TR-044)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.lib.labels import extend, label, register
from pipeline.policies.guides import GuideFacts, said_to

TEXT_NAMES = register(
    "guide_text",
    {
        "concern": gettext_lazy("What matters to them"),
        "business_terms": gettext_lazy("In their business terms"),
        "message": gettext_lazy("What we say"),
        "questions": gettext_lazy("What to ask"),
        "proof": gettext_lazy("What proves it"),
        "avoid": gettext_lazy("What to leave out"),
    },
)
TEXT_HINTS = {
    "concern": gettext_lazy("How they see their own work, and what they are measured by."),
    "business_terms": gettext_lazy("Payback, return, cost and risk in their figures. Needed for executives."),
    "message": gettext_lazy("What our solution does about it. Not shown for executives who have the line above."),
    "questions": gettext_lazy("Questions that make them think, one a line."),
    "proof": gettext_lazy("Customers, figures, references."),
    "avoid": gettext_lazy("Words and claims that do not help here."),
}
FIELDS = register(
    "field.pipeline.MessageGuide",
    {**TEXT_NAMES, "seniority": gettext_lazy("Level"), "persona": gettext_lazy("Persona"),
     "competitor": gettext_lazy("Competitor")},
)  # fmt: skip
REFUSALS = {
    "guide_for_nobody": gettext_lazy("Say for whom: a level, a persona or a competitor."),
    "guide_says_nothing": gettext_lazy("Write one of the texts at least."),
    "executives_in_business_terms": gettext_lazy(
        "Executives are spoken to in terms of their own business. Write that."
    ),
    "guide_exists": gettext_lazy("There is a guide for these people already. Change that one."),
}
extend("refusal", REFUSALS)


def guide_title(guide: GuideFacts) -> str:
    """Return for whom a guide is, such as `Top management, Plant manager, against Volta Systems`."""
    whom = [part for part in (label("seniority", guide.seniority), guide.persona) if part]
    if guide.competitor:
        whom.append((_("against %(name)s") if whom else _("Against %(name)s")) % {"name": guide.competitor})
    return ", ".join(whom)


def guide_lines(guide: GuideFacts, seniority: str = "") -> list[tuple[str, str]]:
    """Return what a guide says to somebody of a level, each text with its name."""
    return [(label("guide_text", name), text) for name, text in said_to(guide, seniority)]
