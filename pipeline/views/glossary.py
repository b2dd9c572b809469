"""What the words mean, and what each setpoint asks for: one page that every term opens (RU-003)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from crm.lib.http import page
from crm.permissions import can_read_company, hide_unless
from crm.queries.access import get_access
from pipeline.labels.glossary import TERMS
from pipeline.queries.setpoints import get_path, get_pipelines


@page
def glossary(request: HttpRequest) -> HttpResponse:
    """Show the terms, and the setpoints of every pipeline with their criteria."""
    hide_unless(can_read_company(get_access(request.user)))
    ways = [
        (pipeline, [setpoint for setpoint in get_path(pipeline.pk) if not setpoint.is_retired])
        for pipeline in get_pipelines()
    ]
    return render(request, "pipeline/glossary.html", {"terms": TERMS, "ways": ways})
