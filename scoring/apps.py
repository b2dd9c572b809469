from django.apps import AppConfig


class ScoringConfig(AppConfig):
    name = "scoring"

    def ready(self) -> None:
        """Make scoring known to what lies below it (D-12)."""
        from scoring.exchange import registering

        registering.register()
