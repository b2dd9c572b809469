"""Deal events in words, for the templates other apps render."""

from typing import Any

from django import template

from pipeline.labels.history import Change, describe_change

register = template.Library()


@register.filter
def in_words(payload: Any) -> Change:
    """Return a timeline payload's event in words."""
    return describe_change(payload.event, payload.names)


@register.filter
def outcome_tone(outcome: str) -> str:
    """Return the tone of an outcome's badge."""
    return "ok" if outcome == "won" else ""
