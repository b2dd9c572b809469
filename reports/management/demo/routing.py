"""How the demo company's leads find their rep from today on, who is away, and which low scores are tried this week."""

from datetime import date, timedelta
from typing import Any

from crm.commands.calendars import add_holidays, note_absence
from crm.models import Team, User
from reports.management.demo import words
from reports.management.demo.clockwork import Dice
from scoring.commands.notices import tell_of_deadlines
from scoring.commands.routing import add_territory, agree_on_terms, set_share
from scoring.commands.trials import draw_trials
from scoring.queries.reps import active_reps

HOLIDAYS = (
    ("EE", ((2, 24, "Independence Day"), (6, 23, "Victory Day"), (8, 20, "Restoration of Independence"))),
    ("LV", ((5, 4, "Restoration of Independence"), (11, 18, "Proclamation Day"))),
    ("LT", ((2, 16, "Restoration of the State"), (3, 11, "Restoration of Independence"), (7, 6, "Statehood Day"))),
    ("", ((1, 1, "New Year"), (12, 24, "Christmas Eve"), (12, 25, "Christmas Day"), (12, 26, "Boxing Day"))),
)
TERMS: dict[str, Any] = {"answer_minutes": 240, "remind_minutes": 60, "trial_percent": 10}


def route(dice: Dice, *, by: User) -> None:
    """Draw territories, set shares and calendars, and let the clock's jobs do their part."""
    at = dice.now
    for country, days in HOLIDAYS:
        lines = [f"{date(year, month, day)} {name}" for year in _years(dice) for month, day, name in days]
        add_holidays(country=country, days="\n".join(lines), by=by, at=at)
    teams = Team.objects.filter(memberships__user__in=active_reps()).distinct().order_by("name")
    for order, team in enumerate(teams):
        countries = [country for country, (name, *_) in words.COUNTRIES.items() if name == team.name]
        if countries:
            values = {"name": team.name, "order": order, "countries": countries, "team_id": team.pk, "rep_id": None}
            add_territory(values=values, by=by, at=at)
    agree_on_terms(**TERMS, by=by, at=at)
    reps = list(active_reps())
    for rep in reps[:1]:
        set_share(user_id=rep.pk, capacity=2, languages=["en", "fi"], by=by, at=at)
    for rep in reps[-1:]:
        ends = dice.today + timedelta(days=4)
        note_absence(user_id=rep.pk, from_on=dice.today, to_on=ends, note="Trade fair", by=by, at=at)
    draw_trials(at=at)
    tell_of_deadlines(at=at)


def _years(dice: Dice) -> tuple[int, ...]:
    return dice.today.year, dice.today.year + 1
