"""Contacts from a file (C-4)."""

from typing import Any, ClassVar

from crm.commands.imports import Wanted, write_records
from crm.enums import LawfulBasis, Seniority
from crm.exchange import fields as f
from crm.exchange.accounts import mark, refuse_twins
from crm.exchange.fields import Field
from crm.exchange.kinds import BaseHandler, Row, Run, first_identity, live
from crm.exchange.references import default_owner, resolve_accounts, resolve_users
from crm.models import Contact
from crm.policies.contact_details import NotUnderstood, normal_phone
from crm.policies.seniority import seniority_of
from crm.queries.imports import find_by_column, find_by_external_id

COPIED = (
    "external_id", "first_name", "last_name", "job_title", "department", "email", "country", "consent", "created_at",
)  # fmt: skip


class Contacts(BaseHandler):
    """Recognised by external id, then e-mail. A contact may have no name: the job title stands in."""

    fields: ClassVar[tuple[Field, ...]] = (
        f.text("external_id"),
        f.text("account", 300, repeats=True),
        f.text("first_name"),
        f.text("last_name"),
        f.text("job_title", repeats=True),
        f.text("department", repeats=True),
        f.choice("seniority", Seniority),
        f.email(),
        f.text("phone", 50),
        f.country(),
        f.boolean("consent"),
        f.text("owner", 254, repeats=True),
        f.moment("created_at"),
    )

    def natural_id(self, values: dict[str, Any], run: Run) -> str:
        """Return the external id or the e-mail.

        :raises RowRefused: there is neither
        """
        return first_identity(values, ("external_id", "email"))

    def write(self, rows: list[Row], run: Run) -> None:
        """Match and write a batch."""
        resolve_users(rows, run)
        default_owner(rows, run)
        resolve_accounts(rows)
        match_people(rows, "crm_contact", what="contact")
        resolve_phones(rows)
        ready = live(rows)
        results = write_records(Contact, [_wanted(row, run) for row in ready], at=run.at)
        for row, result in zip(ready, results, strict=True):
            mark(row, result)


def match_people(rows: list[Row], table: str, *, what: str) -> None:
    """Put the record each row speaks of into `row.ids["self"]`, by external id, then e-mail."""
    by_id = find_by_external_id(table, [row.values.get("external_id", "") for row in live(rows)])
    by_email = find_by_column(table, "email", [row.values.get("email", "") for row in live(rows)])
    for row in live(rows):
        found = by_id.get(row.values.get("external_id", "")) or row.known_id
        holder = by_email.get(row.values.get("email", ""))
        if found and holder and holder != found:
            row.refuse("taken", field="email", what=what, other=f"#{holder}")
        row.ids["self"] = found or holder
    refuse_twins(rows, "email")


def resolve_phones(rows: list[Row]) -> None:
    """Bring phone numbers to E.164, read in the row's country."""
    for row in live(rows):
        if row.values.get("phone"):
            try:
                row.ids["phone"] = normal_phone(row.values["phone"], country=row.values.get("country", ""))
            except NotUnderstood:
                row.refuse("not_a_phone", field="phone")


def _wanted(row: Row, run: Run) -> Wanted:
    values = {name: row.values[name] for name in COPIED if name in row.values}
    values |= {f"{name}_id": row.ids[name] for name in ("owner", "account") if name in row.ids}
    if "phone" in row.ids:
        values["phone"] = row.ids["phone"]
    if "seniority" in row.values:
        values |= {"seniority": row.values["seniority"], "seniority_is_set": True}
    elif row.values.get("job_title") and row.ids["self"] is None:
        values["seniority"] = seniority_of(row.values["job_title"])
    if row.values.get("consent") and row.ids["self"] is None:
        values |= {"lawful_basis": LawfulBasis.CONSENT, "consented_at": row.values.get("created_at", run.at)}
    return Wanted(row.ids["self"], values)
