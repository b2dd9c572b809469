"""What events that come in are held against."""

from collections.abc import Collection

from django.db import connection

KNOWN = """
SELECT ARRAY(SELECT code FROM scoring_leadeventtype WHERE retired_at IS NULL),
       ARRAY(SELECT idempotency_key FROM scoring_leadevent WHERE idempotency_key = ANY(%(keys)s::text[]))
"""


def get_known(keys: Collection[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the types that are taken, and which of these keys are stored; a key that cannot be stored is none."""
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, {"keys": [key for key in keys if "\0" not in key]})
        types, stored = cursor.fetchone()
    return frozenset(types), frozenset(stored)
