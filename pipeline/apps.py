"""The pipeline as Django and the registries of crm know it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from crm import registries
from crm.enums import Role


class PipelineConfig(AppConfig):
    """Deals, their setpoints and what managers do with them."""

    name = "pipeline"

    def ready(self) -> None:
        """Make the pipeline known to what lies below it (D-12)."""
        from crm.queries.timeline import ACTIVITY_KINDS
        from pipeline.commands.opportunities import give_away_deals, link_logged_activity
        from pipeline.exchange.registering import register_kinds
        from pipeline.labels import (  # noqa: F401  # register their words
            bulk,
            documents,
            economics,
            guides,
            meetings,
            progress,
            promises,
            qualification,
            questions,
            resources,
            signals,
            stakeholders,
        )
        from pipeline.queries import following, opportunities, timeline

        register_kinds()
        _register_places()
        _register_answers()
        _register_erasure()
        registries.navigation.register(
            "onboarding",
            registries.NavItem("pipeline:onboarding", "graduation-cap", _("How we sell"), section="grow", order=75),
        )
        registries.subjects.register(
            timeline.SUBJECT, registries.Subject(timeline.find_subject, opportunities.activity_links)
        )
        deal, everywhere = frozenset({timeline.SUBJECT}), frozenset({timeline.SUBJECT, "account", "contact"})
        events = registries.TimelineProvider(everywhere, timeline.get_event_entries, (timeline.MOVE, timeline.CHANGE))
        registries.timeline.register(timeline.EVENTS, events)
        activities = registries.TimelineProvider(deal, timeline.get_activity_entries, ACTIVITY_KINDS)
        registries.timeline.register(timeline.ACTIVITIES, activities)
        registries.owner_changes.register("deals", give_away_deals)
        registries.activity_logged.register("deals", link_logged_activity)
        registries.follow_ups.register("deals", following.find_question)
        registries.activity_filters.register("deals", opportunities.without_hidden_deals)


def _register_places() -> None:
    """Put the board and how we sell into the navigation."""
    from pipeline.queries import opportunities

    registries.navigation.register(
        "pipeline",
        registries.NavItem(
            url_name="pipeline:board",
            icon="columns-3",
            label=_("Pipeline"),
            order=20,
            roles=frozenset({Role.REP, Role.MANAGER, Role.MARKETING, Role.ADMIN}),
            count=opportunities.count_own_open,
            phone=True,
            key="p",
        ),
    )


def _register_answers() -> None:
    """Put what waits for an answer, for somebody's hours and to be delivered into the navigation."""
    from pipeline.policies.promises import ANSWERING
    from pipeline.queries import handovers, questions, resources

    registries.navigation.register(
        "approvals",
        registries.NavItem(
            url_name="pipeline:approvals",
            icon="stamp",
            label=_("Approvals"),
            order=25,
            roles=frozenset(ANSWERING),
            count=questions.count_waiting_answers,
        ),
    )
    registries.navigation.register(
        "handovers",
        registries.NavItem(
            url_name="pipeline:handovers",
            icon="package-check",
            label=_("Handovers"),
            order=27,
            roles=frozenset({Role.MANAGER, Role.ADMIN, Role.DELIVERY}),
            count=handovers.count_to_take_over,
        ),
    )
    registries.navigation.register(
        "resources",
        registries.NavItem(
            url_name="pipeline:resources",
            icon="hand-helping",
            label=_("Shared hours"),
            order=26,
            roles=frozenset({Role.MANAGER, Role.ADMIN, Role.CONTRIBUTOR}),
            count=resources.count_waiting,
        ),
    )


def _register_erasure() -> None:
    """Say what deals do when a person is erased."""
    from pipeline.commands.erasure import erase_contacts
    from pipeline.queries.erasure import get_left_files

    registries.erasures.register("deals", registries.Eraser(erase_contacts, get_left_files))
