"""Everything known before a meeting of a deal, or before a call to a company, on pages that print (FI-012, TR-037)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from crm.enums import InsightKind
from crm.labels import INSIGHT_LISTS
from crm.lib.http import page
from crm.lib.labels import label
from crm.models import AccountInsight
from crm.queries.accounts import accounts_visible_to
from pipeline.enums import Element
from pipeline.facts import AssessmentFacts
from pipeline.labels.signals import describe_signal
from pipeline.models import Opportunity
from pipeline.queries.calls import get_call_sheet
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


@page
def call_sheet(request: HttpRequest, account_id: int) -> HttpResponse:
    """Show what to know before calling a company, whether there is a deal yet or not."""
    account = get_object_or_404(accounts_visible_to(request.user), pk=account_id)
    if account.merged_into_id:
        return redirect("pipeline:call_sheet", account.merged_into_id, permanent=True)
    known = get_call_sheet(account, user=request.user)
    context = {
        "account": account,
        "at": timezone.now(),
        "insights": insight_lists(known.insights),
        "people": [advise(each) for each in known.people],
        "competitors": known.competitors,
        "deals": known.deals,
        "latest": known.latest,
    }
    return render(request, "pipeline/call_sheet.html", context)


def insight_lists(found: Mapping[InsightKind, list[AccountInsight]]) -> list[tuple[Any, InsightKind, Any]]:
    """Return what is known of a company under the words for each kind."""
    return [(INSIGHT_LISTS[kind], kind, found[kind]) for kind in KINDS if found[kind]]


def build_preparation(deal: Opportunity, known: Preparation, today: date) -> dict[str, Any]:
    """Return what the sheet shows, in words."""
    names = {each.id: each.name for each in known.path.setpoints}
    standing = names.get(deal.setpoint_id or 0, "")
    return {
        "standing": standing,
        "evidenced": names.get(deal.evidenced_setpoint_id or 0, ""),
        "insights": insight_lists(known.insights),
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
