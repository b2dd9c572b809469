"""Chart tags: a figure with its drawing, and the same numbers as a table at `&as=<name>`."""

import csv
import io
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from django import template
from django.template.context import RequestContext
from django.utils.safestring import SafeString

from crm.lib import charts

register = template.Library()
Rows = Sequence[Sequence[Any]]


def _figure(
    context: RequestContext, drawing: SafeString, *, name: str, title: str, note: str, head: Sequence[Any], rows: Rows
) -> dict[str, Any]:
    request = context.get("request")
    as_table = request is not None and request.GET.get("as") in (f"table:{name}", "table")
    other = request.GET.copy() if request is not None else None
    if other is not None:
        other.pop("as", None)
        if not as_table:
            other["as"] = f"table:{name}"
    return {
        "drawing": drawing, "name": name, "title": title, "note": note, "head": head, "rows": rows, "as_table": as_table,
        "other_url": f"?{other.urlencode()}" if other is not None else "", "csv": _csv(head, rows),
    }  # fmt: skip


def _csv(head: Sequence[Any], rows: Rows) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([head, *rows])
    return "data:text/csv;charset=utf-8," + quote(text.getvalue())


def _bar_rows(bars: Sequence[charts.Bar]) -> Rows:
    ticked = any(bar.tick is not None for bar in bars)
    noted = any(bar.note for bar in bars)
    return [
        [bar.label, bar.text or bar.value, *([bar.tick] if ticked else []), *([bar.note] if noted else [])]
        for bar in bars
    ]


@register.inclusion_tag("components/chart.html", takes_context=True)
def column_chart(
    context: RequestContext,
    bars: Sequence[charts.Bar],
    name: str,
    title: str,
    label: str,
    head: Sequence[Any],
    note: str = "",
    height: int = 190,
) -> dict[str, Any]:
    """Draw upright bars with ticks; `label` says the result in words, `head` names the table's columns."""
    drawing = charts.columns(bars, height=height, label=label)
    return _figure(context, drawing, name=name, title=title, note=note, head=head, rows=_bar_rows(bars))


@register.inclusion_tag("components/chart.html", takes_context=True)
def row_chart(
    context: RequestContext,
    bars: Sequence[charts.Bar],
    name: str,
    title: str,
    label: str,
    head: Sequence[Any],
    note: str = "",
) -> dict[str, Any]:
    """Draw lying bars, one a line, each with its number and a note."""
    return _figure(
        context, charts.rows(bars, label=label), name=name, title=title, note=note, head=head, rows=_bar_rows(bars)
    )


@register.inclusion_tag("components/chart.html", takes_context=True)
def line_chart(
    context: RequestContext,
    series: Sequence[charts.Line],
    name: str,
    title: str,
    label: str,
    head: Sequence[Any],
    note: str = "",
    height: int = 200,
    target: Any = None,
    ticks: Sequence[Any] = (),
    marks: Sequence[Any] = (),
) -> dict[str, Any]:
    """Draw lines or steps over time; points with a label become rows of the table."""
    drawing = charts.lines(series, label=label, height=height, target=target, ticks=ticks, marks=marks)
    rows = [[point.label, one.label, point.value] for one in series for point in one.points if point.label]
    return _figure(context, drawing, name=name, title=title, note=note, head=head, rows=rows)


@register.inclusion_tag("components/chart.html", takes_context=True)
def histogram_chart(
    context: RequestContext,
    counts: Sequence[int],
    name: str,
    title: str,
    label: str,
    head: Sequence[Any],
    threshold: int,
    top: int = 100,
    was: int | None = None,
    note: str = "",
) -> dict[str, Any]:
    """Draw how many stand in each bucket and where the threshold cuts."""
    drawing = charts.histogram(counts, label=label, threshold=threshold, top=top, was=was)
    size = top // max(1, len(counts))
    rows = [[f"{index * size}–{(index + 1) * size - 1}", count] for index, count in enumerate(counts)]
    return _figure(context, drawing, name=name, title=title, note=note, head=head, rows=rows)
