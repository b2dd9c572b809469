"""Small builders of markup the component tags share; everything given is escaped."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

IDEAL_AT = Decimal(200) / 3  # the ideal tick always sits at two thirds of the track
NOTHING = SafeString("")


def attributes(values: Mapping[str, Any]) -> SafeString:
    """Return ` hx-post="…"` for `hx_post`; None and False are left out, True is a bare name."""
    return mark_safe(  # noqa: S308  the names are words of ours, the values are escaped
        "".join(
            _attribute(name.rstrip("_").replace("_", "-"), value)
            for name, value in values.items()
            if value is not None and value is not False
        )
    )


def _attribute(name: str, value: Any) -> str:
    return f" {name}" if value is True else f' {name}="{conditional_escape(value)}"'


def classes(*names: str) -> str:
    """Return the names that are not empty, as one class attribute."""
    return " ".join(name for name in names if name)


def share(part: Any, whole: Any) -> Decimal:
    """Return part of whole in percent, between 0 and 100; nothing of nothing is 0."""
    one, all_of_it = Decimal(str(part or 0)), Decimal(str(whole or 0))
    if all_of_it <= 0:
        return Decimal(0)
    return min(Decimal(100), max(Decimal(0), one * 100 / all_of_it))


def percentage(value: Decimal) -> str:
    """Return an SVG percentage, whatever the person's locale."""
    return f"{value:.2f}%"


def setpoint_class(order: int, of: int) -> str:
    """Return the class that sets a setpoint's colour; pipelines of any length share one ramp (DESIGN.md 2)."""
    step = round(6 * order / (of - 1)) if of > 1 else 0
    return f"sp-{min(6, max(0, step))}"


def element(name: str, *body: Any, **attrs: Any) -> SafeString:
    """Return one element, its attributes and what it holds escaped: `element("rect", x="5%", class_="bar")`."""
    inside = "".join(conditional_escape(part) for part in body)
    # The name is a word of ours; only what the element holds comes from outside.
    return mark_safe(f"<{name}{attributes(attrs)}>{inside}</{name}>")  # noqa: S308


def bar(
    *,
    fill: Decimal,
    over: Decimal = Decimal(0),
    tick: Decimal | None = None,
    tone: str = "",
    size: str = "",
    label: str = "",
) -> SafeString:
    """Draw real against ideal in percent of the track: a bar, `over` hatched behind it, and a tick."""
    parts = [element("rect", width=percentage(fill), height="100%")]
    if over:
        line = element("line", x1=-12, x2="110%", y1="50%", y2="50%")
        parts.append(element("svg", line, class_="bar-over", x=percentage(fill), width=percentage(over), height="100%"))
    drawn = [element("svg", *parts, class_="bar-track")]
    if tick is not None:
        at = percentage(tick)
        halo = element("rect", class_="bar-halo", x=at, width=5, height="100%")
        mark = element("rect", x=at, width=2, height="100%", rx=1)
        drawn.append(element("svg", halo, mark, class_="bar-tick"))
    named = {"role": "img", "aria_label": label} if label else {"aria_hidden": "true"}
    return element("span", *drawn, class_=classes("bar", tone, size), **named)


def gauge(real: Any, ideal: Any, *, tone: str = "", size: str = "", label: str = "") -> SafeString:
    """Draw the gauge: the ideal at two thirds, what is over it hatched, the end of the track the most it can show."""
    real, ideal = Decimal(str(real or 0)), Decimal(str(ideal or 0))
    reach = min(Decimal(100), real * IDEAL_AT / ideal) if ideal else Decimal(0)
    over = reach - IDEAL_AT if ideal and real > ideal else Decimal(0)
    return bar(fill=reach - over, over=over, tick=IDEAL_AT, tone=tone, size=size, label=label)
