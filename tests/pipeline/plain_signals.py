"""What is wrong with a deal, told by walking through its events one by one, as a person would who reads them aloud."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from pipeline.enums import CostKind
from pipeline.figures.arithmetic import quantile
from pipeline.figures.cycle import BANDS, LARGEST_BAND, NO_BAND
from pipeline.figures.margin import CostFacts, gross_margin
from pipeline.models import (
    EconomicAssumptions,
    NextStep,
    Opportunity,
    OpportunityActivity,
    OpportunityCost,
    OpportunityEvent,
    OpportunityLine,
    Setpoint,
    Stakeholder,
)
from pipeline.policies.signals import Calendar, DealSignalFacts, Found, Pause, find_signals
from pipeline.queries.economics import converted, line_facts

TOUCHES = {"call", "email", "meeting", "demo"}
QUALIFIED = Decimal("0.25")


@dataclass
class Walk:
    """A deal's past, as far as it has been walked."""

    stays: list[tuple[datetime, int]]
    pushes: list[datetime]
    progress: list[datetime]
    kept: list[datetime]
    pauses: list[Pause]
    amounts: list[tuple[datetime, Decimal | None, str]]


class PlainSignals:
    """Plain recomputation from events at an instant, in a zone."""

    def __init__(self, at: datetime, zone: str) -> None:
        self.at, self.zone = at, ZoneInfo(zone)
        self.today = self.day(at)
        self.setpoints = {setpoint.pk: setpoint for setpoint in Setpoint.objects.all()}
        assumed = EconomicAssumptions.objects.filter(valid_from__lte=self.today).order_by("valid_from").last()
        self.floor = assumed.margin_floor if assumed else None
        self.typical: dict[tuple[int, str, str], tuple[Decimal, int]] = {}

    def day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def is_last(self, setpoint: Setpoint) -> bool:
        in_use = [
            each.rank
            for each in self.setpoints.values()
            if each.pipeline_id == setpoint.pipeline_id and each.retired_at is None
        ]
        return setpoint.rank >= max(in_use)

    def events(self, deal: Opportunity) -> list[OpportunityEvent]:
        """Return what happened until now, in order, without moves that were taken back."""
        rows = list(OpportunityEvent.objects.filter(opportunity=deal))
        voided = {event.detail["voids"] for event in rows if event.kind == "move_voided"}
        rows = [event for event in rows if not (event.kind == "setpoint" and event.seq in voided)]
        return sorted((event for event in rows if event.occurred_at <= self.at), key=lambda e: (e.occurred_at, e.seq))

    def walk(self, deal: Opportunity) -> Walk:
        found = Walk([], [], [], [], [], [])
        is_closed, close_on = False, ""
        for event in self.events(deal):
            new, old = event.new or {}, event.old or {}
            if event.kind == "closed" or (event.kind == "reopened" and event.detail.get("voids_outcome")):
                is_closed = event.kind == "closed"
            if event.kind == "expected_close_on":
                if close_on and new.get("on", "") > close_on and not is_closed:
                    found.pushes.append(event.occurred_at)
                close_on = new.get("on", "")
            self.step(found, event, new, old)
        return found

    def step(self, found: Walk, event: OpportunityEvent, new: dict[str, Any], old: dict[str, Any]) -> None:
        if event.kind == "setpoint":
            if found.stays and self.rank(new["setpoint"]) > self.rank(found.stays[-1][1]):
                found.progress.append(event.occurred_at)
            found.stays.append((event.occurred_at, new["setpoint"]))
        elif event.kind == "amount":
            amount = Decimal(new["amount"]) if new else None
            found.amounts.append((event.occurred_at, amount, new.get("currency", "")))
        elif event.kind == "next_step" and new.get("done") and not old.get("done"):
            found.kept.append(event.occurred_at)
        elif event.kind in ("evidence", "qualification"):
            if event.new and new.get("level", 1) > old.get("level", 0):
                found.progress.append(event.occurred_at)
        elif event.kind == "pause":
            self.pause(found, event, new)

    def pause(self, found: Walk, event: OpportunityEvent, new: dict[str, Any]) -> None:
        start = self.day(event.occurred_at)
        if found.pauses and found.pauses[-1].until > start:
            found.pauses[-1] = Pause(found.pauses[-1].start, start)
        if new:
            found.pauses.append(Pause(start, date.fromisoformat(new["until"])))

    def rank(self, setpoint_id: int) -> int:
        return self.setpoints[setpoint_id].rank

    def size(self, deal: Opportunity, walk: Walk) -> str:
        """Return the band of what it was worth at entry to 25%, where there are no rates for other money than euros."""
        entries = [at for at, setpoint in walk.stays if self.setpoints[setpoint].probability >= QUALIFIED]
        then = [(amount, currency) for at, amount, currency in walk.amounts if entries and at <= entries[0]]
        now = (deal.amount.amount, deal.amount.currency) if deal.amount else (None, "")
        amount, currency = then[-1] if then and then[-1][0] is not None and len(walk.amounts) > 1 else now
        if amount is None or currency != "EUR":
            return NO_BAND
        return next((name for limit, name in BANDS if amount < limit), LARGEST_BAND)

    def learn_typical_stays(self, won: Iterable[Opportunity]) -> None:
        """Learn from deals won how long deals of a size and type stay where."""
        stays: dict[tuple[int, str, str], list[int]] = defaultdict(list)
        for deal in won:
            walk = self.walk(deal)
            total: dict[int, int] = defaultdict(int)
            ends = [at for at, _ in walk.stays[1:]] + [deal.closed_at]
            for (start, setpoint), end in zip(walk.stays, ends, strict=True):
                assert end is not None
                total[setpoint] += (self.day(max(end, start)) - self.day(start)).days
            for setpoint, days in total.items():
                stays[setpoint, self.size(deal, walk), deal.deal_type].append(days)
        self.typical = {
            cell: (quantile(days, "0.75").quantize(Decimal("0.01")), len(days))
            for cell, days in stays.items()
            if len(days) >= 10
        }

    def facts(self, deal: Opportunity) -> DealSignalFacts:
        walk = self.walk(deal)
        assert deal.setpoint is not None and deal.setpoint_entered_at is not None
        setpoint = self.setpoints[deal.setpoint.pk]
        evidenced = deal.evidenced_setpoint
        activities = [
            link.activity
            for link in OpportunityActivity.objects.filter(opportunity=deal).select_related("activity")
            if link.activity.archived_at is None
        ]
        acted = [each.occurred_at for each in activities if each.is_customer_action and each.occurred_at <= self.at]
        meetings = [
            self.day(each.occurred_at)
            for each in activities
            if each.kind in ("meeting", "demo") and each.done_at is None and each.outcome in ("", "moved")
        ]
        steps = NextStep.objects.filter(opportunity=deal, done_at=None, dropped_at=None)
        agreed = [step.due_on for step in steps if step.agreed_with_id]
        people = Stakeholder.objects.filter(opportunity=deal, left_at=None)
        typical = self.typical.get((setpoint.pk, self.size(deal, walk), deal.deal_type), (None, 0))
        window = self.today - timedelta(days=30)
        active = [deal.created_at, *(at for at, _ in walk.stays), *walk.kept, *acted]
        return DealSignalFacts(
            id=deal.pk, rank=setpoint.rank, probability=setpoint.probability, is_last=self.is_last(setpoint),
            created_on=self.day(deal.created_at), entered_on=self.day(deal.setpoint_entered_at),
            active_on=self.day(max(active)), stall_limit_days=setpoint.stall_limit_days,
            typical_days=typical[0], typical_wins=typical[1],
            moved=True if len(walk.stays) > 1 else None if deal.backfilled or not walk.stays else False,
            step_on=min((step.due_on for step in steps), default=None),
            agreed_on=min((day for day in [*agreed, *meetings] if day >= self.today), default=None),
            closes_on=deal.expected_close_on, pushes=len(walk.pushes),
            pushed_on=self.day(walk.pushes[-1]) if walk.pushes else None,
            evidenced_rank=evidenced.rank if evidenced else -1,
            deciders=sum(1 for each in people if each.role in ("decision_maker", "economic_buyer")),
            contacts=max(len(people), 1 if deal.contact_id else 0),
            amount=deal.amount.amount if deal.amount else None, amount_before=self.amount_before(deal, walk, window),
            activities=sum(
                1 for each in activities
                if each.kind in TOUCHES and each.done_at and self.day(each.occurred_at) >= window
                and each.occurred_at <= self.at
            ),
            progressed_on=self.day(max(walk.progress)) if walk.progress else None, pauses=tuple(walk.pauses),
            margin=self.margin(deal), margin_floor=self.floor,
        )  # fmt: skip

    def margin(self, deal: Opportunity) -> Decimal | None:
        """Return what it leaves, where there are no rates for other money than euros."""
        rates = {"EUR": Decimal(1)}
        lines = OpportunityLine.objects.filter(opportunity=deal, removed_at=None)
        costs = OpportunityCost.objects.filter(opportunity=deal, removed_at=None)
        given = [CostFacts(CostKind(cost.kind), converted(cost.amount, rates)) for cost in costs]
        return gross_margin([line_facts(line, rates) for line in lines], given).parts["share"].value

    def amount_before(self, deal: Opportunity, walk: Walk, window: date) -> Decimal | None:
        """Return the most it was worth, for a day or longer and in its present currency, before a change in the window."""
        currency = deal.amount.currency if deal.amount else ""
        stood = [
            amount
            for (since, amount, in_currency), (until, *_) in zip(walk.amounts, walk.amounts[1:], strict=False)
            if amount is not None and in_currency == currency and self.day(until) >= window
            and until - since >= timedelta(days=1)
        ]  # fmt: skip
        return max(stood, default=None)

    def signals(self, deal: Opportunity, **limits: Any) -> list[Found]:
        """Return what is wrong with the deal."""
        return find_signals(self.facts(deal), calendar=Calendar(self.today), **limits)
