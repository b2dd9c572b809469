from django.apps import AppConfig


class CrmConfig(AppConfig):
    name = "crm"

    def ready(self) -> None:
        """Make our Celery app the one that publishes, in web and command processes too."""
        from crm import celery  # noqa: F401
