"""Deal events in words, for the templates other apps render."""

from decimal import Decimal
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from crm.lib import formats
from crm.lib.markup import attributes
from pipeline.labels.economics import discount_text, hours_text
from pipeline.labels.glossary import ANCHORS
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


@register.simple_tag
def means(anchor: str, words: str) -> SafeString:
    """Write a word that opens its definition in the glossary (RU-003); an anchor it does not have is an error."""
    if anchor not in ANCHORS:
        raise template.TemplateSyntaxError(f"the glossary has no {anchor!r}")
    return format_html('<a class="means" href="{}#{}">{}</a>', reverse("pipeline:glossary"), anchor, words)


@register.simple_tag
def certainty(level: int) -> SafeString:
    """Draw how sure we are in three bars; the words stand beside it."""
    bars = format_html_join(
        "", "<i{}></i>", ((attributes({"class": "is-on" if n < level else None}),) for n in range(3))
    )
    return format_html('<span class="certainty" aria-hidden="true">{}</span>', bars)


@register.filter
def discount(value: Decimal) -> str:
    """Return a discount as people write it."""
    return discount_text(value)


@register.filter
def as_hours(minutes: int) -> str:
    """Return minutes as hours and minutes."""
    return hours_text(minutes)


@register.filter
def plain_number(value: Decimal) -> str:
    """Return a number with the decimals it has."""
    return formats.number(value, max(0, -int(value.normalize().as_tuple().exponent)))
