"""Deals as the visibility rule lets people see them (D-3)."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from crm.enums import SALES_ROLES
from crm.facts import Access
from crm.models import Activity, Contact, RoleGrant, User
from crm.queries.access import get_access
from pipeline.models import Opportunity, OpportunityActivity, Stakeholder
from pipeline.models.opportunities import OPEN


def visible_owner_ids(access: Access) -> frozenset[int] | None:
    """Return whose deals the person sees; None means everybody's."""
    if access.is_admin or access.is_marketing:
        return None
    if not access.sells:
        return frozenset()
    return access.team_user_ids | access.managed_user_ids | {access.user_id}


def opportunities_visible_to(user: User) -> QuerySet[Opportunity]:
    """Return the deals the person may see, merged ones left out."""
    return opportunities_reached_by(get_access(user))


def opportunities_reached_by(access: Access) -> QuerySet[Opportunity]:
    """Return the deals that this access reaches, merged ones left out."""
    deals = Opportunity.objects.filter(merged_into=None)
    owner_ids = visible_owner_ids(access)
    return deals if owner_ids is None else deals.filter(owner_id__in=owner_ids)


def possible_owners(access: Access) -> QuerySet[User]:
    """Return the people who may be given a deal by this person, by name."""
    sellers = User.objects.filter(
        is_active=True, grants__role__in=sorted(SALES_ROLES), grants__revoked_at=None
    ).distinct()
    if not access.is_admin:
        sellers = sellers.filter(pk__in=access.team_user_ids | access.managed_user_ids | {access.user_id})
    return sellers.order_by("name", "pk")


def count_own_open(user: User) -> int:
    """Return how many open deals the person owns, for the navigation."""
    return Opportunity.objects.filter(OPEN, owner_id=user.pk).count()


def without_hidden_deals(activities: QuerySet[Activity], user: User) -> QuerySet[Activity]:
    """Leave out activities that belong only to deals the person may not see."""
    owner_ids = visible_owner_ids(get_access(user))
    if owner_ids is None:
        return activities
    links = OpportunityActivity.objects.filter(activity=OuterRef("pk"))
    return activities.filter(~Exists(links) | Q(Exists(links.filter(opportunity__owner_id__in=owner_ids))))


def contacts_of(deal: Opportunity) -> QuerySet[Contact]:
    """Return whom a deal can name as speaking for the customer: people of its company, its stakeholders, its contact."""
    named = (
        Q(account_id=deal.account_id) | Q(pk=deal.contact_id) | Exists(deal.stakeholders.filter(contact=OuterRef("pk")))
    )
    in_use = Contact.objects.filter(named, archived_at=None, merged_into=None, erased_at=None)
    return in_use.order_by("last_name", "first_name", "pk")


def with_person(contact_id: int) -> Q:
    """Return the filter for the deals a person is the main contact of or takes part in."""
    takes_part = Stakeholder.objects.filter(opportunity=OuterRef("pk"), contact=contact_id)
    return Q(contact_id=contact_id) | Q(Exists(takes_part))


def activity_links(user: User) -> QuerySet[OpportunityActivity]:
    """Return what ties activities to the deals the person may see."""
    links = OpportunityActivity.objects.filter(opportunity__in=opportunities_visible_to(user))
    return links.annotate(record_id=F("opportunity_id"))


def is_possible_owner(user_id: int) -> bool:
    """Whether the person is active and sells."""
    grants = RoleGrant.objects.filter(user_id=user_id, role__in=sorted(SALES_ROLES), revoked_at=None)
    return grants.filter(user__is_active=True).exists()


def owners_seen_by(user: User) -> QuerySet[User]:
    """Return whose deals the person sees, by name, for a filter."""
    owner_ids = visible_owner_ids(get_access(user))
    people = User.objects.order_by("name", "pk")
    if owner_ids is not None:
        return people.filter(pk__in=owner_ids)
    return people.filter(pk__in=Opportunity.objects.order_by().values("owner_id").distinct())
