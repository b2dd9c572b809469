"""Django's admin, to look and not to touch: what changes goes through commands (D-7)."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.apps import apps
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

SECRET = {"password", "digest"}
PER_PAGE = 50


class ReadOnlyAdmin(admin.ModelAdmin):
    """Shows rows and their fields to administrators; nothing can be added, changed or deleted."""

    list_per_page = PER_PAGE
    show_full_result_count = False
    actions = None

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Leave out what nobody may read."""
        return [field.name for field in self.opts.fields if field.name in SECRET]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Say no."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say no."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say no."""
        return False


def change_password(request: HttpRequest, extra_context: Any = None) -> HttpResponse:
    """Send to the one page that changes a password, with its limits and all that follows."""
    return redirect("account_change_password")


# One way in: the sign-in of everybody, with its limits and the second step.
admin.site.login = secure_admin_login(require_safe(admin.site.login))  # type: ignore[method-assign]  # as its makers say
admin.site.password_change = change_password  # type: ignore[assignment, method-assign]  # a view too


def show(*models: type[Model]) -> None:
    """Show models in the admin; apps above show theirs the same way."""
    for model in models:
        admin.site.register(model, ReadOnlyAdmin)


show(*(model for model in apps.get_app_config("crm").get_models() if not model.__name__.endswith("Audit")))
