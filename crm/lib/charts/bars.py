"""Upright and lying bars, and the histogram."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from django.utils.safestring import SafeString

from crm.lib.charts.data import Bar, Number
from crm.lib.charts.drawing import BOTTOM, axis, decimal, framed, linked, px, y_of
from crm.lib.markup import element as shape
from crm.lib.markup import percentage

ROW, ROW_BAR = 35, 24
BAR_SHARE, TICK_SHARE = Decimal("0.48"), Decimal("0.62")
BUCKET_SHARE = Decimal("0.94")
HISTOGRAM_FOOT, HISTOGRAM_HEAD = 24, 16
LABEL_ROOM = 80  # past this share of the width a label stands before its line


@dataclass(frozen=True, slots=True)
class Slot:
    """Where one upright bar stands: its share of the width and the axis it is measured on."""

    start: Decimal
    width: Decimal
    top: Decimal
    height: int

    @property
    def middle(self) -> Decimal:
        """Return the middle of the slot in percent."""
        return self.start + self.width / 2

    def span(self, share: Decimal) -> tuple[str, str]:
        """Return both ends of a part of the slot around its middle."""
        half = self.width * share / 2
        return percentage(self.middle - half), percentage(self.middle + half)


def columns(bars: Sequence[Bar], *, height: int = 190, label: str) -> SafeString:
    """Draw upright bars, each with its tick and its number."""
    top = max([decimal(value) for bar in bars for value in (bar.value, bar.tick)] + [Decimal(1)])
    width = Decimal(100) / max(1, len(bars))
    drawn = [_column(bar, Slot(width * at, width, top, height)) for at, bar in enumerate(bars)]
    return framed([*drawn, axis(height)], height=height, label=label)


def _column(bar: Bar, slot: Slot) -> SafeString:
    y = y_of(bar.value, slot.top, slot.height)
    middle, foot = percentage(slot.middle), slot.height - BOTTOM
    left, _ = slot.span(BAR_SHARE)
    # The invisible rectangle makes the whole slot the target of pointer and finger.
    parts = [
        shape("rect", class_="chart-target", x=percentage(slot.start), width=percentage(slot.width), height="100%"),
        shape(
            "rect",
            class_="chart-fill",
            x=left,
            y=px(y),
            width=percentage(slot.width * BAR_SHARE),
            height=px(max(Decimal(0), foot - y)),
            rx=2,
        ),
    ]
    over = y
    if bar.tick is not None:
        at = y_of(bar.tick, slot.top, slot.height)
        over = min(y, at)
        start, end = slot.span(TICK_SHARE)
        parts.append(shape("line", class_="chart-tick", x1=start, x2=end, y1=px(at), y2=px(at)))
    if bar.text:
        parts.append(shape("text", bar.text, class_="chart-value", x=middle, y=px(over - 7), text_anchor="middle"))
    parts.append(shape("text", bar.label, class_="chart-label", x=middle, y=slot.height - 6, text_anchor="middle"))
    return linked(bar, parts)


def rows(bars: Sequence[Bar], *, label: str, label_share: int = 24, room: int = 46) -> SafeString:
    """Draw lying bars with label, number and note; `room` is the share of the width the longest bar takes."""
    top = max([decimal(bar.value) for bar in bars] + [Decimal(1)])
    drawn = [
        _row(bar, y=ROW * at, start=label_share, width=decimal(bar.value) / top * room) for at, bar in enumerate(bars)
    ]
    return framed(drawn, height=ROW * max(1, len(bars)), label=label)


def _row(bar: Bar, *, y: int, start: int, width: Decimal) -> SafeString:
    note = [shape("tspan", bar.note, class_="chart-note", dx=8)] if bar.note else []
    number = shape("text", bar.text or bar.value, *note, class_="chart-value", x=7, y=16)
    end = percentage(start + width)
    return linked(
        bar,
        [
            shape("rect", class_="chart-target", y=y, width="100%", height=ROW),
            shape("text", bar.label, class_="chart-label", x=0, y=y + 21),
            shape(
                "rect",
                class_="chart-fill",
                x=percentage(Decimal(start)),
                y=y + 5,
                width=percentage(width),
                height=ROW_BAR,
                rx=2,
            ),
            shape("svg", number, x=end, y=y + 5, width="40%", height=ROW_BAR, overflow="visible"),
        ],
    )


def histogram(
    counts: Sequence[Number],
    *,
    label: str,
    threshold: Number,
    top: Number,
    was: Number | None = None,
    height: int = 110,
) -> SafeString:
    """Draw how many stand in each of equal buckets from 0 to `top`, those under the threshold grey.

    `was` is the threshold before: what a higher one loses is marked.
    """
    foot = height - HISTOGRAM_FOOT
    size, width = decimal(top) / max(1, len(counts)), Decimal(100) / max(1, len(counts))
    scale = (foot - HISTOGRAM_HEAD) / max(decimal(max([*counts, 1])), Decimal(1))
    drawn = [
        shape(
            "rect",
            shape("title", f"{ceil(size * at)}–{ceil(size * (at + 1)) - 1}: {count}"),
            class_=f"chart-fill {_side(size * at, threshold=decimal(threshold), was=was)}".strip(),
            x=percentage(width * at), y=px(foot - decimal(count) * scale),
            width=percentage(width * BUCKET_SHARE), height=px(decimal(count) * scale), rx=2,
        )
        for at, count in enumerate(counts)
    ]  # fmt: skip
    return framed([*drawn, *_threshold(threshold, top, height)], height=height, label=label)


def _side(start: Decimal, *, threshold: Decimal, was: Number | None) -> str:
    if start >= threshold:
        return ""
    return "is-lost" if was is not None and start >= decimal(was) else "is-under"


def _threshold(threshold: Number, top: Number, height: int) -> list[SafeString]:
    at = decimal(threshold) / decimal(top) * 100
    anchor, dx = ("start", 6) if at < LABEL_ROOM else ("end", -6)
    x = percentage(at)
    return [
        shape("line", class_="chart-tick", x1=x, x2=x, y1=0, y2=height - HISTOGRAM_FOOT + 4),
        shape("text", threshold, class_="chart-value", x=x, y=10, dx=dx, text_anchor=anchor),
        shape("text", 0, class_="chart-note", x=0, y=height - 4),
        shape("text", top, class_="chart-note", x="100%", y=height - 4, text_anchor="end"),
    ]
