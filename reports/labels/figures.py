"""Words of the figures: what a value reads like, why there is none, what was left out."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.lib import formats, labels
from crm.lib.envelope import Display, Envelope, Figure, Reason
from crm.queries.organisation import get_organisation

REASONS = labels.register(
    "figure_reason",
    {
        Reason.NO_DATA: gettext_lazy("nothing to count"),
        Reason.ZERO_DENOMINATOR: gettext_lazy("nothing is decided yet"),
        Reason.NO_CLOSED_DEALS: gettext_lazy("no deal closed"),
        Reason.TARGET_MET: gettext_lazy("the target is met"),
        Reason.NOT_ENOUGH_HISTORY: gettext_lazy("not enough history"),
        Reason.NEVER: gettext_lazy("never"),
        Reason.NO_RATE: gettext_lazy("no exchange rate"),
        Reason.NO_TARGET: gettext_lazy("no target is set"),
        Reason.NO_START: gettext_lazy("no first meeting is recorded"),
        Reason.INCOMPLETE: gettext_lazy("incomplete"),
    },
)

EXCLUDED = labels.register(
    "figure_excluded",
    {
        "no_rate": gettext_lazy("without an exchange rate"),
        "no_amount": gettext_lazy("without an amount"),
        "overdue_close_date": gettext_lazy("with a close date that has passed"),
        "declined_before_50": gettext_lazy("declined before 50%"),
        "archived": gettext_lazy("archived since"),
        "backfilled": gettext_lazy("imported without history"),
        "no_start": gettext_lazy("without a first meeting"),
        "negative_duration": gettext_lazy("won before they began"),
        "not_applicable": gettext_lazy("to which nothing of it applies"),
        "nothing_said": gettext_lazy("of which nothing had been said"),
        "waiting": gettext_lazy("that still wait for an answer"),
        "dropped": gettext_lazy("whose promise is no longer wanted"),
        "unchecked": gettext_lazy("whose delivery nobody checked yet"),
        "invalid": gettext_lazy("sent back as nobody to answer"),
        "sent_back": gettext_lazy("sent back before they were due"),
        "given_on": gettext_lazy("given to somebody else before they were due"),
    },
)

BANDS = labels.register(
    "size_band",
    {
        "under_10k": gettext_lazy("Under 10k"),
        "10k_30k": gettext_lazy("10k to 30k"),
        "30k_100k": gettext_lazy("30k to 100k"),
        "over_100k": gettext_lazy("Over 100k"),
        "unknown": gettext_lazy("No amount"),
    },
)

DIMENSIONS = labels.register(
    "dimension",
    {
        "owner": gettext_lazy("Person"),
        "team": gettext_lazy("Team"),
        "pipeline": gettext_lazy("Pipeline"),
        "deal_type": gettext_lazy("Deal type"),
        "source": gettext_lazy("Source"),
        "campaign": gettext_lazy("Campaign"),
        "channel": gettext_lazy("Channel"),
        "content_type": gettext_lazy("Content"),
        "version": gettext_lazy("Version of the rules"),
        "rule": gettext_lazy("Rule"),
        "band": gettext_lazy("Score"),
        "industry": gettext_lazy("Sector"),
        "setpoint": gettext_lazy("Setpoint"),
        "month": gettext_lazy("Month"),
    },
)


def value_text(value: Decimal | None, unit: str, *, currency: str = "", short: bool = False) -> str:
    """Return a value as a person reads it; a dash for none."""
    if value is None:
        return "–"
    if unit == "money":
        write = formats.short_money if short else formats.money
        return write(value, currency or get_organisation().currency)
    if unit == "ratio":
        return formats.percent(value, _digits(value))
    if unit == "hours":
        return formats.duration(timedelta(hours=float(value)))
    if unit == "days":
        return formats.days_in_words(int(value.to_integral_value()))
    return formats.number(value)


def figure_text(figure: Figure, *, currency: str = "") -> str:
    """Return a figure's value as a page shows it: hidden below 5, a dash where there is none (B0)."""
    if figure.value is not None and figure.display == Display.HIDDEN:
        return _("too few")
    return value_text(figure.value, figure.unit, currency=currency)


def figure_note(figure: Figure, *, of_leads: bool = False) -> str:
    """Return what must stand beside the value: its interval, how few it rests on, why there is none."""
    if figure.reason:
        return str(REASONS[figure.reason])
    if figure.display == Display.HIDDEN:
        numerator = "" if figure.numerator is None else formats.number(figure.numerator)
        return (
            _("n too small (%(part)s of %(n)s)") % {"part": numerator, "n": figure.n}
            if numerator
            else _("n too small (%(n)s)") % {"n": figure.n}
        )
    notes = [interval_text(figure)] if figure.interval else []
    if figure.display == Display.LOW_DATA:
        leads = ngettext("low data: %(n)s lead", "low data: %(n)s leads", figure.n)
        deals = ngettext("low data: %(n)s deal", "low data: %(n)s deals", figure.n)
        notes.append((leads if of_leads else deals) % {"n": figure.n})
    return ", ".join(notes)


def clock_words(detail: Mapping[str, Any]) -> list[str]:
    """Return the medians of the other clocks, each named: from the lead, from the deal's making (FI-023)."""
    clocks = (("lead_to_won", _("%(days)s from the lead")), ("created_to_won", _("%(days)s from making the deal")))
    return [
        words % {"days": value_text(Decimal(detail[clock]), "days")}
        for clock, words in clocks
        if detail.get(clock) is not None
    ]


def interval_text(figure: Figure) -> str:
    """Return the range as words, as finely as its value; empty without one."""
    if figure.interval is None:
        return ""
    digits = 0 if figure.value is None else _digits(figure.value)
    low, high = (formats.percent(bound, digits) for bound in (figure.interval.low, figure.interval.high))
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def _digits(ratio: Decimal) -> int:
    return 1 if 0 < ratio < Decimal("0.1") else 0


def figure_line(row: Envelope) -> str:
    """Return one row for the terminal: the exact value, n, the range, the reason."""
    figure = row.figure
    value = "-" if figure.value is None else f"{figure.value:f} {figure.unit}"
    parts = [f"{value:>24}", f"n={figure.n}"]
    if figure.interval:
        parts.append(f"[{figure.interval.low:f}, {figure.interval.high:f}]")
    if figure.reason:
        parts.append(str(figure.reason))
    parts += [f"{name}: {len(ids)} left out" for name, ids in figure.excluded.items()]
    return "  ".join(parts)
