"""Targets from a file."""

from typing import Any, ClassVar

from crm.exchange import fields as f
from crm.exchange.accounts import mark
from crm.exchange.cells import Reading
from crm.exchange.fields import Field
from crm.exchange.kinds import BaseHandler, Row, Run, live
from crm.exchange.problems import RowRefused
from crm.exchange.references import resolve_teams, resolve_users
from crm.lib.periods import BadPeriod, Period, parse_period
from crm.queries.organisation import get_organisation
from pipeline.commands.imports import import_targets
from pipeline.enums import TargetMeasure


def _period(value: str, reading: Reading) -> str:
    try:
        parse_period(value.strip())
    except (BadPeriod, ValueError):
        raise RowRefused("not_a_period") from None
    return value.strip()


class Targets(BaseHandler):
    """Recognised by period, team or owner, and measure."""

    fields: ClassVar[tuple[Field, ...]] = (
        Field("period", _period, required=True, repeats=True),
        f.text("team", repeats=True),
        f.text("owner", 254, repeats=True),
        f.choice("measure", TargetMeasure, required=True),
        f.number("value", required=True),
    )

    def natural_id(self, values: dict[str, Any], run: Run) -> str:
        """Return period, whose it is, and measure.

        :raises RowRefused: it is of nobody, or of a team and a person at once
        """
        if bool(values.get("team")) == bool(values.get("owner")):
            raise RowRefused("needs_team_or_owner", field="team", value=values.get("team", ""))
        whose = f"team={values['team']}" if values.get("team") else f"owner={values['owner'].lower()}"
        return f"{values['period']}:{whose}:{values['measure']}"

    def write(self, rows: list[Row], run: Run) -> None:
        """Resolve whose targets they are and write a batch."""
        resolve_teams(rows)
        resolve_users(rows, run)
        start = run.remember("fiscal_start", lambda: get_organisation().fiscal_year_start_month)
        ready = live(rows)
        written = import_targets(rows=[_wanted(row, run, start) for row in ready])
        for row, result in zip(ready, written, strict=True):
            mark(row, result)


def _wanted(row: Row, run: Run, start: int) -> dict[str, Any]:
    period: Period = parse_period(row.values["period"], fiscal_start=start)
    return {
        "period": period.code,
        "starts_on": period.start,
        "ends_on": period.end,
        "team_id": row.ids.get("team"),
        "owner_id": row.ids.get("owner"),
        "measure": row.values["measure"],
        "value": row.values["value"],
        "currency": run.currency if row.values["measure"] == TargetMeasure.REVENUE else "",
    }
