"""The pipeline per setpoint, and how it moved."""

from typing import Any

from django.utils.translation import gettext as _

from crm.lib import formats
from crm.lib.charts import Bar
from crm.lib.markup import setpoint_class
from reports.labels.figures import figure_note, figure_text
from reports.renderers.frozen import read
from reports.views.paper.cells import Payload

MOVES = ("entered", "left_forward", "left_back", "won", "lost")


def pipeline_parts(pipeline: Payload, result: Payload, currency: str) -> dict[str, Any]:
    """Return one row a setpoint with its moves, and the bars of what went on."""
    rows, bars, size = [], [], len(pipeline["now"])
    starts = {row["group"]: read(row) for row in pipeline["start"]}
    rates = {row["group"]: read(row) for row in pipeline["conversion"]}
    for order, one in enumerate(pipeline["now"]):
        now, start, rate = read(one), starts.get(one["group"]), rates[one["group"]]
        went_on = figure_text(rate.figure)
        rows.append(
            {
                "label": now.label,
                "tone": setpoint_class(order, size),
                "start": start.figure.n if start else 0,
                "start_amount": formats.short_money(start.amount("amount") if start else 0, currency),
                "count": now.figure.n,
                "amount": formats.short_money(now.amount("amount"), currency),
                "start_href": start.href if start else "",
                "href": now.href,
                "went_on": went_on,
                "note": figure_note(rate.figure),
                "moves": [{"count": now.figure.detail[name], "href": now.behind(name)} for name in MOVES],
            }
        )
        entered = int(rate.amount("entered"))
        bars.append(
            Bar(
                now.label,
                entered,
                formats.number(entered),
                _("→ %(share)s") % {"share": went_on},
                tone=setpoint_class(order, size),
                href=rate.behind("entered"),
            )
        )
    won = read(result["won"])
    bars.append(Bar(_("Won"), won.figure.n, formats.number(won.figure.n), tone="won", href=won.href))
    return {"setpoints": rows, "flow": bars}
