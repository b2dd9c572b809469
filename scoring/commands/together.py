"""What marketing and sales want to reach together, and what they tell each other (LT-067, LT-068, LT-139)."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from crm.commands.edits import wait_turn
from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.values import Refusal
from crm.models import User
from crm.queries.access import get_access
from scoring.models import LeadComment, LeadGoal
from scoring.permissions import can_see_leads
from scoring.policies.agreements import clean_words, goal_refusals, sides_of


class GoalRefused(CommandRefused):
    """What both teams want stays what it was."""


class CommentRefused(CommandRefused):
    """Nothing was said, or nothing taken back."""


@transaction.atomic
def set_goal(*, measure: str, share: Decimal | None, by: User, at: datetime) -> LeadGoal:
    """Say what both teams want a figure to be from now on; no share drops the goal. As it is already: that is returned.

    :raises NotPermitted: the person is neither of marketing nor a manager
    :raises GoalRefused: there is no such figure or share, or no goal to drop
    """
    if not sides_of(get_access(by)):
        raise NotPermitted(Refusal("may_not_agree"))
    if refused := goal_refusals(measure, share):
        raise GoalRefused(refused, field=dict(refused[0].params)["field"])
    wanted = None if share is None else share.quantize(Decimal("0.0001"))
    wait_turn(f"lead goal {measure}")
    held = LeadGoal.objects.filter(measure=measure).order_by("-pk").first()
    if held is None and wanted is None:
        raise GoalRefused(Refusal.of("required", field="share"), field="share")
    if held is not None and held.share == wanted:
        return held
    return LeadGoal.objects.create(measure=measure, share=wanted, by=by, at=at)


@transaction.atomic
def add_comment(*, text: str, by: User, at: datetime) -> LeadComment:
    """Tell the other team something. Said twice in a row by the same person, it stands once.

    :raises NotPermitted: the person neither sells nor markets
    :raises CommentRefused: there is nothing to say, or too much
    """
    if not can_see_leads(get_access(by)):
        raise NotPermitted(Refusal("may_not_comment"))
    kept, refusals = clean_words(text)
    if refusals:
        raise CommentRefused(refusals, field="text")
    wait_turn("lead comments")
    last = LeadComment.objects.filter(removed_at=None).order_by("-pk").first()
    if last is not None and (last.by_id, last.text) == (by.pk, kept):
        return last
    return LeadComment.objects.create(text=kept, by=by, at=at)


@transaction.atomic
def remove_comment(*, comment_id: int, by: User, at: datetime) -> LeadComment:
    """Take back what one said; administrators what anybody did. Taken back already: nothing.

    :raises NotPermitted: somebody else said it
    """
    found = LeadComment.objects.select_for_update(of=("self",), no_key=True).get(pk=comment_id)
    if found.by_id != by.pk and not get_access(by).is_admin:
        raise NotPermitted(Refusal("may_not_remove_comment"))
    if found.removed_at is None:
        found.removed_at = at
        found.save(update_fields=["removed_at"])
    return found
