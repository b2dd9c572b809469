"""Makes the kinds of this app known, and what it adds to those below."""

from crm.registries import ImportKind, import_extensions, import_kinds
from scoring.exchange.events import LeadEvents
from scoring.exchange.leads import Leads
from scoring.exchange.links import AccountFacts, ActivityLeads, ContactFacts, DealLeads


def register_kinds() -> None:
    """Add kinds and extensions to the registries; called once, when the app is ready."""
    import_kinds.register("leads", ImportKind(Leads()))
    import_kinds.register("lead-events", ImportKind(LeadEvents()))
    import_extensions.register("scoring.opportunities", DealLeads())
    import_extensions.register("scoring.activities", ActivityLeads())
    import_extensions.register("scoring.accounts", AccountFacts())
    import_extensions.register("scoring.contacts", ContactFacts())
