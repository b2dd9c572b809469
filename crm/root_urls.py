"""Where every address begins."""

from django.contrib import admin
from django.urls import include, path

API = ["crm.api.urls", "pipeline.api.urls", "scoring.api.urls", "reports.api.urls"]

urlpatterns = [
    path("", include("reports.urls")),
    path("", include("pipeline.urls")),
    path("", include("scoring.urls")),
    path("", include("crm.urls")),
    path("auth/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    *(path("api/v1/", include(module)) for module in API),
]
