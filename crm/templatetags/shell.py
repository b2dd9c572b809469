"""What base.html needs to draw the shell: the places a person may open, and where they are now."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django import template
from django.template.context import RequestContext
from django.urls import NoReverseMatch, resolve, reverse
from django.utils.translation import gettext_lazy as _

from crm.enums import Role
from crm.queries.access import get_access
from crm.queries.organisation import get_organisation, get_switched_off
from crm.registries import NavItem, navigation

register = template.Library()
SECTIONS = {"": "", "manage": _("Manage"), "grow": _("Grow"), "settings": _("Settings")}
EVERYBODY = frozenset({Role.REP, Role.MANAGER, Role.MARKETING, Role.ADMIN})


@dataclass(frozen=True, slots=True)
class Place:
    """One link of the sidebar."""

    name: str
    url: str
    icon: str
    label: Any
    key: str
    phone: bool
    counted: bool
    current: bool


def open_items(user: Any) -> list[tuple[str, NavItem]]:
    """Return the navigation entries this person may open, in order."""
    if not user.is_authenticated:
        return []
    roles = get_access(user).roles
    allowed = [(name, item) for name, item in navigation.items() if (item.roles or EVERYBODY) & roles and leads_somewhere(item.url_name)]
    modules = {name: module_of(item.url_name) for name, item in allowed}
    off = get_switched_off() if any(modules.values()) else frozenset()
    return sorted((entry for entry in allowed if modules[entry[0]] not in off), key=lambda entry: entry[1].order)


@cache
def leads_somewhere(url_name: str) -> bool:
    """Return whether the route exists: one app's missing route must not break the pages of all others.

    A test of the navigation fails for such an entry.
    """
    try:
        reverse(url_name)
    except NoReverseMatch:
        return False
    return True


@cache
def module_of(url_name: str) -> str:
    """Return the module the view behind a name belongs to, where it can be switched off (D-45)."""
    return getattr(resolve(reverse(url_name)).func, "feature", "")


def _place(name: str, item: NavItem, path: str) -> Place:
    url = reverse(item.url_name)
    here = path == url if url == "/" else path.startswith(url)
    return Place(name, url, item.icon, item.label, item.key, item.phone, item.count is not None, here)


def _closest(places: dict[str, list[Place]], path: str) -> str:
    here = [place for group in places.values() for place in group if place.current]
    return max((place.url for place in here), key=len, default="")


@register.simple_tag(takes_context=True)
def shell(context: RequestContext) -> dict[str, Any]:
    """Return `organisation`, `sections` (label, places), `phone` places, `settings` places and `current` address."""
    request = context["request"]
    at = context.get("nav_path") or request.path
    groups: dict[str, list[Place]] = {section: [] for section in SECTIONS}
    for name, item in open_items(request.user):
        groups.setdefault(item.section, []).append(_place(name, item, at))
    settings = groups.pop("settings")
    every = [place for group in groups.values() for place in group]
    return {
        "organisation": get_organisation().name,
        "sections": [(SECTIONS.get(section, section), group) for section, group in groups.items() if group],
        "phone": [place for place in every if place.phone][:4],
        "settings": settings,
        "keys": [place for place in every if place.key],
        "current": _closest({**groups, "settings": settings}, at),
    }
