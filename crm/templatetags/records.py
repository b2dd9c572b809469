"""What pages of records say about fields and changes."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.template.context import RequestContext
from django.urls import reverse
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from crm.enums import ActivityKind
from crm.labels import field_label, model_label
from crm.lib import formats
from crm.lib.labels import label
from crm.models import Activity
from crm.permissions import can_edit_activity
from crm.queries.access import get_access
from crm.templatetags.panels import drawn
from crm.templatetags.setpoint import EMPTY, moment

register = template.Library()
LONGEST = 80
MONEY = re.compile(r"^(-?\d+(?:\.\d+)?) ([A-Z]{3})$")
CODED = {
    "kind": ("account_kind", "activity_kind", "insight_kind"),
    "burner": ("burner",),
    "seniority": ("seniority",),
    "lawful_basis": ("lawful_basis",),
    "outcome": ("activity_outcome", "outcome"),
    "direction": ("direction",),
    "role": ("role",),
    "theme": ("theme",),
    "channel": ("channel",),
    "deal_type": ("deal_type",),
    "status": ("lead_status",),
    "category": ("category",),
}


@register.filter
def field_words(name: str, model: str = "") -> str:
    """Show the word for a field of a model: `{{ change.field|field_words:entry.model }}`."""
    return field_label(name, model=model)


@register.filter
def model_words(name: str) -> str:
    """Show the word for a model: `{{ entry.model|model_words }}`."""
    return model_label(name)


@register.filter
def in_words(code: str) -> str:
    """Show a code that came with data as words: `food_and_beverage` is Food and beverage; other texts as they are."""
    return formats.in_words(code)


@register.filter
def audit_value(value: Any, field: str = "") -> str:
    """Show a value as the audit keeps it: codes as words, moments and days as the person's locale writes them."""
    if value is None or value in ("", []):
        return EMPTY
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    if isinstance(value, (int, Decimal)):
        return formats.number(value)
    for kind in CODED.get(field, ()):
        if (words := label(kind, value)) != value:
            return words
    return _text(str(value), field)


def _text(text: str, field: str) -> str:
    if money := MONEY.match(text):
        return formats.money(Decimal(money[1]), money[2])
    when: date | datetime | None = None
    if field.endswith("_at"):
        when = parse_datetime(text)
    elif field.endswith(("_on", "_since", "valid_from")):
        when = parse_date(text[:10])
    if isinstance(when, datetime):
        return formats.moment(when)
    if when is not None:
        return formats.day(when, relative=False)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """An activity as `crm/_activity_line.html` places it; `edit_url` is empty for who may not put it right."""

    kind: str
    subject: str
    contact: str
    outcome: str
    obstacle: str
    minutes: int | None
    is_planned: bool
    is_customer_action: bool
    when: SafeString | str
    owner: str
    edit_url: str
    name: str
    note: str


@register.simple_tag(takes_context=True)
def timeline_activity(context: RequestContext, activity: Activity) -> SafeString:
    """Draw an activity in the timeline of a record; on the page of its person it does not name them."""
    request = context["request"]
    editable = can_edit_activity(get_access(request.user), activity)
    edit_url = f"{reverse('crm:activity_edit', args=[activity.pk])}?next={request.path}" if editable else ""
    line = ActivityLine(
        kind=activity.kind,
        subject=activity.subject,
        contact=str(activity.contact) if activity.contact and context.get("subject") != "contact" else "",
        outcome=activity.outcome,
        obstacle=activity.obstacle,
        minutes=activity.duration_minutes,
        is_planned=activity.done_at is None and activity.kind != ActivityKind.NOTE,
        is_customer_action=activity.is_customer_action,
        when=moment(activity.occurred_at),
        owner=str(activity.owner or ""),
        edit_url=edit_url,
        name=str(activity),
        note=activity.note,
    )
    return drawn("crm/_activity_line.html", line=line)
