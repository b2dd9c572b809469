"""Scoring as Django and the registries of crm know it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from crm import registries


class ScoringConfig(AppConfig):
    """The leads, their events and the rules that score them."""

    name = "scoring"

    def ready(self) -> None:
        """Make leads known to the apps below (D-12)."""
        from crm.queries.timeline import ACTIVITY_KINDS
        from scoring import labels  # noqa: F401  # registers its words
        from scoring.commands.erasure import erase_leads
        from scoring.commands.giving import give_away_leads
        from scoring.commands.leads import note_activity
        from scoring.commands.linked import follow_facts
        from scoring.commands.pauses import follow_absences
        from scoring.exchange.registering import register_kinds
        from scoring.queries import inbox, leads, timeline

        register_kinds()
        registries.navigation.register(
            "leads",
            registries.NavItem(
                "scoring:lead_list", "inbox", _("Leads"), order=30, count=inbox.count_waiting_for, phone=True, key="l"
            ),
        )
        registries.navigation.register(
            "scoring",
            registries.NavItem(
                "scoring:rules", "sliders-horizontal", _("Lead scoring"), section="grow", order=70, key="s"
            ),
        )
        registries.subjects.register(leads.SUBJECT, registries.Subject(leads.find_subject, leads.activity_links))
        lead, everywhere = frozenset({leads.SUBJECT}), frozenset({leads.SUBJECT, "account", "contact"})
        deal = frozenset({timeline.DEAL})
        for name, subjects, entries, kinds in (
            (timeline.ACTIVITIES, lead, timeline.get_activities, ACTIVITY_KINDS),
            (timeline.EVENTS, everywhere | deal, timeline.get_events, ("activity",)),
            (timeline.CROSSINGS, everywhere, timeline.get_crossings, ("score",)),
            (timeline.STATUSES, lead, timeline.get_statuses, ("change",)),
        ):
            registries.timeline.register(name, registries.TimelineProvider(subjects, entries, kinds, on_reveal=deal))
        registries.facts_changed.register("leads", follow_facts)
        registries.absences_changed.register("leads", follow_absences)
        registries.owner_changes.register("leads", give_away_leads)
        registries.erasures.register("leads", registries.Eraser(erase_leads))
        registries.activity_logged.register("leads", note_activity)
        registries.activity_filters.register("leads", leads.without_hidden_leads)
