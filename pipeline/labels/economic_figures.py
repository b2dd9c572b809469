"""The figures of a deal's economics in words: each with how it is computed, of what, and why there is none (P-13)."""

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.lib import formats
from crm.lib.envelope import Figure, Reason
from pipeline.enums import CostKind
from pipeline.figures.deal_economics import Assumed, Economics, Observed
from pipeline.labels.economics import COST_KINDS, months_text


@dataclass(frozen=True, slots=True)
class SaidFigure:
    """One figure as a page shows it; `formula` says how it is computed, with its numbers."""

    code: str
    name: str
    value: str
    note: str = ""
    tone: str = ""
    formula: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What the words of one deal rest on."""

    economics: Economics
    assumed: Assumed
    currency: str
    observed: Observed
    chance_of_all: bool = False

    def money(self, value: Decimal | None) -> str:
        """Return an amount in the report currency, a dash for none."""
        return "–" if value is None else formats.money(value, self.currency)

    def part(self, value: Decimal | None) -> str:
        """Return an amount as a formula has it, where a dash would read as a minus."""
        return _("unknown") if value is None else formats.money(value, self.currency)


def describe_economics(told: Told) -> list[SaidFigure]:
    """Return every figure of a deal in words, the five a panel shows first."""
    return [
        _margin(told), _discount(told), _pursuit(told), _payback(told), _lifetime(told), _first_year(told),
        _acquisition(told), _ratio(told), _expected(told), _break_even(told),
    ]  # fmt: skip


def economics_finding(told: Told) -> str:
    """Return what a manager would say of the deal: what it leaves us, or why nobody knows."""
    margin = told.economics.margin
    if margin.value is None:
        return _("Nobody knows yet what this deal leaves us: %(missing)s.") % {
            "missing": missing_words(margin.detail).lower()
        }
    if margin.value < 0:
        return _("It costs us %(money)s more than it brings.") % {"money": told.money(-margin.value)}
    said = {"money": told.money(margin.value), "share": share_text(margin.parts["share"].value)}
    if told.economics.payback.detail.get("over_limit"):
        return _("It leaves us %(money)s, %(share)s of its price, but pays back later than our limit.") % said
    return _("It leaves us %(money)s, %(share)s of its price.") % said


def share_text(value: Decimal | None) -> str:
    """Return a share in percent with one decimal, a dash for none."""
    return "–" if value is None else formats.percent(value, 1)


def _why(figure: Figure, otherwise: str = "") -> str:
    if figure.reason == Reason.NO_DATA:
        return otherwise or _("No lines yet")
    return {
        Reason.INCOMPLETE: otherwise or _("Incomplete"),
        Reason.NEVER: _("Never"),
        Reason.NOT_ENOUGH_HISTORY: _("Too few such deals closed to tell"),
        Reason.ZERO_DENOMINATOR: _("Nothing to divide by"),
    }.get(figure.reason, "")  # type: ignore[arg-type]  # none has no words


def missing_words(detail: dict[str, Any]) -> str:
    """Return what a margin lacks: 3 of 5 lines costed, 1 of 2 other costs known."""
    parts = []
    if detail["costed"] < detail["lines"]:
        parts.append(
            ngettext("%(costed)s of %(lines)s line costed", "%(costed)s of %(lines)s lines costed", detail["lines"])
            % detail
        )
    if detail["known_costs"] < detail["costs"]:
        parts.append(
            ngettext(
                "%(known_costs)s of %(costs)s other cost known", "%(known_costs)s of %(costs)s other costs known",
                detail["costs"],
            ) % detail
        )  # fmt: skip
    return ", ".join(parts) or _("No lines yet")


def _margin(told: Told) -> SaidFigure:
    margin, floor = told.economics.margin, told.assumed.margin_floor
    share, detail = margin.parts["share"].value, margin.detail
    name = _("Gross margin")
    formula = _("Net price of the whole contract less its direct costs: %(net)s − %(costs)s") % {
        "net": told.money(detail["net"]),
        "costs": " − ".join(_cost(told, kind, detail[kind]) for kind in CostKind if detail[kind])
        or told.money(Decimal(0)),
    }
    if margin.value is None:
        return SaidFigure("margin", name, "–", missing_words(detail), "warn", formula)
    low = share is not None and floor is not None and share < floor
    note = told.money(margin.value)
    if floor is not None:
        note = _("%(money)s, target %(floor)s or more") % {"money": note, "floor": share_text(floor)}
    tone = "bad" if low or margin.value < 0 else "ok" if floor is not None else ""
    return SaidFigure("margin", name, share_text(share), note, tone, formula)


def _cost(told: Told, kind: CostKind, amount: Decimal) -> str:
    return f"{told.money(amount)} ({str(COST_KINDS[kind]).lower()})"


def _discount(told: Told) -> SaidFigure:
    detail = told.economics.margin.detail
    share = detail["discount"] / detail["at_list"] if detail["at_list"] else None
    formula = _("List price less net price, of the list price: %(cut)s of %(list)s") % {
        "cut": told.money(detail["discount"]), "list": told.money(detail["at_list"]),
    }  # fmt: skip
    return SaidFigure("discount", _("Discount"), share_text(share), told.money(detail["discount"]), "", formula)


def _pursuit(told: Told) -> SaidFigure:
    pursuit = told.economics.pursuit
    hours = ngettext("%(n)s hour", "%(n)s hours", math.ceil(pursuit.detail["hours"])) % {
        "n": formats.number(pursuit.detail["hours"], 1)
    }
    note = hours
    if pursuit.detail["hours_without_rate"]:
        note = _("%(n)s of %(hours)s without a rate") % {
            "n": formats.number(pursuit.detail["hours_without_rate"], 1), "hours": hours,
        }  # fmt: skip
    formula = _("Hours logged times what an hour of their kind cost that day, and the cost of the lead: %(lead)s") % {
        "lead": told.money(pursuit.detail["lead"])
    }
    tone = "warn" if pursuit.value is None else ""
    return SaidFigure("pursuit", _("Cost to win so far"), told.money(pursuit.value), note, tone, formula)


def _payback(told: Told) -> SaidFigure:
    figure, limit = told.economics.payback, told.assumed.payback_limit
    value = (
        _why(figure) if figure.reason == Reason.NEVER else "–" if figure.value is None else months_text(figure.value)
    )
    notes = [_why(figure, _("Needs margin, rates and assumptions"))] if figure.reason == Reason.INCOMPLETE else []
    if figure.detail.get("with_churn"):
        notes.append(_("month %(n)s as customers leave") % {"n": figure.detail["with_churn"]})
    if limit is not None:
        notes.append(_("limit %(months)s") % {"months": months_text(Decimal(limit))})
    over = figure.detail.get("over_limit")
    formula = _("Cost of winning the customer less what comes at once, over gross profit a month: %(owed)s ÷ %(monthly)s") % {
        "owed": told.part(figure.numerator), "monthly": told.part(figure.denominator),
    }  # fmt: skip
    return SaidFigure("payback", _("Payback"), value, ", ".join(notes), "bad" if over else "", formula)


def _lifetime(told: Told) -> SaidFigure:
    figure, grown = told.economics.lifetime, told.economics.with_growth
    note = _("No assumption of how many leave") if figure.reason == Reason.NO_DATA else _why(figure)
    if grown.value is not None and grown.value != figure.value:
        note = _("%(money)s with what they may buy more of") % {"money": told.money(grown.value)}
    churn = _("unknown") if told.assumed.churn is None else share_text(told.assumed.churn)
    formula = _("What comes at once, and gross profit a month over %(months)s while %(churn)s leave each month") % {
        "months": months_text(Decimal(told.assumed.horizon)), "churn": churn,
    }  # fmt: skip
    return SaidFigure("lifetime", _("Lifetime value"), told.money(figure.value), note, "", formula)


def _first_year(told: Told) -> SaidFigure:
    margin = told.economics.margin
    formula = _("As gross margin, of the first 12 months; direct costs of the deal fall into them")
    value = margin.parts["first_year"].value
    note = share_text(margin.parts["first_year_share"].value) if value is not None else missing_words(margin.detail)
    return SaidFigure("first_year", _("First-year margin"), told.money(value), note, "", formula)


def _acquisition(told: Told) -> SaidFigure:
    figure = told.economics.acquisition
    onboarding = figure.detail["onboarding"]
    formula = _("Cost to win so far, and onboarding of a new customer: %(pursuit)s + %(onboarding)s") % {
        "pursuit": told.part(told.economics.pursuit.value), "onboarding": told.part(onboarding),
    }  # fmt: skip
    note = _why(figure, _("Needs rates and assumptions")) if figure.value is None else ""
    return SaidFigure("acquisition", _("Cost of winning them"), told.money(figure.value), note, "", formula)


def _ratio(told: Told) -> SaidFigure:
    figure = told.economics.ratio
    value = "–" if figure.value is None else _("%(n)s times") % {"n": formats.number(figure.value, 1)}
    formula = _("Lifetime value over the cost of winning them: %(worth)s ÷ %(cost)s") % {
        "worth": told.part(figure.numerator), "cost": told.part(figure.denominator),
    }  # fmt: skip
    return SaidFigure("ratio", _("Worth over cost"), value, _why(figure), "", formula)


def _expected(told: Told) -> SaidFigure:
    figure, observed = told.economics.expected, told.observed
    formula = _("Observed chance times gross margin, less the remaining cost of pursuit: %(chance)s × %(margin)s − %(cost)s") % {
        "chance": _("unknown") if figure.detail["chance"] is None else share_text(figure.detail["chance"]),
        "margin": told.part(figure.numerator), "cost": told.part(figure.denominator),
    }  # fmt: skip
    if figure.detail["strategic"]:
        formula = _("%(formula)s + %(value)s approved strategic value") % {
            "formula": formula, "value": told.money(figure.detail["strategic"]),
        }  # fmt: skip
    note = _why(figure, _("Needs margin, rates and assumptions"))
    if figure.detail["chance"] is not None:
        given = {"won": observed.won, "closed": observed.closed}
        note = (
            _("%(won)s of %(closed)s deals of all types that came as far were won")
            if told.chance_of_all
            else _("%(won)s of %(closed)s such deals that came as far were won")
        ) % given
    tone = "bad" if figure.value is not None and figure.value < 0 else ""
    return SaidFigure("expected", _("Worth of pursuing it"), told.money(figure.value), note, tone, formula)


def _break_even(told: Told) -> SaidFigure:
    figure = told.economics.expected.parts["break_even"]
    formula = _("Remaining cost of pursuit over gross margin: %(cost)s ÷ %(margin)s") % {
        "cost": told.part(figure.numerator), "margin": told.part(figure.denominator),
    }  # fmt: skip
    return SaidFigure("break_even", _("Comes out even from"), share_text(figure.value), _why(figure), "", formula)
