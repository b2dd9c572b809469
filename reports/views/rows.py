"""One row of a figure in words: its label, its value by the display rule, and where the records of each number are."""

from collections.abc import Sequence
from itertools import takewhile
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.lib import formats
from crm.lib.envelope import Envelope
from crm.lib.labels import label
from reports.labels.figures import figure_note, figure_text
from reports.queries.catalogue import CATALOGUE
from reports.views.beside import beside

BETWEEN = " · "
CODES = ("channel", "content_type")  # groups that are codes with words of their own
# What a table shows beside each row's value: the names of its detail and how to write them.
COLUMNS: dict[str, tuple[tuple[str, str], ...]] = {
    "pipeline-by-setpoint": (
        ("evidenced", "count"), ("amount", "money"), ("weighted", "money"), ("entered", "count"), ("left_forward", "count"),
        ("left_back", "count"), ("won", "count"), ("lost", "count"),
    ),
    "conversion": (("entered", "count"), ("observed", "ratio"), ("upper", "ratio")),
    "cycle": (("lead_to_won", "days"), ("created_to_won", "days"), ("p25", "days"), ("p75", "days"), ("p90", "days")),
    "lost-reasons": (
        ("amount", "money"), ("share", "ratio"), ("hours", "count"), ("cost", "money"), ("elsewhere", "money"),
    ),
    "won-by-sector": (("won", "count"),),
    "mql-to-sql": (
        ("entered", "count"), ("accepted", "count"), ("qualified", "count"), ("undecided", "count"), ("observed", "ratio"),
    ),
}  # fmt: skip


def show_row(row: Envelope, currency: str, names: dict[tuple[str, str], str]) -> dict[str, Any]:
    """Return one row: label, value by the display rule, what stands beside it, where its records are."""
    figure = row.figure
    return {
        "label": row_label(row, names),
        "value": figure_text(figure, currency=currency),
        "note": figure_note(figure, of_leads=CATALOGUE[row.name].records == "leads"),
        "n": figure.n,
        "href": row.records_url if figure.ids else "",
        "cells": [
            {"text": cell_text(figure.detail.get(name), unit, currency), "href": behind(row, name)}
            for name, unit in COLUMNS.get(row.name, ())
        ],
        "beside": beside(row, currency),
        "aside": aside(row),
    }


def behind(row: Envelope, cell: str) -> str:
    """Return the address of the records behind one number of the detail; empty where it has none of its own."""
    return f"{row.records_url}&cell={cell}" if row.figure.cells.get(cell) else ""


def aside(row: Envelope) -> list[dict[str, str]]:
    """Return links to what was left out and why, and to the outliers that stayed in (B0, B3)."""
    left_out = [
        {
            "text": f"{formats.number(len(ids))} {label('figure_excluded', reason)}",
            "href": f"{row.records_url}&excluded={reason}",
        }
        for reason, ids in row.figure.excluded.items()
    ]
    if outliers := len(row.figure.cells.get("outliers", ())):
        words = ngettext("%(n)s unusually long", "%(n)s unusually long", outliers) % {"n": formats.number(outliers)}
        return [{"text": words, "href": behind(row, "outliers")}, *left_out]
    return left_out


def together(rows: Sequence[Envelope], currency: str, names: dict[tuple[str, str], str]) -> dict[str, Any] | None:
    """Return one row, or several counted together under what their labels share; None without any."""
    shown = [show_row(row, currency, names) for row in rows]
    if len(shown) < 2:
        return shown[0] if shown else None
    parts = zip(*(row["label"].split(BETWEEN) for row in shown), strict=False)
    common = BETWEEN.join(part[0] for part in takewhile(lambda part: len(set(part)) == 1, parts))
    return {"label": common, "value": formats.number(sum(row["n"] for row in shown))}


def row_label(row: Envelope, names: dict[tuple[str, str], str]) -> str:
    """Return what a row is about, with codes in words."""
    part = row.filters.get("part", "")
    if row.name == "lost-reasons":
        outcome, reason = ([*part.split("/"), ""])[:2]
        words = [
            label("outcome", outcome),
            names.get((outcome, reason), ""),
            row.group_label if row.group_label != part else "",
        ]
        return BETWEEN.join(word for word in words if word)
    if row.name == "leads-sent-back":
        group = row.group_label.removesuffix(part).removesuffix(BETWEEN)
        return BETWEEN.join(word for word in (group, names.get(("lead_rejected", part), part)) if word)
    if row.name == "cycle" and part:
        band, kind = part.split("/")
        return f"{label('size_band', band)} · {label('deal_type', kind)}"
    if row.name == "won-by-sector" and part == "unknown":
        return _("Not known")
    by = row.filters.get("by", "")
    named = label(by, row.group) if by in CODES and row.group else row.group_label
    return named or (_("Not known") if by else "")


def column_title(name: str) -> str:
    """Return the head of a column."""
    return {
        "evidenced": _("Evidenced"), "amount": _("Amount"), "weighted": _("Weighted"), "entered": _("Entered"),
        "left_forward": _("Went on"),
        "left_back": _("Went back"), "won": _("Won"), "lost": _("Not won"), "observed": _("At least"), "upper": _("At most"),
        "p25": _("A quarter by"), "p75": _("Three quarters by"), "p90": _("9 of 10 by"), "share": _("Share"),
        "lead_to_won": _("From the lead"), "created_to_won": _("From its making"), "outliers": _("Unusually long"),
        "converted": _("Became deals"), "hours": _("Hours spent"), "cost": _("They cost us"),
        "elsewhere": _("Such hours brought elsewhere"), "accepted": _("Accepted"), "qualified": _("Qualified"),
        "undecided": _("Undecided"), "deals": _("Became deals"), "rejected": _("Sent back"), "last_month": _("The month before"),
        "late": _("Late"),
        "untouched": _("Untouched"), "pending": _("Not due yet"), "inbound": _("Inbound"), "outbound": _("Outbound"),
    }[name]  # fmt: skip


def cell_text(value: Any, unit: str, currency: str) -> str:
    """Return a number of the detail in words; a dash for none."""
    if value is None:
        return "–"
    if unit == "money":
        return formats.short_money(value, currency)
    if unit == "ratio":
        return formats.percent(value)
    return formats.days(int(value)) if unit == "days" else formats.number(value)
