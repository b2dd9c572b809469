"""The histories of B33: what goes wrong in sales, told with the real commands on hard dates."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pgtrigger

from crm.lib.values import Money
from crm.models import ExchangeRate, Organisation, OrganisationTimeZone, Team, TeamMembership, User
from pipeline.commands.opportunities import (
    archive_opportunity,
    close_opportunity,
    create_opportunity,
    edit_opportunity,
    move_opportunity,
    reopen_opportunity,
    undo_move,
)
from pipeline.models import Opportunity, OpportunityEvent
from tests.factories.crm import AccountFactory, ActivityFactory, TeamFactory, UserFactory
from tests.factories.pipeline import OpportunityActivityFactory, get_setpoint

TALLINN = ZoneInfo("Europe/Tallinn")
REASONS = {"lost": "price", "no_decision": "went_quiet", "declined": "need_known", "won": ""}


def noon(day: str) -> datetime:
    """Return twelve o'clock in Tallinn."""
    return datetime.combine(date.fromisoformat(day), datetime.min.time().replace(hour=12), tzinfo=TALLINN)


@dataclass
class Firm:
    """A Tallinn firm with euros: a sales team with two teams below it, and a rep in each."""

    sales: Team = field(init=False)
    baltics: Team = field(init=False)
    nordics: Team = field(init=False)
    liis: User = field(init=False)
    mantas: User = field(init=False)

    def __post_init__(self) -> None:
        OrganisationTimeZone.objects.all().delete()
        OrganisationTimeZone.objects.create(zone="Europe/Tallinn", valid_from=date(2020, 1, 1))
        Organisation.objects.filter(pk=1).update(currency="EUR")
        self.sales = TeamFactory(name="Sales")
        self.baltics = TeamFactory(name="Baltics", parent=self.sales)
        self.nordics = TeamFactory(name="Nordics", parent=self.sales)
        self.liis = UserFactory(name="Liis Tamm", rep=True)
        self.mantas = UserFactory(name="Mantas Kazlauskas", rep=True)
        self.join(self.liis, self.baltics, "2024-01-01")
        self.join(self.mantas, self.nordics, "2024-01-01")

    def join(self, user: User, team: Team, day: str) -> None:
        """Put a person into a team from a day on."""
        TeamMembership.objects.filter(user=user, until_on=None).update(until_on=date.fromisoformat(day))
        TeamMembership.objects.create(user=user, team=team, from_on=date.fromisoformat(day))

    def deal(
        self,
        name: str,
        day: str,
        at: str = "first_meeting",
        *,
        owner: User | None = None,
        amount: Any = 1000,
        **given: Any,
    ) -> "Story":
        """Create a deal on a day; `amount` in euros, or Money."""
        money = amount if isinstance(amount, Money) or amount is None else Money(Decimal(amount), "EUR")
        industry = given.pop("industry", "")
        deal = create_opportunity(
            account_id=AccountFactory(name=name, industry=industry).pk, name=name, owner_id=(owner or self.liis).pk,
            setpoint_code=at, amount=money, override="told so in the first call", by=None, at=noon(day),
            **({"deal_type": "new_business"} | given),
        )  # fmt: skip
        return Story(deal.pk)

    def rate(self, kind: str, currency: str, rate: str, day: str) -> None:
        """Set what one unit is worth in euros from a day on."""
        ExchangeRate.objects.create(
            kind=kind, currency=currency, rate=Decimal(rate), valid_from=date.fromisoformat(day)
        )


@dataclass
class Story:
    """One deal and what happens to it next; every step gives the story back."""

    pk: int

    @property
    def row(self) -> Opportunity:
        """Return the deal as it stands."""
        return Opportunity.objects.get(pk=self.pk)

    def move(self, day: str, to: str, *, by: User | None = None) -> "Story":
        """Move it, forward or back."""
        move_opportunity(
            opportunity_id=self.pk, to=get_setpoint(to), seen_version=self.row.version, by=by, at=noon(day),
            override="they told us on the phone", reason="it was not as far as we thought",
        )  # fmt: skip
        return self

    def undo(self, at: datetime, *, by: User) -> "Story":
        """Take the last move back."""
        last = OpportunityEvent.objects.filter(opportunity_id=self.pk, kind="setpoint").latest("seq")
        undo_move(opportunity_id=self.pk, seq=last.seq, by=by, at=at)
        return self

    def close(
        self, day: str | datetime, outcome: str, *, amount: Any = None, reason: str = "", competitor: str = ""
    ) -> "Story":
        """Close it."""
        at = day if isinstance(day, datetime) else noon(day)
        won = outcome == "won"
        final = Money(Decimal(amount), "EUR") if isinstance(amount, int) else amount
        close_opportunity(
            opportunity_id=self.pk, outcome=outcome, seen_version=self.row.version, by=None, at=at,
            reason_code=reason or ("product" if won else REASONS[outcome]),
            competitor=competitor or ("Volta Systems" if outcome == "lost" else ""),
            note="what they said", amount=final, revisit_on=date(2030, 1, 1) if outcome == "no_decision" else None,
        )  # fmt: skip
        return self

    def reopen(self, day: str, at: str | None = None) -> "Story":
        """Reopen it; after the grace this is the story of the new cycle."""
        setpoint = get_setpoint(at).pk if at else None
        found = reopen_opportunity(
            opportunity_id=self.pk, seen_version=self.row.version, by=None, at=noon(day), setpoint_id=setpoint
        )
        return Story(found.deal.pk)

    def edit(self, day: str, **changes: Any) -> "Story":
        """Change fields."""
        edit_opportunity(opportunity_id=self.pk, changes=changes, seen={}, by=None, at=noon(day))
        return self

    def meet(self, day: str) -> "Story":
        """Hold a first meeting."""
        activity = ActivityFactory(
            kind="meeting", outcome="held", occurred_at=noon(day), recorded_at=noon(day), done_at=noon(day)
        )
        OpportunityActivityFactory(opportunity=self.row, activity=activity)
        return self

    def archive(self, day: str) -> "Story":
        """Archive it."""
        archive_opportunity(opportunity_id=self.pk, seen_version=self.row.version, by=None, at=noon(day))
        return self

    def learnt_on(self, day: str) -> "Story":
        """Back-date nothing, but let everything so far have been recorded only on this day."""
        with pgtrigger.ignore("pipeline.OpportunityEvent:never_changed"):
            OpportunityEvent.objects.filter(opportunity_id=self.pk).update(recorded_at=noon(day))
        return self


def utc(text: str) -> datetime:
    """Return an instant written in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
