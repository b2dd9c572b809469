"""Where people stand on two scales: columns from left to right, rows from the foot up, dashed lines between them."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from django.utils.safestring import SafeString

from crm.lib.charts.data import Mark
from crm.lib.charts.drawing import px
from crm.lib.markup import element as shape
from crm.lib.markup import percentage

RADIUS, LINE, HEAD, ROOM, FOOT = 10, 28, 14, 4, 18
LONGEST = 13


def positions(
    marks: Sequence[Mark],
    *,
    columns: Sequence[str],
    rows: Sequence[str],
    label: str,
    links: Sequence[tuple[int, int]] = (),
) -> SafeString:
    """Draw marks in a grid; each row is as high as its fullest cell, so that no name covers another.

    `columns` are named from the left, `rows` from the foot; the corner of the last of both is the one to be in.
    `links` join two marks by their place in `marks`.
    """
    cells: dict[tuple[int, int], list[int]] = defaultdict(list)
    for index, mark in enumerate(marks):
        cells[mark.column, mark.row].append(index)
    heights = [
        HEAD + LINE * max(1, *(len(cells[column, row]) for column in range(len(columns)))) + ROOM
        for row in range(len(rows))
    ]
    tops = [sum(heights[row + 1 :]) for row in range(len(rows))]
    width = Decimal(100) / len(columns)
    places: dict[int, tuple[Decimal, Decimal]] = {}
    for (column, row), found in cells.items():
        above = HEAD + (heights[row] - HEAD - ROOM - LINE * len(found)) / 2
        for order, index in enumerate(found):
            places[index] = (width * column, Decimal(tops[row] + above + LINE * order + LINE / 2))
    foot = sum(heights)
    parts = [
        shape("rect", class_="map-field", width="100%", height=foot, rx=6),
        shape("rect", class_="map-best", x=percentage(width * (len(columns) - 1)), width=percentage(width),
              height=heights[-1], rx=6),
        *(shape("line", class_="chart-grid", x1=0, x2="100%", y1=top, y2=top) for top in tops if top),
        *(shape("line", class_="chart-grid", x1=percentage(width * n), x2=percentage(width * n), y1=0, y2=foot)
          for n in range(1, len(columns))),
        *(shape("text", words, class_="chart-note map-row", x=4, y=top + 12) for words, top in zip(rows, tops, strict=True)),
        *(_link(places[one], places[other]) for one, other in links),
        *(_mark(mark, *places[index]) for index, mark in enumerate(marks)),
        *(_column(words, n, len(columns), foot) for n, words in enumerate(columns)),
    ]  # fmt: skip
    return shape("svg", *parts, class_="chart is-map", width="100%", height=foot + FOOT, role="img", aria_label=label)


def _mark(mark: Mark, left: Decimal, y: Decimal) -> SafeString:
    name = mark.label if len(mark.label) <= LONGEST else f"{mark.label[: LONGEST - 1]}…"
    note = mark.note if len(mark.note) <= LONGEST + 2 else f"{mark.note[: LONGEST + 1]}…"
    text = RADIUS + 4
    body = [
        shape("title", mark.title or mark.label),
        shape("circle", class_=f"map-dot {mark.tone}".strip(), r=RADIUS),
        shape("text", mark.initials, class_="map-initials", y=3, text_anchor="middle"),
        shape("text", name, class_="map-name", x=text, y=-1 if note else 4),
        *([shape("text", note, class_="chart-note", x=text, y=11)] if note else []),
    ]
    inner = shape("g", *body, transform=f"translate({RADIUS + 6} 0)")
    return shape("svg", inner, x=percentage(left), y=px(y), overflow="visible")


def _link(one: tuple[Decimal, Decimal], other: tuple[Decimal, Decimal]) -> SafeString:
    """Join two dots; each end keeps its distance from the edge of its column however wide the drawing is."""
    (x1, y1), (x2, y2) = one, other
    return shape(
        "line", class_="map-link", x1=percentage(x1), x2=percentage(x2), y1=px(y1), y2=px(y2),
        transform=f"translate({RADIUS + 6} 0)",
    )  # fmt: skip


def _column(words: str, number: int, of: int, foot: int) -> SafeString:
    anchor = "start" if number == 0 else "end" if number == of - 1 else "middle"
    x = percentage(Decimal(0) if number == 0 else Decimal(100) if number == of - 1 else Decimal(50))
    return shape("text", words, class_="chart-note", x=x, y=foot + 14, text_anchor=anchor)
