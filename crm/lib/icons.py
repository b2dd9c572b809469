"""Icons as inline SVG, so that they take the colour of the text beside them and need no request."""

import re
from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from lucide.templatetags.lucide import lucide

# The style sheet strokes every icon alike: a page of fifty icons says it once.
NEEDLESS = re.compile(
    r' (?:fill="none"|stroke="currentColor"|stroke-(?:width|linecap|linejoin)="\w+")|\s+(?=/>)|(?<=>)\s+'
)
TITLED = '<svg role="img" aria-label="{}" '


@lru_cache(maxsize=1024)
def icon(name: str, size: int = 16, label: str = "") -> SafeString:
    """Return a lucide icon; hidden from screen readers unless it has a label of its own.

    :raises lucide.IconDoesNotExist: for a name lucide does not know
    """
    drawn = NEEDLESS.sub("", str(lucide(name, size=size, **{"class": "icon"})))
    opening = format_html(TITLED, label) if label else '<svg aria-hidden="true" '
    # Both parts are markup already: one from the package, the other from format_html.
    return mark_safe(drawn.replace("<svg ", opening, 1))  # noqa: S308
