"""What the demo company does with several deals as one: the phases its expansions go through, close dates moved at once."""

from datetime import timedelta

from crm.models import User
from pipeline.commands.bulk import BulkChange, SeenDeal, edit_deals
from pipeline.commands.derived import refreshing_once
from pipeline.commands.opportunities import edit_opportunity
from pipeline.commands.pipelines import choose_stages
from pipeline.enums import BulkKind
from pipeline.labels.stages import TEMPLATES
from pipeline.models import Opportunity, Pipeline, Stage
from pipeline.models.opportunities import OPEN
from reports.management.demo.clockwork import Dice
from reports.management.demo.company import mail

IN_PHASES = "expansion"
# Whose deals were put off at once, how many, and by how many weeks from today.
PUT_OFF = (("kaur", 3, 5), ("aino", 4, 7))


def work_together(dice: Dice) -> None:
    """Give expansions the phases of the six-step way, and let two people put several close dates off at once."""
    with refreshing_once(at=dice.now):
        _go_through_phases(dice, by=_person("piret"))
        for person, count, weeks in PUT_OFF:
            _put_off(dice, _person(person), count, weeks)


def _go_through_phases(dice: Dice, *, by: User) -> None:
    """Every second deal is past the first phase of its setpoint."""
    pipeline = Pipeline.objects.get(code=IN_PHASES)
    choose_stages(pipeline_id=pipeline.pk, stages=TEMPLATES[0].stages, by=by, at=dice.now)
    stages: dict[int, list[int]] = {}
    for stage in Stage.objects.filter(setpoint__pipeline=pipeline).order_by("order", "pk"):
        stages.setdefault(stage.setpoint_id, []).append(stage.pk)
    deals = Opportunity.objects.filter(OPEN, pipeline=pipeline).select_related("owner").order_by("pk")
    for deal in deals:
        later = stages.get(deal.setpoint_id or 0, [])[1:]
        if later and dice.chance(0.5):
            edit_opportunity(opportunity_id=deal.pk, changes={"stage_id": later[0]}, by=deal.owner, at=dice.now)


def _put_off(dice: Dice, person: User, count: int, weeks: int) -> None:
    """Move the earliest close dates of somebody's deals to one day, as from the list of deals."""
    mine = Opportunity.objects.filter(OPEN, owner=person).exclude(expected_close_on=None)
    deals = list(mine.order_by("expected_close_on", "pk")[:count])
    if deals:
        chosen = [SeenDeal(deal.pk, deal.version, deal.expected_close_on) for deal in deals]
        change = BulkChange(BulkKind.EXPECTED_CLOSE_ON, dice.workday(dice.today + timedelta(weeks=weeks)))
        edit_deals(deals=chosen, change=change, by=person, at=dice.now)


def _person(name: str) -> User:
    return User.objects.get(email=mail(name))
