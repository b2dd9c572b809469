"""What base.html needs to draw the shell: the places a person may open, and where they are now."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.template.context import RequestContext
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.lib.sessions import session_ends
from crm.queries.navigation import get_places
from crm.queries.organisation import get_organisation
from crm.registries import NavItem

register = template.Library()
SECTIONS = {"": "", "manage": _("Manage"), "grow": _("Grow"), "settings": _("Settings")}


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


def _place(name: str, item: NavItem, path: str) -> Place:
    url = reverse(item.url_name)
    here = path == url if url == "/" else path.startswith(url)
    return Place(name, url, item.icon, item.label, item.key, item.phone, item.count is not None, here)


def _closest(places: dict[str, list[Place]], path: str) -> str:
    here = [place for group in places.values() for place in group if place.current]
    return max((place.url for place in here), key=len, default="")


@register.simple_tag(takes_context=True)
def session_end(context: RequestContext) -> str:
    """Return when the person's session ends, as ISO 8601; empty where that is not known."""
    ends = session_ends(context["request"])
    return ends.isoformat() if ends else ""


@register.simple_tag(takes_context=True)
def shell(context: RequestContext) -> dict[str, Any]:
    """Return `organisation`, `sections` (label, places), `phone` places, `settings` places and `current` address."""
    request = context["request"]
    at = context.get("nav_path") or request.path
    groups: dict[str, list[Place]] = {section: [] for section in SECTIONS}
    for name, item in get_places(request.user):
        groups.setdefault(item.section, []).append(_place(name, item, at))
    settings = groups.pop("settings")
    every = [place for group in groups.values() for place in group]
    return {
        "organisation": get_organisation().name,
        "sections": [(SECTIONS.get(section, section), group) for section, group in groups.items() if group],
        "phone": [place for place in every if place.phone][:4],
        "settings": settings,
        "current": _closest({**groups, "settings": settings}, at),
    }
