"""The kinds of buyers, and who is one (LT-031)."""

from django.db.models import Count, Q, QuerySet

from crm.lib.sql import Fold
from crm.models import Persona, User
from crm.queries.access import get_access

IN_USE = Q(contacts__archived_at=None, contacts__merged_into=None, contacts__erased_at=None)


def personas_visible_to(user: User) -> QuerySet[Persona]:
    """Return the personas open to the person: all of them, or none."""
    return Persona.objects.all() if get_access(user).reads_company else Persona.objects.none()


def open_personas() -> QuerySet[Persona]:
    """Return the personas that are offered, by name."""
    return Persona.objects.filter(archived_at=None).order_by(Fold("name"), "pk")


def list_personas(user: User, *, archived: bool = False) -> list[Persona]:
    """Return the personas offered, or those put away, each with `people`: how many contacts are one."""
    personas = personas_visible_to(user).filter(archived_at__isnull=not archived)
    return list(personas.annotate(people=Count("contacts", filter=IN_USE)).order_by(Fold("name"), "pk"))
