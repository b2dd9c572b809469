"""API of this app, below /api/v1/."""

from typing import Any

from django.urls import path

from crm.api.views.accounts import Accounts
from crm.api.views.activities import Activities
from crm.api.views.calendars import Absences, Holidays
from crm.api.views.contacts import Contacts
from crm.api.views.origins import Campaigns, Sources
from crm.api.views.pages import api_docs, api_schema
from crm.api.views.people import Teams, Users
from crm.api.views.playbook import Insights, Personas
from crm.api.views.tokens import Tokens

Methods = dict[str, Any]
MANY: Methods = {"get": "list", "post": "create"}
ONE: Methods = {"get": "retrieve", "patch": "partial_update"}
LISTED: Methods = {"get": "list"}
READ: Methods = {"get": "retrieve"}
GONE: Methods = {"get": "retrieve", "delete": "destroy"}

urlpatterns = [
    path("schema/", api_schema, name="api_schema"),
    path("docs/", api_docs, name="api_docs"),
    path("accounts/", Accounts.as_view(MANY), name="api_accounts"),
    path("accounts/<int:pk>/", Accounts.as_view(ONE), name="api_account"),
    path("contacts/", Contacts.as_view(MANY), name="api_contacts"),
    path("contacts/<int:pk>/", Contacts.as_view(ONE), name="api_contact"),
    path("contacts/<int:pk>/erase/", Contacts.as_view({"post": "erase"}), name="api_contact_erase"),
    path("sources/", Sources.as_view(MANY), name="api_sources"),
    path("sources/<int:pk>/", Sources.as_view(ONE), name="api_source"),
    path("sources/<int:pk>/archive/", Sources.as_view({"post": "archive"}), name="api_source_archive"),
    path("sources/<int:pk>/restore/", Sources.as_view({"post": "restore"}), name="api_source_restore"),
    path("campaigns/", Campaigns.as_view(MANY), name="api_campaigns"),
    path("campaigns/<int:pk>/", Campaigns.as_view(ONE), name="api_campaign"),
    path("campaigns/<int:pk>/archive/", Campaigns.as_view({"post": "archive"}), name="api_campaign_archive"),
    path("campaigns/<int:pk>/restore/", Campaigns.as_view({"post": "restore"}), name="api_campaign_restore"),
    path("personas/", Personas.as_view(MANY), name="api_personas"),
    path("personas/<int:pk>/", Personas.as_view(ONE), name="api_persona"),
    path("insights/", Insights.as_view(MANY), name="api_insights"),
    path("insights/<int:pk>/", Insights.as_view(ONE), name="api_insight"),
    path("insights/<int:pk>/end/", Insights.as_view({"post": "end"}), name="api_insight_end"),
    path("activities/", Activities.as_view(MANY), name="api_activities"),
    path("activities/<int:pk>/", Activities.as_view(ONE), name="api_activity"),
    path("holidays/", Holidays.as_view(MANY), name="api_holidays"),
    path("holidays/<int:pk>/", Holidays.as_view(GONE), name="api_holiday"),
    path("absences/", Absences.as_view(MANY), name="api_absences"),
    path("absences/<int:pk>/", Absences.as_view(GONE), name="api_absence"),
    path("teams/", Teams.as_view(LISTED), name="api_teams"),
    path("teams/<int:pk>/", Teams.as_view(READ), name="api_team"),
    path("users/", Users.as_view(LISTED), name="api_users"),
    path("users/<int:pk>/", Users.as_view(READ), name="api_user"),
    path("tokens/", Tokens.as_view(MANY), name="api_tokens"),
    path("tokens/<int:pk>/", Tokens.as_view(GONE), name="api_token"),
]
