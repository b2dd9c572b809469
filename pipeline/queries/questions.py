"""What was asked of those who deliver, and who can be asked (EE-098)."""

from django.db.models import Q, QuerySet

from crm.models import User
from crm.queries.access import get_access
from pipeline.models import DeliveryQuestion
from pipeline.policies.questions import DELIVERING
from pipeline.queries.opportunities import opportunities_visible_to
from pipeline.queries.promises import approvals_waiting_for, people_who_answer

RELATED = ("opportunity__account", "opportunity__setpoint", "opportunity__owner", "to", "asked_by", "answered_by")


def people_who_deliver() -> QuerySet[User]:
    """Return who can be asked, by name."""
    return people_who_answer(DELIVERING)


def questions_visible_to(user: User) -> QuerySet[DeliveryQuestion]:
    """Return what was asked of the person and, for whoever sees deals, about those (D-49)."""
    seen = Q(to=user) | Q(answered_by=user)
    if get_access(user).reads_company:
        seen |= Q(opportunity__in=opportunities_visible_to(user))
    return DeliveryQuestion.objects.filter(seen).select_related(*RELATED)


def questions_waiting_for(user: User) -> QuerySet[DeliveryQuestion]:
    """Return what waits for the person's answer, the oldest first; the deals have not ended."""
    waiting = DeliveryQuestion.objects.filter(to=user, answered_at=None)
    open_deals = Q(opportunity__outcome="", opportunity__archived_at=None)
    return waiting.filter(open_deals).select_related(*RELATED).order_by("asked_at", "pk")


def count_waiting_answers(user: User) -> int | None:
    """Return how many answers wait for the person, approvals and questions alike, for the navigation."""
    return approvals_waiting_for(user).count() + questions_waiting_for(user).count() or None
