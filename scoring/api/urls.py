"""API of this app, below /api/v1/."""

from django.urls import path

from scoring.api.views.events import Events
from scoring.api.views.leads import Leads
from scoring.api.views.models import ScoringModels
from scoring.api.views.scores import Scores
from scoring.api.views.simulations import Simulations

urlpatterns = [
    path("leads/", Leads.as_view({"get": "list", "post": "create"}), name="api_leads"),
    path("leads/<int:pk>/", Leads.as_view({"get": "retrieve", "patch": "partial_update"}), name="api_lead"),
    path("leads/<int:pk>/score/", Scores.as_view({"get": "retrieve"}), name="api_lead_score"),
    path("leads/<int:pk>/accept/", Leads.as_view({"post": "accept"}), name="api_lead_accept"),
    path("leads/<int:pk>/reject/", Leads.as_view({"post": "reject"}), name="api_lead_reject"),
    path("leads/<int:pk>/convert/", Leads.as_view({"post": "convert"}), name="api_lead_convert"),
    path("scoring-models/", ScoringModels.as_view({"get": "list", "post": "create"}), name="api_scoring_models"),
    path("leads/<int:pk>/score/curve/", Scores.as_view({"get": "curve"}), name="api_lead_score_curve"),
    path(
        "scoring-models/<int:pk>/",
        ScoringModels.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"}),
        name="api_scoring_model",
    ),
    path(
        "scoring-models/<int:pk>/publish/", ScoringModels.as_view({"post": "publish"}), name="api_scoring_model_publish"
    ),
    path(
        "scoring-models/<int:pk>/simulate/",
        Simulations.as_view({"get": "retrieve", "post": "create"}),
        name="api_scoring_model_simulate",
    ),
    path("events/", Events.as_view({"post": "create"}), name="api_events"),
]
