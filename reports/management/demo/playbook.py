"""What the demo company knows of its customers and its buyers: personas, guides, insight, meetings written down."""

from datetime import date, timedelta

from crm.commands.insights import add_insight
from crm.commands.personas import create_persona
from crm.enums import Burner, InsightKind
from crm.models import Account, Activity, Contact, User
from crm.policies.activities import MEETINGS
from pipeline.commands.derived import refreshing_once
from pipeline.commands.guides import create_guide
from pipeline.commands.meetings import write_meeting_record
from pipeline.models import Competitor, Opportunity, OpportunityActivity
from reports.management.demo import plays
from reports.management.demo.clockwork import Dice

WRITTEN_SINCE = timedelta(days=120)


def know_customers(dice: Dice, *, by: User) -> None:
    """Describe the buyers, say what to say to them, and note what is known of whoever is being sold to."""
    deals = list(
        Opportunity.objects.filter(outcome="", archived_at=None).select_related("account", "owner").order_by("id")
    )
    _describe_buyers(dice, sorted({deal.account_id for deal in deals}), by=by)
    _learn(dice, deals)
    with refreshing_once(at=dice.now):
        _write_down_meetings(dice, {deal.pk: deal for deal in deals})


def _describe_buyers(dice: Dice, account_ids: list[int], *, by: User) -> None:
    """Write personas and guides two months ago, and say of the people of these accounts which persona each is."""
    at = dice.now - timedelta(days=60)
    personas = {}
    for values, titles in plays.PERSONAS:
        persona = create_persona(values=values, by=by, at=at)
        personas[persona.name] = persona.pk
        Contact.objects.filter(account_id__in=account_ids, job_title__in=titles).update(persona=persona)
    rivals = dict(Competitor.objects.values_list("name", "pk"))
    for level, persona_name, rival, texts in plays.GUIDES:
        if not rival or rival in rivals:
            whom = {"seniority": level, "persona_id": personas.get(persona_name), "competitor_id": rivals.get(rival)}
            create_guide(values={**whom, **texts}, by=by, at=at)


def _learn(dice: Dice, deals: list[Opportunity]) -> None:
    """Note aims, goals, events and changes of most accounts that have an open deal."""
    accounts = {deal.account_id: deal for deal in deals}
    for deal in accounts.values():
        if dice.chance(0.8):
            _note(dice, deal, InsightKind.AIM, dice.pick(plays.AIMS))
            goals = dice.random.sample(plays.GOALS, dice.random.randrange(1, 4))
            for goal, burner in zip(goals, Burner, strict=False):
                _note(dice, deal, InsightKind.GOAL, goal, burner=burner)
        if dice.chance(0.5):
            past = dice.today - timedelta(days=dice.random.randrange(10, 200))
            _note(dice, deal, InsightKind.EVENT, dice.pick(plays.EVENTS), on=past)
        if dice.chance(0.5):
            ahead = dice.today + timedelta(days=dice.random.randrange(20, 300))
            _note(dice, deal, InsightKind.CHANGE, dice.pick(plays.CHANGES), on=ahead)


def _note(
    dice: Dice, deal: Opportunity, kind: InsightKind, text: str, *, burner: str = "", on: date | None = None
) -> None:
    account: Account = deal.account
    at = max(account.created_at, dice.now - timedelta(days=3, hours=8))
    values = {"kind": kind, "text": text, "burner": burner, "on": on, "told_by_id": deal.contact_id}
    add_insight(account_id=account.pk, values=values, by=deal.owner, at=at)


def _write_down_meetings(dice: Dice, deals: dict[int, Opportunity]) -> None:
    """Write down what was said at two thirds of the meetings that were held lately."""
    links = OpportunityActivity.objects.filter(
        opportunity__in=deals, activity__kind__in=sorted(MEETINGS), activity__outcome="held", activity__archived_at=None,
        activity__occurred_at__gte=dice.now - WRITTEN_SINCE,
    )  # fmt: skip
    for link in links.select_related("activity").order_by("pk"):
        met: Activity = link.activity
        if dice.chance(0.66):
            at = min(dice.now, met.occurred_at + timedelta(hours=3))
            write_meeting_record(
                opportunity_id=link.opportunity_id, activity_id=met.pk, changes=dice.pick(plays.SAID),
                by=deals[link.opportunity_id].owner, at=at,
            )  # fmt: skip
