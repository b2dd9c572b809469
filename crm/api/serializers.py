"""The shapes of people, companies and what was done with them. Relations are ids, sources and campaigns codes."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from crm.api.fields import Choice, Day, Email, Flag, Id, Instant, MoneyValue, RelatedId, RelatedIds, Shape, Text, Whole
from crm.enums import (
    AccountKind,
    ActivityKind,
    ActivityOutcome,
    Approach,
    Direction,
    LawfulBasis,
    Seniority,
    TokenScope,
)
from crm.models import Activity
from crm.policies.erasure import LONGEST_REASON
from crm.queries.accounts import accounts_visible_to
from crm.queries.contacts import contacts_visible_to
from crm.queries.people import users_visible_to
from crm.queries.personas import personas_visible_to
from crm.queries.sources import find_source
from crm.queries.timeline import find_subject


@extend_schema_field({"type": "string", "maxLength": 100})
class CodeOf(Text):
    """A record of a short list, by its code; `of` is its name on the record, `find` returns it for a code."""

    default_error_messages: ClassVar = {"unknown": _("There is no such code.")}

    def __init__(self, *, of: str, find: Callable[[str], Any], **kwargs: Any) -> None:
        super().__init__(**{"source": f"{of}_id", **kwargs})
        self.of, self.find = of, find

    def get_attribute(self, instance: Any) -> Any:
        """Return the related record, not its id."""
        return getattr(instance, self.of)

    def to_representation(self, value: Any) -> str:
        """Return the code."""
        return str(value.code)

    def to_internal_value(self, data: Any) -> Any:
        """Return the id of the record with this code."""
        found = self.find(super().to_internal_value(data))
        if found is None:
            self.fail("unknown")
        return found.pk


@extend_schema_field({"type": "string", "pattern": "^[0-9]{1,18}$"})
class SubjectId(Id):
    """The key of a record of an app above, which must be one the person may see; inside it is what is known of it."""

    default_error_messages: ClassVar = {"unknown": _("There is no such record, or you may not see it.")}

    def __init__(self, *, subject: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.subject = subject

    def to_internal_value(self, data: Any) -> Any:
        """Return the `SubjectFacts` of the record."""
        found = find_subject(self.subject, super().to_internal_value(data), user=self.context["request"].user)
        if found is None:
            self.fail("unknown")
        return found


class RecordShape(Shape):
    """What every record says of itself."""

    id = Id(source="pk", read_only=True)
    external_id = Text(max_length=200, allow_null=True, required=False)
    version = Whole(read_only=True)
    created_at = Instant(read_only=True)
    recorded_at = Instant(read_only=True)
    archived_at = Instant(read_only=True, allow_null=True)


def owner_field(**kwargs: Any) -> RelatedId:
    """Return the field for whom a record belongs to."""
    return RelatedId(source="owner_id", visible=users_visible_to, required=False, allow_null=True, **kwargs)


def account_field(**kwargs: Any) -> RelatedId:
    """Return the field for the account of a record."""
    return RelatedId(
        source="account_id", visible=accounts_visible_to, **{"required": False, "allow_null": True, **kwargs}
    )


def contact_field() -> RelatedId:
    """Return the field for the contact of a record."""
    return RelatedId(source="contact_id", visible=contacts_visible_to, required=False, allow_null=True)


class AccountShape(RecordShape):
    """A company."""

    name = Text(max_length=300)
    domain = Text(max_length=253, required=False, allow_null=True, allow_blank=True)
    registration_number = Text(max_length=100, required=False, allow_blank=True)
    industry = Text(max_length=100, required=False, allow_blank=True)
    employee_count = Whole(required=False, allow_null=True)
    annual_revenue = MoneyValue(required=False, allow_null=True)
    country = Text(max_length=2, required=False, allow_blank=True)
    city = Text(max_length=200, required=False, allow_blank=True)
    growth_stage = Text(max_length=100, required=False, allow_blank=True)
    technologies = serializers.ListField(child=Text(max_length=100), required=False, max_length=200)
    parent = RelatedId(source="parent_id", visible=accounts_visible_to, required=False, allow_null=True)  # type: ignore[assignment]  # the metaclass takes it
    kind = Choice(choices=list(AccountKind), required=False)
    owner = owner_field()
    source = CodeOf(of="source", find=find_source, required=False, allow_null=True)  # type: ignore[assignment]  # the metaclass takes it
    customer_since = Day(required=False, allow_null=True)
    churned_on = Day(required=False, allow_null=True)


class ContactShape(RecordShape):
    """A person at an account."""

    account = account_field()
    first_name = Text(max_length=200, required=False, allow_blank=True)
    last_name = Text(max_length=200, required=False, allow_blank=True)
    job_title = Text(max_length=200, required=False, allow_blank=True)
    seniority = Choice(choices=list(Seniority), required=False)
    department = Text(max_length=200, required=False, allow_blank=True)
    persona = RelatedId(source="persona_id", visible=personas_visible_to, required=False, allow_null=True)
    email = Email(max_length=254, required=False, allow_null=True)
    phone = Text(max_length=40, required=False, allow_blank=True)
    country = Text(max_length=2, required=False, allow_blank=True)
    language = Text(max_length=10, required=False, allow_blank=True)
    consent = Flag(required=False, allow_null=True)
    lawful_basis = Choice(choices=list(LawfulBasis), required=False)
    owner = owner_field()


class ErasureShape(Shape):
    """Why somebody is erased, without saying who."""

    reason = Text(max_length=LONGEST_REASON)


class ActivityShape(RecordShape):
    """A call, e-mail, meeting, demo, note or task; `done_at` is empty while it lies ahead."""

    kind = Choice(choices=list(ActivityKind), read_only=True)
    subject = Text(max_length=300, required=False, allow_blank=True)
    note = Text(max_length=20_000, required=False, allow_blank=True)
    occurred_at = Instant(required=False)
    due_at = Instant(required=False, allow_null=True)
    done_at = Instant(read_only=True, allow_null=True)
    outcome = Choice(choices=list(ActivityOutcome), required=False, allow_blank=True)
    direction = Choice(choices=list(Direction), required=False, allow_blank=True)
    by_customer = Flag(required=False)
    is_customer_action = Flag(read_only=True)
    channel = Text(max_length=20, required=False, allow_blank=True)
    obstacle = Text(max_length=100, required=False, allow_blank=True)
    stated_reason = Text(max_length=300, required=False, allow_blank=True)
    approach = Choice(choices=list(Approach), required=False, allow_blank=True)
    duration_minutes = Whole(required=False, allow_null=True)
    account = account_field()
    contact = contact_field()
    owner = owner_field()
    opportunity = Id(source="of_opportunity", read_only=True, allow_null=True)
    lead = Id(source="of_lead", read_only=True, allow_null=True)
    participants = serializers.SerializerMethodField()
    colleagues = serializers.SerializerMethodField()

    def get_participants(self, activity: Activity) -> list[str]:
        """Return who took part besides the contact."""
        return [str(each.contact_id) for each in activity.participants.all() if each.contact_id]

    def get_colleagues(self, activity: Activity) -> list[str]:
        """Return who of our own people took part besides the owner."""
        return [str(each.user_id) for each in activity.participants.all() if each.user_id]


class NewActivityShape(ActivityShape):
    """An activity to log or to plan; at a deal or a lead it takes company and person from there, unless it names its own."""

    kind = Choice(choices=list(ActivityKind))
    occurred_at = Instant()
    done = Flag(default=True, write_only=True)
    participants = RelatedIds(source="participant_contact_ids", visible=contacts_visible_to, required=False)  # type: ignore[assignment]  # written here, only read above
    colleagues = RelatedIds(source="participant_user_ids", visible=users_visible_to, required=False)  # type: ignore[assignment]  # likewise
    opportunity = SubjectId(subject="opportunity", required=False, allow_null=True, write_only=True)
    lead = SubjectId(subject="lead", required=False, allow_null=True, write_only=True)


class ActivityChangesShape(ActivityShape):
    """What may change about an activity; `done` is true, with the outcome, when it took place."""

    done = Flag(required=False, write_only=True)


class TeamShape(Shape):
    """A node of the team tree."""

    id = Id(source="pk", read_only=True)
    external_id = Text(read_only=True, allow_null=True)
    version = Whole(read_only=True)
    name = Text(read_only=True)
    parent = Id(source="parent_id", read_only=True, allow_null=True)  # type: ignore[assignment]  # the metaclass takes it


class UserShape(Shape):
    """A person who signs in; `team` is today's."""

    id = Id(source="pk", read_only=True)
    external_id = Text(read_only=True, allow_null=True)
    version = Whole(read_only=True)
    email = Email(read_only=True)
    name = Text(read_only=True)
    roles = serializers.ListField(child=Text(), source="roles_now", read_only=True)
    team = Id(source="team_id_now", read_only=True, allow_null=True)
    is_active = Flag(read_only=True)
    locale = Text(read_only=True)
    time_zone = Text(read_only=True)
    created_at = Instant(read_only=True)


class TokenShape(Shape):
    """A token; what it opens is told once, when it is made."""

    id = Id(source="pk", read_only=True)
    name = Text(max_length=200)
    scopes = serializers.ListField(child=Choice(choices=list(TokenScope)), allow_empty=False, max_length=10)
    expires_at = Instant(required=False, allow_null=True)
    created_at = Instant(read_only=True)
    last_used_at = Instant(read_only=True, allow_null=True)


class IssuedTokenShape(TokenShape):
    """A new token with its secret."""

    token = Text(read_only=True)
