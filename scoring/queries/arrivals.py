"""What events that come in are held against, in one statement: every visitor of a website waits for it."""

from collections.abc import Collection
from dataclasses import dataclass, field

from crm.lib.prepared import ask
from crm.models import User
from crm.policies.erasure import NAME
from scoring.queries.leads import find_visible

# Merged leads as what they became; those erased are nobody's.
KNOWN = """
SELECT ARRAY(SELECT code FROM scoring_leadeventtype WHERE retired_at IS NULL),
       ARRAY(SELECT idempotency_key FROM scoring_leadevent WHERE idempotency_key = ANY(%(keys)s::text[])),
       (SELECT json_agg(json_build_array(id, external_id, email, COALESCE(merged_into_id, id))) FROM scoring_lead
        WHERE (id = ANY(%(ids)s::bigint[]) OR external_id = ANY(%(external_ids)s::text[])
               OR email = ANY(%(emails)s::text[]))
          AND NOT (last_name = %(erased)s AND first_name = '' AND email IS NULL))
"""


@dataclass(frozen=True, slots=True)
class KnownLeads:
    """Ids of leads by what they were asked for."""

    by_id: dict[int, int] = field(default_factory=dict)
    by_external_id: dict[str, int] = field(default_factory=dict)
    by_email: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """The types that are taken, the keys that are stored, and the leads there are."""

    types: frozenset[str]
    keys: frozenset[str]
    leads: KnownLeads


def get_known(
    *,
    keys: Collection[str],
    ids: Collection[int],
    external_ids: Collection[str],
    emails: Collection[str],
    visible_to: User | None,
) -> Known:
    """Return what there is of all this; a text that cannot be stored is not.

    By id, `visible_to` leaves out what this person may not see; None is the system itself. By e-mail every lead
    is found: who sends events knows the address, and the lead it made may be nobody's and so not theirs to see.
    """
    given = {"keys": keys, "external_ids": external_ids, "emails": emails}
    storable = {name: list(filter(_is_storable, texts)) for name, texts in given.items()}
    [(types, stored, rows)] = ask(KNOWN, {**storable, "ids": list(ids), "erased": NAME})
    return Known(frozenset(types), frozenset(stored), _by_name(rows or [], set(ids), set(external_ids), visible_to))


def _is_storable(text: str) -> bool:
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:  # half a surrogate pair
        return False


def _by_name(
    rows: list[tuple[int, str | None, str | None, int]], ids: set[int], external_ids: set[str], visible_to: User | None
) -> KnownLeads:
    named = {pk for pk, external_id, _, _ in rows if pk in ids or external_id in external_ids}
    shown = find_visible(named, by=visible_to)
    leads = KnownLeads(by_email={email: lead for _, _, email, lead in rows if email})
    for pk, external_id, _, lead in rows:
        if pk in shown:
            leads.by_id[pk] = lead
            if external_id:
                leads.by_external_id[external_id] = lead
    return leads
