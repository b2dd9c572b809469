"""How far the customer has come in buying: the panel of a deal's page, and every question behind it (P-21, B31)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib import formats
from crm.lib.http import page
from crm.lib.labels import label
from crm.queries.access import get_access
from pipeline.enums import CHAMPION, DRIVER, EXECUTIVE, MILESTONES, Element
from pipeline.facts import AssessmentFacts
from pipeline.figures.progress import ELEMENTS, progress
from pipeline.permissions import can_edit
from pipeline.policies.qualification import KNOWN_FROM
from pipeline.queries.qualification import get_assessments
from pipeline.views.answers import find_deal

SHEET = "pipeline/deal_progress.html"
PARTS = {"milestones": MILESTONES, "champion": CHAMPION, "executive": EXECUTIVE, "driver": DRIVER}
# What the panel compares with, until there are reviews to count from.
CHANGE_DAYS = 30
CHANGE_OF = timedelta(days=CHANGE_DAYS)
Known = Mapping[Element, AssessmentFacts]


@dataclass(frozen=True, slots=True)
class ElementCell:
    """One of the seven elements; `share` is how much of it is reached, `words` say the same."""

    name: str
    level: int
    words: str
    url: str


@page
def deal_progress(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Show every milestone and question with who answered it, each with the way to answer it anew."""
    deal = find_deal(request, deal_id)
    today = timezone.localdate()
    known = get_assessments([deal_id])[deal_id]
    context = {
        "deal": deal,
        "editable": can_edit(get_access(request.user), deal) and deal.archived_at is None,
        "parts": [
            (label("progress_part", name), [_question(each, known.get(each), today) for each in questions])
            for name, questions in PARTS.items()
        ],
        "progress": build_progress(deal_id, known, known, today, editable=False),
    }
    template = f"{SHEET}#progress_sheet" if request.headers.get("HX-Request") else SHEET
    return render(request, template, context)


def build_progress(deal_id: int, known: Known, before: Known, today: date, *, editable: bool) -> dict[str, Any]:
    """Return what the panel shows: the score, its weakest element, and what 30 days changed."""
    now, then = progress(known, today=today), progress(before, today=today - CHANGE_OF)
    levels: dict[str, Decimal | None] = now.detail["levels"]
    return {
        "value": None if now.value is None else formats.number(now.value),
        "score": now.value,
        "weakest": label("progress", now.detail["weakest"]) if now.value is not None and now.value < 100 else "",
        "change": _change(now.value, then.value),
        "days": CHANGE_DAYS,
        "cells": [_cell(deal_id, name, level, known, today, editable=editable) for name, level in levels.items()],
    }


def _change(now: Decimal | None, then: Decimal | None) -> Decimal | None:
    return None if now is None or then is None else (now - then).quantize(Decimal(1))


def _cell(deal_id: int, name: str, level: Decimal | None, known: Known, today: date, *, editable: bool) -> ElementCell:
    questions, reached = ELEMENTS[name], int(level or 0)
    url = reverse("pipeline:deal_progress", args=[deal_id])
    if len(questions) == 1 and editable:
        url = reverse("pipeline:deal_assessment", args=[deal_id, name])
    if level is None:
        words = _("Does not apply")
    elif len(questions) == 1:
        words = label("level", reached)
    else:
        asked = [each for each in questions if each not in known or known[each].applies]
        answered = sum(1 for each in asked if each in known and known[each].counted_level(today) >= KNOWN_FROM)
        words = _("%(answered)s of %(of)s answered") % {"answered": answered, "of": len(asked)}
    return ElementCell(label("progress", name), reached, words, url)


def _question(element: Element, known: AssessmentFacts | None, today: date) -> dict[str, Any]:
    return {
        "element": element,
        "name": label("element", element),
        "known": known,
        "level": known.level if known else 0,
        "stale": known is not None and known.level > 0 and known.is_stale(today),
    }
