"""What administrators set about signals: which speak in a pipeline, and from when on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.http import action, page
from crm.permissions import can_administer, hide_unless
from crm.queries.access import get_access
from crm.views.answers import WRONG, go_on
from crm.views.settings import settings_places
from pipeline.commands.attention import set_signal_limits
from pipeline.forms.limits import LimitsForm
from pipeline.models import Pipeline
from pipeline.queries.setpoints import get_pipelines
from pipeline.queries.signal_settings import get_signal_settings


@page
def signal_limits(request: HttpRequest) -> HttpResponse:
    """Show when signals speak in a pipeline, the first one unless the address names another."""
    hide_unless(can_administer(get_access(request.user)))
    code = request.GET.get("pipeline", "")
    pipelines = get_pipelines()
    chosen = next((each for each in pipelines if each.code == code), pipelines[0])
    return _render(request, chosen, _form(chosen))


@action
def signal_limits_save(request: HttpRequest, pk: int) -> HttpResponse:
    """Set when signals speak in a pipeline; a job then looks at every open deal anew."""
    hide_unless(can_administer(get_access(request.user)))
    pipeline = get_object_or_404(Pipeline, pk=pk, retired_at=None)
    form = _form(pipeline, request)
    if form.is_valid():
        try:
            set_signal_limits(pipeline_id=pk, limits=form.limits(), by=request.user, at=timezone.now())
        except NotPermitted:
            raise
        except CommandRefused as refused:
            form.refuse(refused)
        else:
            return go_on(request, _("Saved. Deals follow within a minute."), to=_address(pipeline))
    return _render(request, pipeline, form, status=WRONG)


def _form(pipeline: Pipeline, request: HttpRequest | None = None) -> LimitsForm:
    limits = get_signal_settings(timezone.now()).of(pipeline.pk)
    return LimitsForm(request.POST if request else None, limits={str(code): limit for code, limit in limits.items()})


def _address(pipeline: Pipeline) -> str:
    return f"{reverse('pipeline:signal_limits')}?pipeline={pipeline.code}"


def _render(request: HttpRequest, pipeline: Pipeline, form: LimitsForm, *, status: int = 200) -> HttpResponse:
    tabs = [{"label": each.name, "href": _address(each), "current": each.pk == pipeline.pk} for each in get_pipelines()]
    context = {"pipeline": pipeline, "pipelines": tabs, "form": form, **settings_places(request, "signal_limits")}
    return render(request, "pipeline/signal_limits.html", context, status=status)
