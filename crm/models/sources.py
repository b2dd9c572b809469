"""Where interest comes from (D-41)."""

from django.db import models

from crm.enums import Channel, ContentType
from crm.lib.audit import audited
from crm.models.base import Versioned


@audited()
class Source(Versioned):
    """A standing source, such as search, a partner or our own calls."""

    code = models.SlugField(max_length=100, unique=True)
    name = models.CharField(max_length=200)
    channel = models.CharField(max_length=10, choices=[(channel, channel) for channel in Channel])
    content_type = models.CharField(
        max_length=20, default=ContentType.OTHER, choices=[(kind, kind) for kind in ContentType]
    )

    def __str__(self) -> str:
        return self.name


@audited()
class Campaign(Versioned):
    """A dated effort within a source."""

    code = models.SlugField(max_length=100, unique=True)
    name = models.CharField(max_length=200)
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="campaigns")
    content_type = models.CharField(
        max_length=20, default=ContentType.OTHER, choices=[(kind, kind) for kind in ContentType]
    )
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
