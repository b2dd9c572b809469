"""What the pages of pipelines, setpoints, criteria and phases have in common."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from crm.lib.errors import CommandRefused, NotPermitted
from crm.permissions import can_administer, hide_unless
from crm.queries.access import get_access
from crm.views.answers import press, render_part
from crm.views.settings import settings_places
from pipeline.models import Pipeline

FORM = "pipeline/pipeline_form.html"


def administrators_only(request: HttpRequest) -> None:
    """Say that there is no such page to whoever does not administer."""
    hide_unless(can_administer(get_access(request.user)))


def settings_of(request: HttpRequest) -> dict[str, Any]:
    """Return the tabs of the settings."""
    return settings_places(request, "pipelines")


def place_of(pk: int) -> str:
    """Return the page of a pipeline."""
    return reverse("pipeline:pipeline", args=[pk])


def saved(request: HttpRequest, form: Any, command: Callable[..., Any], **place: Any) -> Any:
    """Return what the command made of a valid form; None where it may not be like this, and the form says why."""
    if not form.is_valid():
        return None
    try:
        return command(**place, **form.cleaned_data, by=request.user, at=timezone.now())
    except NotPermitted:
        raise
    except CommandRefused as refused:
        form.refuse(refused)
        return None


def put(request: HttpRequest, back_to: int, command: Callable[..., Any], text: str, **place: Any) -> HttpResponse:
    """Do a command that asks for nothing, and go back to the pipeline with what became of it."""
    return press(request, partial(command, **place), text, to=place_of(back_to))


def form_page(
    request: HttpRequest, found: Pipeline, form: Any, title: str, post_url: str, *, status: int = 200, **more: Any
) -> HttpResponse:
    """Show a form as a sheet beside its pipeline, or as a page."""
    context = {"pipeline": found, "form": form, "title": title, "post_url": post_url, **more, **settings_of(request)}
    return render_part(request, FORM, "pipeline_sheet", context, status=status)
