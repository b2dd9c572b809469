"""Icons as inline SVG, so that they take the colour of the text beside them and need no request."""

from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from lucide.templatetags.lucide import lucide

TITLED = '<svg role="img" aria-label="{}" '


@lru_cache(maxsize=1024)
def icon(name: str, size: int = 16, label: str = "", stroke: str = "2") -> SafeString:
    """Return a lucide icon; hidden from screen readers unless it has a label of its own.

    :raises lucide.IconDoesNotExist: for a name lucide does not know
    """
    drawn = str(lucide(name, size=size, stroke_width=stroke, **{"class": "icon"}))
    opening = format_html(TITLED, label) if label else '<svg aria-hidden="true" '
    # Both parts are markup already: one from the package, the other from format_html.
    return mark_safe(drawn.replace("<svg ", opening, 1))  # noqa: S308
