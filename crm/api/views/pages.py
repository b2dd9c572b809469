"""What is no resource: the readable description, and the answer to an address that does not exist."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from crm.api.problems import problem_json, title_of

api_schema = SpectacularAPIView.as_view()
api_docs = login_required(SpectacularSwaggerSplitView.as_view(url_name="api_schema", template_name="crm/api_docs.html"))


def no_such_address(request: HttpRequest) -> HttpResponse:
    """Answer 404 as the rest of the API does; an address needs its slash at the end."""
    body = {
        "type": "urn:setpoint:problem:not-found",
        "title": title_of(404),
        "status": 404,
        "detail": _("There is no such address. They all end with a slash; see /api/v1/docs/."),
        "code": "not_found",
    }
    return problem_json(body)
