"""What every drawing shares: shapes, lengths, the upright axis, links, the frame."""

from collections.abc import Iterable
from decimal import Decimal
from math import floor, log10

from django.utils.safestring import SafeString

from crm.lib.charts.data import Bar, Number
from crm.lib.markup import element as shape

TOP, BOTTOM = 22, 22
ROUND = tuple(map(Decimal, ("1", "1.2", "1.5", "2", "2.5", "3", "4", "5", "6", "8", "10")))


def decimal(value: Number | None) -> Decimal:
    """Return the number exactly; nothing counts as 0."""
    return value if isinstance(value, Decimal) else Decimal(str(value or 0))


def px(value: Number) -> str:
    """Return a length for an SVG attribute, whatever the person's locale."""
    return f"{value:.1f}"


def ceiling(value: Number) -> Decimal:
    """Return a round number at or over the value, for the top of an axis."""
    if value <= 0:
        return Decimal(1)
    unit = Decimal(10) ** floor(log10(value))
    return next(step * unit for step in ROUND if step * unit >= decimal(value))


def y_of(value: Number | None, top: Decimal, height: int) -> Decimal:
    """Return where a value lies between the foot of the drawing and the top of its axis."""
    room = Decimal(height - TOP - BOTTOM)
    return TOP + room - room * decimal(value) / top


def axis(height: int) -> SafeString:
    """Draw the foot all bars stand on."""
    return shape("line", class_="chart-axis", x1=0, x2="100%", y1=height - BOTTOM, y2=height - BOTTOM)


def linked(bar: Bar, body: Iterable[SafeString]) -> SafeString:
    """Return a bar's shapes in its colour, as a link where it leads to records."""
    name = f"chart-bar {bar.tone}".strip()
    if not bar.href:
        return shape("g", *body, class_=name)
    says = " ".join(part for part in (bar.label, bar.text, bar.note) if part)
    return shape("a", *body, href=bar.href, class_=name, aria_label=says)


def framed(parts: Iterable[SafeString], *, height: int, label: str) -> SafeString:
    """Return the parts in one drawing that names its result for screen readers."""
    return shape("svg", *parts, class_="chart", width="100%", height=height, role="group", aria_label=label)
