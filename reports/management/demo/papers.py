"""What the demo company offered, negotiated, wrote and attached: for deals that have come far enough for it."""

from datetime import datetime, timedelta

from django.core.files.base import ContentFile

from crm.lib.values import Money
from pipeline.commands.derived import refreshing_once
from pipeline.commands.documents import DocumentRefused, make_document
from pipeline.commands.files import attach_file
from pipeline.commands.negotiation import note_point, settle_point
from pipeline.commands.opportunities import MoveRefused
from pipeline.commands.proposals import send_proposal, write_proposal
from pipeline.enums import DocumentKind, NegotiationState, NegotiationTopic, Package
from pipeline.models import DocumentTemplate, Opportunity, Proposal
from pipeline.policies.proposals import SolutionLine
from reports.management.demo.clockwork import Dice

FROM_RANK, CLOSE_RANK = 2, 3  # from 50% on a customer has an offer; at 90% it is being negotiated
SOLVES = (
    ("Water losses show only in the yearly bill", "Meters on every line, read each quarter of an hour"),
    ("Nobody knows which line wastes the most", "A ranking by litres a tonne on the shift leader's screen"),
    ("Alarms come when the tank is already empty", "A warning four hours ahead, from the day's own consumption"),
    ("The old meters fail in winter", "Heated housings, exchanged within a day"),
    ("Readings are typed into a spreadsheet", "Readings go into their planning system by themselves"),
)
WISHES = (
    (NegotiationTopic.PRICE, "Eight percent less for two plants at once", "Five, once the second plant has signed"),
    (NegotiationTopic.TERMS, "Sixty days to pay", "Thirty, with the first month free"),
    (NegotiationTopic.IMPLEMENTATION, "Installed before the summer stop", "One line before, the others in August"),
)
NOTES = b"Site visit\n\nThree lines, two tanks, one control room. The pump of line 2 leaks.\nNext: plan of the pipes.\n"


def write_papers(dice: Dice) -> None:
    """Write proposals for the open deals from 50% on, send most of them, and negotiate those that are close."""
    open_deals = Opportunity.objects.filter(outcome="", setpoint__rank__gte=FROM_RANK).select_related(
        "setpoint", "owner"
    )
    with refreshing_once(at=dice.now):
        for number, deal in enumerate(open_deals.order_by("id")):
            if proposal := _offer(dice, deal):
                _follow(dice, deal, proposal, number)


def _offer(dice: Dice, deal: Opportunity) -> Proposal | None:
    if not dice.chance(0.7):
        return None
    at, package = _since(dice, deal), Package.STANDARD if dice.chance(0.3) else Package.CUSTOM
    lines = [SolutionLine(*each) for each in dice.random.sample(SOLVES, 2)]
    amount = Money(deal.amount.amount, deal.amount.currency) if deal.amount else None
    try:
        made = write_proposal(
            opportunity_id=deal.pk, package=package, amount=amount, by=deal.owner, at=at,
            lines=lines if package == Package.CUSTOM else [],
        )  # fmt: skip
    except MoveRefused:  # nobody judged its economics yet
        return None
    if dice.chance(0.8):
        later = min(at + timedelta(days=dice.days(3)), dice.now)
        return send_proposal(proposal_id=made.pk, seen_version=1, sent_on=later.date(), by=deal.owner, at=later)
    return made


def _follow(dice: Dice, deal: Opportunity, proposal: Proposal, number: int) -> None:
    assert deal.setpoint is not None
    at, by = max(proposal.at, dice.moment(dice.today - timedelta(days=dice.days(4)))), deal.owner
    for template in DocumentTemplate.objects.filter(kind=DocumentKind.PROPOSAL):
        try:
            make_document(opportunity_id=deal.pk, template_id=template.pk, by=by, at=at)
        except DocumentRefused:  # the deal lacks what the template says
            continue
    if deal.setpoint.rank >= CLOSE_RANK and proposal.package == Package.CUSTOM:
        topic, asked, answer = WISHES[number % len(WISHES)]
        point = note_point(
            opportunity_id=deal.pk, topic=topic, asked=asked, asked_on=at.date(), contact_id=deal.contact_id, by=by,
            at=at,
        )  # fmt: skip
        if dice.chance(0.5):
            settle_point(
                point_id=point.pk, seen_version=1, state=NegotiationState.AGREED, answer=answer, by=by, at=dice.now
            )
    if number % 4 == 0:
        notes = ContentFile(NOTES)
        attach_file(opportunity_id=deal.pk, name="Site visit.txt", content=notes, note="What we saw", by=by, at=at)


def _since(dice: Dice, deal: Opportunity) -> datetime:
    entered = deal.setpoint_entered_at or deal.created_at
    return min(max(entered, deal.created_at), dice.now - timedelta(days=1)) + timedelta(
        hours=dice.random.randrange(1, 8)
    )
