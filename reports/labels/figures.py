"""Words of the figures: what each is, what its value reads like, why it has none."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.lib import formats, labels
from crm.lib.envelope import Display, Envelope, Figure, Reason
from crm.queries.organisation import get_organisation

FIGURES: Mapping[str, tuple[Any, Any]] = {
    "win-rate": (
        gettext_lazy("Win rate"),
        gettext_lazy(
            "Won deals as a share of all decided in the period: won, lost, no decision, and declined once 50% was reached."
        ),
    ),
    "won-value": (
        gettext_lazy("Won"),
        gettext_lazy("The amounts of the deals won in the period, each at the booking rate of its day."),
    ),
    "average-deal": (
        gettext_lazy("Average deal"),
        gettext_lazy("The mean amount of the deals won in the period; the median stands beside it."),
    ),
    "open-value": (
        gettext_lazy("Open pipeline"),
        gettext_lazy("The amounts of all open deals at plan rates; those at 25% and above stand beside it."),
    ),
    "weighted": (
        gettext_lazy("Weighted"),
        gettext_lazy(
            "Open deals at 25% and above that are to close in the period, each times the weight of its setpoint, "
            "without what is won. Deals whose close date has passed are left out."
        ),
    ),
    "pipeline-by-setpoint": (
        gettext_lazy("Pipeline by setpoint"),
        gettext_lazy(
            "Open deals at each setpoint, those whose facts carry them there, amount and weighted amount, and the moves of the "
            "period."
        ),
    ),
    "conversion": (
        gettext_lazy("Conversion"),
        gettext_lazy(
            "Of the deals that entered a setpoint in the period and whose fate there is known, the share that got further. "
            "Skipped setpoints count as entered."
        ),
    ),
    "cycle": (
        gettext_lazy("Sales cycle"),
        gettext_lazy(
            "The median days from the first meeting held to the win, of the deals won in the period; beside it the "
            "medians from the lead and from making the deal. Unusually long ones stay in it and are listed."
        ),
    ),
    "lost-reasons": (
        gettext_lazy("Why we lost"),
        gettext_lazy(
            "Deals that closed in the period and were not won, by outcome, reason and competitor; beside them the hours "
            "logged on them, what those cost, and what as many hours brought on deals that were won in the period."
        ),
    ),
    "won-by-sector": (
        gettext_lazy("Won by sector"),
        gettext_lazy("Won deals, their amounts and the win rate by the industry of the account."),
    ),
    "progress": (
        gettext_lazy("Progress"),
        gettext_lazy(
            "How far the customers of the open deals have come in buying, of 100: four milestones, champion, executives "
            "and economic driver, each by who told us; the median stands beside the mean. What is older than 45 days "
            "counts one level less."
        ),
    ),
    "progress-proof": (
        gettext_lazy("Progress tells"),
        gettext_lazy(
            "Of the deals closed in the period: how often one that was won had come further in buying when it entered 50% "
            "than one that was not, ties counted half; 50% is chance. Beside it the same of our calls, e-mails and "
            "meetings until then."
        ),
    ),
    "cac": (
        gettext_lazy("Cost of a new customer"),
        gettext_lazy(
            "What was spent on selling in the period, hours at what they cost, leads and onboarding, over the customers "
            "won in it by new business and win-back."
        ),
    ),
    "approval-time": (
        gettext_lazy("Approval time"),
        gettext_lazy(
            "The median time from asking for an approval to its answer, of those answered in the period, nights and "
            "weekends among it; the share answered before the deadline stands beside."
        ),
    ),
    "promises-on-time": (
        gettext_lazy("Promises kept on time"),
        gettext_lazy(
            "Promises kept by their day as a share of those whose day came in the period. Kept late, broken and still "
            "open are not on time; what the customer no longer wanted is left out."
        ),
    ),
    "delivered-as-sold": (
        gettext_lazy("Delivered as sold"),
        gettext_lazy(
            "Won deals that were delivered as sold, as a share of those checked in the period. Deals whose check is due "
            "and was not made are listed."
        ),
    ),
    "leads": (
        gettext_lazy("New leads"),
        gettext_lazy(
            "Leads created in the period, and how many of them were handed over, accepted and qualified since."
        ),
    ),
    "lead-velocity": (
        gettext_lazy("Lead velocity"),
        gettext_lazy(
            "How many more leads crossed the threshold in the month than in the one before, as a share of that. A month "
            "still running is compared with as many working days of the month before; beside it three months against the "
            "three before."
        ),
    ),
    "mql-to-sql": (
        gettext_lazy("From handed over to qualified"),
        gettext_lazy(
            "Of the leads that crossed the threshold in the period for the first time, or again after they were sent back, "
            "the share that was accepted and had a first meeting scheduled within 30 days. Those still undecided are left "
            "out of it."
        ),
    ),
    "sla": (
        gettext_lazy("Answered in time"),
        gettext_lazy(
            "Of the leads given to somebody in the period and due by now, the share that had a call, a personal e-mail or a "
            "meeting of ours before its deadline. What went back untouched before it was due is left out and listed. A lead "
            "given on starts a clock of whoever has it then."
        ),
    ),
    "lead-yield": (
        gettext_lazy("What leads became"),
        gettext_lazy(
            "Of the leads that crossed the threshold in the period, the share whose deal was won by now; beside it how many "
            "were accepted, qualified, became deals, and what those that were won brought."
        ),
    ),
    "rule-precision": (
        gettext_lazy("How well each rule tells"),
        gettext_lazy(
            "Of the leads that crossed the threshold in the period and had points from the rule by then, the share that was "
            "qualified by now; beside it those accepted and those won."
        ),
    ),
    "leads-sent-back": (
        gettext_lazy("Leads sent back"),
        gettext_lazy("Leads that sales sent back in the period, by reason, and their share of all it answered."),
    ),
    "attainment": (
        gettext_lazy("Attainment"),
        gettext_lazy("Won in the period as a share of the target of the same team or person."),
    ),
}

# By name too, for what is frozen with a report.
TITLES = labels.register("figure_title", {slug: title for slug, (title, _definition) in FIGURES.items()})
DEFINITIONS = labels.register("figure_definition", {slug: definition for slug, (_title, definition) in FIGURES.items()})

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


def figure_title(slug: str) -> Any:
    """Return the name of a figure on screen."""
    return TITLES[slug]


def figure_definition(slug: str) -> Any:
    """Return what a figure is, in words."""
    return DEFINITIONS[slug]


def value_text(value: Decimal | None, unit: str, *, currency: str = "", short: bool = False) -> str:
    """Return a value as a person reads it; a dash for none."""
    if value is None:
        return "–"
    if unit == "money":
        write = formats.short_money if short else formats.money
        return write(value, currency or get_organisation().currency)
    if unit == "ratio":
        return formats.percent(value, 1 if 0 < value < Decimal("0.1") else 0)
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
    """Return the range as words; empty without one."""
    if figure.interval is None:
        return ""
    low, high = (formats.percent(bound) for bound in (figure.interval.low, figure.interval.high))
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


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
