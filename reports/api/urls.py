"""API of this app, below /api/v1/."""

from django.urls import path

from reports.api.views.figures import Figures
from reports.api.views.qbrs import Qbrs

urlpatterns = [
    path("figures/<slug:name>/", Figures.as_view({"get": "retrieve"}), name="api_figure"),
    path("qbrs/", Qbrs.as_view({"get": "list", "post": "create"}), name="api_qbrs"),
    path("qbrs/<int:pk>/", Qbrs.as_view({"get": "retrieve"}), name="api_qbr"),
]
