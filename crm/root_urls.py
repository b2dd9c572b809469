"""Where every address begins, and what answers when nothing else could."""

import sys

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from crm.api.problems import problem_response
from crm.api.views.pages import no_such_address
from crm.lib.http import DATABASE_AWAY
from crm.views import errors, health

API = ["crm.api.urls", "pipeline.api.urls", "scoring.api.urls", "reports.api.urls"]

# With and without the slash: probes do not follow redirects.
HEALTH = [
    re_path(r"^healthz/?$", health.healthz, name="healthz"),
    re_path(r"^readyz/?$", health.readyz, name="readyz"),
    re_path(r"^metrics/?$", health.metrics, name="metrics"),
]

urlpatterns = [
    *HEALTH,
    # Before the pages: what no prefix tells apart is tried one by one.
    *(path("api/v1/", include(module)) for module in API),
    re_path(r"^api/", no_such_address),
    path("", include("reports.urls")),
    path("", include("pipeline.urls")),
    path("", include("scoring.urls")),
    path("", include("crm.urls")),
    # The address is the login, given by whoever invited: nobody adds or swaps their own.
    path("auth/email/", RedirectView.as_view(pattern_name="crm:settings"), name="account_address"),
    re_path(r"^auth/confirm-email/", RedirectView.as_view(pattern_name="crm:settings"), name="account_confirming"),
    # Who signs in elsewhere does so by that address too; nothing is tied to a person by hand.
    path("auth/3rdparty/", RedirectView.as_view(pattern_name="crm:settings"), name="account_elsewhere"),
    path("auth/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]


def handler500(request: HttpRequest) -> HttpResponse:
    """Answer what nobody caught, in a view or around it; a database that is away is no mistake of ours."""
    error = sys.exc_info()[1]
    if not isinstance(error, DATABASE_AWAY):
        return errors.server_error(request)
    if request.path.startswith("/api/"):
        return problem_response(error, {"request": request})
    return errors.unavailable(request)
