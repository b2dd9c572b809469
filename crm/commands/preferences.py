"""How a person wants the pages to look and behave."""

from django.db import transaction

from crm.enums import Theme
from crm.models import User


@transaction.atomic
def set_theme(*, user_id: int, theme: Theme) -> None:
    """Keep light, dark or the system's own for this person on every device."""
    user = User.objects.select_for_update().get(pk=user_id)
    user.theme = theme
    user.save(update_fields=["theme"])


@transaction.atomic
def set_shortcuts(*, user_id: int, used: bool) -> None:
    """Switch single-key shortcuts on or off (WCAG 2.1.4)."""
    user = User.objects.select_for_update().get(pk=user_id)
    user.uses_shortcuts = used
    user.save(update_fields=["uses_shortcuts"])
