"""Pages of this app."""

from django.urls import URLPattern, path

from scoring.views import calibration, decisions, editing, event_types, facts, leads, rules, simulations

app_name = "scoring"
urlpatterns: list[URLPattern] = [
    path("leads/", leads.lead_list, name="lead_list"),
    path("leads/new/", editing.lead_new, name="lead_new"),
    path("leads/create/", editing.lead_create, name="lead_create"),
    path("leads/release/", decisions.crossings_release, name="crossings_release"),
    path("leads/<int:pk>/", leads.lead_detail, name="lead_detail"),
    path("leads/<int:pk>/why/", leads.lead_why, name="lead_why"),
    path("leads/<int:pk>/accept/", decisions.lead_accept, name="lead_accept"),
    path("leads/<int:pk>/send-back/", decisions.lead_reject, name="lead_reject"),
    path("leads/<int:pk>/sent-back/", decisions.lead_rejected, name="lead_rejected"),
    path("leads/give/", decisions.leads_given, name="leads_given"),
    path("leads/<int:pk>/give/", decisions.lead_give, name="lead_give"),
    path("leads/<int:pk>/given/", decisions.lead_given, name="lead_given"),
    path("leads/<int:pk>/convert/", decisions.lead_convert, name="lead_convert"),
    path("leads/<int:pk>/converted/", decisions.lead_converted, name="lead_converted"),
    path("leads/<int:pk>/event/", editing.lead_event, name="lead_event"),
    path("leads/<int:pk>/event/add/", editing.lead_event_add, name="lead_event_add"),
    path("leads/<int:pk>/field/<slug:field>/", facts.lead_field, name="lead_field"),
    path("leads/<int:pk>/field/<slug:field>/save/", facts.lead_field_save, name="lead_field_save"),
    path("accounts/<int:pk>/leads/", leads.account_panel, name="account_panel"),
    path("contacts/<int:pk>/leads/", leads.contact_panel, name="contact_panel"),
    path("scoring/", rules.rules, name="rules"),
    path("scoring/save/", rules.rules_save, name="rules_save"),
    path("scoring/discard/", rules.rules_discard, name="rules_discard"),
    path("scoring/publish/", rules.rules_publish, name="rules_publish"),
    path("scoring/published/", rules.rules_published, name="rules_published"),
    path("scoring/events/", event_types.event_types, name="event_types"),
    path("scoring/events/add/", event_types.event_type_add, name="event_type_add"),
    path("scoring/events/<slug:code>/put/", event_types.event_type_put, name="event_type_put"),
    path("scoring/v<int:number>/", rules.rules_version, name="rules_version"),
    path("scoring/simulations/ask/", simulations.simulation_ask, name="simulation_ask"),
    path("scoring/simulations/<int:pk>/", simulations.simulation, name="simulation"),
    path("scoring/simulations/<int:pk>/take/", simulations.simulation_take, name="simulation_take"),
    path("scoring/calibration/", calibration.calibration, name="calibration"),
    path("scoring/calibration/take/", calibration.calibration_take, name="calibration_take"),
]
