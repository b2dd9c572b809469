"""Clicks out of mails that lie close to others."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from scoring.policies.bots import CLICK, SCANNED_WITHIN, Click

# Twice as far as a pair may lie apart: a neighbour of a new click is judged by its own neighbours.
AROUND = """
SELECT DISTINCT event.id, event.lead_id, event.visitor_id, event.occurred_at,
       COALESCE(event.properties->>'url', ''), COALESCE(event.properties->>'mail', '')
FROM unnest(%(leads)s::bigint[], %(visitors)s::bigint[], %(moments)s::timestamptz[]) AS told(lead_id, visitor_id, at)
JOIN LATERAL (
    SELECT * FROM scoring_leadevent click
    WHERE click.lead_id = told.lead_id AND click.type = %(click)s
      AND click.occurred_at BETWEEN told.at - %(around)s AND told.at + %(around)s
    UNION ALL
    SELECT * FROM scoring_leadevent click
    WHERE told.lead_id IS NULL AND click.lead_id IS NULL AND click.visitor_id = told.visitor_id
      AND click.type = %(click)s AND click.occurred_at BETWEEN told.at - %(around)s AND told.at + %(around)s
) event ON TRUE
"""


def get_clicks_around(told: Sequence[tuple[int | None, int | None, datetime]]) -> list[Click]:
    """Return the clicks around those of a lead, or a visitor who is none, at a moment."""
    leads, visitors, moments = (list(column) for column in zip(*told, strict=True))
    given: dict[str, Any] = {
        "leads": leads,
        "visitors": visitors,
        "moments": moments,
        "click": CLICK,
        "around": SCANNED_WITHIN * 2,
    }
    with connection.cursor() as cursor:
        cursor.execute(AROUND, given)
        rows = cursor.fetchall()
    return [
        Click(event_id, ("lead", lead_id) if lead_id else ("visitor", visitor_id), at, url, mail)
        for event_id, lead_id, visitor_id, at, url, mail in rows
    ]
