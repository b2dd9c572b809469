"""Charts as SVG drawn on the server: colours by CSS variable, text never stretched, no script needed.

Positions along the stretching axis are percentages of a drawing without viewBox, so a chart is as wide
as its place while its text stays 11 px. Bars start at zero.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor, log10
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from crm.lib.markup import NOTHING, attributes, percentage

Number = int | float | Decimal
TOP, BOTTOM, LEFT = 22, 22, 0
ROW, ROW_BAR = 35, 24


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: `text` stands at its end, `note` beside it, `tick` is the ideal, `tone` a colour class, `href` its records."""

    label: str
    value: Number
    text: str = ""
    note: str = ""
    tick: Number | None = None
    tone: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a line: `at` from 0 to 1 along the axis."""

    at: Number
    value: Number
    label: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of points; `kind`: step, straight; `tone`: colour class; `dash` makes it differ without colour."""

    label: str
    points: Sequence[Point]
    kind: str = "straight"
    tone: str = ""
    dash: bool = False


def ceiling(value: Number) -> Decimal:
    """Return a round number at or over the value, for the top of an axis."""
    if value <= 0:
        return Decimal(1)
    unit = Decimal(10) ** floor(log10(value))
    for step in map(Decimal, ("1", "1.2", "1.5", "2", "2.5", "3", "4", "5", "6", "8", "10")):
        if step * unit >= Decimal(str(value)):
            return step * unit
    return 10 * unit


def px(value: Number) -> str:
    """Return a length for an SVG attribute, whatever the person's locale."""
    return f"{value:.1f}"


def _linked(bar: Bar, body: SafeString) -> SafeString:
    says = " ".join(part for part in (bar.label, bar.text, bar.note) if part)
    if bar.href:
        return format_html('<a href="{}" class="chart-bar {}" aria-label="{}">{}</a>', bar.href, bar.tone, says, body)
    return format_html('<g class="chart-bar {}">{}</g>', bar.tone, body)


def _y(value: Number, top: Decimal, height: int) -> Decimal:
    room = Decimal(height - TOP - BOTTOM)
    return TOP + room - room * Decimal(str(value)) / top


def columns(bars: Sequence[Bar], *, height: int = 190, label: str, narrow: bool = False) -> SafeString:
    """Draw upright bars with a tick each; `narrow` leaves no gaps, for a histogram."""
    top = max([Decimal(str(value)) for bar in bars for value in (bar.value, bar.tick or 0)] + [Decimal(1)])
    slot = Decimal(100) / max(1, len(bars))
    width = slot * (Decimal("0.94") if narrow else Decimal("0.48"))
    drawn = [_column(bar, slot * index, slot, width, top, height, narrow=narrow) for index, bar in enumerate(bars)]
    base = format_html('<line class="chart-axis" x1="0" x2="100%" y1="{0}" y2="{0}"/>', height - BOTTOM)
    return _drawing(format_html_join("", "{}", ((one,) for one in [*drawn, base])), height=height, label=label)


def _column(bar: Bar, start: Decimal, slot: Decimal, width: Decimal, top: Decimal, height: int, *, narrow: bool) -> SafeString:
    y, middle = _y(bar.value, top, height), start + slot / 2
    left = percentage(middle - width / 2)
    # The invisible rectangle makes the whole slot the target of pointer and finger.
    body = format_html(
        '<rect class="chart-target" x="{}" width="{}" height="100%"/><rect class="chart-fill" x="{}" y="{}" width="{}" height="{}" rx="2"/>',
        percentage(start), percentage(slot), left, px(y), percentage(width), px(max(Decimal(0), height - BOTTOM - y)),
    )  # fmt: skip
    over = min(y, _y(bar.tick, top, height)) if bar.tick is not None else y
    if bar.tick is not None:
        at = _y(bar.tick, top, height)
        wide = width * Decimal("1.3")
        body += format_html(
            '<line class="chart-tick" x1="{}" x2="{}" y1="{}" y2="{}"/>',
            percentage(middle - wide / 2), percentage(middle + wide / 2), px(at), px(at),
        )  # fmt: skip
    if bar.text:
        body += format_html('<text class="chart-value" x="{}" y="{}" text-anchor="middle">{}</text>', percentage(middle), px(over - 7), bar.text)
    if bar.label and not (narrow and not bar.label):
        body += format_html('<text class="chart-label" x="{}" y="{}" text-anchor="middle">{}</text>', percentage(middle), height - 6, bar.label)
    return _linked(bar, body)


def rows(bars: Sequence[Bar], *, label: str, label_share: int = 24, room: int = 46) -> SafeString:
    """Draw lying bars with label, number and note; `room` is the share of the width the longest bar takes."""
    top = max([Decimal(str(bar.value)) for bar in bars] + [Decimal(1)])
    drawn = [_row(bar, index, top, label_share, room) for index, bar in enumerate(bars)]
    return _drawing(format_html_join("", "{}", ((one,) for one in drawn)), height=ROW * max(1, len(bars)), label=label)


def _row(bar: Bar, index: int, top: Decimal, label_share: int, room: int) -> SafeString:
    y, width = ROW * index, Decimal(str(bar.value)) / top * room
    note = format_html('<tspan class="chart-note" dx="8">{}</tspan>', bar.note) if bar.note else NOTHING
    body = format_html(
        '<rect class="chart-target" y="{}" width="100%" height="{}"/>'
        '<text class="chart-label" x="0" y="{}">{}</text><rect class="chart-fill" x="{}%" y="{}" width="{}" height="{}" rx="2"/>'
        '<svg x="{}" y="{}" width="40%" height="{}" overflow="visible"><text class="chart-value" x="7" y="16">{}{}</text></svg>',
        y, ROW, y + 21, bar.label, label_share, y + 5, percentage(width), ROW_BAR,
        percentage(label_share + width), y + 5, ROW_BAR, bar.text or bar.value, note,
    )  # fmt: skip
    return _linked(bar, body)


def lines(series: Sequence[Line], *, label: str, height: int = 200, target: Number | None = None, ticks: Sequence[tuple[Number, str]] = (), marks: Sequence[tuple[Number, str]] = ()) -> SafeString:
    """Draw lines over time: `ticks` name places on the upright axis, `marks` places along the bottom, `target` the goal."""
    most = max([Decimal(str(point.value)) for one in series for point in one.points] + [Decimal(str(target or 0)), *(Decimal(str(at)) for at, _ in ticks)])
    top = ceiling(most) if not ticks else max(most, Decimal(1))
    grid = [_grid(at, words, top, height) for at, words in ticks]
    goal = [format_html('<line class="chart-target-line" x1="{0}" x2="100%" y1="{1}" y2="{1}"/>', f"{LEFT}%", px(_y(target, top, height)))] if target else []
    drawn = [_line(one, top, height) for one in series]
    below = [
        format_html('<text class="chart-label" x="{}" y="{}" text-anchor="{}">{}</text>', percentage(Decimal(str(at)) * 100), height - 4, _anchor(at), words)
        for at, words in marks
    ]
    axis = format_html('<line class="chart-axis" x1="0" x2="100%" y1="{0}" y2="{0}"/>', height - BOTTOM)
    return _drawing(format_html_join("", "{}", ((one,) for one in [*grid, axis, *goal, *drawn, *below])), height=height, label=label)


def _anchor(at: Number) -> str:
    return "start" if at <= 0 else "end" if at >= 1 else "middle"


def _grid(at: Number, words: str, top: Decimal, height: int) -> SafeString:
    y = _y(at, top, height)
    return format_html('<line class="chart-grid" x1="0" x2="100%" y1="{0}" y2="{0}"/><text class="chart-note" x="0" y="{1}">{2}</text>', px(y), px(y - 4), words)


def _line(one: Line, top: Decimal, height: int) -> SafeString:
    room, path, before = height - TOP - BOTTOM, [], None
    for point in one.points:
        x, y = Decimal(str(point.at)) * 100, 100 - Decimal(str(point.value)) / top * 100
        if before is None:
            path.append(f"M{x:.2f} {y:.2f}")
        elif one.kind == "step":
            path.append(f"H{x:.2f}V{y:.2f}")
        else:
            path.append(f"L{x:.2f} {y:.2f}")
        before = point
    # This part alone is stretched; the stroke keeps its width.
    return format_html(
        '<svg x="0" y="{}" width="100%" height="{}" viewBox="0 0 100 100" preserveAspectRatio="none" overflow="visible">'
        '<path class="chart-line {}{}" d="{}" vector-effect="non-scaling-stroke"><title>{}</title></path></svg>',
        TOP, room, one.tone, " is-dashed" if one.dash else "", "".join(path), one.label,
    )  # fmt: skip


def histogram(counts: Sequence[Number], *, label: str, threshold: Number, top: Number, was: Number | None = None, height: int = 110) -> SafeString:
    """Draw how many stand in each of equal buckets from 0 to `top`, those under the threshold grey."""
    most = max([*counts, 1])
    slot, size = Decimal(100) / max(1, len(counts)), Decimal(str(top)) / max(1, len(counts))
    room = height - 24
    drawn = []
    for index, count in enumerate(counts):
        tall = Decimal(str(count)) / Decimal(str(most)) * (room - 16)
        start = size * index
        tone = "is-under" if start < Decimal(str(threshold)) and (was is None or start < min(was, threshold)) else "is-lost" if start < Decimal(str(threshold)) else ""
        drawn.append(
            format_html(
                '<rect class="chart-fill {}" x="{}" y="{}" width="{}" height="{}" rx="2"><title>{}–{}: {}</title></rect>',
                tone, percentage(slot * index), px(room - tall), percentage(slot * Decimal("0.94")), px(tall),
                ceil(start), ceil(start + size) - 1, count,
            )  # fmt: skip
        )
    at = Decimal(str(threshold)) / Decimal(str(top)) * 100
    drawn.append(format_html('<line class="chart-tick" x1="{0}" x2="{0}" y1="0" y2="{1}"/>', percentage(at), room + 4))
    side = {"text-anchor": "start", "dx": "6"} if at < 80 else {"text-anchor": "end", "dx": "-6"}
    drawn.append(format_html('<text class="chart-value" x="{}" y="10"{}>{}</text>', percentage(at), attributes(side), threshold))
    drawn.append(format_html('<text class="chart-note" x="0" y="{}">0</text><text class="chart-note" x="100%" y="{}" text-anchor="end">{}</text>', height - 4, height - 4, top))
    return _drawing(format_html_join("", "{}", ((one,) for one in drawn)), height=height, label=label)


def _drawing(body: Any, *, height: int, label: str) -> SafeString:
    return format_html('<svg class="chart" width="100%" height="{}" role="group" aria-label="{}">{}</svg>', height, label, body)
