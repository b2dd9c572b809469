"""The weekly note to marketing and sales, as it was frozen (S-11)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.lib import formats
from crm.lib.http import page
from reports.labels.definitions import figure_definition, figure_title
from reports.labels.figures import figure_note, figure_text
from reports.labels.qbrs import days_between
from reports.models import WeeklyNote
from reports.queries.weekly import get_note, get_notes
from reports.queries.words import SOURCE, get_code_names
from reports.renderers.frozen import Kept, number, read
from reports.views.paper.cells import Cell
from reports.views.qbrs import require_reader

FIGURES = ("leads", "lead-velocity", "mql-to-sql", "sla")
Names = Mapping[tuple[str, str], str]


@page
def weekly(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Show the note of a week, the latest where the address names none, and the list of all."""
    require_reader(request)
    note = get_note(pk)
    if note is None and pk is not None:
        raise Http404
    context = {"note": note, "notes": [(each, week_words(each)) for each in get_notes()]}
    return render(request, "reports/weekly.html", context | (content(note) if note else {}))


def week_words(note: WeeklyNote) -> str:
    """Return which days a note is about."""
    return str(days_between(note.week, note.week + timedelta(days=6)))


def content(note: WeeklyNote) -> dict[str, Any]:
    """Return what a note says, in words of today."""
    rows, names = {name: [read(row) for row in kept] for name, kept in note.content.items()}, get_code_names()
    return {
        "title": week_words(note),
        "cells": [
            Cell(
                str(figure_title(name)), figure_text(row.figure), figure_note(row.figure, of_leads=True), href=row.href
            )
            for name in FIGURES
            for row in rows.get(name, [])
        ],
        "definitions": [(figure_title(name), figure_definition(name)) for name in FIGURES],
        "reasons": reasons(rows.get("leads-sent-back", []), names),
        "told": [words for words in (source_words(rows.get("lead-yield", []), names), *rule_words(rows)) if words],
    }


def reasons(rows: list[Kept], names: Names) -> list[Cell]:
    """Return why leads came back in the week, the most frequent first."""
    found = sorted(rows, key=lambda row: -row.figure.n)
    return [
        Cell(names.get(("lead_rejected", row.group), row.group), formats.number(row.figure.n), href=row.href)
        for row in found
    ]


def source_words(rows: list[Kept], names: Names) -> str:
    """Say which source brought the leads that are qualified most surely, by the lower end of the range."""
    known = [
        row
        for row in rows
        if row.figure.parts["qualified"].display != "hidden" and row.figure.parts["qualified"].interval
    ]
    if not known:
        return ""
    best = max(known, key=lower)
    return _("The surest leads of the last twelve weeks come from %(source)s: %(share)s of %(leads)s qualified.") % {
        "source": names.get((SOURCE, best.group), best.group) or _("nowhere we know"),
        "share": figure_text(best.figure.parts["qualified"]),
        "leads": lead_count(best.figure.n),
    }


def lower(row: Kept) -> Any:
    """Return the lower end of the range of the share qualified."""
    interval = row.figure.parts["qualified"].interval
    return interval.low if interval else 0


def rule_words(rows: Mapping[str, list[Kept]]) -> list[str]:
    """Say which rule tells best and which least, where enough leads had points from them."""
    known = [row for row in rows.get("rule-precision", []) if row.figure.display != "hidden" and row.figure.interval]
    ordered = sorted(known, key=lambda row: -(row.figure.interval.low if row.figure.interval else 0))
    if len(ordered) < 2:
        return []
    words = (
        _("The rule “%(rule)s” tells best: %(share)s of %(leads)s qualified."),
        _("The rule “%(rule)s” tells least: %(share)s of %(leads)s qualified."),
    )
    return [
        said % {"rule": row.label, "share": figure_text(row.figure), "leads": lead_count(row.figure.n)}
        for said, row in zip(words, (ordered[0], ordered[-1]), strict=True)
    ]


def lead_count(count: int) -> str:
    """Return a number of leads in words."""
    return ngettext("%(n)s lead", "%(n)s leads", count) % {"n": formats.number(number(count) or 0)}
