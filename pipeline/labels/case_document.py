"""A business case as it is read: the same words and numbers on our page, on the customer's and on paper (B28)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.lib import formats
from pipeline.enums import CaseSide
from pipeline.facts import CaseFacts, CaseKpiFacts, CaseRowFacts
from pipeline.figures.business_case import case_figures, case_flows
from pipeline.labels.business_cases import CASE_SIDES, FIGURES, NOTHING, figure_note, figure_text


def case_document(case: CaseFacts, *, customer: str, seller: str, until: str = "") -> dict[str, Any]:
    """Return what may be shown to whoever has the address: neither our notes nor anybody's name but the companies'."""
    return {
        "language": get_language() or "en",
        "title": _("Business case: %(customer)s") % {"customer": customer},
        "customer": customer,
        "seller": seller,
        "measure": case.measure,
        "figures": case_cells(case),
        "table": _table(case),
        "kpis": [_kpi(kpi, case) for kpi in case.kpis],
        "sides": [_side(side, case) for side in (CaseSide.BENEFIT, CaseSide.COST)],
        "year_names": _year_names(case.years),
        "built": _("Built together on %(day)s.") % {"day": formats.full_day(case.co_built_on)}
        if case.co_built_on
        else "",
        "basis": _("All amounts in %(currency)s. Present value at %(rate)s a year.")
        % {"currency": case.currency, "rate": rate_text(case.discount_rate)},
        "until": _("Open until %(day)s.") % {"day": until} if until else "",
        "words": {
            "figures": _("What it comes to"),
            "measure": _("What will be different"),
            "table": _("Year by year"),
            "kpis": _("Your figures, and what moves them"),
            "kpi": _("Figure"),
            "now": _("Now"),
            "goal": _("Goal"),
            "our_part": _("What moves it"),
            "what": _("What for"),
            "by": _("Prepared by %(seller)s") % {"seller": seller},
        },
    }


def case_cells(case: CaseFacts) -> list[dict[str, str]]:
    """Return the four figures with how each is computed and what to know of it."""
    flows = case_flows(((row.side, row.at_start, row.yearly) for row in case.rows), years=case.years)
    return [
        {
            "code": name,
            "name": str(FIGURES[name][0]),
            "value": figure_text(name, figure, case.currency),
            "note": figure_note(name, figure),
            "how": str(FIGURES[name][1]),
        }
        for name, figure in case_figures(flows, rate=case.discount_rate).items()
    ]


def rate_text(rate: Decimal) -> str:
    """Return a discount rate without idle decimals."""
    percent = (rate * 100).normalize()
    return formats.percent(rate, max(0, -int(percent.as_tuple().exponent)))


def _year_names(years: int) -> list[str]:
    return [_("Start"), *(_("Year %(n)s") % {"n": year} for year in range(1, years + 1))]


def _table(case: CaseFacts) -> list[dict[str, Any]]:
    """Return a line each for benefits, costs, net and what it adds up to, with its amounts from the start on."""
    flows = case_flows(((row.side, row.at_start, row.yearly) for row in case.rows), years=case.years)
    lines = [
        (str(CASE_SIDES[CaseSide.BENEFIT]), flows.benefits),
        (str(CASE_SIDES[CaseSide.COST]), flows.costs),
        (_("What is left"), flows.net),
        (_("Adds up to"), flows.cumulative),
    ]
    return [{"name": name, "amounts": _amounts(amounts, zero="0")} for name, amounts in lines]


def _side(side: CaseSide, case: CaseFacts) -> dict[str, Any]:
    rows = [row for row in case.rows if row.side == side]
    return {"name": str(CASE_SIDES[side]), "rows": [_row(row, case) for row in rows]}


def _row(row: CaseRowFacts, case: CaseFacts) -> dict[str, Any]:
    padded = [row.at_start, *row.yearly, *[Decimal(0)] * case.years][: case.years + 1]
    return {"name": row.label, "kpi": row.kpi, "amounts": _amounts(padded)}


def _amounts(amounts: Sequence[Decimal], *, zero: str = NOTHING) -> list[str]:
    return [formats.number(amount, 0 if amount == int(amount) else 2) if amount else zero for amount in amounts]


def _kpi(kpi: CaseKpiFacts, case: CaseFacts) -> dict[str, Any]:
    def number(value: Decimal | None) -> str:
        if value is None:
            return NOTHING
        digits = max(0, -int(value.normalize().as_tuple().exponent))
        return f"{formats.number(value, digits)} {kpi.unit}".strip()

    linked = [row.label for row in case.rows if row.kpi == kpi.name]
    return {
        "name": kpi.name, "now": number(kpi.now), "goal": number(kpi.goal), "our_part": kpi.our_part,
        "rows": ", ".join(linked),
    }  # fmt: skip
