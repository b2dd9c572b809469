"""The words for changing many deals at once."""

from datetime import date
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from crm.lib import formats
from crm.lib.labels import extend, label, register
from pipeline.enums import BulkKind, BulkOutcome

KINDS = register(
    "bulk_kind",
    {
        BulkKind.OWNER: _("Owner"),
        BulkKind.SETPOINT: _("Setpoint"),
        BulkKind.EXPECTED_CLOSE_ON: _("Expected close"),
        BulkKind.DEAL_TYPE: _("Type"),
        BulkKind.NEXT_STEP: _("Next step"),
    },
)
ICONS = {
    BulkKind.OWNER: "user",
    BulkKind.SETPOINT: "move-right",
    BulkKind.EXPECTED_CLOSE_ON: "calendar",
    BulkKind.DEAL_TYPE: "tag",
    BulkKind.NEXT_STEP: "flag",
}
OUTCOMES = register(
    "bulk_outcome",
    {
        BulkOutcome.CHANGED: _("Changed"),
        BulkOutcome.OVERRIDDEN: _("Moved with a reason"),
        BulkOutcome.UNCHANGED: _("Was so already"),
        BulkOutcome.REFUSED: _("Left as it was"),
    },
)
REFUSALS = {
    "too_many_deals": _("Choose at most %(most)s deals at once. Nothing was changed."),
    "no_deals": _("Choose at least one deal."),
    "undone_already": _("This was undone already."),
}
extend("refusal", REFUSALS)


def question(kind: BulkKind, count: int) -> str:
    """Return what the sheet asks of the chosen deals."""
    says = {
        BulkKind.OWNER: ngettext("Who owns this deal?", "Who owns these %(count)d deals?", count),
        BulkKind.SETPOINT: ngettext("Where does this deal stand?", "Where do these %(count)d deals stand?", count),
        BulkKind.EXPECTED_CLOSE_ON: ngettext("When does it close?", "When do these %(count)d deals close?", count),
        BulkKind.DEAL_TYPE: ngettext("Of which type is it?", "Of which type are these %(count)d deals?", count),
        BulkKind.NEXT_STEP: ngettext("What happens next?", "What happens next at these %(count)d deals?", count),
    }
    pattern = says[kind]
    return pattern % {"count": count} if "%(count)d" in pattern else pattern


def finding(changed: int, refused: int) -> str:
    """Return in a sentence what became of the chosen deals."""
    words = ngettext("%(count)d deal was changed", "%(count)d deals were changed", changed)
    done = words % {"count": changed} if changed else gettext("Nothing was changed")
    if not refused:
        return gettext("%(done)s.") % {"done": done}
    left = ngettext("%(count)d stayed as it was", "%(count)d stayed as they were", refused) % {"count": refused}
    return gettext("%(done)s, %(left)s.") % {"done": done, "left": left}


def what_was_set(kind: str, value: dict[str, Any], name: str) -> str:
    """Return what the deals were given; `name` is that of an owner or a setpoint."""
    if kind == BulkKind.NEXT_STEP:
        on = formats.day(date.fromisoformat(value["on"]), relative=False)
        return gettext("%(purpose)s, %(on)s") % {"purpose": value["purpose"], "on": on}
    if kind == BulkKind.EXPECTED_CLOSE_ON:
        return formats.day(date.fromisoformat(value["on"]), relative=False) if value else "–"
    return label("deal_type", value.get("deal_type", "")) if kind == BulkKind.DEAL_TYPE else name
