"""How we sell, for who begins here: the way of a deal, its criteria, the words, the buyers and what to say (EE-090, RU-017)."""

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from crm.lib.http import page
from crm.permissions import can_read_company, hide_unless
from crm.queries.access import get_access
from crm.queries.personas import list_personas
from pipeline.labels.glossary import TERMS
from pipeline.labels.guides import guide_lines, guide_title
from pipeline.models import Pipeline
from pipeline.permissions import can_create_deals
from pipeline.policies.moves import REASON_LENGTH
from pipeline.queries.guides import list_guides
from pipeline.queries.pipelines import Compared, compare_criteria
from pipeline.queries.setpoints import get_path, get_pipelines

LATELY = timedelta(days=90)


@page
def onboarding(request: HttpRequest) -> HttpResponse:
    """Show everything a new seller reads once, of the pipeline the address names or else of the first."""
    access, at = get_access(request.user), timezone.now()
    hide_unless(can_read_company(access))
    pipelines = get_pipelines()
    chosen = next((each for each in pipelines if each.code == request.GET.get("pipeline")), next(iter(pipelines), None))
    context = {
        "pipelines": [
            {"label": each.name, "href": f"?pipeline={each.code}", "current": each == chosen} for each in pipelines
        ],
        "pipeline": chosen,
        "setpoints": [each for each in get_path(chosen.pk) if not each.is_retired] if chosen else [],
        "changed": _changed(chosen, at) if chosen else [],
        "reason_length": REASON_LENGTH,
        "terms": TERMS,
        "personas": list_personas(request.user),
        "guides": [(guide_title(each), guide_lines(each)) for each in list_guides(request.user)],
        "can_create": can_create_deals(access),
    }
    return render(request, "pipeline/onboarding.html", context)


def _changed(pipeline: Pipeline, at: datetime) -> list[Compared]:
    """Return the criteria that say something else than three months ago; a pipeline that is new changed nothing."""
    compared = compare_criteria(pipeline.pk, before=at - LATELY, after=at)
    return [each for each in compared if each.change] if any(each.before for each in compared) else []
