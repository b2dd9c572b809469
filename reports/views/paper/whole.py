"""Everything the page of a quarter review shows of its frozen part."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.lib import formats
from crm.lib.charts import Bar
from pipeline.queries.setpoint_keys import get_setpoint_keys
from reports.enums import PartKind
from reports.labels.qbrs import cause_sentence, headline
from reports.models import QbrRun
from reports.queries.words import get_code_names, get_people
from reports.renderers.frozen import read, read_texts
from reports.renderers.payload import named_reason
from reports.views.paper.cells import Cell, Payload
from reports.views.paper.deals import deal_rows, reason_rows, sector_rows
from reports.views.paper.leads import lead_parts
from reports.views.paper.pipeline import pipeline_parts
from reports.views.paper.results import month_bars, people_rows, result_cells


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything the report page shows of the frozen part."""

    headline: str
    lead: str
    cells: list[Cell] = field(default_factory=list)
    months: list[Bar] = field(default_factory=list)
    flow: list[Bar] = field(default_factory=list)
    setpoints: list[dict[str, Any]] = field(default_factory=list)
    people: list[dict[str, Any]] = field(default_factory=list)
    closed: list[dict[str, Any]] = field(default_factory=list)
    open: list[dict[str, Any]] = field(default_factory=list)
    reasons: list[dict[str, Any]] = field(default_factory=list)
    lost: list[dict[str, Any]] = field(default_factory=list)
    sectors: list[dict[str, Any]] = field(default_factory=list)
    leads: list[Cell] = field(default_factory=list)
    sources: list[dict[str, Any]] = field(default_factory=list)
    sent_back: list[dict[str, Any]] = field(default_factory=list)
    definitions: list[dict[str, str]] = field(default_factory=list)
    last: list[dict[str, Any]] = field(default_factory=list)


def make_paper(run: QbrRun, payloads: Mapping[str, Payload]) -> Paper:
    """Return the page of a ready run; only people are named as they are today (D-8), all other words are frozen."""
    texts = read_texts(payloads.values())
    result, names = payloads[PartKind.RESULT], texts.reasons or get_code_names()
    setpoints = texts.setpoints or {setpoint.code: setpoint.name for setpoint in get_setpoint_keys()}
    currency = result["currency"]
    people = get_people(_people_in(payloads))
    sentences = [
        cause_sentence(one["code"], named_reason(one["params"], names)) for one in payloads[PartKind.ACTIONS]["causes"]
    ]
    found = read(result["attainment"])
    first = headline(
        won=found.amount("won"),
        target=found.figure.denominator,
        deals=found.figure.n,
        currency=currency,
        is_so_far=run.is_so_far,
    )
    return Paper(
        headline=" ".join([first, *sentences[:1]]),
        lead=" ".join([*sentences[1:], _open_sentence(payloads[PartKind.PIPELINE], currency)]),
        cells=result_cells(result, currency, texts),
        definitions=list(texts.figures.values()),
        months=month_bars(result, currency),
        **pipeline_parts(payloads[PartKind.PIPELINE], result, currency),
        people=people_rows(result, people, currency),
        closed=deal_rows(payloads[PartKind.KEY_DEALS]["closed"], people, names, setpoints, currency),
        open=deal_rows(payloads[PartKind.KEY_DEALS]["open"], people, names, setpoints, currency),
        reasons=reason_rows(payloads[PartKind.LOST_DEALS]["reasons"], names, currency),
        lost=deal_rows(payloads[PartKind.LOST_DEALS]["deals"], people, names, setpoints, currency),
        sectors=sector_rows(payloads[PartKind.SECTORS]["sectors"], currency),
        **lead_parts(payloads[PartKind.LEADS], names, reverse("reports:qbr_leads", args=[run.pk])),
        last=[
            {
                **row,
                "owner": people.get(row["owner_id"]),
                "due_on": _day(row["due_on"]),
                "done_on": _day(row["done_on"]),
            }
            for row in payloads[PartKind.ACTIONS]["last"]
        ],
    )


def _people_in(payloads: Mapping[str, Payload]) -> list[int | None]:
    deals = [
        *payloads[PartKind.KEY_DEALS]["closed"],
        *payloads[PartKind.KEY_DEALS]["open"],
        *payloads[PartKind.LOST_DEALS]["deals"],
    ]
    owners = [int(row["group"]) for row in payloads[PartKind.RESULT]["people"] if row["group"]]
    return [
        *(deal["owner_id"] for deal in deals),
        *owners,
        *(row["owner_id"] for row in payloads[PartKind.ACTIONS]["last"]),
    ]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _open_sentence(pipeline: Payload, currency: str) -> str:
    now = read(pipeline["open_value"])
    return _("%(n)s deals worth %(amount)s were open at the end, of it %(qualified)s at 25%% and above.") % {
        "n": formats.number(now.figure.n),
        "amount": formats.short_money(now.figure.value or 0, currency),
        "qualified": formats.short_money(now.amount("qualified"), currency),
    }
