"""Filters and small tags every template has: icons, numbers, dates, words for codes, addresses.

Component tags are in `components`, charts in `charts`; all three are built in, so no template loads them.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.http import QueryDict
from django.template.context import RequestContext
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from crm.lib import formats, labels
from crm.lib.icons import icon as draw_icon

register = template.Library()
EMPTY = "–"


@register.simple_tag
def icon(name: str, size: int = 16, label: str = "") -> SafeString:
    """Draw a lucide icon. Give `label` only where no word stands beside it."""
    return draw_icon(name, size, str(label))


def _parts(value: Any) -> tuple[Decimal, str]:
    return Decimal(value.amount), str(value.currency)


@register.filter
def money(value: Any, style: str = "") -> str:
    """Write a Money; `|money:"cents"` on documents, nothing known gives a dash."""
    if value is None:
        return EMPTY
    amount, currency = _parts(value)
    return formats.money(amount, currency, cents=style == "cents")


@register.filter
def short_money(value: Any) -> str:
    """Write a Money in thousands or millions."""
    if value is None:
        return EMPTY
    return formats.short_money(*_parts(value))


@register.filter
def money_tag(value: Any) -> SafeString | str:
    """Write a Money in short form with the whole amount in the title."""
    if value is None:
        return EMPTY
    return format_html('<span class="num" title="{}">{}</span>', money(value), short_money(value))


@register.filter
def percent(value: Any, digits: int = 0) -> str:
    """Write a ratio (0.25) as a percentage."""
    return EMPTY if value is None else formats.percent(Decimal(str(value)), int(digits))


@register.filter
def number(value: Any, digits: int = 0) -> str:
    """Write a number with grouping."""
    return EMPTY if value is None else formats.number(Decimal(str(value)), int(digits))


@register.filter
def counted(value: int) -> str:
    """Write how many stand in a list."""
    return formats.count(value)


@register.filter
def points(value: Any, sign: str = "") -> str:
    """Write points, with `sign` their sign too: 64.4, +8."""
    if value is None:
        return EMPTY
    return ("+" if sign and value > 0 else "") + formats.points(value)


@register.filter
def signed(value: Any, digits: int = 0) -> str:
    """Write a number with its sign: +28, −8."""
    return EMPTY if value is None else formats.signed(Decimal(str(value)), int(digits))


def _time(value: date | datetime, text: str) -> SafeString:
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), formats.exact(value), text)


@register.filter
def day(value: date | datetime | None) -> SafeString | str:
    """Show a date: `Thu 19 Nov`, or yesterday, today, tomorrow, with the exact one in the title."""
    return EMPTY if value is None else _time(value, formats.day(value))


@register.filter
def short_day(value: date | datetime | None) -> SafeString | str:
    """Show a date without its weekday: `19 Nov`."""
    return EMPTY if value is None else _time(value, formats.short_day(value))


@register.filter
def full_day(value: date | datetime | None) -> SafeString | str:
    """Show the whole date with weekday and year."""
    return EMPTY if value is None else _time(value, formats.full_day(value))


@register.filter
def moment(value: datetime | None) -> SafeString | str:
    """Show day and time: `Yesterday, 14:20`."""
    return EMPTY if value is None else _time(value, formats.moment(value))


@register.filter
def clock(value: datetime | None) -> SafeString | str:
    """Show the time of day."""
    return EMPTY if value is None else _time(value, formats.clock(value))


@register.filter
def duration(value: timedelta | None) -> str:
    """Show a length of time: `2 h 10 min`."""
    return EMPTY if value is None else formats.duration(value)


@register.filter
def days(value: int | None) -> str:
    """Show a count of days in tight places: `12 d`."""
    return EMPTY if value is None else formats.days(int(value))


@register.filter
def days_in_words(value: int | None) -> str:
    """Show a count of days in a sentence: `12 days`."""
    return EMPTY if value is None else formats.days_in_words(int(value))


@register.filter
def label(code: Any, kind: str) -> str:
    """Show the word for a code: `{{ lead.status|label:"lead_status" }}`; kinds are named in the apps' labels.py."""
    return labels.label(kind, code)


@register.simple_tag(takes_context=True)
def query(context: RequestContext, **changes: Any) -> str:
    """Return this address's query with some keys changed: `{% query owner=5 page=None %}`; None drops a key."""
    request = context.get("request")
    values = request.GET.copy() if request else QueryDict(mutable=True)
    for key, value in changes.items():
        values.pop(key, None)
        if isinstance(value, (list, tuple)):
            values.setlist(key, [str(item) for item in value])
        elif value is not None and value != "":
            values[key] = str(value)
    encoded = values.urlencode()
    return f"?{encoded}" if encoded else "?"


@register.filter
def stylesheets(names: str) -> list[str]:
    """Return the addresses of our style sheets, in the order given."""
    return [static(f"css/{name}.css") for name in names.split()]


@register.filter
def words(text: str) -> list[str]:
    """Return the words of a text."""
    return text.split()


@register.simple_tag
def server_time() -> str:
    """Return the moment of this answer, from which timers count on."""
    return formats.now().isoformat()
