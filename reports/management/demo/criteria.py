"""What the demo company asks of its deals more precisely than at first, so that there are versions to compare."""

from datetime import timedelta

from crm.models import User
from pipeline.commands.pipelines import change_criterion
from pipeline.models import CriterionVersion
from reports.management.demo.clockwork import Dice

# Days ago, the fact, how it is worded since, and what is asked.
REWORDED = (
    (140, "decision_process_known", "Decision process known", "Which steps lead to a decision, and who takes them?"),
    (
        45,
        "competition_known",
        "Competition known, doing nothing included",
        "Who else do they look at, and what if they wait?",
    ),
)


def word_criteria(dice: Dice, *, by: User) -> None:
    """Word some facts of new business anew; what deals have of them goes on meeting them."""
    for days, code, text, ask in REWORDED:
        current = CriterionVersion.objects.get(
            criterion__code=code, criterion__setpoint__pipeline__code="new_business", valid_until=None
        )
        change_criterion(
            criterion_id=current.criterion_id, text=text, ask=ask, gate=current.gate, deal_types=current.deal_types, by=by,
            at=dice.now - timedelta(days=days),
        )  # fmt: skip
