"""Assessing one element of a deal: its sheet with everything that was ever known of it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.http import action, page
from crm.lib.labels import label
from crm.views.answers import WRONG
from pipeline.commands.qualification import assess_element
from pipeline.enums import Element
from pipeline.facts import AssessmentFacts
from pipeline.forms.qualification import AssessForm, standing_values
from pipeline.models import Opportunity
from pipeline.policies.qualification import is_stale
from pipeline.queries.qualification import get_assessment_history
from pipeline.views.answers import changed, find_deal

SHEET = "pipeline/deal_assessment.html"
HISTORY_SHOWN = 20


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
        "stale": any(each.ended_at is None and is_stale(each.said_on, today=today) for each in history),
    }
    template = f"{SHEET}#assessment_sheet" if request.headers.get("HX-Request") else SHEET
    return render(request, template, context, status=status)
