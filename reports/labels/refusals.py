"""Why something was refused, in sentences a person can act on."""

from django.utils.translation import gettext_lazy

from crm.labels import refusal_sentence
from crm.lib import labels
from crm.lib.errors import CommandRefused

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


def sentences(refused: CommandRefused) -> list[str]:
    """Return why a command was refused, one sentence a reason."""
    return [
        str(REFUSALS[refusal.code]) % dict(refusal.params) if refusal.code in REFUSALS else refusal_sentence(refusal)
        for refusal in refused.refusals
    ]
