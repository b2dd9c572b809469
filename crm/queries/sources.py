"""Sources and campaigns, by the codes people and files use, and as their page lists them."""

from django.db.models import Prefetch, QuerySet

from crm.models import Campaign, Source, User
from crm.queries.access import get_access


def find_source(code: str) -> Source | None:
    """Return the source in use with this code."""
    return Source.objects.filter(code=code, archived_at=None).first()


def find_campaign(code: str) -> Campaign | None:
    """Return the campaign in use with this code."""
    return Campaign.objects.filter(code=code, archived_at=None).first()


def sources_visible_to(user: User) -> QuerySet[Source]:
    """Return every source, for whoever sells or markets."""
    return Source.objects.all() if get_access(user).reads_company else Source.objects.none()


def campaigns_visible_to(user: User) -> QuerySet[Campaign]:
    """Return every campaign, for whoever sells or markets."""
    return Campaign.objects.all() if get_access(user).reads_company else Campaign.objects.none()


def list_sources(*, archived: bool) -> QuerySet[Source]:
    """Return the sources in use, or those put away, by name, each with its campaigns, the latest first."""
    campaigns = Campaign.objects.filter(archived_at=None).order_by("-starts_on", "name")
    sources = Source.objects.filter(archived_at__isnull=not archived).order_by("channel", "name")
    return sources.prefetch_related(Prefetch("campaigns", campaigns, to_attr="shown_campaigns"))


def list_loose_campaigns(*, archived: bool) -> QuerySet[Campaign]:
    """Return the campaigns that stand under no source in use, or every one put away."""
    campaigns = Campaign.objects.filter(archived_at__isnull=not archived).order_by("name")
    return campaigns if archived else campaigns.exclude(source__archived_at=None, source__isnull=False)
