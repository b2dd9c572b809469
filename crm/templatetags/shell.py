"""What base.html needs to draw the shell: the places a person may open, and where they are now."""

from dataclasses import dataclass
from functools import lru_cache

from django import template
from django.template.context import RequestContext
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.lib.sessions import session_ends
from crm.queries.navigation import get_places
from crm.queries.organisation import get_organisation
from crm.registries import NavItem, navigation

register = template.Library()
SECTIONS = {"": "", "manage": _("Manage"), "grow": _("Grow"), "settings": _("Settings")}


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in, as the sidebar names them."""

    pk: int
    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Place:
    """One link of the sidebar."""

    name: str
    url: str
    icon: str
    label: str
    key: str
    phone: bool
    counted: bool


@dataclass(frozen=True, slots=True)
class Shell:
    """All that the sidebar and the bar of a phone depend on: names of places, the address of the current one, who reads."""

    places: tuple[str, ...]
    current: str
    organisation: str
    person: Person
    theme: str
    language: str

    @property
    def sidebar(self) -> SafeString:
        """Return the sidebar."""
        return _draw("components/sidebar.html", self)

    @property
    def bottom_bar(self) -> SafeString:
        """Return the bar at the foot of a phone."""
        return _draw("components/bottom_bar.html", self)


@register.simple_tag(takes_context=True)
def shell(context: RequestContext) -> Shell:
    """Return the shell of this page; it is drawn once for all pages at the same place."""
    request = context["request"]
    user, places = request.user, get_places(request.user)
    return Shell(
        places=tuple(name for name, _item in places),
        current=_closest([reverse(item.url_name) for _name, item in places], request.path),
        organisation=get_organisation().name,
        person=Person(user.pk or 0, str(user)),
        theme=getattr(user, "theme", ""),
        language=get_language() or "",
    )


@register.simple_tag(takes_context=True)
def session_end(context: RequestContext) -> str:
    """Return when the person's session ends, as ISO 8601; empty where that is not known."""
    ends = session_ends(context["request"])
    return ends.isoformat() if ends else ""


@lru_cache(maxsize=1024)
def _draw(template_name: str, shell: Shell) -> SafeString:
    groups: dict[str, list[Place]] = {section: [] for section in SECTIONS}
    for name in shell.places:
        if item := navigation.get(name):
            groups.setdefault(item.section, []).append(_place(name, item))
    settings = groups.pop("settings")
    every = [place for group in groups.values() for place in group]
    phone = [place for place in every if place.phone] or every  # who only answers opens none of those
    context = {
        "shell": shell,
        "sections": [(SECTIONS.get(section, section), group) for section, group in groups.items() if group],
        "phone": phone[:4],
        "settings": settings,
    }
    return render_to_string(template_name, context)


def _place(name: str, item: NavItem) -> Place:
    counted = item.count is not None
    return Place(name, reverse(item.url_name), item.icon, str(item.label), item.key, item.phone, counted)


def _closest(urls: list[str], path: str) -> str:
    here = [url for url in urls if (path == url if url == "/" else path.startswith(url))]
    return max(here, key=len, default="")
