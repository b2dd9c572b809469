"""The words for what a deal is worth: kinds of cost, hours, billing, potential and strategic value (P-13)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.lib import formats
from crm.lib.labels import extend, label, register
from pipeline.enums import Billing, CostKind, EffortKind, ExpansionKind, StrategicKind
from pipeline.labels.business_cases import case_words

COST_KINDS = register(
    "cost_kind",
    {
        CostKind.GOODS: gettext_lazy("Goods sold"),
        CostKind.SERVICES: gettext_lazy("Professional services"),
        CostKind.CUSTOM_DEVELOPMENT: gettext_lazy("Custom development"),
        CostKind.THIRD_PARTY: gettext_lazy("Third party"),
    },
)
EFFORT_KINDS = register(
    "effort_kind",
    {
        EffortKind.DISCOVERY: gettext_lazy("Discovery"),
        EffortKind.DEMO: gettext_lazy("Demo"),
        EffortKind.PROPOSAL: gettext_lazy("Proposal"),
        EffortKind.SALES_ENGINEER: gettext_lazy("Sales engineer"),
        EffortKind.EXECUTIVE: gettext_lazy("Executive"),
        EffortKind.LEGAL: gettext_lazy("Legal"),
        EffortKind.PROSPECTING: gettext_lazy("Prospecting"),
        EffortKind.OTHER: gettext_lazy("Other"),
    },
)
BILLINGS = register(
    "billing",
    {
        Billing.ONE_OFF: gettext_lazy("Once"),
        Billing.MONTHLY: gettext_lazy("Each month"),
        Billing.YEARLY: gettext_lazy("Each year"),
    },
)
EXPANSION_KINDS = register(
    "expansion_kind",
    {
        ExpansionKind.USAGE: gettext_lazy("More usage"),
        ExpansionKind.PRODUCT: gettext_lazy("More products"),
        ExpansionKind.BUSINESS_UNIT: gettext_lazy("Other business units"),
    },
)
STRATEGIC_KINDS = register(
    "strategic_kind",
    {
        StrategicKind.REFERENCE: gettext_lazy("Reference"),
        StrategicKind.DISPLACEMENT: gettext_lazy("Displaces a competitor"),
        StrategicKind.NEW_SEGMENT: gettext_lazy("Opens a new segment"),
    },
)
WEIGHTS = register("strategic_weight", {1: gettext_lazy("Some"), 2: gettext_lazy("Much"), 3: gettext_lazy("Decisive")})
extend(
    "refusal",
    {
        "line_names_something": gettext_lazy("Choose a product, or say what is sold."),
        "line_billed_once": gettext_lazy("What is billed once has no term. Leave it empty."),
        "line_needs_term": gettext_lazy("Say for how many months, from 1 to %(most)s."),
        "removed_already": gettext_lazy("This was taken away meanwhile."),
        "claim_changed": gettext_lazy("It was claimed anew meanwhile. Read what it says now."),
        "effort_minutes": gettext_lazy("Write how long, from 1 minute to 24 hours."),
        "effort_day": gettext_lazy("Choose a day of the last year, today at the latest."),
        "may_not_approve_strategic": gettext_lazy("Whoever manages the deal’s owner approves this. Ask them."),
    },
)
NOTHING = "–"


def number_text(value: Decimal) -> str:
    """Return a number without zeros that say nothing, as a field takes it back."""
    return f"{value.normalize():f}"


def discount_text(discount: Decimal | str) -> str:
    """Return a discount between 0 and 1 as people write it: 12.5%."""
    share = Decimal(discount)
    return formats.percent(share, max(0, -int((share * 100).normalize().as_tuple().exponent)))


def hours_text(minutes: int) -> str:
    """Return minutes as hours and minutes: 1 h 30 min."""
    hours, rest = divmod(minutes, 60)
    parts = [_("%(n)s h") % {"n": hours}] if hours else []
    return " ".join([*parts, _("%(n)s min") % {"n": rest}] if rest or not hours else parts)


def months_text(months: Decimal) -> str:
    """Return a number of months: 7.5 months."""
    digits = max(0, -int(months.normalize().as_tuple().exponent))
    return ngettext("%(n)s month", "%(n)s months", int(months.to_integral_value("ROUND_CEILING"))) % {
        "n": formats.number(months, min(digits, 1))
    }


def economics_words(event: Any, old: Any, new: Any, names: Mapping[tuple[str, int | str], str]) -> dict[str, str]:
    """Return what changed in the economics of a deal, for its history."""
    if "case" in new:
        return case_words(old, new)
    title, before = _row_words(old, names)
    named, after = _row_words(new, names)
    title = named or title
    if new.get("removed"):
        return {"label": title, "old": before, "new": NOTHING, "sentence": _("Removed: %(what)s") % {"what": before}}
    note = str(new.get("why") or "") if new.get("approved") else ""
    return {"label": title, "old": "" if old.get("removed") else before, "new": after or NOTHING, "note": note}


def _row_words(row: Mapping[str, Any], names: Mapping[tuple[str, int | str], str]) -> tuple[str, str]:
    if not row:
        return "", ""
    if "effort" in row:
        spent = f"{hours_text(int(row['minutes']))}, {formats.short_day(date.fromisoformat(row['on']))}"
        who = names.get(("owner", row.get("owner") or 0), "")
        return label("effort_kind", row["kind"]), f"{spent}, {who}" if who else spent
    if "direct_cost" in row:
        return label("cost_kind", row["kind"]), _money(row, "amount", "currency")
    if "expansion" in row:
        return label("expansion_kind", row["expansion"]), _money(row, "amount", "currency")
    if "strategic" in row:
        state = _("approved") if row.get("approved") else _("not approved")
        return label("strategic_kind", row["strategic"]), f"{label('strategic_weight', row['weight'])}, {state}"
    return _("Product"), _line_words(row, names)


def _line_words(row: Mapping[str, Any], names: Mapping[tuple[str, int | str], str]) -> str:
    name = names.get(("product", row.get("product") or 0)) or row.get("description") or NOTHING
    quantity = Decimal(row.get("quantity") or 1)
    if quantity != 1:
        name = f"{formats.number(quantity, max(0, -int(quantity.normalize().as_tuple().exponent)))} × {name}"
    words = [name, _money(row, "price", "currency")]
    if Decimal(row.get("discount") or 0):
        words.append(_("%(share)s off") % {"share": discount_text(row["discount"])})
    return ", ".join(words)


def _money(row: Mapping[str, Any], amount: str, currency: str) -> str:
    return formats.money(Decimal(row[amount]), row[currency]) if row.get(amount) is not None else NOTHING
