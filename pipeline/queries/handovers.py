"""What was handed over to delivery, who may see it, and what the sheet holds (EE-063)."""

from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Q, QuerySet

from crm.enums import Role
from crm.models import User
from crm.queries.access import get_access
from pipeline.enums import Outcome
from pipeline.facts import ApproverFacts
from pipeline.models import Handover, OpportunityLine, Promise, Stakeholder
from pipeline.queries.opportunities import opportunities_visible_to

RELATED = ("opportunity__account", "opportunity__owner", "opportunity__contact", "to")


def get_receivers() -> list[ApproverFacts]:
    """Return everybody in delivery with how many handovers wait for each."""
    waiting = Count("handovers", filter=Q(handovers__accepted_at=None, handovers__opportunity__outcome=Outcome.WON))
    people = User.objects.filter(is_active=True, grants__role=Role.DELIVERY, grants__revoked_at=None).annotate(
        held=ArrayAgg("grants__role", distinct=True), waiting=waiting
    )
    return [ApproverFacts(pk, frozenset(held), n) for pk, held, n in people.values_list("pk", "held", "waiting")]


def handovers_visible_to(user: User) -> QuerySet[Handover]:
    """Return what is addressed to the person, to nobody yet where they deliver, and of the deals they see."""
    access = get_access(user)
    seen = Q(to=user)
    if Role.DELIVERY in access.roles:
        seen |= Q(to=None)
    if access.reads_company:
        seen |= Q(opportunity__in=opportunities_visible_to(user))
    return Handover.objects.filter(seen, opportunity__outcome=Outcome.WON).select_related(*RELATED)


def handovers_waiting_for(user: User) -> QuerySet[Handover]:
    """Return what waits to be taken over by the person, the oldest first."""
    waiting = Handover.objects.filter(to=user, accepted_at=None, opportunity__outcome=Outcome.WON)
    return waiting.select_related(*RELATED).order_by("made_at", "pk")


def get_sheet(handover: Handover) -> dict[str, Any]:
    """Return what was promised, what was sold, and who is there at the customer; a statement each."""
    deal_id = handover.opportunity_id
    promises = Promise.objects.filter(opportunity_id=deal_id).select_related("owner").order_by("due_on", "pk")
    lines = OpportunityLine.objects.filter(opportunity_id=deal_id, removed_at=None).select_related("product")
    people = Stakeholder.objects.filter(opportunity_id=deal_id, left_at=None).select_related("contact")
    return {
        "promises": list(promises),
        "lines": list(lines.order_by("pk")),
        "people": list(people.order_by("-is_main", "pk")),
    }
