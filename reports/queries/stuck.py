"""Deals that have stood too long and nobody said yet what gets them going (P-12, P-22)."""

from collections.abc import Collection
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from pipeline.enums import Severity, SignalCode
from pipeline.models import Opportunity, RestartPlan, Signal
from pipeline.models.opportunities import OPEN
from pipeline.queries.signal_badges import SPEAKING

MOST = 10


def _stuck(people: Collection[int] | None, *, today: date) -> QuerySet[Signal]:
    """Return the signals of deals without a step ahead and, at the last setpoint, of those without a plan to restart.

    A deal whose step is due stands on the day already.
    """
    deals = Opportunity.objects.filter(OPEN)
    deals = deals if people is None else deals.filter(owner_id__in=people)
    plan = RestartPlan.objects.filter(
        opportunity=OuterRef("opportunity"), at__gte=OuterRef("opportunity__setpoint_entered_at")
    )
    nothing_said = Q(opportunity__next_step_on=None) | Q(severity=Severity.BAD, opportunity__next_step_on__gt=today)
    return Signal.objects.filter(SPEAKING, nothing_said, ~Exists(plan), code=SignalCode.STUCK, opportunity__in=deals)


def get_stuck(people: Collection[int] | None, *, today: date) -> list[Signal]:
    """Return the deals with their signal: at the last setpoint first, then those that have stood longest."""
    related = ("opportunity__account", "opportunity__setpoint", "opportunity__owner")
    return list(_stuck(people, today=today).select_related(*related).order_by("-severity", "since", "pk")[:MOST])


def count_stuck(people: Collection[int] | None, *, today: date) -> int:
    """Return how many there are."""
    return _stuck(people, today=today).count()
