"""What was recorded of a lead and gives nothing, because no person did it."""

from datetime import datetime

from django.db import connection

# Two branches, each by its own index: one condition for both would read every event there is.
UNCOUNTED = """
SELECT not_counted, count(*) FROM (
    SELECT not_counted, occurred_at FROM scoring_leadevent WHERE lead_id = %(lead)s
    UNION ALL
    SELECT event.not_counted, event.occurred_at FROM scoring_visitoridentity identity
    JOIN scoring_leadevent event ON event.visitor_id = identity.visitor_id AND event.lead_id IS NULL
    WHERE identity.lead_id = %(lead)s
) event
WHERE not_counted <> '' AND occurred_at <= %(as_of)s
GROUP BY not_counted
"""


def get_uncounted(lead_id: int, *, as_of: datetime) -> dict[str, int]:
    """Return how many events up to a moment do not count, by reason; those of the lead's visitors included."""
    with connection.cursor() as cursor:
        cursor.execute(UNCOUNTED, {"lead": lead_id, "as_of": as_of})
        return dict(cursor.fetchall())
