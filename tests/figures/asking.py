"""How the tests of figures ask: over a year, as of one moment."""

from datetime import date
from decimal import Decimal
from typing import Any

from crm.lib.envelope import Figure
from crm.lib.periods import Period, quarter_period
from reports.queries.figures import compute
from tests.figures.histories import noon

D = Decimal
NOW = noon("2026-11-21")
YEAR = Period("2026-01-01/2026-12-31", date(2026, 1, 1), date(2027, 1, 1))
Q1 = quarter_period(2026, 1)


def figures(name: str, **asked: Any) -> dict[str, Figure]:
    """Compute over everything, by group; in the present unless `as_of` says otherwise."""
    asked = {"at": NOW, "user": None, "period": YEAR} | asked
    return {row.group: row.figure for row in compute(name, **asked)}


def value(name: str, **asked: Any) -> Decimal | None:
    return figures(name, **asked)[""].value
