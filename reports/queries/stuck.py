"""Deals that have stood too long and nobody said yet what gets them going (P-12, P-22)."""

from collections.abc import Collection
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from pipeline.enums import SignalCode
from pipeline.models import Opportunity, RestartPlan, Signal
from pipeline.models.opportunities import OPEN
from pipeline.queries.signal_badges import SPEAKING

MOST = 10


def _stuck(people: Collection[int] | None, *, today: date) -> QuerySet[Signal]:
    """Return the signals; a deal whose step is due stands on the day already, one with a plan of this stay is in hand."""
    deals = Opportunity.objects.filter(OPEN)
    deals = deals if people is None else deals.filter(owner_id__in=people)
    plan = RestartPlan.objects.filter(
        opportunity=OuterRef("opportunity"), at__gte=OuterRef("opportunity__setpoint_entered_at")
    )
    stuck = Signal.objects.filter(SPEAKING, ~Exists(plan), code=SignalCode.STUCK, opportunity__in=deals)
    return stuck.exclude(opportunity__next_step_on__lte=today)


def get_stuck(people: Collection[int] | None, *, today: date) -> list[Signal]:
    """Return the deals with their signal: at the last setpoint first, then those that have stood longest."""
    related = ("opportunity__account", "opportunity__setpoint", "opportunity__owner")
    return list(_stuck(people, today=today).select_related(*related).order_by("-severity", "since", "pk")[:MOST])


def count_stuck(people: Collection[int] | None, *, today: date) -> int:
    """Return how many there are."""
    return _stuck(people, today=today).count()
