"""What the weeks before this one left behind: leads tried below the threshold, and the notes of each Monday."""

from datetime import datetime, time, timedelta

from crm.models import User
from reports.builders.weekly import build_weekly
from reports.commands.weekly import keep_weekly_note
from reports.management.demo.answers import follow_up
from reports.management.demo.clockwork import Dice
from scoring.commands.crossing_rules import note_crossing_rules
from scoring.commands.trials import draw_trials, pass_trial, take_trial
from scoring.models import Trial

TRIED, NOTED = 6, 4  # weeks


def try_low_scores(dice: Dice) -> None:
    """Let reps answer most of what was drawn in earlier weeks; what they left ended with its week."""
    for weeks in range(TRIED, 0, -1):
        for trial in draw_trials(at=dice.now - timedelta(weeks=weeks)):
            if dice.chance(0.85):
                _answer(dice, trial)


def _answer(dice: Dice, trial: Trial) -> None:
    at = dice.office(trial.drawn_at + timedelta(days=dice.random.randrange(1, 3), hours=9))
    rep = User.objects.get(pk=trial.owner_id)
    if dice.chance(0.4):
        pass_trial(lead_id=trial.lead_id, by=rep, at=at)
        return
    take_trial(lead_id=trial.lead_id, by=rep, at=at)
    follow_up(dice, trial.lead, rep, at=at)


def note_weeks(dice: Dice) -> None:
    """Keep the notes of the last weeks, as the job of each Monday would have."""
    note_crossing_rules(at=dice.now)
    monday = dice.today - timedelta(days=dice.today.weekday())
    for weeks in range(NOTED, 0, -1):
        week = monday - timedelta(weeks=weeks)
        at = datetime.combine(week + timedelta(weeks=1), time.min, tzinfo=dice.zone)
        found = build_weekly(week, at=at)
        content = {name: [row.as_json() for row in rows] for name, rows in found.rows.items()}
        keep_weekly_note(week=week, as_of=found.as_of, content=content, at=at)
