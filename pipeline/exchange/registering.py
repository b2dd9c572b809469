"""Makes the kinds of this app known, and what it adds to those below."""

from crm.registries import ImportKind, import_extensions, import_kinds
from pipeline.exchange.activities import ActivityDeals
from pipeline.exchange.history import OpportunityHistory
from pipeline.exchange.opportunities import Opportunities
from pipeline.exchange.products import Products
from pipeline.exchange.targets import Targets


def register_kinds() -> None:
    """Add kinds and extensions to the registries; called once, when the app is ready."""
    import_kinds.register("products", ImportKind(Products()))
    import_kinds.register("opportunities", ImportKind(Opportunities()))
    import_kinds.register("opportunity-history", ImportKind(OpportunityHistory()))
    import_kinds.register("targets", ImportKind(Targets()))
    import_extensions.register("pipeline.activities", ActivityDeals())
