"""What deals were before, from a file (D-21)."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from crm.exchange import cells
from crm.exchange import fields as f
from crm.exchange.fields import Field
from crm.exchange.kinds import BaseHandler, Result, Row, Run, live
from crm.exchange.problems import RowRefused
from crm.exchange.references import resolve_users
from crm.lib.values import Money
from crm.queries.imports import get_one_load
from pipeline.commands.history import day_value, money_value
from pipeline.commands.imports import HistoryRow, import_history
from pipeline.enums import Outcome
from pipeline.exchange.references import get_paths, resolve_opportunities
from pipeline.queries.imports import get_deals_by_id

HISTORY_FIELDS = ("setpoint", "amount", "expected_close_on", "owner", "outcome")
MAY_BE_EMPTY = ("amount", "expected_close_on", "outcome")
Value = dict[str, Any] | None


class OpportunityHistory(BaseHandler):
    """Recognised by deal, field and time. An empty value means none; an empty outcome reopened the deal."""

    id_field: ClassVar[str] = "opportunity"
    fields: ClassVar[tuple[Field, ...]] = (
        f.text("opportunity", required=True, repeats=True),
        f.moment("occurred_at", required=True),
        f.choice("field", HISTORY_FIELDS, required=True),
        f.text("value", 300, repeats=True),
        f.text("reason", 300),
    )

    def natural_id(self, values: dict[str, Any], run: Run) -> str:
        """Return deal, field and time.

        :raises RowRefused: the time lies ahead, or the value is missing
        """
        if values["occurred_at"] > run.at:
            raise RowRefused("in_future", field="occurred_at", value=str(values["occurred_at"]))
        if not values.get("value") and values["field"] not in MAY_BE_EMPTY:
            raise RowRefused("required", field="value")
        return f"{values['opportunity']}:{values['field']}:{values['occurred_at'].timestamp():.6f}"

    def write(self, rows: list[Row], run: Run) -> None:
        """Read the values by field and write a batch."""
        resolve_opportunities(rows)
        deals = get_deals_by_id({row.ids["opportunity"] for row in live(rows)})
        self._resolve_owners(rows, run)
        ready = []
        for row in live(rows):
            deal = deals[row.ids["opportunity"]]
            if row.values["occurred_at"] < deal.created_at:
                row.refuse("before_created", field="occurred_at", created=deal.created_at.date())
                continue
            try:
                value = _value(row, deal, run)
            except RowRefused as refused:
                row.refuse(refused.problem.code, field="value", **refused.problem.params)
                continue
            told = HistoryRow(
                deal.pk, row.values["field"], row.values["occurred_at"], value, row.values.get("reason", "")
            )
            ready.append((row, told))
        references = run.remember("one_load", lambda: {str(pk) for pk in get_one_load(run.id)})
        written = import_history(rows=[item for _, item in ready], references=references, by=run.by, at=run.at)
        for (row, _), result in zip(ready, written, strict=True):
            if result.refused:
                row.refuse("moment_taken", field="value")
            else:
                row.done(result.opportunity_id, Result.CREATED if result.is_new else Result.UNCHANGED)

    def _resolve_owners(self, rows: list[Row], run: Run) -> None:
        owners = [row for row in live(rows) if row.values["field"] == "owner"]
        resolve_users(owners, run, "value")


def _value(row: Row, deal: Any, run: Run) -> Value:
    text: str = row.values.get("value", "")
    name = row.values["field"]
    if name == "setpoint":
        return _setpoint(text, deal, run)
    if name == "owner":
        return {"owner": row.ids["value"]}
    if not text:
        return None
    if name == "amount":
        return money_value(_money(text, deal.amount_currency or run.currency, run))
    if name == "expected_close_on":
        on: date = cells.read_date(text, run.reading)
        return day_value(on)
    if text not in list(Outcome):
        raise RowRefused("not_allowed", allowed=", ".join(Outcome))
    on = row.values["occurred_at"].astimezone(run.organisation_zone).date()
    return {"outcome": text, "reason": "not_recorded", "competitor": None, "on": on.isoformat(), "revisit_on": None,
            "setpoint": None, "amount": None, "currency": None}  # fmt: skip


def _setpoint(text: str, deal: Any, run: Run) -> Value:
    path = next(path for path in get_paths(run).values() if path[0].pipeline_id == deal.pipeline_id)
    found = next((setpoint for setpoint in path if text in (setpoint.code, setpoint.name)), None)
    if found is None:
        raise RowRefused("other_setpoint", pipeline=deal.pipeline_id, allowed=", ".join(each.code for each in path))
    return {"setpoint": found.id}


def _money(text: str, currency: str, run: Run) -> Money | None:
    """Read `1250.00` in the deal's currency, or `1250.00 USD`."""
    number, _, code = text.partition(" ")
    if code:
        currency = cells.read_currency(code, run.reading)
    amount: Decimal = cells.read_number(number, run.reading)
    return cells.money(amount, currency, field="value")
