"""Sources and campaigns, by the codes people and files use."""

from crm.models import Campaign, Source


def find_source(code: str) -> Source | None:
    """Return the source in use with this code."""
    return Source.objects.filter(code=code, archived_at=None).first()


def find_campaign(code: str) -> Campaign | None:
    """Return the campaign in use with this code."""
    return Campaign.objects.filter(code=code, archived_at=None).first()
