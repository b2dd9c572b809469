"""What sellers of the demo company did by hand, for no file carries it: steps they agreed, moves without every fact."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from crm.enums import ActivityKind
from pipeline.commands.facts import GivenFacts, record_facts
from pipeline.commands.opportunities import move_opportunity, set_next_step
from pipeline.models import Opportunity
from reports.management.demo.clockwork import Dice
from reports.management.demo.deals import PATH, Deal
from reports.management.demo.endings import OVERRIDES
from reports.management.demo.words import STEP_KINDS

# How often the next step of a deal was agreed with the customer, at First meeting and from 25% on.
AGREED_EARLY, AGREED = 0.4, 0.85
RECENT = timedelta(days=40)


@dataclass(frozen=True, slots=True)
class ByHand:
    """What is left out of the files: steps (purpose, day, agreed) and moves (setpoint, moment), by deal."""

    steps: dict[str, tuple[str, date, bool]]
    moves: dict[str, tuple[str, datetime]]


def take_out(dice: Dice, sales: list[Deal]) -> ByHand:
    """Take out of the files what people are going to do by hand; the files tell of the deals without it."""
    return ByHand(_take_steps(dice, sales), _take_moves(dice, sales))


def _take_steps(dice: Dice, sales: list[Deal]) -> dict[str, tuple[str, date, bool]]:
    steps = {}
    for deal in sales:
        often = AGREED_EARLY if deal.setpoint == PATH[0] else AGREED
        if "next_step" in deal.row:
            purpose, due_on = deal.row.pop("next_step"), date.fromisoformat(deal.row.pop("next_step_on"))
            steps[deal.key] = (purpose, due_on, dice.chance(often))
    return steps


def _take_moves(dice: Dice, sales: list[Deal]) -> dict[str, tuple[str, datetime]]:
    lately = []
    for deal in sales:
        stood = [entry for entry in deal.history if entry["field"] == "setpoint"]
        moved_at = datetime.fromisoformat(stood[-1]["occurred_at"]) if stood else dice.now
        if deal.is_open and len(stood) > 1 and dice.now - moved_at < RECENT and _is_forward(stood[-2:]):
            lately.append((deal, stood[-2]["value"], stood[-1], moved_at))
    moves = {}
    for deal, before, last, moved_at in dice.random.sample(lately, min(len(OVERRIDES), len(lately))):
        deal.history.remove(last)
        deal.row["setpoint"] = before
        moves[deal.key] = (last["value"], moved_at)
    return moves


def _is_forward(stood: list[dict[str, str]]) -> bool:
    return PATH.index(stood[0]["value"]) < PATH.index(stood[1]["value"])


def do_by_hand(dice: Dice, by_hand: ByHand) -> None:
    """Do it, as the owner of each deal and at its time."""
    names = {*by_hand.steps, *by_hand.moves}
    found = Opportunity.objects.filter(external_id__in=names).select_related("owner", "pipeline").order_by("id")
    deals = {deal.external_id: deal for deal in found}
    for (key, (code, at)), why in zip(by_hand.moves.items(), OVERRIDES, strict=False):
        deal = deals[key]
        to = deal.pipeline.setpoints.get(code=code)
        record_facts(opportunity_id=deal.pk, facts=GivenFacts(rest_is_unknown=True), by=deal.owner, at=at)
        move_opportunity(opportunity_id=deal.pk, to=to, seen_version=deal.version, by=deal.owner, at=at, override=why)
    for key, (purpose, due_on, agreed) in by_hand.steps.items():
        deal = deals[key]
        at = max(deal.created_at, dice.now - timedelta(days=dice.random.randrange(8, 20), hours=8))
        set_next_step(
            opportunity_id=deal.pk,
            purpose=purpose,
            due_on=due_on,
            kind=STEP_KINDS.get(purpose, ActivityKind.TASK),
            agreed_with_id=deal.contact_id if agreed else None,
            by=deal.owner,
            at=at,
        )
