"""The shapes of what is wrong with a deal."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from crm.api.fields import Choice, Day, Shape, Text, Whole
from pipeline.labels.signals import describe_signal
from pipeline.models import Opportunity
from pipeline.policies.signals import SIGNALS
from pipeline.queries.signal_badges import read_badges


class SignalShape(Shape):
    """A warning that speaks: `severity` 1 a note, 2 a warning, 3 bad; `since` is when its clock began."""

    code = Choice(choices=list(SIGNALS))
    severity = Whole()
    since = Day(allow_null=True)
    reason = Text()


@extend_schema_field(SignalShape(many=True))
class SignalsField(serializers.Field[Any, Any, Any, Any]):
    """The warnings of a deal, worst first; those that rest are left out."""

    def __init__(self, **options: Any) -> None:
        super().__init__(source="*", read_only=True, **options)

    def to_representation(self, deal: Opportunity) -> list[Mapping[str, Any]]:
        """Return them with their reasons in words."""
        today, setpoint = timezone.localdate(), deal.setpoint.name if deal.setpoint else ""
        return [
            {
                "code": each.code,
                "severity": each.severity,
                "since": each.since.isoformat() if each.since else None,
                "reason": describe_signal(
                    each.code, each.severity, each.since, dict(each.detail), today, setpoint=setpoint
                ).text,
            }
            for each in read_badges(getattr(deal, "worst", None))
        ]


class SnoozeShape(Shape):
    """Until which day a warning may rest, 90 days at most, and why."""

    until = Day()
    reason = Text(max_length=300)
