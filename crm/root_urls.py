"""Where every address begins, and what answers when nothing else could."""

import sys
from importlib import import_module

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from crm.api.problems import problem_response
from crm.api.views.pages import no_such_address
from crm.lib.addresses import by_first_word
from crm.lib.http import DATABASE_AWAY
from crm.views import errors, health

APPS = ["reports", "pipeline", "scoring", "crm"]

# With and without the slash: probes do not follow redirects.
HEALTH = [
    re_path(r"^healthz/?$", health.healthz, name="healthz"),
    re_path(r"^readyz/?$", health.readyz, name="readyz"),
    re_path(r"^metrics/?$", health.metrics, name="metrics"),
]

urlpatterns = [
    *HEALTH,
    *(path("api/v1/", include(by_first_word(import_module(f"{app}.api.urls").urlpatterns))) for app in APPS),
    re_path(r"^api/", no_such_address),
    *(path("", include((by_first_word(import_module(f"{app}.urls").urlpatterns), app))) for app in APPS),
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
