from django.apps import AppConfig
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.enums import Role
from crm.registries import NavItem, navigation, owner_changes

EVERYBODY = frozenset({Role.REP, Role.MANAGER, Role.MARKETING, Role.ADMIN})


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        """Register words, jobs and places in the navigation."""
        from reports import tasks  # noqa: F401
        from reports.commands.actions import give_away_actions
        from reports.labels import definitions, figures, qbrs, refusals  # noqa: F401
        from reports.queries.days import count_for

        navigation.register(
            "day",
            NavItem(
                "reports:my_day", "sun", _("My day"), order=10, roles=EVERYBODY, phone=True, key="d",
                count=lambda user: count_for(user, today=timezone.localdate()),
            ),
        )  # fmt: skip
        owner_changes.register("quarter_actions", give_away_actions)
        navigation.register(
            "qbr", NavItem("reports:qbr_list", "presentation", _("Quarter reviews"), "manage", 60, EVERYBODY, key="q")
        )
        navigation.register(
            "reports", NavItem("reports:figure_list", "chart-column", _("Reports"), "manage", 70, EVERYBODY)
        )
