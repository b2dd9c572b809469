"""Looks at pages of our websites, as their script reports them (S-2)."""

import re
from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction

from crm.lib.errors import CommandRefused
from crm.lib.values import Refusal
from scoring.commands.events import record_event
from scoring.facts import NewEvent
from scoring.models import Website
from scoring.policies.bots import LONGEST_AGENT, is_bot
from scoring.policies.forms import read_visitor

SEEN = "page_viewed"
LONGEST_URL = 1000
KEY = re.compile(r"[0-9a-z]{32}")
ID = re.compile(r"[0-9a-f]{32}")


class VisitRefused(CommandRefused):
    """The visit is not taken."""


@transaction.atomic
def record_visit(*, key: str, visitor: str, id: str, url: str, origin: str, user_agent: str, at: datetime) -> None:
    """Record that a visitor looked at a page of a site; sent again it counts once, and a robot's look not at all.

    Of the address what follows `?` and `#` is left out: it may name people.

    :raises VisitRefused: nobody knows the site, or the page is none of its own
    """
    site = Website.objects.filter(key=key, archived_at=None).first() if KEY.fullmatch(key) else None
    if site is None:
        raise VisitRefused(Refusal("unknown_site"))
    if origin not in site.origins:
        raise VisitRefused(Refusal("wrong_origin"))
    if not read_visitor(visitor) or not ID.fullmatch(id):
        raise VisitRefused(Refusal("no_visitor"))
    properties = {"url": _clean(url, origin), "site": site.name}
    if is_bot(user_agent):
        properties["user_agent"] = user_agent[:LONGEST_AGENT].replace("\0", "")
    event = NewEvent(f"visit:{site.pk}:{visitor}:{id}", SEEN, at, visitor=visitor, properties=properties)
    record_event(event=event, by=None, at=at)


def _clean(url: str, origin: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise VisitRefused(Refusal("not_its_page")) from error
    if f"{parts.scheme}://{parts.netloc}" != origin or not url.isprintable() or len(url) > LONGEST_URL:
        raise VisitRefused(Refusal("not_its_page"))
    return f"{origin}{parts.path}"
