"""The leads of the quarter, and what became of handovers."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from crm.lib import formats
from reports.queries.words import SOURCE
from reports.renderers.frozen import Kept, read
from reports.views.paper.cells import Cell, Payload
from scoring.enums import HandoffAnswer


def lead_parts(part: Payload, names: Mapping[tuple[str, str], str], address: str) -> dict[str, Any]:
    """Return counts, sources and what was sent back; `address` lists the leads behind a count where they were kept."""
    handed = part["handoffs"]

    def href(which: str) -> str:
        return f"{address}?{urlencode({'which': which})}" if handed.get("leads", {}).get(which) else ""

    return {
        "leads": _lead_cells(read(part["leads"]), read(part["before"]), handed, href),
        "sources": [
            {
                "name": names.get((SOURCE, row.group), row.group) or _("Not known"),
                "count": row.figure.n,
                "converted": int(row.amount("converted")),
                "href": row.href,
                "converted_href": f"{row.href}&cell=converted" if row.href and row.amount("converted") else "",
            }
            for row in sorted(map(read, part["sources"]), key=lambda row: -row.figure.n)
        ],
        "sent_back": [
            {
                "name": names.get(("lead_rejected", code), code),
                "count": count,
                "href": href(f"{HandoffAnswer.REJECTED}/{code}"),
            }
            for code, count in handed["reasons"]
        ],
    }


def _lead_cells(now: Kept, before: Kept, handed: Payload, href: Callable[[str], str]) -> list[Cell]:
    was = _("%(n)s the quarter before") % {"n": formats.number(before.figure.n)}
    late = _("%(n)s answered late") % {"n": formats.number(handed["late"])}
    tone = "bad" if handed["late"] else ""
    return [
        Cell(_("New leads"), formats.number(now.figure.n), was, href=now.href),
        Cell(_("Handed over"), formats.number(handed["handed_over"]), late, tone, href("handed_over")),
        Cell(_("Accepted"), formats.number(handed["accepted"]), href=href(HandoffAnswer.ACCEPTED)),
        Cell(_("Sent back"), formats.number(handed["rejected"]), href=href(HandoffAnswer.REJECTED)),
    ]
