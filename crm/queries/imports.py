"""What an import asks of the database, a batch at a time."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager

from django.db import connection

from crm.models import Account, Contact, ImportedRow, ImportRun, User

AMBIGUOUS = -1
ACCOUNTS_BY_NAME = """
SELECT wanted.name, min(account.id), count(*)
FROM unnest(%s) AS wanted(name)
JOIN crm_account account ON setpoint_fold(account.name) = setpoint_fold(wanted.name)
WHERE account.merged_into_id IS NULL AND account.archived_at IS NULL
GROUP BY wanted.name
"""
TRY_LOCK = "SELECT pg_try_advisory_lock(hashtext('setpoint.import'), hashtext(%s))"
UNLOCK = "SELECT pg_advisory_unlock(hashtext('setpoint.import'), hashtext(%s))"


@contextmanager
def one_import_of(kind: str) -> Iterator[bool]:
    """Hold the right to import this kind, for the connection; give False where another import holds it."""
    with connection.cursor() as cursor:
        cursor.execute(TRY_LOCK, [kind])
        (held,) = cursor.fetchone()
    try:
        yield held
    finally:
        if held and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute(UNLOCK, [kind])


def get_imported(kind: str, natural_ids: Collection[str]) -> dict[str, tuple[str, int]]:
    """Return digest and record of each row imported before, by natural id."""
    rows = ImportedRow.objects.filter(kind=kind, natural_id__in=natural_ids)
    return {name: (digest, record) for name, digest, record in rows.values_list("natural_id", "digest", "record_id")}


def get_one_load(run_id: int) -> list[int]:
    """Return the ids of a run and of the runs before it that were cut off while they read the same file."""
    run = ImportRun.objects.get(pk=run_id)
    same = ImportRun.objects.filter(kind=run.kind, file_digest=run.file_digest, finished_at=None)
    return [run_id, *same.exclude(pk=run_id).values_list("pk", flat=True)]


def find_accounts(names: Iterable[str]) -> dict[str, int]:
    """Return the account each text means: by external id, then domain, then name; `AMBIGUOUS` where several."""
    wanted = {name for name in names if name}
    found = _by_column("crm_account", "external_id", wanted)
    left = [name for name in wanted if name not in found]
    if left:
        domains = _by_column("crm_account", "domain", {name.lower() for name in left})
        found |= {name: domains[name.lower()] for name in left if name.lower() in domains}
    if left := [name for name in left if name not in found]:
        found |= find_accounts_by_name(left)
    return found


def find_accounts_by_name(names: list[str]) -> dict[str, int]:
    """Return the account of each name, without regard to case and accents; `AMBIGUOUS` where several have it."""
    with connection.cursor() as cursor:
        cursor.execute(ACCOUNTS_BY_NAME, [names])
        return {name: record if matches == 1 else AMBIGUOUS for name, record, matches in cursor.fetchall()}


def find_contacts(names: Iterable[str]) -> dict[str, int]:
    """Return the contact each text means: by external id, then e-mail."""
    return find_people("crm_contact", names)


def find_people(table: str, names: Iterable[str]) -> dict[str, int]:
    """Return the person of a table each text means: by external id, then e-mail (kept in lower case)."""
    wanted = {name for name in names if name}
    found = _by_column(table, "external_id", wanted)
    left = [name for name in wanted if name not in found and "@" in name]
    if left:
        emails = _by_column(table, "email", {name.lower() for name in left})
        found |= {name: emails[name.lower()] for name in left if name.lower() in emails}
    return found


def find_by_external_id(table: str, names: Iterable[str]) -> dict[str, int]:
    """Return the record of a table each external id means."""
    return _by_column(table, "external_id", {name for name in names if name})


def find_by_column(table: str, column: str, values: Iterable[str]) -> dict[str, int]:
    """Return the record that has each value in a unique column."""
    return _by_column(table, column, {value for value in values if value})


def get_contact_places(contact_ids: Collection[int]) -> dict[int, tuple[int | None, str]]:
    """Return account and level of contacts, by id."""
    rows = Contact.objects.filter(pk__in=contact_ids).values_list("id", "account_id", "seniority")
    return {pk: (account_id, level) for pk, account_id, level in rows}


def get_account_names(account_ids: Collection[int]) -> dict[int, str]:
    """Return the names of accounts, by id."""
    return dict(Account.objects.filter(pk__in=account_ids).values_list("id", "name"))


def get_users_by_name() -> dict[str, int]:
    """Return everybody by external id, e-mail in lower case and, where it is theirs alone, name."""
    people = list(User.objects.values_list("id", "external_id", "email", "name"))
    names = [name for _, _, _, name in people]
    by_name = {name: pk for pk, _, _, name in people if name and names.count(name) == 1}
    by_email = {email.lower(): pk for pk, _, email, _ in people}
    return by_name | by_email | {external: pk for pk, external, _, _ in people if external}


def _by_column(table: str, column: str, values: Collection[str]) -> dict[str, int]:
    if not values:
        return {}
    quote = connection.ops.quote_name
    # The values go along as text and meet an index; a merged record stands for the one that was kept.
    merged = "merged_into_id" if table in MERGEABLE else "NULL::bigint"
    sql = f"SELECT {quote(column)}, coalesce({merged}, id) FROM {quote(table)} WHERE {quote(column)} = ANY(%s)"
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(values)])
        return dict(cursor.fetchall())


MERGEABLE = frozenset({"crm_account", "crm_contact", "scoring_lead", "pipeline_opportunity"})
