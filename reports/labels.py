"""Words of the reports: figures with their definitions, quarter reviews, and why something was refused."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from babel import dates
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.labels import refusal_sentence
from crm.lib import formats, labels
from crm.lib.envelope import Display, Envelope, Figure, Reason
from crm.lib.errors import CommandRefused
from crm.queries.organisation import get_organisation
from reports.enums import PartKind, RunState

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
        gettext_lazy("Open deals at each setpoint with amount and weighted amount, and the moves of the period."),
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
        gettext_lazy("The median days from the first meeting held to the win, of the deals won in the period."),
    ),
    "lost-reasons": (
        gettext_lazy("Why we lost"),
        gettext_lazy("Deals that closed in the period and were not won, by outcome, reason and competitor."),
    ),
    "won-by-sector": (
        gettext_lazy("Won by sector"),
        gettext_lazy("Won deals, their amounts and the win rate by the industry of the account."),
    ),
    "leads": (
        gettext_lazy("New leads"),
        gettext_lazy(
            "Leads created in the period, and how many of them were handed over, accepted and qualified since."
        ),
    ),
    "attainment": (
        gettext_lazy("Attainment"),
        gettext_lazy("Won in the period as a share of the target of the same team or person."),
    ),
}

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
        "industry": gettext_lazy("Sector"),
        "setpoint": gettext_lazy("Setpoint"),
        "month": gettext_lazy("Month"),
    },
)

PARTS = labels.register(
    "qbr_part",
    {
        PartKind.RESULT: gettext_lazy("Result against target"),
        PartKind.PIPELINE: gettext_lazy("Pipeline by setpoint"),
        PartKind.KEY_DEALS: gettext_lazy("Biggest deals"),
        PartKind.LOST_DEALS: gettext_lazy("Why we lost"),
        PartKind.SECTORS: gettext_lazy("Sectors"),
        PartKind.LEADS: gettext_lazy("Leads and handovers"),
        PartKind.ACTIONS: gettext_lazy("Action plan"),
    },
)

RUN_STATES = labels.register(
    "qbr_state",
    {
        RunState.QUEUED: gettext_lazy("Waiting"),
        RunState.BUILDING: gettext_lazy("Building"),
        RunState.READY: gettext_lazy("Ready"),
        RunState.FAILED: gettext_lazy("Failed"),
        RunState.STOPPED: gettext_lazy("Stopped"),
    },
)

SUGGESTIONS = labels.register(
    "qbr_suggestion",
    {
        "more_meetings": gettext_lazy("Hold at least %(before)s first meetings, as many as the quarter before"),
        "look_into_reason": gettext_lazy("Look into why we lose for “%(reason)s”: %(count)s deals in the quarter"),
        "fix_close_dates": gettext_lazy("Set an honest close date on the %(count)s deals whose date has passed"),
        "agree_next_steps": gettext_lazy("Agree a next step on the %(count)s deals without one"),
        "answer_leads": gettext_lazy("Answer handed over leads in time: %(count)s were late"),
    },
)

CAUSES = labels.register(
    "qbr_cause",
    {
        "fewer_meetings": gettext_lazy("First meetings fell from %(before)s to %(now)s."),
        "win_rate_up": gettext_lazy("The win rate rose by %(points)s points."),
        "win_rate_down": gettext_lazy("The win rate fell by %(points)s points."),
        "one_reason": gettext_lazy("%(count)s of %(of)s deals that were not won ended for one reason: %(reason)s."),
    },
)

REFUSALS = labels.extend(
    "refusal",
    {
        "unknown_figure": gettext_lazy("There is no figure %(name)s. There are: %(known)s."),
        "figure_without_dimension": gettext_lazy("%(name)s cannot be split by %(by)s. It can by: %(known)s."),
        "no_such_team": gettext_lazy("There is no team %(given)s. There are: %(known)s."),
        "no_such_person": gettext_lazy(
            "Nobody here is called %(given)s. Give the e-mail address as it is in Settings, People."
        ),
        "several_people": gettext_lazy("Several people are called %(given)s. Give the e-mail address instead."),
        "no_such_pipeline": gettext_lazy("There is no pipeline %(given)s. There are: %(known)s."),
        "bad_moment": gettext_lazy(
            "%(option)s %(given)s is no date or time. Write 2026-09-30, or 2026-09-30T17:00+03:00."
        ),
        "bad_day": gettext_lazy("%(option)s %(given)s is no date. Write it as 2026-07-01."),
        "bad_period": gettext_lazy(
            "%(given)s is no period. Write 2026 for a year, 2026Q3 for a quarter, 2026-07 for a month."
        ),
        "period_backwards": gettext_lazy("The period ends on %(last)s, before it begins on %(first)s. Swap the two."),
        "unknown_quarter": gettext_lazy("%(quarter)s is no quarter. Write it as 2026Q3."),
        "quarter_not_begun": gettext_lazy("%(quarter)s has not begun yet. Ask for a quarter that has."),
        "qbr_managers_only": gettext_lazy("Only a manager of the team or above, or an administrator, may do this."),
        "qbr_not_building": gettext_lazy("This quarter review is not being built, so there is nothing to stop."),
        "qbr_not_stopped": gettext_lazy(
            "This quarter review is ready or still being built. Rebuild it for a new version."
        ),
        "action_text_missing": gettext_lazy("Say what is to be done."),
        "action_text_long": gettext_lazy("Say it in at most %(most)s characters."),
        "action_owner_unknown": gettext_lazy("Choose somebody who works here."),
    },
)


def figure_title(slug: str) -> Any:
    """Return the name of a figure on screen."""
    return FIGURES[slug][0]


def figure_definition(slug: str) -> Any:
    """Return what a figure is, in words."""
    return FIGURES[slug][1]


def sentences(refused: CommandRefused) -> list[str]:
    """Return why a command was refused, one sentence a reason."""
    return [
        str(REFUSALS[refusal.code]) % dict(refusal.params) if refusal.code in REFUSALS else refusal_sentence(refusal)
        for refusal in refused.refusals
    ]


def value_text(value: Decimal | None, unit: str, *, currency: str = "", short: bool = False) -> str:
    """Return a value as a person reads it; a dash for none."""
    if value is None:
        return "–"
    if unit == "money":
        write = formats.short_money if short else formats.money
        return write(value, currency or get_organisation().currency)
    if unit == "ratio":
        return formats.percent(value, 1 if 0 < value < Decimal("0.1") else 0)
    if unit == "days":
        return formats.days_in_words(int(value.to_integral_value()))
    return formats.number(value)


def figure_text(figure: Figure, *, currency: str = "") -> str:
    """Return a figure's value as a page shows it: hidden below 5, a dash where there is none (B0)."""
    if figure.value is not None and figure.display == Display.HIDDEN:
        return _("too few")
    return value_text(figure.value, figure.unit, currency=currency)


def figure_note(figure: Figure) -> str:
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
        notes.append(ngettext("low data: %(n)s deal", "low data: %(n)s deals", figure.n) % {"n": figure.n})
    return ", ".join(notes)


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


def cause_sentence(code: str, params: Mapping[str, str]) -> str:
    """Return the sentence for one cause of a quarter."""
    return str(CAUSES[code]) % dict(params)


def headline(*, won: Decimal, target: Decimal | None, deals: int, currency: str, is_so_far: bool) -> str:
    """Return the finding a manager could say aloud: what was won against the plan."""
    amount = formats.short_money(won, currency)
    if not target:
        return ngettext("%(amount)s won in %(n)s deal.", "%(amount)s won in %(n)s deals.", deals) % {
            "amount": amount,
            "n": formats.number(deals),
        }
    off = (won - target) / target
    share = formats.percent(abs(off))
    if is_so_far:
        return _("%(amount)s won so far, %(share)s of the plan.") % {
            "amount": amount,
            "share": formats.percent(won / target),
        }
    if abs(off) < Decimal("0.005"):
        return _("We won %(amount)s, as planned.") % {"amount": amount}
    pattern = _("We won %(amount)s, %(share)s over plan.") if off > 0 else _("We won %(amount)s, %(share)s under plan.")
    return pattern % {"amount": amount, "share": share}


def change_note(now: Decimal | None, before: Decimal | None, unit: str) -> tuple[str, str]:
    """Return how a figure changed since the quarter before, in words, and the tone: up, down or none."""
    if now is None or before is None:
        return "", ""
    off = now - before
    if unit == "ratio":
        points = abs(off * 100).quantize(Decimal(1))
        if not points:
            return _("as the quarter before"), ""
        pattern = (
            ngettext("%(n)s point up", "%(n)s points up", int(points))
            if off > 0
            else ngettext("%(n)s point down", "%(n)s points down", int(points))
        )
        return pattern % {"n": formats.number(points)}, "up" if off > 0 else "down"
    days = int(abs(off).to_integral_value())
    if not days:
        return _("as the quarter before"), ""
    pattern = (
        ngettext("%(n)s day longer", "%(n)s days longer", days)
        if off > 0
        else ngettext("%(n)s day shorter", "%(n)s days shorter", days)
    )
    return pattern % {"n": formats.number(days)}, "down" if off > 0 else "up"


def month_name(day: date) -> str:
    """Return the name of a month."""
    return dates.format_date(day, "LLLL", locale=formats.locale())


def quarter_name(code: str) -> str:
    """Return a quarter as titles have it: Q3 2026."""
    year, quarter = code.split("Q")
    return _("Q%(quarter)s %(year)s") % {"quarter": quarter, "year": year}


def days_between(first: date, last: date) -> str:
    """Return a span of days: 1 July – 30 September 2026."""
    return dates.format_interval(first, last, "yMMMMd", locale=formats.locale())
