"""Deals from a file (P-1, D-17, D-21, D-23, D-48)."""

from datetime import date, datetime
from typing import Any, ClassVar

from crm.enums import Approach
from crm.exchange import cells
from crm.exchange import fields as f
from crm.exchange.accounts import mark
from crm.exchange.fields import Field
from crm.exchange.kinds import BaseHandler, Row, Run, live
from crm.exchange.problems import RowRefused
from crm.exchange.references import (
    default_owner,
    resolve_accounts,
    resolve_contacts,
    resolve_sources,
    resolve_users,
)
from crm.queries.imports import find_by_external_id, get_account_names
from pipeline.commands.imports import Barred, DealRow, Unmet, import_deals
from pipeline.enums import DealType, Outcome
from pipeline.exchange.references import (
    get_paths,
    resolve_competitors,
    resolve_products,
    resolve_reasons,
    resolve_setpoints,
)
from pipeline.facts import Closing
from pipeline.policies.imports import row_evidence

COPIED = ("external_id", "name", "deal_type", "expected_close_on", "approach", "created_at")


class Opportunities(BaseHandler):
    """Recognised by external id. A row with an outcome is history, one without is current (D-48)."""

    fields: ClassVar[tuple[Field, ...]] = (
        f.text("external_id", required=True),
        f.text("account", 300, repeats=True),
        f.text("name", 300),
        f.text("owner", 254, repeats=True),
        f.text("pipeline", 50, repeats=True),
        f.text("setpoint", 100, repeats=True),
        f.choice("outcome", Outcome),
        f.number("amount"),
        f.currency(),
        f.choice("deal_type", DealType),
        f.text("source", 100, repeats=True),
        f.choice("approach", Approach),
        f.moment("created_at"),
        f.moment("first_meeting_at"),
        f.day("expected_close_on"),
        f.moment("closed_at"),
        f.text("lost_reason", 200, repeats=True),
        f.text("competitor", repeats=True),
        f.text("close_note", 1000),
        f.day("revisit_on"),
        f.text("next_step", 300),
        f.day("next_step_on"),
        f.text("contact", 254, repeats=True),
        f.text("product", 300, repeats=True),
    )

    def natural_id(self, values: dict[str, Any], run: Run) -> str:
        """Return the external id.

        :raises RowRefused: outcome, moments or next step contradict each other
        """
        created, closed = values.get("created_at", run.at), values.get("closed_at")
        if bool(values.get("outcome")) != bool(closed):
            given, missing = ("outcome", "closed_at") if closed is None else ("closed_at", "outcome")
            raise RowRefused("needs_other", field=given, value=str(values[given]), other=missing)
        if created > run.at:
            raise RowRefused("in_future", field="created_at", value=str(created))
        if closed is not None and closed > run.at:
            raise RowRefused("in_future", field="closed_at", value=str(closed))
        if closed is not None and closed < created:
            raise RowRefused("closed_before_created", field="closed_at", value=str(closed))
        if closed is not None and values.get("revisit_on") and values["revisit_on"] <= _local_day(closed, run):
            raise RowRefused("revisit_not_later", field="revisit_on", value=str(values["revisit_on"]))
        if values.get("next_step") and not values.get("next_step_on"):
            raise RowRefused("needs_other", field="next_step", value=values["next_step"], other="next_step_on")
        return str(values["external_id"])

    def write(self, rows: list[Row], run: Run) -> None:
        """Resolve what the rows speak of and write a batch; the command asks the gate (D-17)."""
        resolve_users(rows, run)
        default_owner(rows, run)
        resolve_accounts(rows)
        resolve_contacts(rows)
        resolve_sources(rows, run)
        resolve_setpoints(rows, run)
        resolve_reasons(rows, run)
        resolve_competitors(rows, run)
        resolve_products(rows)
        known = find_by_external_id("pipeline_opportunity", [row.values["external_id"] for row in live(rows)])
        for row in live(rows):
            row.ids["self"] = known.get(row.values["external_id"])
        self._complete(rows, run)
        ready = [(row, deal) for row in live(rows) if (deal := _deal(row, run)) is not None]
        reason = run.reason or f"Imported from {run.file_name}"
        written = import_deals(
            deals=[deal for _, deal in ready], reason=reason, is_strict=run.gate == "reject", paths=get_paths(run),
            by=run.by, at=run.at,
        )  # fmt: skip
        for (row, _), result in zip(ready, written, strict=True):
            if result is None:
                row.refuse("moment_taken", field="closed_at")
            elif isinstance(result, Unmet):
                row.refuse("setpoint_unmet", field="setpoint", criteria=", ".join(result.codes))
            elif isinstance(result, Barred):
                row.refuse("approval_needed", field="setpoint", areas=", ".join(result.areas))
            else:
                mark(row, result)

    def _complete(self, rows: list[Row], run: Run) -> None:
        """Give new deals what they cannot be without: account, owner, name, and, where open, a setpoint."""
        for row in live(rows):
            if row.ids["self"] is not None:
                continue
            if row.ids.get("account") is None:
                row.refuse("needs_other", field="account", other="account")
            if row.ids.get("owner") is None:
                row.refuse("needs_owner", field="owner")
            if row.ids["setpoint"] is None and not row.values.get("outcome"):
                row.ids["setpoint"] = get_paths(run)[row.values.get("pipeline") or next(iter(get_paths(run)))][0]
        nameless = [row for row in live(rows) if row.ids["self"] is None and not row.values.get("name")]
        names = get_account_names({row.ids["account"] for row in nameless})
        for row in nameless:
            month = row.values.get("created_at", run.at).astimezone(run.organisation_zone).strftime("%Y-%m")
            row.ids["name"] = f"{names[row.ids['account']][:290]} {month}"


def _evidence(row: Row, run: Run) -> dict[str, Any]:
    met = row.values.get("first_meeting_at")
    return row_evidence(
        deal_type=row.values.get("deal_type", DealType.NEW_BUSINESS),
        meeting_on=_local_day(met, run) if met else None,
        is_held=bool(met and met <= run.at),
        next_step=row.values.get("next_step", ""),
        next_step_on=None if row.values.get("outcome") else row.values.get("next_step_on"),
        has_amount=bool(row.values.get("amount")),
        expected_close_on=row.values.get("expected_close_on"),
    )


def _deal(row: Row, run: Run) -> DealRow | None:
    values = {name: row.values[name] for name in COPIED if name in row.values}
    try:
        money = cells.money(row.values.get("amount"), row.values.get("currency", run.currency), field="amount")
    except RowRefused as refused:
        row.problem = refused.problem
        return None
    if money is not None:
        values["amount"] = money
    if "name" in row.ids:
        values["name"] = row.ids["name"]
    ids = {name: row.ids.get(name) for name in ("account", "owner", "pipeline", "contact", "source", "campaign")}
    values |= {f"{name}_id": found for name, found in ids.items() if found is not None}
    if row.ids["self"] is None:
        carried = {name: row.ids[name] for name in ("approach", "lead_created_at") if row.ids.get(name)}
        values = {"deal_type": DealType.NEW_BUSINESS, "created_at": run.at, **carried, **values}
    elif not row.values.get("pipeline"):
        values.pop("pipeline_id")
    return DealRow(
        record_id=row.ids["self"],
        values=values,
        setpoint=row.ids["setpoint"],
        closing=_closing(row, run),
        closed_at=row.values.get("closed_at"),
        reason_id=row.ids["reason"].pk if row.ids.get("reason") else None,
        competitor_id=row.ids.get("competitor"),
        first_meeting_at=row.values.get("first_meeting_at"),
        next_step=row.values.get("next_step", ""),
        next_step_on=row.values.get("next_step_on"),
        product_id=row.ids.get("product"),
        evidence=_evidence(row, run),
    )


def _closing(row: Row, run: Run) -> Closing | None:
    if not row.values.get("outcome"):
        return None
    return Closing(
        outcome=Outcome(row.values["outcome"]),
        closed_on=_local_day(row.values["closed_at"], run),
        reason_code=row.ids["reason"].code,
        competitor=row.values.get("competitor", ""),
        note=row.values.get("close_note", ""),
        revisit_on=row.values.get("revisit_on"),
    )


def _local_day(moment: datetime, run: Run) -> date:
    return moment.astimezone(run.organisation_zone).date()
