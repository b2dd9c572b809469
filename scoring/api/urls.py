"""API of this app, below /api/v1/."""

from django.urls import path

from scoring.api.views.agreements import AgreedDefinitions, LeadComments, LeadGoals
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
    path(
        "agreed-definitions/",
        AgreedDefinitions.as_view({"get": "list", "post": "create"}),
        name="api_agreed_definitions",
    ),
    path("agreed-definitions/<int:pk>/", AgreedDefinitions.as_view({"get": "retrieve"}), name="api_agreed_definition"),
    path(
        "agreed-definitions/<int:pk>/agree/",
        AgreedDefinitions.as_view({"post": "agree"}),
        name="api_agreed_definition_agree",
    ),
    path("lead-goals/", LeadGoals.as_view({"get": "list", "post": "create"}), name="api_lead_goals"),
    path("lead-goals/<int:pk>/", LeadGoals.as_view({"get": "retrieve"}), name="api_lead_goal"),
    path("lead-comments/", LeadComments.as_view({"get": "list", "post": "create"}), name="api_lead_comments"),
    path(
        "lead-comments/<int:pk>/",
        LeadComments.as_view({"get": "retrieve", "delete": "destroy"}),
        name="api_lead_comment",
    ),
    path("events/", Events.as_view({"post": "create"}), name="api_events"),
]
