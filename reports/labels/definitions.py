"""What each figure is called, and what it is."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from crm.lib import labels

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


def figure_title(slug: str) -> Any:
    """Return the name of a figure on screen."""
    return TITLES[slug]


def figure_definition(slug: str) -> Any:
    """Return what a figure is, in words."""
    return DEFINITIONS[slug]
