"""Activities from a file (C-5). Deals and leads they belong to are added by the apps that have them."""

from typing import Any, ClassVar

from crm.commands.import_activities import import_activities
from crm.commands.imports import Wanted
from crm.enums import ActivityKind, ActivityOutcome, Direction
from crm.exchange import fields as f
from crm.exchange.accounts import mark
from crm.exchange.fields import Field
from crm.exchange.kinds import BaseHandler, Row, Run, live
from crm.exchange.problems import RowRefused
from crm.exchange.references import default_owner, resolve_accounts, resolve_contacts, resolve_users
from crm.policies.activities import CLOCKS_DIFFER
from crm.queries.imports import find_by_external_id, get_contact_places

COPIED = ("external_id", "kind", "subject", "occurred_at", "outcome", "direction", "by_customer")


class Activities(BaseHandler):
    """Recognised by external id."""

    fields: ClassVar[tuple[Field, ...]] = (
        f.text("external_id", required=True),
        f.choice("kind", ActivityKind, required=True),
        f.text("subject", 300, repeats=True),
        f.moment("occurred_at", required=True),
        f.boolean("done"),
        f.choice("outcome", ActivityOutcome),
        f.choice("direction", Direction),
        f.boolean("by_customer"),
        f.text("account", 300, repeats=True),
        f.text("contact", 254, repeats=True),
        f.text("owner", 254, repeats=True),
    )

    def natural_id(self, values: dict[str, Any], run: Run) -> str:
        """Return the external id.

        :raises RowRefused: it has an outcome and is not done, or is done and lies ahead
        """
        done = values.setdefault("done", values["occurred_at"] <= run.at)
        if values.get("outcome") and not done:
            raise RowRefused("needs_done", field="outcome", value=values["outcome"])
        if done and values["occurred_at"] > run.at + CLOCKS_DIFFER:
            raise RowRefused("in_future", field="occurred_at", value=str(values["occurred_at"]))
        return str(values["external_id"])

    def write(self, rows: list[Row], run: Run) -> None:
        """Match and write a batch; account and contact follow from what the row belongs to, where it is silent."""
        resolve_users(rows, run)
        default_owner(rows, run)
        resolve_accounts(rows)
        resolve_contacts(rows)
        known = find_by_external_id("crm_activity", [row.values["external_id"] for row in live(rows)])
        ready = live(rows)
        places = get_contact_places({row.ids["contact"] for row in ready if row.ids.get("contact")})
        wanted = [_wanted(row, known.get(row.values["external_id"]), places) for row in ready]
        for row, result in zip(ready, import_activities(wanted=wanted, by=run.by, at=run.at), strict=True):
            mark(row, result)


def _wanted(row: Row, record_id: int | None, places: dict[int, tuple[int | None, str]]) -> Wanted:
    values = {name: row.values[name] for name in COPIED if name in row.values}
    values["done_at"] = row.values["occurred_at"] if row.values["done"] else None
    account_id, level = places.get(row.ids.get("contact") or 0, (None, ""))
    ids = {
        "account": row.ids.get("account") or account_id,
        "contact": row.ids.get("contact"),
        "owner": row.ids.get("owner"),
    }
    values |= {f"{name}_id": found for name, found in ids.items() if found}
    if level:
        values["contact_level"] = level
    return Wanted(record_id, values)
