from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        """Register words and jobs."""
        from reports import labels, tasks  # noqa: F401
