"""Which places a person may open: roles, switched-off modules, routes that exist."""

from functools import cache

from django.contrib.auth.models import AnonymousUser
from django.urls import NoReverseMatch, resolve, reverse

from crm.enums import Role
from crm.models import User
from crm.queries.access import get_access
from crm.registries import NavItem, navigation

EVERYBODY = frozenset({Role.REP, Role.MANAGER, Role.MARKETING, Role.ADMIN})


def get_places(user: User | AnonymousUser) -> list[tuple[str, NavItem]]:
    """Return the navigation entries this person may open, in order, each with its name."""
    if not isinstance(user, User):
        return []
    access = get_access(user)
    allowed = [(name, item) for name, item in navigation.items() if (item.roles or EVERYBODY) & access.roles]
    modules = {name: _module_of(item.url_name) for name, item in allowed}
    shown = [
        (name, item) for name, item in allowed if modules[name] is not None and modules[name] not in access.switched_off
    ]
    return sorted(shown, key=lambda entry: entry[1].order)


@cache
def _module_of(url_name: str) -> str | None:
    """Return the module of the view behind a name, empty for none; None where the route does not exist.

    One app's missing route must not break the pages of all others; a test of the navigation fails for it.
    """
    try:
        return str(getattr(resolve(reverse(url_name)).func, "feature", ""))
    except NoReverseMatch:
        return None
