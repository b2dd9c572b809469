"""What was won against the plan, by figure, month and person."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from crm.lib import formats
from crm.lib.charts import Bar
from crm.models import User
from reports.labels.figures import clock_words, figure_text, value_text
from reports.labels.qbrs import month_name
from reports.renderers.frozen import Texts, read
from reports.views.paper.cells import Cell, Payload, changed_cell


def result_cells(result: Payload, currency: str, texts: Texts) -> list[Cell]:
    """Return the row of figures under the headline."""
    won, average, rate, cycle = (read(result[name]) for name in ("won", "average", "win_rate", "cycle"))
    target = read(result["attainment"]).figure.denominator
    plan = _("plan %(amount)s") % {"amount": formats.money(target, currency)} if target else _("no target is set")
    behind = bool(target) and (won.figure.value or 0) < (target or 0)
    return [
        Cell(
            texts.title("won-value") or _("Won"),
            value_text(won.figure.value, "money", currency=currency),
            plan,
            "down" if behind else "",
            won.href,
        ),
        Cell(
            _("Deals won"),
            formats.number(won.figure.n),
            _("average %(amount)s") % {"amount": figure_text(average.figure, currency=currency)},
            href=won.href,
        ),
        changed_cell(texts.title("win-rate") or _("Win rate"), rate, read(result["win_rate_before"])),
        changed_cell(
            texts.title("cycle") or _("Sales cycle"),
            cycle,
            read(result["cycle_before"]),
            *clock_words(cycle.figure.detail),
        ),
    ]


def month_bars(result: Payload, currency: str) -> list[Bar]:
    """Return a bar a month, with its target as a tick."""
    bars = []
    for row in result["months"]:
        won, day = Decimal(row["won"]), date.fromisoformat(f"{row['month']}-01")
        tick = None if row["target"] is None else Decimal(row["target"])
        bars.append(Bar(month_name(day), won, formats.short_money(won, currency), tick=tick, tone="won"))
    return bars


def people_rows(result: Payload, people: Mapping[int, User], currency: str) -> list[dict[str, Any]]:
    """Return one row a person, whoever won most first."""
    rows = [read(row) for row in result["people"]]
    return [
        {
            "person": people.get(int(row.group)) if row.group else None,
            "won": formats.money(row.amount("won"), currency),
            "deals": row.figure.n,
            "share": figure_text(row.figure),
            "href": row.href,
        }
        for row in sorted(rows, key=lambda row: -row.amount("won"))
    ]
