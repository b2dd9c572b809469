"""Pages of this app."""

from django.urls import URLPattern, path

from crm.views import design, shell

app_name = "crm"
urlpatterns: list[URLPattern] = [
    path("_design/", design.components, name="design"),
    path("_shell/counts/", shell.navigation_counts, name="navigation_counts"),
    path("settings/theme/", shell.theme_set, name="theme_set"),
    path("settings/shortcuts/", shell.shortcuts_set, name="shortcuts_set"),
]
