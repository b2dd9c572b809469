"""Who decides at the customers of the demo company, how they stand to it, and how far they have come in buying."""

from datetime import timedelta
from itertools import zip_longest

from django.db.models import Min, Prefetch, Q

from crm.models import Contact
from pipeline.commands.derived import refreshing_once
from pipeline.commands.imports import AssessmentRow, import_assessments
from pipeline.commands.qualification import assess_element
from pipeline.commands.roles import put_stakeholder
from pipeline.enums import CHAMPION, DRIVER, EXECUTIVE, MILESTONES, Element, Level, Outcome, StakeholderRole, Stance
from pipeline.events import EventKind
from pipeline.models import Assessment, Opportunity, Setpoint, Stakeholder
from reports.management.demo.clockwork import Dice
from reports.management.demo.evidence import when_heard

# Who is found first; the person who decides was named with the other facts of the deal.
PARTS = (
    (StakeholderRole.CHAMPION, (Stance.FOR,), (2, 2, 3)),
    (StakeholderRole.ECONOMIC_BUYER, (Stance.NEUTRAL, Stance.FOR, Stance.UNKNOWN), (3,)),
    (StakeholderRole.TECHNICAL_EVALUATOR, (Stance.NEUTRAL, Stance.FOR), (1, 2)),
    (StakeholderRole.USER, (Stance.FOR, Stance.UNKNOWN), (1,)),
    (StakeholderRole.BLOCKER, (Stance.AGAINST,), (1, 2)),
)
# How often an element is asked for and answered, by how far the deal has come.
ANSWERED = {0: 0.0, 1: 0.35, 2: 0.65, 3: 0.9}
SAID = {
    Element.PROBLEM_CONFIRMED: "They lose two shifts a month to it, and said so in writing.",
    Element.CRITERIA_AGREED: "Accuracy, service within a day, price over five years.",
    Element.BUDGET_AND_TIMELINE_SET: "In next year's plan; installed before the summer stop.",
    Element.CHAMPION_SELLS: "Presented it to the plant meeting without us.",
    Element.CHAMPION_SHARES: "Told us what the rival quoted and who asked for it.",
    Element.CHAMPION_COACHES: "Says whom to see first, and what not to show.",
    Element.EXECUTIVE_KNOWS_PROJECT: "The director asked for the offer by name.",
    Element.EXECUTIVE_KNOWS_PROBLEM: "Showed the losses in the board's report.",
    Element.EXECUTIVE_BACKS: "Wants it running this year, and said so to the plant.",
    Element.DRIVER_JUSTIFIED: "Pays back in 14 months at half the savings.",
    Element.DRIVER_CO_BUILT: "Finance filled in their own figures with us.",
    Element.DRIVER_IN_THEIR_TERMS: "Counted in litres a tonne, which they report already.",
}
# How much of it was told before a closed deal entered 50%.
BOUGHT, LEFT_US = 0.55, 0.38
DOUBTS = "Heard it differently: nothing is decided before the new plant manager starts."


def ask_how_they_buy(dice: Dice) -> None:
    """Add the people of the open deals, what is known of each one's buying, some of it old, some of it contradicted."""
    people = Prefetch("account__contacts", Contact.objects.order_by("id"))
    open_deals = Opportunity.objects.filter(outcome="", setpoint__rank__gte=1).select_related("setpoint", "owner")
    deals = list(open_deals.prefetch_related(people).order_by("id"))
    known = set(Assessment.objects.filter(ended_at=None).values_list("opportunity_id", "element"))
    import_assessments(rows=[row for deal in deals for row in _answers(dice, deal, known)])
    with refreshing_once(at=dice.now):
        for deal in deals:
            _place_people(dice, deal)
            if dice.chance(0.15):
                _contradict(dice, deal)


def recall_buying(dice: Dice) -> None:
    """Tell how far the customers of closed deals had come when these entered 50%: those that were won, mostly further."""
    people = Prefetch("account__contacts", Contact.objects.order_by("id"))
    entered = Min("events__occurred_at", filter=Q(events__kind=EventKind.SETPOINT, events__new__setpoint__in=_half()))
    closed = Opportunity.objects.exclude(outcome="").annotate(entered_at=entered).exclude(entered_at=None)
    rows = []
    for deal in closed.prefetch_related(people).order_by("id"):
        contacts = list(deal.account.contacts.all())
        share = BOUGHT if deal.outcome == Outcome.WON else LEFT_US
        at = max(deal.created_at, deal.entered_at - timedelta(days=dice.random.randrange(1, 20)))
        rows += [
            AssessmentRow(deal.pk, element, Level.TOLD, dice.pick(contacts).pk, words, deal.owner_id, at)
            for element, words in SAID.items()
            if contacts and dice.chance(share)
        ]
    import_assessments(rows=rows)


def _half() -> list[int]:
    return list(Setpoint.objects.filter(probability__gte="0.5").values_list("pk", flat=True))


def _answers(dice: Dice, deal: Opportunity, known: set[tuple[int, str]]) -> list[AssessmentRow]:
    assert deal.setpoint is not None
    contacts, rows = list(deal.account.contacts.all()), []
    for element in (*MILESTONES, *CHAMPION, *EXECUTIVE, *DRIVER):
        if element not in SAID or (deal.pk, element) in known or not dice.chance(ANSWERED[min(3, deal.setpoint.rank)]):
            continue
        level = dice.pick((Level.ASSUMED, Level.TOLD, Level.TOLD, Level.CONFIRMED))
        told = level >= Level.TOLD
        contact_id = dice.pick(contacts).pk if told else None
        rows.append(
            AssessmentRow(
                deal.pk,
                element,
                level,
                contact_id,
                SAID[element] if told else "",
                deal.owner_id,
                when_heard(dice, deal),
            )
        )
    return rows


def _place_people(dice: Dice, deal: Opportunity) -> None:
    """Give the contacts their parts: the one who was named to decide keeps theirs, the champion leads us to the others."""
    named = {each.contact_id: each.role for each in Stakeholder.objects.filter(opportunity=deal)}
    contacts = [each.pk for each in deal.account.contacts.all()]
    free = [pk for pk in contacts if not named.get(pk)]
    champion = None
    for pk, part in zip_longest(free, PARTS[: len(free)]):
        if part is None or not dice.chance(0.75):
            continue
        role, stances, influences = part
        changes = {"role": role, "stance": dice.pick(stances), "influence": dice.pick(influences)}
        changes |= {"met_on": when_heard(dice, deal).astimezone(dice.zone).date()} if dice.chance(0.6) else {}
        changes |= {"introduced_by_id": champion} if champion and dice.chance(0.5) else {}
        _put(dice, deal, pk, changes)
        champion = champion or (pk if role == StakeholderRole.CHAMPION else None)
    for pk in (pk for pk, role in named.items() if role):
        _put(dice, deal, pk, {"stance": dice.pick((Stance.NEUTRAL, Stance.FOR, Stance.UNKNOWN)), "influence": 3})


def _put(dice: Dice, deal: Opportunity, contact_id: int, changes: dict[str, object]) -> None:
    at = max(deal.created_at, dice.now - timedelta(hours=9))
    put_stakeholder(opportunity_id=deal.pk, contact_id=contact_id, changes=changes, by=deal.owner, at=at)


def _contradict(dice: Dice, deal: Opportunity) -> None:
    """Let somebody say otherwise of something that was told: the new word stands, the old one stays to be read."""
    told = Assessment.objects.filter(opportunity=deal, ended_at=None, level__gte=Level.TOLD).order_by("element").first()
    if told is None:
        return
    at = max(told.at, dice.now - timedelta(days=2, hours=9))
    assess_element(
        opportunity_id=deal.pk, element=told.element, level=Level.ASSUMED, said_on=at.astimezone(dice.zone).date(),
        contact_id=dice.pick(list(deal.account.contacts.all())).pk, note=DOUBTS, by=deal.owner, at=at,
    )  # fmt: skip
