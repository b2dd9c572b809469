from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CrmConfig(AppConfig):
    name = "crm"

    def ready(self) -> None:
        """Make our Celery app the one that publishes, name our words, and fill the registries with our own records."""
        from crm import celery, labels, subscribers  # noqa: F401
        from crm.exchange.registering import register_kinds
        from crm.queries import audit, subjects, timeline
        from crm.registries import NavItem, Subject, TimelineProvider, navigation
        from crm.registries import subjects as subject_registry
        from crm.registries import timeline as timeline_registry

        register_kinds()
        own = frozenset({"account", "contact"})
        subject_registry.register("account", Subject(subjects.find_account))
        subject_registry.register("contact", Subject(subjects.find_contact))
        activities = TimelineProvider(own, timeline.get_activity_entries, timeline.ACTIVITY_KINDS)
        timeline_registry.register(timeline.ACTIVITIES, activities)
        timeline_registry.register(audit.SOURCE, TimelineProvider(own, audit.get_change_entries, ("change",)))
        navigation.register("accounts", NavItem("crm:account_list", "building-2", _("Accounts"), order=40, key="a"))
        navigation.register("people", NavItem("crm:contact_list", "users", _("People"), order=50, phone=True, key="c"))
        navigation.register(
            "settings", NavItem("crm:settings", "settings", _("Settings"), section="settings", order=90)
        )
