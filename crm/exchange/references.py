"""What other records a row speaks of: looked up once a batch, whatever the number of rows."""

from collections.abc import Callable, Iterable
from typing import Any

from crm.commands.sources import ensure_campaigns, ensure_sources
from crm.exchange.kinds import Row, Run, live
from crm.models import Team
from crm.queries.imports import AMBIGUOUS, find_accounts, find_contacts, get_users_by_name

Find = Callable[[Iterable[str]], dict[str, int]]


def resolve(rows: list[Row], field: str, find: Find, *, what: str, defer: bool = False) -> None:
    """Put the id of what each row names in `field` into `row.ids[field]`; refuse rows that name nobody.

    `what` is the word for the reader. With `defer` the row is tried again at the end of the file.
    """
    asking = [row for row in live(rows) if row.values.get(field)]
    if not asking:
        return
    found = find({row.values[field] for row in asking})
    for row in asking:
        record_id = found.get(row.values[field])
        if record_id is None:
            row.refuse("unknown_reference", field=field, what=what, defer=defer)
        elif record_id == AMBIGUOUS:
            row.refuse("ambiguous_reference", field=field, what=what)
        else:
            row.ids[field] = record_id


def resolve_users(rows: list[Row], run: Run, field: str = "owner") -> None:
    """Resolve people by external id, e-mail or name; they are read once a run."""
    people = run.remember("users", get_users_by_name)

    def find(names: Iterable[str]) -> dict[str, int]:
        known = {name: people.get(name) or people.get(name.lower()) for name in names}
        return {name: user_id for name, user_id in known.items() if user_id is not None}

    resolve(rows, field, find, what="person")


def resolve_accounts(rows: list[Row], field: str = "account", *, defer: bool = False) -> None:
    """Resolve accounts by external id, domain or name."""
    resolve(rows, field, find_accounts, what="account", defer=defer)


def resolve_contacts(rows: list[Row], field: str = "contact") -> None:
    """Resolve contacts by external id or e-mail."""
    resolve(rows, field, find_contacts, what="contact")


def resolve_teams(rows: list[Row], field: str = "team") -> None:
    """Resolve teams by external id or name."""

    def find(names: Iterable[str]) -> dict[str, int]:
        teams = list(Team.objects.values_list("id", "external_id", "name"))
        return {name: pk for pk, _, name in teams} | {external: pk for pk, external, _ in teams if external}

    resolve(rows, field, find, what="team")


def resolve_sources(rows: list[Row], run: Run, *, channel: str = "channel") -> None:
    """Resolve sources by code or name; one never seen before is added, of the channel of the first row naming it."""
    wanted: dict[str, Any] = {}
    for row in live(rows):
        if row.values.get("source"):
            wanted.setdefault(row.values["source"], row.values.get(channel))
    found = run.remember("sources", dict[str, int])
    if new := {name: kind for name, kind in wanted.items() if name not in found}:
        found.update(ensure_sources(wanted=new))
    resolve(rows, "source", lambda names: found, what="source")


def resolve_campaigns(rows: list[Row], run: Run) -> None:
    """Resolve campaigns by code or name; one never seen before is added."""
    found = run.remember("campaigns", dict[str, int])
    names = {row.values["campaign"] for row in live(rows) if row.values.get("campaign")}
    if new := names - found.keys():
        found.update(ensure_campaigns(names=sorted(new)))
    resolve(rows, "campaign", lambda wanted: found, what="campaign")


def default_owner(rows: list[Row], run: Run) -> None:
    """Give rows without an owner the one the person chose for them."""
    if run.owner_default_id is not None:
        for row in live(rows):
            row.ids.setdefault("owner", run.owner_default_id)
