"""Filling in whose activities were that were logged before their company was known."""

from collections.abc import Iterable

from django.db import connection, transaction

PLACE = """
UPDATE crm_activity activity
SET account_id = COALESCE(activity.account_id, place.account_id),
    contact_id = COALESCE(activity.contact_id, place.contact_id),
    contact_level = CASE WHEN activity.contact_id IS NULL THEN COALESCE(contact.seniority, '') ELSE activity.contact_level END,
    version = activity.version + 1
FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS place (activity_id, account_id, contact_id)
LEFT JOIN crm_contact contact ON contact.id = place.contact_id
WHERE activity.id = place.activity_id
  AND (activity.account_id IS NULL AND place.account_id IS NOT NULL
       OR activity.contact_id IS NULL AND place.contact_id IS NOT NULL)
  AND (activity.account_id IS NULL OR activity.account_id = place.account_id)
"""


@transaction.atomic
def place_activities(*, places: Iterable[tuple[int, int | None, int | None]]) -> None:
    """Fill in company and person of activities that were logged before these were known: (activity, account, contact).

    What an activity says already stays, and one of another company is left alone; the audit keeps what was filled in.
    """
    rows = list(places)
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(PLACE, [list(column) for column in zip(*rows, strict=True)])
