"""Feeds the demo company through the importer, and through the commands for what imports do not carry."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Prefetch

from crm.enums import ReasonKind
from crm.exchange.run import import_rows
from crm.models import Contact, Reason, User
from pipeline.commands.opportunities import attest_criterion
from pipeline.enums import Evidence
from pipeline.models import CriterionVersion, Opportunity
from reports.management.demo import company, words
from reports.management.demo.clockwork import Dice
from reports.management.demo.deals import Deal, customers, deals
from reports.management.demo.leads import LeadStory, leads
from scoring.commands.events import record_events
from scoring.commands.handoffs import ReleaseRefused, accept_lead, reject_lead, release_crossings
from scoring.enums import FINISHED_STATUSES, CrossingState
from scoring.facts import NewEvent
from scoring.models import Crossing, Lead

Say = Callable[[str], None]


def load(*, seed: int, today: date, now: datetime, say: Say) -> None:
    """Fill the empty database. The same seed on the same day gives the same company."""
    zone = ZoneInfo(words.ZONE)
    dice = Dice(seed=seed, today=today, zone=zone)
    firms, accounts, contacts = company.firms(dice)
    sales = deals(dice, firms)
    customers(sales, accounts)
    stories = leads(dice, firms, sales)
    by = _load_people(now=now)
    for kind, rows in _rows(today, accounts, contacts, sales, stories):
        counts = import_rows(kind, rows, by=by, at=now, gate="record", reason="History of the demo company")
        say(f"  {kind}: {counts.created}")
    _attest(dice, by=by, now=now)
    _answer_leads(dice, by=by, now=now)
    _cross_today(dice, by=by, now=now)


def _load_people(*, now: datetime) -> User:
    import_rows("users", company.users(), by=None, at=now)
    return User.objects.get(email=company.mail("piret"))


def _rows(
    today: date, accounts: list[company.Row], contacts: list[company.Row], sales: list[Deal], stories: list[LeadStory]
) -> Iterable[tuple[str, list[company.Row]]]:
    yield "accounts", accounts
    yield "contacts", contacts
    yield "products", company.products()
    yield "targets", company.targets(today)
    yield "leads", [story.row for story in stories]
    yield "lead-events", [event for story in stories for event in story.events]
    yield "opportunities", [deal.row for deal in sales]
    yield "opportunity-history", [entry for deal in sales for entry in deal.history]
    yield "activities", [activity for deal in sales for activity in deal.activities]


def _attest(dice: Dice, *, by: User, now: datetime) -> None:
    """Write down most of the facts an open deal's setpoint asks for, and forget some."""
    versions = CriterionVersion.objects.filter(valid_until=None, evidence=Evidence.ATTESTED).select_related(
        "criterion__setpoint"
    )
    criteria = sorted(versions, key=lambda version: (version.criterion.setpoint.rank, version.criterion.order))
    people = Prefetch("account__contacts", Contact.objects.order_by("id"))
    open_deals = Opportunity.objects.filter(outcome="").select_related("setpoint", "owner").prefetch_related(people)
    for deal in open_deals.order_by("id"):
        assert deal.setpoint is not None
        for version in criteria:
            ahead = version.criterion.setpoint.rank - deal.setpoint.rank
            if dice.chance({0: 0.85, 1: 0.4}.get(max(0, ahead), 0)):
                at = min(now, deal.created_at + timedelta(days=dice.random.randrange(3, 40)))
                contact = dice.pick(list(deal.account.contacts.all()))
                attest_criterion(
                    opportunity_id=deal.pk,
                    criterion_version_id=version.pk,
                    contact_id=contact.pk,
                    said_on=at.date(),
                    note=_note(dice, version.criterion.code, deal),
                    by=deal.owner,
                    at=at,
                )


def _note(dice: Dice, code: str, deal: Opportunity) -> str:
    amount = deal.amount.amount if deal.amount else 20_000
    return words.NOTES[code].format(
        amount=f"€{amount * 11 // 10000 * 1000:,.0f}",
        loss=f"€{amount * dice.random.randrange(8, 22) // 10000 * 1000:,.0f}",
        competitor=dice.pick(words.COMPETITORS),
    )


def _answer_leads(dice: Dice, *, by: User, now: datetime) -> None:
    """Hand over the crossings of the past, and let the reps answer most of them."""
    reasons = list(
        Reason.objects.filter(kind=ReasonKind.LEAD_REJECTED).order_by("order").values_list("code", flat=True)[:4]
    )
    waiting = Crossing.objects.filter(state=CrossingState.WAITING, crossed_at__lt=now - timedelta(days=6))
    for crossing in (
        waiting.exclude(lead__status__in=FINISHED_STATUSES).select_related("lead").order_by("crossed_at", "id")
    ):
        handed = crossing.crossed_at + timedelta(hours=1)
        try:
            release_crossings(crossing_ids=[crossing.pk], by=by, at=handed)
        except ReleaseRefused:  # sales ended this lead when they answered an earlier crossing
            continue
        handoff = crossing.lead.handoffs.filter(answered_at=None).select_related("owner").first()
        if handoff is None or handoff.owner is None:
            continue
        answered = handed + timedelta(minutes=dice.random.randrange(10, 420))
        if dice.chance(0.68):
            accept_lead(lead_id=crossing.lead_id, by=handoff.owner, at=answered)
        else:
            reject_lead(
                lead_id=crossing.lead_id, reason_code=dice.pick(reasons), note="", by=handoff.owner, at=answered
            )


def _cross_today(dice: Dice, *, by: User, now: datetime, count: int = 9) -> None:
    """Let some warm leads ask for a demo in the last hours, so that reps have somebody to answer."""
    warm = Lead.objects.filter(score__score__range=(25, 49), status="nurturing").order_by("-score__score", "id")
    for lead in warm[:count]:
        at = now - timedelta(minutes=dice.random.randrange(5, 200))
        event = NewEvent(f"demo-today-{lead.external_id}", "demo_requested", at, lead_id=lead.pk)
        record_events(events=[event], by=by, at=at)
