"""The shapes of sources and campaigns."""

from crm.api.fields import Choice, Day, Id, Instant, Shape, Text, Whole
from crm.api.serializers import CodeOf
from crm.enums import Channel, ContentType
from crm.policies.origins import LONGEST_NAME
from crm.queries.sources import find_source


class OriginShape(Shape):
    """What sources and campaigns have in common; other records name them by their `code`, which stays."""

    id = Id(source="pk", read_only=True)
    version = Whole(read_only=True)
    code = Text(read_only=True)
    name = Text(max_length=LONGEST_NAME)
    content_type = Choice(choices=list(ContentType), required=False)
    archived_at = Instant(read_only=True, allow_null=True)


class SourceShape(OriginShape):
    """A standing source, such as search, a partner or our own calls."""

    channel = Choice(choices=list(Channel))


class CampaignShape(OriginShape):
    """A dated effort, within a source or none."""

    source = CodeOf(of="source", find=find_source, required=False, allow_null=True)  # type: ignore[assignment]  # the metaclass takes it
    starts_on = Day(required=False, allow_null=True)
    ends_on = Day(required=False, allow_null=True)
