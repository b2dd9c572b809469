"""The shapes of shared hours, of questions to those who deliver, of promises and of handovers."""

from typing import Any

from rest_framework import serializers

from crm.api.fields import Choice, Day, Flag, Id, Instant, RelatedId, Shape, Text, Whole
from pipeline.enums import PolicyArea, PromiseState, RequestState, ResourceKind
from pipeline.queries.opportunities import opportunities_visible_to


class Hours(serializers.DecimalField):
    """A number of hours."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_digits": 6, "decimal_places": 2, **kwargs})


class WeekShape(Shape):
    """The hours of somebody in a week, which is named by its Monday, and how many of them are set aside."""

    monday = Day(read_only=True)
    hours = Hours(read_only=True)
    taken = Hours(read_only=True)
    free = Hours(read_only=True)


class ResourceShape(Shape):
    """Somebody whose hours deals share; `weeks` are the next six."""

    id = Id(read_only=True)
    user = Id(source="user_id", read_only=True)
    kind = Choice(choices=list(ResourceKind), read_only=True)
    weekly_hours = Hours(read_only=True)
    weeks = WeekShape(source="next_weeks", many=True, read_only=True)


class RequestShape(Shape):
    """Shared hours asked for a deal: of `resource`, or of whoever gives that kind.

    Where `against` names what spoke against it, `reason` says why all the same. Once done, `minutes` were spent.
    """

    id = Id(read_only=True)
    version = Whole(read_only=True)
    opportunity = RelatedId(source="opportunity_id", visible=opportunities_visible_to)
    kind = Choice(choices=list(ResourceKind))
    resource = Id(source="resource_id", required=False, allow_null=True)
    purpose = Text(max_length=1000)
    hours = Hours()
    due_on = Day()
    against = serializers.ListField(child=serializers.CharField(), read_only=True)
    reason = Text(max_length=1000, required=False, allow_blank=True)
    state = Choice(choices=list(RequestState), read_only=True)
    asked_by = Id(source="asked_by_id", read_only=True, allow_null=True)
    asked_at = Instant(read_only=True)
    answered_by = Id(source="answered_by_id", read_only=True, allow_null=True)
    answered_at = Instant(read_only=True, allow_null=True)
    answer = Text(read_only=True, allow_blank=True)
    ended_at = Instant(read_only=True, allow_null=True)
    minutes = Whole(source="effort.minutes", read_only=True, allow_null=True, default=None)


class AcceptanceShape(Shape):
    """Whose hours they are, your own where nobody is named, from which week on."""

    resource = Id(source="resource_id", required=False, allow_null=True)
    week = Day(required=False, allow_null=True)
    answer = Text(max_length=1000, required=False, allow_blank=True)


class DeclineShape(Shape):
    """Why not."""

    answer = Text(max_length=1000)


class SpentShape(Shape):
    """How many hours it took, today where no day is named."""

    hours = Hours()
    on = Day(required=False, allow_null=True)
    note = Text(max_length=300, required=False, allow_blank=True)


class QuestionShape(Shape):
    """A question to somebody who delivers, and the answer."""

    id = Id(read_only=True)
    version = Whole(read_only=True)
    opportunity = RelatedId(source="opportunity_id", visible=opportunities_visible_to)
    to = Id(source="to_id")
    text = Text(max_length=1000)
    asked_by = Id(source="asked_by_id", read_only=True, allow_null=True)
    asked_at = Instant(read_only=True)
    answer = Text(read_only=True, allow_blank=True)
    answered_by = Id(source="answered_by_id", read_only=True, allow_null=True)
    answered_at = Instant(read_only=True, allow_null=True)


class AnswerShape(Shape):
    """The answer to a question."""

    answer = Text(max_length=2000)


class PromiseShape(Shape):
    """What the customer was told we would do, by when; in an `area` of the policy with how far (`asked`)."""

    id = Id(read_only=True)
    version = Whole(read_only=True)
    opportunity = RelatedId(source="opportunity_id", visible=opportunities_visible_to)
    text = Text(max_length=500)
    due_on = Day()
    area = Choice(choices=list(PolicyArea), required=False, allow_blank=True)
    asked = serializers.DecimalField(max_digits=10, decimal_places=2, required=False, allow_null=True)
    owner = Id(source="owner_id", required=False, allow_null=True)
    approval = Id(source="approval_id", read_only=True, allow_null=True)
    state = Choice(choices=list(PromiseState), read_only=True)
    ended_on = Day(read_only=True, allow_null=True)
    made_at = Instant(source="at", read_only=True)


class EndShape(Shape):
    """What became of a promise, today where no day is named."""

    state = Choice(choices=[PromiseState.KEPT, PromiseState.BROKEN, PromiseState.DROPPED])
    ended_on = Day(required=False, allow_null=True)


class HandoverShape(Shape):
    """A won deal that goes to delivery: `to` takes it over, and later somebody says whether it was delivered as sold."""

    id = Id(read_only=True)
    version = Whole(read_only=True)
    opportunity = Id(source="opportunity_id", read_only=True)
    made_at = Instant(read_only=True)
    to = Id(source="to_id", read_only=True, allow_null=True)
    accepted_at = Instant(read_only=True, allow_null=True)
    check_due_on = Day(read_only=True)
    checked_on = Day(read_only=True, allow_null=True)
    as_sold = serializers.BooleanField(read_only=True, allow_null=True)
    gap = Text(read_only=True, allow_blank=True)
    broken_promises = Whole(read_only=True)


class CheckShape(Shape):
    """Whether it was delivered as sold; where not, what differs."""

    as_sold = Flag()
    gap = Text(max_length=1000, required=False, allow_blank=True)
    checked_on = Day(required=False, allow_null=True)
