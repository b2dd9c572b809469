"""Records of the permission matrix that take more than a line to make."""

from datetime import UTC, datetime, timedelta

from django.core.files.base import ContentFile

from crm.models import (
    Absence,
    Campaign,
    Holiday,
    Source,
    User,
)
from pipeline.commands.files import attach_file
from pipeline.models import (
    Effort,
    ExpansionPotential,
    Opportunity,
    OpportunityCost,
    OpportunityFile,
    OpportunityLine,
)
from scoring.models import (
    Challenge,
    Crossing,
    Handoff,
    Lead,
    LeadEvent,
    ScoringModel,
    Territory,
    Trial,
    TrialWeek,
    Website,
)
from tests.factories.scoring import LeadFactory

AT = datetime(2026, 10, 20, 12, 0, tzinfo=UTC)


def attach(deal: Opportunity) -> OpportunityFile:
    return attach_file(opportunity_id=deal.pk, name="offer.pdf", content=ContentFile(b"%PDF-"), by=None, at=AT)


def try_rules(rules: ScoringModel, by: User) -> None:
    challenger = ScoringModel.objects.create(number=99, state="retired", created_at=AT, retired_at=AT)
    end = {"ended_at": AT, "ended_by": by, "ended_as": "kept", "end_reason": "No difference"}
    Challenge.objects.create(
        champion=rules, challenger=challenger, percent=50, metric="qualified_of_assigned", minimum=10, seed="seed",
        reason="Try them", started_at=AT, started_by=by, **end,
    )  # fmt: skip


def hand_over(lead: Lead, owner: User | None) -> None:
    event = LeadEvent.objects.create(
        lead=lead, type="demo_requested", idempotency_key="k", occurred_at=AT, recorded_at=AT, via="api"
    )
    crossing = Crossing.objects.create(
        lead=lead,
        event=event,
        model=ScoringModel.objects.first(),
        score=60,
        crossed_at=AT,
        recorded_at=AT,
        state="handed_over",
    )
    Handoff.objects.create(
        lead=lead, crossing=crossing, owner=owner, created_at=AT, assigned_at=AT, due_at=AT + timedelta(hours=4)
    )


def count_on(deal: Opportunity, owner: User | None) -> dict[str, int]:
    """Return a row of each kind that a deal's economics have, by the name of its address."""
    return {
        "api_line": OpportunityLine.objects.create(opportunity=deal, description="Base").pk,
        "api_cost": OpportunityCost.objects.create(opportunity=deal, kind="services").pk,
        "api_effort": Effort.objects.create(opportunity=deal, user=owner, kind="demo", minutes=30, on=AT.date()).pk,
        "api_expansion": ExpansionPotential.objects.create(opportunity=deal, kind="usage", yearly=1000).pk,
    }


def note_days(owner: User | None) -> None:
    Absence.objects.create(user=owner, from_on=AT.date(), to_on=AT.date())
    Holiday.objects.create(on=AT.date(), name="A day")
    source = Source.objects.create(code="fair", name="Fair", channel="outbound")
    Campaign.objects.create(code="leaks", name="Leaks", source=source)
    Website.objects.create(name="Site", key="k" * 32, origins=["https://x.example"], created_at=AT, recorded_at=AT)
    Territory.objects.create(name="Baltics", rep=owner, created_at=AT, recorded_at=AT)
    week = TrialWeek.objects.create(week_on=AT.date(), at=AT, percent=10)
    Trial.objects.create(week=week, lead=LeadFactory(owner=owner), owner=owner, score=10, drawn_at=AT)
