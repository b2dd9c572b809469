"""The price list from a file."""

from typing import Any, ClassVar

from crm.commands.imports import Wanted, write_records
from crm.exchange import cells
from crm.exchange import fields as f
from crm.exchange.accounts import mark
from crm.exchange.fields import Field
from crm.exchange.kinds import BaseHandler, Row, Run, live
from crm.exchange.problems import RowRefused
from crm.queries.imports import find_by_external_id
from pipeline.models import Product


class Products(BaseHandler):
    """Recognised by external id."""

    fields: ClassVar[tuple[Field, ...]] = (
        f.text("external_id", required=True),
        f.text("name", 300, required=True),
        f.text("code", 100),
        f.number("price"),
        f.currency(),
        f.number("cost"),
        f.text("family", 100),
    )

    def write(self, rows: list[Row], run: Run) -> None:
        """Match and write a batch."""
        known = find_by_external_id("pipeline_product", [row.values["external_id"] for row in rows])
        ready = [(row, wanted) for row in live(rows) if (wanted := _wanted(row, run, known)) is not None]
        results = write_records(Product, [wanted for _, wanted in ready], at=run.at)
        for (row, _), result in zip(ready, results, strict=True):
            mark(row, result)


def _wanted(row: Row, run: Run, known: dict[str, int]) -> Wanted | None:
    values: dict[str, Any] = {
        name: row.values[name] for name in ("external_id", "name", "code", "family") if name in row.values
    }
    try:
        for name in ("price", "cost"):
            money = cells.money(row.values.get(name), row.values.get("currency", run.currency), field=name)
            if money is not None:
                values[name] = money
    except RowRefused as refused:
        row.problem = refused.problem
        return None
    return Wanted(known.get(row.values["external_id"]), values)
