"""The shapes of proposals, negotiation, documents and files of a deal."""

from typing import Any

from rest_framework import serializers

from crm.api.fields import Choice, Day, Id, Instant, MoneyValue, RelatedId, Shape, Text, Whole
from crm.api.serializers import contact_field
from crm.lib.values import Money
from pipeline.enums import DocumentKind, NegotiationState, NegotiationTopic, Package
from pipeline.policies.files import NOTE_LENGTH as NOTE_OF_FILE_LENGTH
from pipeline.policies.proposals import (
    CHALLENGE_LENGTH,
    MOST_LINES,
    NOTE_LENGTH,
    SOLUTION_LENGTH,
    TEXT_LENGTH,
    SolutionLine,
)
from pipeline.policies.templates import BODY_LENGTH, NAME_LENGTH, TITLE_LENGTH
from pipeline.queries.documents import templates_visible_to


class OfferedMoney(MoneyValue):
    """Money, null for none."""

    def get_attribute(self, instance: Any) -> Money | None:
        """Return the money of a proposal."""
        found: Money | None = super().get_attribute(instance)
        return found


class SolutionShape(Shape):
    """What the customer struggles with, and how we solve it."""

    challenge = Text(max_length=CHALLENGE_LENGTH)
    solution = Text(max_length=SOLUTION_LENGTH)


class ProposalShape(Shape):
    """An offer; `sent_on` is the day the customer got it, null while it is written. What was sent is not changed.

    `override` is only sent: why it is written though the pipeline asks for the economics first. `removed_at` is when it
    was taken back.
    """

    id = Id(read_only=True)
    version = Whole(read_only=True)
    number = Whole(read_only=True)
    package = Choice(choices=list(Package))
    amount = OfferedMoney(required=False, allow_null=True)
    lines = SolutionShape(many=True, required=False)
    note = Text(max_length=NOTE_LENGTH, required=False, allow_blank=True)
    override = Text(max_length=NOTE_LENGTH, required=False, write_only=True)
    sent_on = Day(read_only=True, allow_null=True)
    by = Id(source="by_id", read_only=True, allow_null=True)
    at = Instant(read_only=True)
    removed_at = Instant(read_only=True, allow_null=True)

    def validate_lines(self, lines: list[dict[str, str]]) -> list[SolutionLine]:
        """Return the lines as the commands take them, not more than a proposal has."""
        if len(lines) > MOST_LINES:
            raise serializers.ValidationError(f"{MOST_LINES}")
        return [SolutionLine(**line) for line in lines]


class SentShape(Shape):
    """The day the customer got it."""

    sent_on = Day()


class PointShape(Shape):
    """What the customer wants otherwise, and what came of it."""

    id = Id(read_only=True)
    version = Whole(read_only=True)
    topic = Choice(choices=list(NegotiationTopic))
    asked = Text(max_length=TEXT_LENGTH)
    asked_on = Day()
    contact = contact_field()
    state = Choice(choices=list(NegotiationState), read_only=True)
    answer = Text(read_only=True, allow_blank=True)
    settled_on = Day(read_only=True, allow_null=True)
    by = Id(source="by_id", read_only=True, allow_null=True)
    at = Instant(read_only=True)


class SettledShape(Shape):
    """What came of it: agreed or declined, on a day, today where none is given."""

    state = Choice(choices=[NegotiationState.AGREED, NegotiationState.DECLINED])
    answer = Text(max_length=TEXT_LENGTH, required=False, allow_blank=True)
    settled_on = Day(required=False)


class DocumentShape(Shape):
    """A template filled from the deal, with what `proposal` solves, else the latest one; never changed."""

    id = Id(read_only=True)
    template = RelatedId(source="template_id", visible=templates_visible_to)
    proposal = Id(source="proposal_id", required=False, allow_null=True)
    kind = Choice(choices=list(DocumentKind), read_only=True)
    number = Whole(read_only=True)
    title = Text(read_only=True)
    by = Id(source="by_id", read_only=True, allow_null=True)
    at = Instant(read_only=True)


class TemplateShape(Shape):
    """What documents are made of: text and placeholders of a fixed list, as the version in force says it.

    A body is lines: `# ` and `## ` begin headings, `- ` an item. Other words are the next version; documents made before
    keep what they said. `retired_at` is when it went out of use.
    """

    id = Id(read_only=True)
    version = Whole(read_only=True)
    kind = Choice(choices=list(DocumentKind))
    name = Text(max_length=NAME_LENGTH)
    title = Text(max_length=TITLE_LENGTH)
    body = Text(max_length=BODY_LENGTH, trim_whitespace=False)
    retired_at = Instant(read_only=True, allow_null=True)


class TemplateChangesShape(TemplateShape):
    """What may be worded anew of a template; its kind stays."""

    kind = Choice(choices=list(DocumentKind), read_only=True)


class FileShape(Shape):
    """A file of the deal; `removed_at` is when it was taken away, `media_type` what its bytes are."""

    id = Id(read_only=True)
    name = Text(read_only=True)
    media_type = Text(read_only=True)
    size = Whole(read_only=True)
    sha256 = Text(read_only=True)
    note = Text(read_only=True, allow_blank=True)
    by = Id(source="by_id", read_only=True, allow_null=True)
    at = Instant(read_only=True)
    removed_at = Instant(read_only=True, allow_null=True)


class AttachShape(Shape):
    """A file, sent as `multipart/form-data`, and what it is."""

    file = serializers.FileField()
    note = Text(max_length=NOTE_OF_FILE_LENGTH, required=False, allow_blank=True)
