"""The preparation sheet of a deal: everything known before a call or a meeting, on a page that prints (FI-012, TR-037)."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from crm.enums import InsightKind
from crm.labels import INSIGHT_LISTS
from crm.lib.http import page
from crm.lib.labels import label
from pipeline.enums import Element
from pipeline.facts import AssessmentFacts
from pipeline.labels.signals import describe_signal
from pipeline.models import Opportunity
from pipeline.queries.preparation import Preparation, get_preparation
from pipeline.queries.warnings import StoredWarning
from pipeline.views.answers import find_deal
from pipeline.views.guides import advise
from pipeline.views.meetings import sections_of

RELATED = ("account", "owner", "contact", "current_step__agreed_with")
KINDS = (InsightKind.AIM, InsightKind.GOAL, InsightKind.EVENT, InsightKind.CHANGE)


@page
def deal_preparation(request: HttpRequest, deal_id: int) -> HttpResponse:
    """Show what to know before talking to the customer."""
    deal, at = find_deal(request, deal_id, related=RELATED), timezone.now()
    today = timezone.localtime(at).date()
    context = {"deal": deal, "at": at, **build_preparation(deal, get_preparation(deal, at=at, today=today), today)}
    return render(request, "pipeline/deal_preparation.html", context)


def build_preparation(deal: Opportunity, known: Preparation, today: date) -> dict[str, Any]:
    """Return what the sheet shows, in words."""
    names = {each.id: each.name for each in known.path.setpoints}
    standing = names.get(deal.setpoint_id or 0, "")
    return {
        "standing": standing,
        "evidenced": names.get(deal.evidenced_setpoint_id or 0, ""),
        "insights": [(INSIGHT_LISTS[kind], kind, rows) for kind in KINDS if (rows := known.insights[kind])],
        "people": [(person, advise(advice) if advice else None) for person, advice in known.people],
        "competitors": known.competitors,
        "questions": _questions(known),
        "meetings": [(each.activity, sections_of(each)) for each in known.meetings],
        "promises": known.promises,
        "latest": known.latest,
        "warnings": [_warning(each, standing, today) for each in known.warnings],
    }


def _questions(known: Preparation) -> list[dict[str, str]]:
    """Return what is still to be asked: facts that are missing, then elements nobody of theirs told us of."""
    asked = [
        {"text": each.text, "note": " · ".join(part for part in (each.ask, heard.note if heard else "") if part)}
        for each, heard in known.missing
    ]
    return asked + [_element(element, facts) for element, facts in known.unsure]


def _element(element: Element, facts: AssessmentFacts | None) -> dict[str, str]:
    level = label("level", facts.level) if facts else label("level", 0)
    says = facts.note if facts and facts.note else level
    return {"text": label("element_question", element), "note": f"{label('element', element)}: {says}"}


def _warning(stored: StoredWarning, setpoint: str, today: date) -> Any:
    return describe_signal(stored.code, stored.severity, stored.since, stored.detail, today, setpoint=setpoint)
