"""Pages of this app."""

from django.urls import URLPattern, path

from crm.lib.http import by_method
from crm.views import (
    activities,
    calendars,
    choices,
    design,
    erasure,
    fields,
    insights,
    origins,
    people,
    personas,
    records,
    settings,
    shell,
    timeline,
)

app_name = "crm"


def record_paths(kind: str, root: str) -> list[URLPattern]:
    """Return the addresses of the pages accounts and contacts have alike."""
    views = {
        "list": ("", records.record_list),
        "new": ("new/", records.record_new),
        "create": ("create/", records.record_create),
        "detail": ("<int:pk>/", records.record_detail),
        "archive": ("<int:pk>/archive/", records.record_archive),
        "restore": ("<int:pk>/restore/", records.record_restore),
        "field": ("<int:pk>/fields/<slug:field>/", fields.record_field),
        "field_save": ("<int:pk>/fields/<slug:field>/save/", fields.record_field_save),
    }
    return [path(root + rest, view, {"kind": kind}, name=f"{kind}_{name}") for name, (rest, view) in views.items()]


urlpatterns: list[URLPattern] = [
    path("accounts/choices/", choices.account_choices, name="account_choices"),
    *record_paths("account", "accounts/"),
    *record_paths("contact", "contacts/"),
    path(
        "contacts/<int:pk>/erase/",
        by_method(get=erasure.contact_erase, post=erasure.contact_erased),
        name="contact_erase",
    ),
    path("accounts/<int:pk>/insights/", insights.insights, name="account_insights"),
    path(
        "accounts/<int:pk>/insights/new/",
        by_method(get=insights.insight_new, post=insights.insight_added),
        name="insight_new",
    ),
    path(
        "accounts/<int:pk>/insights/<int:insight_id>/",
        by_method(get=insights.insight, post=insights.insight_saved),
        name="insight",
    ),
    path("accounts/<int:pk>/insights/<int:insight_id>/end/", insights.insight_ended, name="insight_ended"),
    path("activities/new/", activities.activity_new, name="activity_new"),
    path("activities/log/", activities.activity_log, name="activity_log"),
    path("activities/contacts/", choices.contact_choices, name="activity_contacts"),
    path("activities/<int:pk>/complete/", activities.activity_complete, name="activity_complete"),
    path("activities/<int:pk>/completed/", activities.activity_completed, name="activity_completed"),
    path("activities/<int:pk>/edit/", activities.activity_edit, name="activity_edit"),
    path("activities/<int:pk>/edited/", activities.activity_edited, name="activity_edited"),
    path("activities/<int:pk>/move/", activities.activity_move, name="activity_move"),
    path("activities/<int:pk>/moved/", activities.activity_moved, name="activity_moved"),
    path("activities/<int:pk>/archive/", activities.activity_archived, name="activity_archived"),
    path("timeline/<slug:subject>/<int:pk>/", timeline.timeline, name="timeline"),
    path("settings/", settings.profile, name="settings"),
    path("settings/save/", settings.profile_save, name="settings_save"),
    path("settings/tokens/", settings.tokens, name="tokens"),
    path("settings/tokens/create/", settings.token_create, name="token_create"),
    path("settings/tokens/<int:pk>/revoke/", settings.token_revoke, name="token_revoke"),
    path("settings/organisation/", settings.organisation, name="organisation"),
    path("settings/organisation/save/", settings.organisation_save, name="organisation_save"),
    path("settings/calendar/", calendars.calendar, name="calendar"),
    path("settings/calendar/away/", calendars.absence_noted, name="absence_noted"),
    path("settings/calendar/away/<int:pk>/remove/", calendars.absence_removed, name="absence_removed"),
    path("settings/calendar/holidays/", calendars.holidays_added, name="holidays_added"),
    path("settings/calendar/holidays/<int:pk>/remove/", calendars.holiday_removed, name="holiday_removed"),
    path("settings/audit/", settings.audit, name="audit"),
    path("settings/sources/", origins.origins, name="origins"),
    path(
        "settings/sources/<slug:kind>/new/",
        by_method(get=origins.origin_new, post=origins.origin_added),
        name="origin_new",
    ),
    path(
        "settings/sources/<slug:kind>/<int:pk>/",
        by_method(get=origins.origin, post=origins.origin_saved),
        name="origin",
    ),
    path("settings/sources/<slug:kind>/<int:pk>/put/", origins.origin_put, name="origin_put"),
    path("settings/personas/", personas.personas, name="personas"),
    path(
        "settings/personas/new/",
        by_method(get=personas.persona_new, post=personas.persona_added),
        name="persona_new",
    ),
    path("settings/personas/<int:pk>/", by_method(get=personas.persona, post=personas.persona_saved), name="persona"),
    path("settings/personas/<int:pk>/put/", personas.persona_put, name="persona_put"),
    path("settings/people/", people.people, name="people"),
    path("settings/people/invite/", people.person_invite, name="person_invite"),
    path("settings/people/invited/", people.person_invited, name="person_invited"),
    path("settings/people/<int:pk>/", people.person, name="person"),
    path("settings/people/<int:pk>/grant/", people.role_granted, name="role_granted"),
    path("settings/people/<int:pk>/revoke/", people.role_revoked, name="role_revoked"),
    path("settings/people/<int:pk>/team/", people.team_set, name="team_set"),
    path("settings/people/<int:pk>/mail/", people.person_mailed, name="person_mailed"),
    path("settings/people/<int:pk>/leave/", people.person_leave, name="person_leave"),
    path("settings/people/<int:pk>/left/", people.person_left, name="person_left"),
    path("settings/people/<int:pk>/return/", people.person_returned, name="person_returned"),
    path("settings/teams/create/", people.team_created, name="team_created"),
    path("settings/teams/<int:pk>/", people.team_edit, name="team_edit"),
    path("settings/teams/<int:pk>/save/", people.team_edited, name="team_edited"),
    path("settings/teams/<int:pk>/archive/", people.team_archived, name="team_archived"),
    path("keyboard/", shell.keyboard, name="keyboard"),
    path("_design/", design.components, name="design"),
    path("_shell/counts/", shell.navigation_counts, name="navigation_counts"),
    path("settings/theme/", shell.theme_set, name="theme_set"),
    path("settings/session/", shell.session_extend, name="session_extend"),
    path("settings/shortcuts/", shell.shortcuts_set, name="shortcuts_set"),
]
