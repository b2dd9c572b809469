"""The shapes of message guides and of meetings that are written down."""

from crm.api.fields import Choice, Id, Instant, RelatedId, Shape, Whole
from crm.api.playbook import long_text
from crm.api.serializers import RecordShape
from crm.queries.activities import activities_visible_to
from crm.queries.personas import personas_visible_to
from pipeline.policies.guides import LEVELS
from pipeline.policies.meetings import LONGEST_SECTION
from pipeline.queries.guides import competitors_visible_to


class GuideShape(RecordShape):
    """What to say to people of a level, a persona, or in the face of a competitor; what is empty means any.

    A guide for `owner`, `c_level` or `vp` says it in `business_terms`.
    """

    seniority = Choice(choices=list(LEVELS), required=False, allow_blank=True)
    persona = RelatedId(source="persona_id", visible=personas_visible_to, required=False, allow_null=True)
    competitor = RelatedId(source="competitor_id", visible=competitors_visible_to, required=False, allow_null=True)
    concern = long_text()
    business_terms = long_text()
    message = long_text()
    questions = long_text()
    proof = long_text()
    avoid = long_text()


class MeetingRecordShape(Shape):
    """What was learned at a meeting: where they stand, what makes it hard, where they want to be."""

    id = Id(source="pk", read_only=True)
    version = Whole(read_only=True)
    created_at = Instant(read_only=True)
    activity = RelatedId(source="activity_id", visible=activities_visible_to)
    present_state = long_text(LONGEST_SECTION)
    challenges = long_text(LONGEST_SECTION)
    goals = long_text(LONGEST_SECTION)
    by = Id(source="by_id", read_only=True, allow_null=True)
