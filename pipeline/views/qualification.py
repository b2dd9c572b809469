"""Assessing one element of a deal: its sheet with everything that was ever known of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.http import action, page
from crm.lib.labels import label
from crm.views.answers import WRONG
from pipeline.commands.qualification import assess_element
from pipeline.enums import QUALIFICATION, Element, StakeholderRole
from pipeline.facts import AssessmentFacts, StakeholderFacts
from pipeline.forms.qualification import AssessForm, standing_values
from pipeline.models import Opportunity
from pipeline.policies.qualification import KNOWN_FROM, is_known, weakest
from pipeline.policies.stakeholders import DECIDES
from pipeline.queries.qualification import get_assessment_history
from pipeline.views.answers import changed, find_deal

SHEET = "pipeline/deal_assessment.html"
HISTORY_SHOWN = 20
# The first four are the pips of a card, of which the person who decides is the fifth (D-24).
CELLS = {
    Element.BUDGET: "wallet",
    Element.NEED: "gauge",
    Element.COMPETITION: "swords",
    Element.DECISION_PROCESS: "route",
    Element.AUTHORITY: "key-round",
    Element.TIMING: "calendar-clock",
    Element.COMPELLING_EVENT: "zap",
}
PIPS = tuple(CELLS)[:4]


@page
def deal_assessment(request: HttpRequest, deal_id: int, element: str) -> HttpResponse:
    """Show the form that assesses an element, above what was known of it before."""
    deal, asked = find_deal(request, deal_id, to_edit=True), _element(element)
    history = get_assessment_history(deal_id, asked)
    standing = next((each for each in history if each.ended_at is None), None)
    initial = {"said_on": timezone.localdate(), **standing_values(standing)}
    form = AssessForm(deal=deal, element=asked, initial=initial)
    return _render(request, deal, asked, form, history)


@action
def deal_assessed(request: HttpRequest, deal_id: int, element: str) -> HttpResponse:
    """Assess an element."""
    deal, asked = find_deal(request, deal_id, to_edit=True), _element(element)
    form = AssessForm(request.POST, deal=deal, element=asked)
    if form.is_valid():
        try:
            made = assess_element(
                opportunity_id=deal_id, element=asked, by=request.user, at=timezone.now(), **form.values()
            )
        except NotPermitted:
            raise
        except CommandRefused as refused:
            form.refuse(refused)
        else:
            said = label("level", made.level) if made.applies else _("does not apply")
            return changed(request, deal, f"{label('element', asked)}: {said}")
    return _render(request, deal, asked, form, get_assessment_history(deal_id, asked), status=WRONG)


def _element(name: str) -> Element:
    if name not in set(Element):
        raise Http404
    return Element(name)


def _render(
    request: HttpRequest, deal: Opportunity, element: Element, form: AssessForm, history: list[AssessmentFacts],
    *, status: int = 200,
) -> HttpResponse:  # fmt: skip
    today = timezone.localdate()
    context: dict[str, Any] = {
        "deal": deal,
        "element": element,
        "name": label("element", element),
        "question": label("element_question", element),
        "form": form,
        "history": history[:HISTORY_SHOWN],
        "stale": any(each.ended_at is None and each.is_stale(today) for each in history),
    }
    template = f"{SHEET}#assessment_sheet" if request.headers.get("HX-Request") else SHEET
    return render(request, template, context, status=status)


@dataclass(frozen=True, slots=True)
class Cell:
    """One element of the panel: what is known, how surely, from whom and since when."""

    element: str
    name: str
    icon: str
    level: int
    question: str = ""
    value: str = ""
    who: str = ""
    on: date | None = None
    stale: bool = False

    @property
    def is_known(self) -> bool:
        """Whether somebody at the customer's told us."""
        return self.level >= KNOWN_FROM


def build_qualification(
    deal_id: int, known: Mapping[Element, AssessmentFacts], people: Sequence[StakeholderFacts], today: date
) -> dict[str, Any]:
    """Return what the panel shows: the card's five pips, the other elements, the weakest beside the whole (P-9)."""
    deciding = [person for person in people if person.role in DECIDES]
    decider = next((person for person in deciding if person.met_on), next(iter(deciding), None))
    pips = sum(is_known(known.get(element)) for element in PIPS) + (decider is not None and decider.met_on is not None)
    lowest = weakest(known, of=QUALIFICATION, today=today)
    return {
        "cells": [_cell(element, known.get(element), today) for element in PIPS],
        "others": [_cell(element, known.get(element), today) for element in CELLS if element not in PIPS],
        "decider": decider,
        "decider_url": reverse("pipeline:deal_person", args=[deal_id, decider.pk])
        if decider
        else f"{reverse('pipeline:deal_person_new', args=[deal_id])}?role={StakeholderRole.DECISION_MAKER}",
        "known": pips,
        "of": len(PIPS) + 1,
        "weakest": label("element", lowest) if lowest else "",
        "weakest_level": label("level", known[lowest].counted_level(today) if lowest in known else 0) if lowest else "",
    }


def _cell(element: Element, known: AssessmentFacts | None, today: date) -> Cell:
    name, icon = label("element", element), CELLS[element]
    if known is None or not known.level:
        return Cell(element, name, icon, 0, label("element_question", element), known.note if known else "")
    stale = known.is_stale(today)
    return Cell(element, name, icon, known.level, "", known.note, known.contact or known.by, known.said_on, stale)
