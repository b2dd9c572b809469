"""What the customers of the demo company said about their deals."""

from datetime import timedelta

from django.db.models import Prefetch

from crm.models import Contact
from pipeline.commands.imports import AttestationRow, import_attestations
from pipeline.commands.opportunities import edit_opportunity
from pipeline.enums import Evidence
from pipeline.models import CriterionVersion, Opportunity
from reports.management.demo import words
from reports.management.demo.clockwork import Dice

# How many of the facts of a deal's own setpoint and those below, and of the next one, somebody wrote down.
KNOWN, KNOWN_AHEAD = 0.85, 0.4


def attest(dice: Dice) -> None:
    """Write down most of the facts an open deal's setpoint asks for, and forget some."""
    versions = CriterionVersion.objects.filter(valid_until=None, evidence=Evidence.ATTESTED).select_related(
        "criterion__setpoint"
    )
    criteria = sorted(versions, key=lambda version: (version.criterion.setpoint.rank, version.criterion.order))
    people = Prefetch("account__contacts", Contact.objects.order_by("id"))
    open_deals = Opportunity.objects.filter(outcome="").select_related("setpoint").prefetch_related(people)
    rows = [
        _said(dice, deal, version)
        for deal in open_deals.order_by("id")
        for version in criteria
        if dice.chance(_chance(deal, version))
    ]
    import_attestations(rows=rows)


def set_decision_days(dice: Dice) -> None:
    """Note when the customer decides, for most of the deals that have come far."""
    far = Opportunity.objects.filter(outcome="", setpoint__code__in=("50", "90")).select_related("owner")
    for deal in far.order_by("id"):
        if dice.chance(0.7):
            on = dice.workday(dice.today + timedelta(days=dice.random.randrange(4, 60)))
            at = dice.now - timedelta(days=dice.random.randrange(1, 10), hours=9)
            edit_opportunity(opportunity_id=deal.pk, changes={"decision_on": on}, by=deal.owner, at=at)


def _chance(deal: Opportunity, version: CriterionVersion) -> float:
    assert deal.setpoint is not None
    ahead = version.criterion.setpoint.rank - deal.setpoint.rank
    return KNOWN if ahead <= 0 else KNOWN_AHEAD if ahead == 1 else 0


def _said(dice: Dice, deal: Opportunity, version: CriterionVersion) -> AttestationRow:
    at = min(dice.now - timedelta(hours=9), deal.created_at + timedelta(days=dice.random.randrange(3, 40)))
    return AttestationRow(
        opportunity_id=deal.pk,
        criterion_version_id=version.pk,
        contact_id=dice.pick(list(deal.account.contacts.all())).pk,
        note=_note(dice, version.criterion.code, deal),
        by_id=deal.owner_id,
        at=at,
    )


def _note(dice: Dice, code: str, deal: Opportunity) -> str:
    amount = deal.amount.amount if deal.amount else 20_000
    return dice.pick(words.NOTES[code]).format(
        amount=f"€{amount * 11 // 10000 * 1000:,.0f}",
        loss=f"€{amount * dice.random.randrange(8, 22) // 10000 * 1000:,.0f}",
        competitor=dice.pick(words.COMPETITORS),
    )
