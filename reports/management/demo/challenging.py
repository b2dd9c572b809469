"""A challenger of the demo company: rules that handed over earlier, tried on a share of the leads of the last months."""

from datetime import timedelta

from crm.models import User
from reports.management.demo.clockwork import Dice
from scoring.commands.challenges import end_challenge, start_challenge
from scoring.commands.rules import edit_draft
from scoring.commands.scores import refresh_due_scores
from scoring.enums import ChallengeEnd, ChallengeMetric
from scoring.models import Challenge

STARTED = timedelta(days=100)
WHY = "Sales says who asks for a demo should reach them sooner, marketing fears they send more back: let us see."
KEPT = "Three months did not decide it and sales has its hands full: we stay with what we know."


def challenge_the_rules(dice: Dice, *, by: User) -> None:
    """Begin before the leads of these months are there, which are then drawn for one side or the other."""
    at = dice.moment((dice.now - STARTED).date())
    draft = edit_draft(settings={"threshold": 40}, rules={"demo_request": {"points": 30}}, by=by, at=at)
    start_challenge(
        percent=40,
        metric=ChallengeMetric.QUALIFIED_OF_ASSIGNED,
        minimum=150,
        reason=WHY,
        seed="demo",
        seen_version=draft.version,
        by=by,
        at=at,
    )


def keep_the_rules(dice: Dice, *, by: User) -> None:
    """End it today: one set of rules scores every lead, and the next draft may be published."""
    challenge = Challenge.objects.get(ended_at=None)
    end_challenge(challenge_id=challenge.pk, ends_as=ChallengeEnd.KEPT, reason=KEPT, by=by, at=dice.now)
    refresh_due_scores(at=dice.now)
