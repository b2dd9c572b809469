"""The shapes of forms on websites, of what was sent in by them, of websites and of kinds of events."""

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from crm.api.fields import Choice, Flag, Id, Instant, Shape, Text
from crm.api.serializers import CodeOf, RecordShape, owner_field
from crm.queries.sources import find_campaign, find_source
from scoring.enums import FormField, SubmissionState
from scoring.models import WebForm


def _origins(**kwargs: Any) -> Any:
    return serializers.ListField(child=Text(max_length=200), max_length=50, **kwargs)


def _asked(**kwargs: Any) -> Any:
    return serializers.ListField(child=Choice(choices=list(FormField)), max_length=len(FormField), **kwargs)


class WebFormShape(RecordShape):
    """A form on websites: what it asks, in this order, what it needs, what it says. Its page is at `address`.

    Without an `owner` its leads are routed. With `double_opt_in` nothing happens before the address is confirmed.
    """

    code = Text(max_length=100)
    name = Text(max_length=200)
    asked = _asked()
    required = _asked(required=False)
    intro = Text(max_length=1000, required=False, allow_blank=True)
    consent_text = Text(max_length=1000, required=False, allow_blank=True)
    thanks = Text(max_length=1000)
    mail_subject = Text(max_length=200, required=False, allow_blank=True)
    mail_text = Text(max_length=5000, required=False, allow_blank=True)
    double_opt_in = Flag(required=False)
    origins = _origins(required=False)
    source = CodeOf(of="source", find=find_source, required=False, allow_null=True)  # type: ignore[assignment]  # the metaclass takes it
    campaign = CodeOf(of="campaign", find=find_campaign, required=False, allow_null=True)
    owner = owner_field()
    address = serializers.SerializerMethodField()

    def get_address(self, form: WebForm) -> str:
        """Return where the form is, to be framed by the sites in `origins`."""
        address: str = self.context["request"].build_absolute_uri(reverse("scoring:web_form", args=[form.code]))
        return address


class SubmissionShape(Shape):
    """What somebody sent in; until its address is confirmed it waits here and is nobody's."""

    id = Id(source="pk")
    email = Text()
    values = serializers.DictField(child=serializers.CharField())
    state = Choice(choices=list(SubmissionState))
    submitted_at = Instant()
    confirmed_at = Instant(allow_null=True)
    thanked_at = Instant(allow_null=True)
    lead = Id(source="lead_id", allow_null=True)


class WebsiteShape(RecordShape):
    """A site of ours that reports what its visitors look at; its pages name the `key`, which is no secret."""

    external_id = Text(read_only=True, allow_null=True)
    name = Text(max_length=200)
    key = Text(read_only=True)
    origins = _origins()


class EventTypeShape(Shape):
    """Something leads can do. One that `qualifies` ends a silence; a retired one is taken no more."""

    code = Text(max_length=100)
    name = Text(max_length=200)
    qualifies = Flag(default=True)
    retired_at = Instant(read_only=True, allow_null=True)
