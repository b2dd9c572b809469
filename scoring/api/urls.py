"""API of this app, below /api/v1/."""

from django.urls import path

from scoring.api.views.agreements import AgreedDefinitions, LeadComments, LeadGoals
from scoring.api.views.challenges import Challenges
from scoring.api.views.events import Events
from scoring.api.views.handoffs import Crossings, Handoffs, Trials
from scoring.api.views.leads import Leads
from scoring.api.views.models import ScoringModels
from scoring.api.views.routing import RepShares, Terms, Territories
from scoring.api.views.scores import Scores
from scoring.api.views.simulations import Simulations
from scoring.api.views.web_forms import EventTypes, Submissions, WebForms, Websites

urlpatterns = [
    path("leads/", Leads.as_view({"get": "list", "post": "create"}), name="api_leads"),
    path("leads/<int:pk>/", Leads.as_view({"get": "retrieve", "patch": "partial_update"}), name="api_lead"),
    path("leads/<int:pk>/score/", Scores.as_view({"get": "retrieve"}), name="api_lead_score"),
    path("leads/<int:pk>/accept/", Leads.as_view({"post": "accept"}), name="api_lead_accept"),
    path("leads/<int:pk>/reject/", Leads.as_view({"post": "reject"}), name="api_lead_reject"),
    path("leads/<int:pk>/convert/", Leads.as_view({"post": "convert"}), name="api_lead_convert"),
    path("leads/<int:pk>/give/", Leads.as_view({"post": "give"}), name="api_lead_give"),
    path("leads/<int:pk>/take/", Leads.as_view({"post": "take"}), name="api_lead_take"),
    path("leads/<int:pk>/pass/", Leads.as_view({"post": "leave"}), name="api_lead_pass"),
    path("handoffs/", Handoffs.as_view({"get": "list"}), name="api_handoffs"),
    path("crossings/", Crossings.as_view({"get": "list"}), name="api_crossings"),
    path("crossings/release/", Crossings.as_view({"post": "release"}), name="api_crossings_release"),
    path("trials/", Trials.as_view({"get": "list"}), name="api_trials"),
    path("territories/", Territories.as_view({"get": "list", "post": "create"}), name="api_territories"),
    path(
        "territories/<int:pk>/",
        Territories.as_view({"get": "retrieve", "patch": "partial_update"}),
        name="api_territory",
    ),
    path("territories/<int:pk>/archive/", Territories.as_view({"post": "archive"}), name="api_territory_archive"),
    path("rep-shares/", RepShares.as_view({"get": "list", "post": "create"}), name="api_rep_shares"),
    path(
        "rep-shares/<int:pk>/",
        RepShares.as_view({"get": "retrieve", "patch": "partial_update"}),
        name="api_rep_share",
    ),
    path("handoff-terms/", Terms.as_view({"get": "retrieve", "patch": "partial_update"}), {"pk": 1}, name="api_terms"),
    path("web-forms/", WebForms.as_view({"get": "list", "post": "create"}), name="api_web_forms"),
    path("web-forms/<int:pk>/", WebForms.as_view({"get": "retrieve", "patch": "partial_update"}), name="api_web_form"),
    path("web-forms/<int:pk>/close/", WebForms.as_view({"post": "close"}), name="api_web_form_close"),
    path("web-forms/<int:pk>/reopen/", WebForms.as_view({"post": "reopen"}), name="api_web_form_reopen"),
    path("web-forms/<int:pk>/submissions/", Submissions.as_view({"get": "list"}), name="api_web_form_submissions"),
    path("websites/", Websites.as_view({"get": "list", "post": "create"}), name="api_websites"),
    path("websites/<int:pk>/", Websites.as_view({"get": "retrieve"}), name="api_website"),
    path("websites/<int:pk>/close/", Websites.as_view({"post": "close"}), name="api_website_close"),
    path("websites/<int:pk>/reopen/", Websites.as_view({"post": "reopen"}), name="api_website_reopen"),
    path("event-types/", EventTypes.as_view({"get": "list", "post": "create"}), name="api_event_types"),
    path("event-types/<slug:code>/retire/", EventTypes.as_view({"post": "retire"}), name="api_event_type_retire"),
    path("event-types/<slug:code>/restore/", EventTypes.as_view({"post": "restore"}), name="api_event_type_restore"),
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
        "scoring-models/<int:pk>/changes/", ScoringModels.as_view({"get": "changes"}), name="api_scoring_model_changes"
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
    path(
        "scoring-models/<int:pk>/take-suggestion/",
        ScoringModels.as_view({"post": "take_suggestion"}),
        name="api_scoring_model_take_suggestion",
    ),
    path("scoring-challenges/", Challenges.as_view({"get": "list", "post": "create"}), name="api_scoring_challenges"),
    path("scoring-challenges/<int:pk>/", Challenges.as_view({"get": "retrieve"}), name="api_scoring_challenge"),
    path("scoring-challenges/<int:pk>/end/", Challenges.as_view({"post": "end"}), name="api_scoring_challenge_end"),
    path(
        "scoring-challenges/<int:pk>/result/",
        Challenges.as_view({"get": "result"}),
        name="api_scoring_challenge_result",
    ),
    path("events/", Events.as_view({"post": "create"}), name="api_events"),
]
