"""The shapes of champion and challenger."""

from typing import Any

from rest_framework import serializers

from crm.api.fields import Choice, Id, Instant, Shape, Text, Whole
from scoring.enums import ChallengeEnd, ChallengeMetric, Verdict


class ChallengeShape(Shape):
    """A second version of the rules that scores `percent` of the leads that come while it runs.

    The draft becomes the challenger; `draft_version` is its version as you saw it. Nothing of this changes later.
    """

    id = Id(source="pk", read_only=True)
    version = Whole(read_only=True)
    champion = Id(source="champion_id", read_only=True)
    challenger = Id(source="challenger_id", read_only=True)
    percent = serializers.IntegerField(min_value=1, max_value=99)
    metric = Choice(choices=list(ChallengeMetric))
    minimum = serializers.IntegerField(min_value=10, max_value=1_000_000)
    reason = Text(max_length=500)
    draft_version = Whole(source="seen_version", required=False, write_only=True)
    started_at = Instant(read_only=True)
    started_by = Id(source="started_by_id", read_only=True)
    ended_at = Instant(read_only=True, allow_null=True)
    ended_by = Id(source="ended_by_id", read_only=True, allow_null=True)
    ended_as = Choice(choices=list(ChallengeEnd), read_only=True, allow_blank=True)
    end_reason = Text(read_only=True, allow_blank=True)


class ChallengeEndShape(Shape):
    """Which rules go on, and why."""

    ends_as = Choice(choices=list(ChallengeEnd))
    reason = Text(max_length=500)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Return the end as the command takes it."""
        return {**attrs, "ends_as": ChallengeEnd(attrs["ends_as"])}


class SideShape(Shape):
    """The leads of one side; `value` is the share of `compared` that came so far in time."""

    value = serializers.DecimalField(max_digits=9, decimal_places=6, allow_null=True)
    low = serializers.DecimalField(max_digits=9, decimal_places=6, allow_null=True)
    high = serializers.DecimalField(max_digits=9, decimal_places=6, allow_null=True)
    compared = Whole()
    assigned = Whole()
    handed_over = Whole()
    accepted = Whole()
    qualified = Whole()


class ChallengeResultShape(Shape):
    """What both sides came to: `value` is the challenger's share less the champion's, from `low` to `high` (95%).

    `verdict` names nobody before both sides have `minimum` compared leads, nor while 0 lies within the interval.
    """

    as_of = Instant()
    value = serializers.DecimalField(max_digits=9, decimal_places=6, allow_null=True)
    low = serializers.DecimalField(max_digits=9, decimal_places=6, allow_null=True)
    high = serializers.DecimalField(max_digits=9, decimal_places=6, allow_null=True)
    verdict = Choice(choices=list(Verdict))
    minimum = Whole()
    champion = SideShape()
    challenger = SideShape()
