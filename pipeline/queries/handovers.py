"""What was handed over to delivery, who may see it, and what the sheet holds (EE-063)."""

from datetime import timedelta
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, DateField, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce, TruncDate

from crm.enums import Role
from crm.models import User
from crm.queries.access import get_access
from crm.queries.organisation import get_zone
from pipeline.enums import Outcome, PromiseState
from pipeline.facts import ApproverFacts
from pipeline.models import Handover, OpportunityLine, Promise, Stakeholder
from pipeline.policies.handovers import CHECK_AFTER_GO_LIVE, CHECK_AFTER_HANDOVER
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


def with_follow_up(handovers: QuerySet[Handover]) -> QuerySet[Handover]:
    """Add from which day on the delivery is to be checked, and how many promises of the deal were broken."""
    made_on = TruncDate("made_at", tzinfo=get_zone())
    after_live = F("opportunity__go_live_on") + timedelta(days=CHECK_AFTER_GO_LIVE)
    due_on = Coalesce(Cast(after_live, DateField()), Cast(made_on + timedelta(days=CHECK_AFTER_HANDOVER), DateField()))
    broken = Promise.objects.filter(opportunity=OuterRef("opportunity"), state=PromiseState.BROKEN)
    counted = broken.order_by().values("opportunity").annotate(n=Count("pk")).values("n")
    return handovers.annotate(
        check_due_on=due_on, broken_promises=Coalesce(Subquery(counted, output_field=IntegerField()), 0)
    )


def count_to_take_over(user: User) -> int | None:
    """Return how many won deals wait to be taken over by the person, for the navigation."""
    return handovers_waiting_for(user).count() or None


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
