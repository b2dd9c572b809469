"""The words for what was learned at a meeting (LT-050, FI-011)."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.lib.labels import extend, label, register

SECTION_NAMES = register(
    "meeting_section",
    {
        "present_state": gettext_lazy("Where they stand today"),
        "challenges": gettext_lazy("What makes it hard"),
        "goals": gettext_lazy("Where they want to be"),
    },
)
SECTION_HINTS = {
    "present_state": gettext_lazy("How they do it now, with what, for whom, in figures."),
    "challenges": gettext_lazy("What goes wrong, what it costs, what was tried."),
    "goals": gettext_lazy("What must be different, by when, and how they will measure it."),
}
FIELDS = register("field.pipeline.MeetingRecord", SECTION_NAMES)
REFUSALS = {
    "no_meeting": gettext_lazy("This deal has no such meeting."),
    "meeting_not_held": gettext_lazy("This meeting did not take place."),
    "meeting_ahead": gettext_lazy("This meeting is still to come."),
    "meeting_says_nothing": gettext_lazy("Write down one of the three at least."),
}
extend("refusal", REFUSALS)


def meeting_words(event: Any, old: Any, new: Any, names: Any) -> dict[str, str]:
    """Return the words of a meeting that was written down: which sections say something now."""
    said = ", ".join(label("meeting_section", name) for name in new.get("sections", "").split(",") if name)
    return {"label": _("Meeting record"), "new": said, "sentence": _("Meeting written down: %(what)s") % {"what": said}}
