"""What the customers of the demo company said about their deals."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Prefetch, QuerySet

from crm.models import Contact
from pipeline.commands.imports import AssessmentRow, AttestationRow, import_assessments, import_attestations
from pipeline.commands.opportunities import edit_opportunity
from pipeline.commands.roles import name_stakeholder
from pipeline.enums import ELEMENT_FACTS, QUALIFICATION, Element, Evidence, Level, StakeholderRole
from pipeline.models import CriterionVersion, Opportunity
from reports.management.demo import words
from reports.management.demo.clockwork import Dice

# How many of the facts of a deal's own setpoint and those below, and of the next one, somebody wrote down.
KNOWN, KNOWN_AHEAD = 0.85, 0.4
# Milestones and the rest of what is asked of a deal come with 50% and 90%; before 25% nobody has asked anything.
ASKED = (*QUALIFICATION, Element.STAKEHOLDERS_KNOWN)
STALE_DAYS = (50, 90)
ASKED_AT = {Element.STAKEHOLDERS_KNOWN: 3}


def attest(dice: Dice) -> None:
    """Write down most of the facts an open deal's setpoint asks for, and forget some."""
    versions = CriterionVersion.objects.filter(valid_until=None, evidence=Evidence.ATTESTED).select_related(
        "criterion__setpoint"
    )
    criteria = sorted(versions, key=lambda version: (version.criterion.setpoint.rank, version.criterion.order))
    deals = list(_open_deals())
    rows = [
        _said(dice, deal, version)
        for deal in deals
        for version in criteria
        if version.criterion.setpoint.pipeline_id == deal.pipeline_id
        and dice.chance(_chance(deal, version.criterion.setpoint.rank))
    ]
    import_attestations(rows=rows)
    import_assessments(rows=[row for deal in deals for row in _assessed(dice, deal)])
    for deal in deals:
        if dice.chance(_chance(deal, 2)):
            _name_decider(dice, deal)


def set_decision_days(dice: Dice) -> None:
    """Note when the customer decides, what must become better and when it goes live, for deals that have come far."""
    far = Opportunity.objects.filter(outcome="", setpoint__code__in=("50", "90")).select_related("owner", "setpoint")
    for deal in far.order_by("id"):
        changes: dict[str, Any] = {}
        if dice.chance(0.7):
            changes["decision_on"] = dice.workday(dice.today + timedelta(days=dice.random.randrange(4, 60)))
        if dice.chance(_chance(deal, 3)):
            changes["required_results"] = dice.pick(words.NOTES["results_known"])
        if dice.chance(_chance(deal, 3)):
            changes["go_live_on"] = dice.workday(dice.today + timedelta(days=dice.random.randrange(80, 220)))
        if changes:
            at = dice.now - timedelta(days=dice.random.randrange(1, 10), hours=9)
            edit_opportunity(opportunity_id=deal.pk, changes=changes, by=deal.owner, at=at)


def _open_deals() -> QuerySet[Opportunity]:
    people = Prefetch("account__contacts", Contact.objects.order_by("id"))
    deals = Opportunity.objects.filter(outcome="").select_related("setpoint", "owner").prefetch_related(people)
    return deals.order_by("id")


def _chance(deal: Opportunity, rank: int) -> float:
    assert deal.setpoint is not None
    ahead = rank - deal.setpoint.rank
    return KNOWN if ahead <= 0 else KNOWN_AHEAD if ahead == 1 else 0


def _said(dice: Dice, deal: Opportunity, version: CriterionVersion) -> AttestationRow:
    return AttestationRow(
        opportunity_id=deal.pk,
        criterion_version_id=version.pk,
        contact_id=_somebody(dice, deal),
        note=_note(dice, version.criterion.code, deal),
        by_id=deal.owner_id,
        at=_moment(dice, deal),
    )


def _assessed(dice: Dice, deal: Opportunity) -> list[AssessmentRow]:
    """Return what is known of a deal's elements: of one at First meeting little, of one far on most, and some assumed."""
    found = []
    for element in ASKED:
        chance = _chance(deal, ASKED_AT.get(element, 2))
        if not chance:
            continue
        is_known = dice.chance(chance)
        level = dice.pick((Level.TOLD, Level.TOLD, Level.CONFIRMED) if is_known else (Level.UNKNOWN, Level.ASSUMED))
        if is_known or dice.chance(0.6) or chance == KNOWN:
            note = _note(dice, ELEMENT_FACTS[element], deal) if is_known else ""
            contact_id = _somebody(dice, deal) if is_known else None
            row = AssessmentRow(deal.pk, element, level, contact_id, note, deal.owner_id, when_heard(dice, deal))
            found.append(row)
    return found


def _name_decider(dice: Dice, deal: Opportunity) -> None:
    at = _moment(dice, deal)
    name_stakeholder(
        opportunity_id=deal.pk, contact_id=_somebody(dice, deal), role=StakeholderRole.DECISION_MAKER,
        met_on=at.astimezone(dice.zone).date(), by=deal.owner, at=at,
    )  # fmt: skip


def _somebody(dice: Dice, deal: Opportunity) -> int:
    return dice.pick(list(deal.account.contacts.all())).pk


def _moment(dice: Dice, deal: Opportunity) -> datetime:
    return min(dice.now - timedelta(hours=9), deal.created_at + timedelta(days=dice.random.randrange(3, 40)))


def when_heard(dice: Dice, deal: Opportunity) -> datetime:
    """Return when somebody last asked: in the last weeks, one time in five so long ago that it should be asked again."""
    days = dice.random.randrange(*STALE_DAYS) if dice.chance(0.2) else dice.random.randrange(3, 35)
    return max(deal.created_at, dice.now - timedelta(days=days, hours=9))


def _note(dice: Dice, code: str, deal: Opportunity) -> str:
    amount = deal.amount.amount if deal.amount else 20_000
    return dice.pick(words.NOTES[code]).format(
        amount=f"€{amount * 11 // 10000 * 1000:,.0f}",
        loss=f"€{amount * dice.random.randrange(8, 22) // 10000 * 1000:,.0f}",
        competitor=dice.pick(words.COMPETITORS),
    )
