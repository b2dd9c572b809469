"""What to say to whom: the guides, and what decides which of them fits (TR-036, TR-044)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from crm.models import Contact, Persona, User
from crm.queries.access import get_access
from pipeline.models import Competitor, MessageGuide, OpportunityCompetitor
from pipeline.models.opportunities import OPEN
from pipeline.policies.guides import LEVELS, TEXTS, GuideFacts, fitting
from pipeline.queries.opportunities import opportunities_visible_to, with_person

RANKS = {"": -1, **{str(level): rank for rank, level in enumerate(LEVELS)}}


@dataclass(frozen=True, slots=True)
class Advice:
    """Somebody a seller is about to talk to, with the guides for them."""

    contact: Contact
    persona: Persona | None
    guides: list[GuideFacts]


def guides_visible_to(user: User) -> QuerySet[MessageGuide]:
    """Return the guides open to the person: all of them, or none."""
    guides = MessageGuide.objects.all() if get_access(user).reads_company else MessageGuide.objects.none()
    return guides.select_related("persona", "competitor")


def open_competitors() -> QuerySet[Competitor]:
    """Return the competitors a guide may be about, by name."""
    return Competitor.objects.filter(archived_at=None).order_by("name", "pk")


def competitors_visible_to(user: User) -> QuerySet[Competitor]:
    """Return the competitors a person may name: all in use, or none."""
    return open_competitors() if get_access(user).reads_company else Competitor.objects.none()


def list_guides(user: User, *, archived: bool = False) -> list[GuideFacts]:
    """Return the guides offered, or those put away, from the top of a company down."""
    found = [guide_facts(row) for row in guides_visible_to(user).filter(archived_at__isnull=not archived)]
    return sorted(
        found, key=lambda each: (RANKS.get(each.seniority, len(RANKS)), each.persona, each.competitor, each.id)
    )


def get_guides() -> list[GuideFacts]:
    """Return every guide in force; one statement."""
    return [
        guide_facts(row)
        for row in MessageGuide.objects.filter(archived_at=None).select_related("persona", "competitor")
    ]


def guide_facts(row: MessageGuide) -> GuideFacts:
    """Return a guide as the rules read it."""
    return GuideFacts(
        id=row.pk,
        seniority=row.seniority,
        persona_id=row.persona_id,
        competitor_id=row.competitor_id,
        persona=str(row.persona or ""),
        competitor=str(row.competitor or ""),
        texts={name: getattr(row, name) for name in TEXTS},
    )


def get_advice(contact_ids: Iterable[int], *, competitor_ids: Iterable[int]) -> list[Advice]:
    """Return what to say to each of these people, in their order; two statements however many there are."""
    order = {pk: place for place, pk in enumerate(contact_ids)}
    people = Contact.objects.filter(pk__in=order, erased_at=None).select_related("persona")
    guides, rivals = get_guides(), frozenset(competitor_ids)
    return [
        Advice(each, each.persona, fitting(
            guides, seniority=each.seniority, persona_id=each.persona_id, competitor_ids=rivals
        ))
        for each in sorted(people, key=lambda each: order[each.pk])
    ]  # fmt: skip


def get_competitors(deal_id: int) -> list[Competitor]:
    """Return whom we meet in a deal."""
    return list(Competitor.objects.filter(deals__opportunity_id=deal_id).order_by("name", "pk"))


def get_competitor_ids_around(user: User, contact_id: int) -> list[int]:
    """Return whom we meet in the open deals a contact takes part in, of those the person may see."""
    deals: Any = opportunities_visible_to(user).filter(OPEN).filter(with_person(contact_id))
    met = OpportunityCompetitor.objects.filter(opportunity__in=deals)
    return list(met.order_by("competitor_id").values_list("competitor_id", flat=True).distinct())
