"""Accounts from a file (C-3)."""

from typing import Any, ClassVar

from crm.commands.customer_periods import keep_customer_periods
from crm.commands.imports import Wanted, Written, write_records
from crm.enums import AccountKind
from crm.exchange import cells
from crm.exchange import fields as f
from crm.exchange.fields import Field
from crm.exchange.kinds import BaseHandler, Result, Row, Run, first_identity, live
from crm.exchange.problems import RowRefused
from crm.exchange.references import default_owner, resolve_accounts, resolve_sources, resolve_users
from crm.models import Account
from crm.queries.imports import find_accounts_by_name, find_by_column, find_by_external_id

COPIED = (
    "external_id", "name", "domain", "registration_number", "industry", "employee_count", "country", "city",
    "growth_stage", "kind", "customer_since", "churned_on", "created_at",
)  # fmt: skip


class Accounts(BaseHandler):
    """Recognised by external id, then domain, then name."""

    fields: ClassVar[tuple[Field, ...]] = (
        f.text("external_id"),
        f.text("name", 300, required=True),
        f.domain(),
        f.text("registration_number", 100),
        f.text("industry", 100, repeats=True),
        f.count("employee_count"),
        f.number("annual_revenue"),
        f.currency(),
        f.country(),
        f.text("city", repeats=True),
        f.text("growth_stage", 100, repeats=True),
        f.several("technologies"),
        f.text("parent", 300),
        f.choice("kind", AccountKind),
        f.text("owner", 254, repeats=True),
        f.text("source", 100, repeats=True),
        f.day("customer_since"),
        f.day("churned_on"),
        f.moment("created_at"),
    )

    def natural_id(self, values: dict[str, Any], run: Run) -> str:
        """Return the external id, the domain or the name.

        :raises RowRefused: there is none, or the days of being a customer are the wrong way round
        """
        since, until = values.get("customer_since"), values.get("churned_on")
        if since and until and until < since:
            raise RowRefused("left_before_it_came", field="churned_on", value=str(until))
        return first_identity(values, ("external_id", "domain", "name"))

    def write(self, rows: list[Row], run: Run) -> None:
        """Match and write a batch; parents may stand anywhere in the file."""
        resolve_users(rows, run)
        default_owner(rows, run)
        resolve_sources(rows, run)
        self._match(rows)
        self._parents(rows)
        ready = [(row, wanted) for row in live(rows) if (wanted := _wanted(row, run)) is not None]
        results = write_records(Account, [wanted for _, wanted in ready], at=run.at)
        keep_customer_periods(account_ids=[result.record_id for result in results if _customer(result)])
        for (row, _), result in zip(ready, results, strict=True):
            mark(row, result)

    def _match(self, rows: list[Row]) -> None:
        by_id = find_by_external_id("crm_account", [row.values.get("external_id", "") for row in live(rows)])
        by_domain = find_by_column("crm_account", "domain", [row.values.get("domain", "") for row in live(rows)])
        nameless = [row for row in live(rows) if not row.values.get("external_id") and not row.values.get("domain")]
        by_name = find_accounts_by_name([row.values["name"] for row in nameless]) if nameless else {}
        for row in live(rows):
            found = by_id.get(row.values.get("external_id", "")) or row.known_id
            holder = by_domain.get(row.values.get("domain", ""))
            if found and holder and holder != found:
                row.refuse("taken", field="domain", what="account", other=f"#{holder}")
            row.ids["self"] = found or holder or (by_name.get(row.values["name"]) if row in nameless else None)
        for row in live(rows):
            if row.ids["self"] == -1:
                row.refuse("ambiguous_reference", field="name", what="accounts")
        refuse_twins(rows, "domain")

    def _parents(self, rows: list[Row]) -> None:
        for row in live(rows):
            if row.values.get("parent") and row.values["parent"] in (
                row.values.get("external_id"),
                row.values.get("domain"),
            ):
                row.refuse("own_parent", field="parent")
        resolve_accounts(rows, "parent", defer=True)


def _wanted(row: Row, run: Run) -> Wanted | None:
    values = {name: row.values[name] for name in COPIED if name in row.values}
    try:
        code = row.values.get("currency", run.currency)
        if (money := cells.money(row.values.get("annual_revenue"), code, field="annual_revenue")) is not None:
            values["annual_revenue"] = money
    except RowRefused as refused:
        row.problem = refused.problem
        return None
    if "technologies" in row.values:
        values["technologies"] = row.values["technologies"]
    values |= {f"{name}_id": row.ids[name] for name in ("owner", "source", "parent") if name in row.ids}
    if "kind" not in values and "customer_since" in values:
        values["kind"] = AccountKind.FORMER_CUSTOMER if "churned_on" in values else AccountKind.CUSTOMER
    return Wanted(row.ids["self"], values)


def _customer(result: Written) -> bool:
    return bool(result.changed & {"customer_since", "churned_on"})


def mark(row: Row, result: Written) -> None:
    """Say of a row what a bulk command did with it."""
    row.done(
        result.record_id, Result.CREATED if result.created else Result.UPDATED if result.changed else Result.UNCHANGED
    )


def refuse_twins(rows: list[Row], field: str) -> None:
    """Refuse rows of a batch that want the same value of a unique field for different records."""
    holders: dict[Any, Row] = {}
    for row in live(rows):
        value = row.values.get(field)
        if value and holders.setdefault(value, row) is not row:
            row.refuse("duplicate_in_file", field=field, row=holders[value].number)
