"""Lines and steps over time."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.safestring import SafeString

from crm.lib.charts.data import Line, Number
from crm.lib.charts.drawing import BOTTOM, TOP, axis, ceiling, decimal, framed, px, y_of
from crm.lib.markup import element as shape
from crm.lib.markup import percentage

Place = tuple[Number, str]


def lines(
    series: Sequence[Line],
    *,
    label: str,
    height: int = 200,
    target: Number | None = None,
    ticks: Sequence[Place] = (),
    marks: Sequence[Place] = (),
) -> SafeString:
    """Draw lines over time.

    `ticks` name values on the upright axis, `marks` places from 0 to 1 along the foot, `target` is the goal.
    """
    values = [decimal(point.value) for one in series for point in one.points] + [decimal(at) for at, _ in ticks]
    most = max([*values, decimal(target)])
    top = max(most, Decimal(1)) if ticks else ceiling(most)
    goal = y_of(target, top, height)
    parts = [
        *(_grid(y_of(at, top, height)) for at, _ in ticks),
        axis(height),
        *([shape("line", class_="chart-target-line", x1=0, x2="100%", y1=px(goal), y2=px(goal))] if target else []),
        *(_line(one, top, height) for one in series),
        *(shape("text", words, class_="chart-note", x=0, y=px(y_of(at, top, height) - 4)) for at, words in ticks),
        *(_mark(at, words, height) for at, words in marks),
    ]
    return framed(parts, height=height, label=label)


def _mark(at: Number, words: str, height: int) -> SafeString:
    anchor = "start" if at <= 0 else "end" if at >= 1 else "middle"
    x = percentage(decimal(at) * 100)
    return shape("text", words, class_="chart-label", x=x, y=height - 4, text_anchor=anchor)


def _grid(y: Decimal) -> SafeString:
    return shape("line", class_="chart-grid", x1=0, x2="100%", y1=px(y), y2=px(y))


def _line(one: Line, top: Decimal, height: int) -> SafeString:
    places = [(decimal(point.at) * 100, 100 - decimal(point.value) / top * 100) for point in one.points]
    join = "H{0:.2f}V{1:.2f}" if one.kind == "step" else "L{0:.2f} {1:.2f}"
    way = "".join((join if index else "M{0:.2f} {1:.2f}").format(x, y) for index, (x, y) in enumerate(places))
    name = " ".join(part for part in ("chart-line", one.tone, "is-dashed" if one.dash else "") if part)
    path = shape("path", shape("title", one.label), class_=name, d=way, vector_effect="non-scaling-stroke")
    # Only this part is stretched; its stroke keeps its width. SVG spells these two attributes with capitals.
    stretched = {"viewBox": "0 0 100 100", "preserveAspectRatio": "none"}
    return shape("svg", path, y=TOP, width="100%", height=height - TOP - BOTTOM, overflow="visible", **stretched)
