"""The deals that counted, why others were lost, and the sectors."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from crm.lib import formats
from crm.lib.labels import label
from crm.models import User
from reports.labels.figures import figure_note, figure_text
from reports.renderers.frozen import read
from reports.views.paper.cells import Payload

SHOWN_REASONS, SHOWN_SECTORS = 6, 8


def deal_rows(
    deals: Sequence[Payload],
    people: Mapping[int, User],
    names: Mapping[tuple[str, str], str],
    setpoints: Mapping[str, str],
    currency: str,
) -> list[dict[str, Any]]:
    """Return one row a deal, its owner by today's name and all other words as frozen."""
    return [
        {
            **deal,
            "amount": "–" if deal["amount"] is None else formats.money(Decimal(deal["amount"]), currency),
            "owner": people.get(deal["owner_id"]),
            "reason_name": names.get((deal["outcome"], deal["reason"]), ""),
            "result": label("outcome", deal["outcome"]),
            "setpoint_name": setpoints.get(deal["setpoint_code"], deal["setpoint_code"]),
        }
        for deal in deals
    ]


def reason_rows(rows: Sequence[Payload], names: Mapping[tuple[str, str], str], currency: str) -> list[dict[str, Any]]:
    """Return one row a reason: whom those deals mostly went to is the competitor named most often."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in map(read, rows):
        outcome, reason = ([*row.group.split("/"), ""])[:2]
        entry = found.setdefault(
            (outcome, reason), {"count": 0, "amount": Decimal(0), "rival": "", "most": 0, "href": row.href}
        )
        if entry["count"] and entry["href"]:  # a reason is a row a competitor
            entry["href"] += "&" + urlencode({"group": row.group})
        entry["count"] += row.figure.n
        entry["amount"] += row.amount("amount")
        if row.label and row.figure.n > entry["most"]:
            entry["rival"], entry["most"] = row.label, row.figure.n
    ordered = sorted(found.items(), key=lambda item: (-item[1]["count"], -item[1]["amount"]))
    return [
        {
            "name": names.get(key) or label("outcome", key[0]),
            "outcome": label("outcome", key[0]),
            "count": entry["count"],
            "amount": formats.short_money(entry["amount"], currency),
            "rival": entry["rival"] if "/" not in entry["rival"] else "",
            "href": entry["href"],
        }
        for key, entry in ordered[:SHOWN_REASONS]
    ]


def sector_rows(rows: Sequence[Payload], currency: str) -> list[dict[str, Any]]:
    """Return one row a sector, those with most won first."""
    sectors = []
    for row in map(read, rows[:SHOWN_SECTORS]):
        rate = row.figure.parts["win-rate"]
        sectors.append(
            {
                "name": row.label if row.group != "unknown" else _("Not known"),
                "won": row.figure.n,
                "value": formats.short_money(row.figure.value or 0, currency),
                "rate": figure_text(rate),
                "note": figure_note(rate),
                "href": row.href,
            }
        )
    return sectors
