"""Leads from a file (S-1)."""

from typing import Any, ClassVar

from crm.commands.imports import Wanted
from crm.enums import Channel, Seniority
from crm.exchange import fields as f
from crm.exchange.accounts import mark
from crm.exchange.contacts import match_people, resolve_phones
from crm.exchange.fields import Field
from crm.exchange.kinds import BaseHandler, Row, Run, first_identity, live
from crm.exchange.references import (
    default_owner,
    resolve_accounts,
    resolve_campaigns,
    resolve_contacts,
    resolve_sources,
    resolve_users,
)
from crm.policies.seniority import seniority_of
from scoring.commands.imports import import_leads
from scoring.enums import LeadStatus
from scoring.exchange.references import refresh_touched, touched
from scoring.queries.imports import get_people

COPIED = (
    "external_id", "first_name", "last_name", "email", "company", "job_title", "seniority", "industry",
    "employee_count", "country", "channel", "status", "created_at",
)  # fmt: skip
OF_CONTACT = ("first_name", "last_name", "job_title", "country")
OF_ACCOUNT = ("industry", "employee_count", "country")


class Leads(BaseHandler):
    """Recognised by external id, then e-mail. What a row leaves out, its contact and account may know."""

    fields: ClassVar[tuple[Field, ...]] = (
        f.text("external_id"),
        f.text("first_name"),
        f.text("last_name"),
        f.email(),
        f.text("phone", 50),
        f.text("company", 300, repeats=True),
        f.text("job_title", repeats=True),
        f.choice("seniority", Seniority),
        f.text("industry", 100, repeats=True),
        f.count("employee_count"),
        f.country(),
        f.choice("channel", Channel),
        f.text("source", 100, repeats=True),
        f.text("campaign", 100, repeats=True),
        f.text("owner", 254, repeats=True),
        f.choice("status", LeadStatus),
        f.moment("created_at"),
        f.text("account", 300, repeats=True),
        f.text("contact", 254, repeats=True),
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
        resolve_contacts(rows)
        resolve_sources(rows, run)
        resolve_campaigns(rows, run)
        match_people(rows, "scoring_lead", what="lead")
        resolve_phones(rows)
        ready = live(rows)
        contacts, accounts = get_people(
            {row.ids["contact"] for row in ready if "contact" in row.ids},
            {row.ids["account"] for row in ready if "account" in row.ids},
        )
        wanted = [
            Wanted(
                row.ids["self"],
                _complete(row, contacts.get(row.ids.get("contact", 0)), accounts.get(row.ids.get("account", 0))),
            )
            for row in ready
        ]
        for row, result in zip(ready, import_leads(wanted=wanted, by=run.by, at=run.at), strict=True):
            mark(row, result)
            touched(run).add(result.record_id)

    def finish(self, run: Run) -> None:
        """Give new leads their first score."""
        refresh_touched(run)


def _complete(row: Row, contact: Any, account: Any) -> dict[str, Any]:
    values: dict[str, Any] = {name: row.values[name] for name in COPIED if name in row.values}
    values |= {
        f"{name}_id": row.ids[name] for name in ("owner", "account", "contact", "source", "campaign") if name in row.ids
    }
    if "phone" in row.ids:
        values["phone"] = row.ids["phone"]
    if row.ids["self"] is not None:
        return values
    known: dict[str, Any] = {}
    if account is not None:
        known |= {"company": account.name} | {name: getattr(account, name) for name in OF_ACCOUNT}
    if contact is not None:
        known |= {name: value for name in OF_CONTACT if (value := getattr(contact, name))}
        known["seniority"] = contact.seniority
    if "job_title" in values and "seniority" not in values:
        known["seniority"] = seniority_of(values["job_title"])
    return known | values
