"""Make the browser assets that come from packages."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from crm.lib import typeface


class Command(BaseCommand):
    """Subset the typeface into var/assets; does nothing when that was done."""

    help = "Subset the typeface for the browser into var/assets. Safe to repeat; run it before collectstatic."
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        """Build what is missing and say what was made."""
        for path in typeface.build(settings.ASSETS_DIR / "fonts"):
            self.stdout.write(f"{path.name}: {path.stat().st_size // 1024} KB")
