"""Makes the kinds of this app known."""

from crm.exchange.accounts import Accounts
from crm.exchange.activities import Activities
from crm.exchange.contacts import Contacts
from crm.exchange.users import Users
from crm.registries import ImportKind, import_kinds


def register_kinds() -> None:
    """Add the kinds of this app to the registry; called once, when the app is ready."""
    import_kinds.register("users", ImportKind(Users()))
    import_kinds.register("accounts", ImportKind(Accounts()))
    import_kinds.register("contacts", ImportKind(Contacts()))
    import_kinds.register("activities", ImportKind(Activities()))
