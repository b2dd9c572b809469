"""The words for the customer's own case for buying, on our pages, on theirs and on paper (B28)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.lib import formats
from crm.lib.envelope import Figure, Reason
from crm.lib.labels import extend, register
from pipeline.enums import CaseSide

NOTHING = "–"
CASE_SIDES = register(
    "case_side", {CaseSide.COST: gettext_lazy("What it costs"), CaseSide.BENEFIT: gettext_lazy("What it brings")}
)
FIELDS = register(
    "case_field",
    {
        "currency": gettext_lazy("Currency"),
        "years": gettext_lazy("Years"),
        "discount_rate": gettext_lazy("Discount rate"),
        "justification": gettext_lazy("How we know the spend is justified"),
        "measure": gettext_lazy("The result in their own terms"),
        "co_built_with_id": gettext_lazy("Built together with"),
        "co_built_on": gettext_lazy("Built together on"),
        "rows": gettext_lazy("Costs and benefits"),
        "kpis": gettext_lazy("Their figures"),
    },
)
FIGURES: Mapping[str, tuple[Any, Any]] = {
    "roi": (gettext_lazy("Return (ROI)"), gettext_lazy("(benefits − costs) / costs over all years")),
    "payback": (gettext_lazy("Payback"), gettext_lazy("when what was spent has come back, within a year pro rata")),
    "npv": (gettext_lazy("Present value (NPV)"), gettext_lazy("all net amounts, discounted to the start")),
    "irr": (gettext_lazy("Internal rate (IRR)"), gettext_lazy("the discount rate at which the present value is 0")),
}
WHY_NONE: Mapping[str, Mapping[Reason, Any]] = {
    "roi": {Reason.ZERO_DENOMINATOR: gettext_lazy("it costs nothing")},
    "payback": {Reason.NEVER: gettext_lazy("not within these years")},
    "irr": {Reason.NEVER: gettext_lazy("no rate makes it 0")},
}
extend(
    "refusal",
    {
        "case_kpi_twice": gettext_lazy("“%(name)s” stands there twice. Give each figure a name of its own."),
        "case_kpi_unknown": gettext_lazy("“%(name)s” is none of their figures."),
        "case_kpi_named": gettext_lazy("Name each of their figures."),
        "case_row_named": gettext_lazy("Say of each amount what it is for."),
        "case_row_beyond": gettext_lazy("An amount lies beyond the %(years)s years of the case."),
        "case_part_gone": gettext_lazy("A line was taken away meanwhile. Look at the case again."),
        "case_years": gettext_lazy("Choose 1 to %(most)s years."),
        "case_rate": gettext_lazy("A discount rate is between 0%% and 100%%."),
        "case_co_built_whole": gettext_lazy("Say with whom it was built, and on which day."),
        "case_too_many": gettext_lazy("There is room for %(most)s lines."),
        "case_share_until": gettext_lazy("Choose a day from today on, at most %(most)s days ahead."),
        "case_empty": gettext_lazy("There is no business case yet."),
    },
)


def figure_text(name: str, figure: Figure, currency: str) -> str:
    """Return a figure of the case as people read it; a dash where there is none."""
    if figure.value is None:
        return NOTHING
    if name == "npv":
        return formats.money(round(figure.value), currency)
    if name == "payback":
        return years_text(figure.value)
    return formats.percent(figure.value, 1)


def figure_note(name: str, figure: Figure) -> str:
    """Return what must be known beside a figure: why there is none, or what to beware of."""
    if figure.reason is not None:
        return str(WHY_NONE.get(name, {}).get(figure.reason, _("no amounts yet")))
    if figure.detail.get("several"):
        return _("costs and gains take turns, so another rate may do as well")
    if figure.detail.get("falls_again"):
        return _("later costs take it below 0 again")
    return ""


def years_text(value: Decimal) -> str:
    """Return a time in years, below two of them in months."""
    if value and value < 2:
        months = int((value * 12).to_integral_value())
        return ngettext("%(n)s month", "%(n)s months", months) % {"n": months}
    digits = 0 if round(value, 1) == round(value) else 1
    return ngettext("%(n)s year", "%(n)s years", int(value)) % {"n": formats.number(value, digits)}


def case_words(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, str]:
    """Return what changed in a business case, for the history of its deal."""
    title = _("Business case")
    if "shared_until" in new:
        before, after = (_shared(value.get("shared_until")) for value in (old, new))
        return {"label": title, "old": before if old else "", "new": after}
    return {"label": title, "old": _sums(old), "new": _sums(new)}


def stale_words(current: Mapping[str, Any]) -> list[str]:
    """Return what somebody else changed meanwhile, a sentence each."""
    return [_stale_sentence(name, value) for name, value in current.items()]


def _stale_sentence(name: str, value: Any) -> str:
    if value is None:
        return _("A line you changed was taken away.")
    if ":" in name:
        return _("A line you changed was changed: %(line)s") % {"line": getattr(value, "label", "") or value.name}
    return _("%(field)s is now: %(value)s") % {"field": FIELDS.get(name, name), "value": value}


def _shared(until: str | None) -> str:
    if not until:
        return _("not shared")
    return _("shared until %(day)s") % {"day": formats.short_day(date.fromisoformat(until))}


def _sums(case: Mapping[str, Any]) -> str:
    if not case:
        return ""
    cost, benefit = (formats.money(Decimal(case[name]), case["currency"]) for name in ("cost", "benefit"))
    years = ngettext("%(n)s year", "%(n)s years", case["years"]) % {"n": case["years"]}
    return _("%(benefit)s for %(cost)s in %(years)s") % {"benefit": benefit, "cost": cost, "years": years}
