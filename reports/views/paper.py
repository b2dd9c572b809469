"""A frozen quarter review made readable: rows, bars and sentences for its template."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.lib import formats
from crm.lib.charts import Bar
from crm.lib.labels import label
from crm.lib.markup import setpoint_class
from crm.models import User
from pipeline.queries.setpoint_keys import get_setpoint_keys
from reports.enums import PartKind
from reports.labels.figures import clock_words, figure_note, figure_text, value_text
from reports.labels.qbrs import cause_sentence, change_note, headline, month_name
from reports.models import QbrRun
from reports.queries.words import get_people, get_reason_names
from reports.renderers.frozen import Kept, Texts, read, read_texts
from reports.renderers.payload import named_reason
from scoring.enums import HandoffAnswer

Payload = Mapping[str, Any]
MOVES = ("entered", "left_forward", "left_back", "won", "lost")
SHOWN_REASONS, SHOWN_SECTORS = 6, 8


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure in the row under the headline."""

    label: str
    value: str
    note: str = ""
    tone: str = ""
    href: str = ""


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
    result, names = payloads[PartKind.RESULT], texts.reasons or get_reason_names()
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
        cells=_cells(result, currency, texts),
        definitions=list(texts.figures.values()),
        months=_months(result, currency),
        **_pipeline(payloads[PartKind.PIPELINE], result, currency),
        people=_people(result, people, currency),
        closed=_deals(payloads[PartKind.KEY_DEALS]["closed"], people, names, setpoints, currency),
        open=_deals(payloads[PartKind.KEY_DEALS]["open"], people, names, setpoints, currency),
        reasons=_reasons(payloads[PartKind.LOST_DEALS]["reasons"], names, currency),
        lost=_deals(payloads[PartKind.LOST_DEALS]["deals"], people, names, setpoints, currency),
        sectors=_sectors(payloads[PartKind.SECTORS]["sectors"], currency),
        **_leads(payloads[PartKind.LEADS], names, reverse("reports:qbr_leads", args=[run.pk])),
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


def _cells(result: Payload, currency: str, texts: Texts) -> list[Cell]:
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
        _changed(texts.title("win-rate") or _("Win rate"), rate, read(result["win_rate_before"])),
        _changed(
            texts.title("cycle") or _("Sales cycle"),
            cycle,
            read(result["cycle_before"]),
            *clock_words(cycle.figure.detail),
        ),
    ]


def _changed(words: str, now: Kept, before: Kept, *beside: str) -> Cell:
    """Show a rate with its change and what stands beside it; too few deals are said instead of compared (B0)."""
    hidden = "hidden" in (now.figure.display, before.figure.display)
    note, tone = ("", "") if hidden else change_note(now.figure.value, before.figure.value, now.figure.unit)
    notes = [note or figure_note(now.figure), *beside]
    return Cell(words, figure_text(now.figure), ", ".join(filter(None, notes)), tone, now.href)


def _months(result: Payload, currency: str) -> list[Bar]:
    bars = []
    for row in result["months"]:
        won, day = Decimal(row["won"]), date.fromisoformat(f"{row['month']}-01")
        tick = None if row["target"] is None else Decimal(row["target"])
        bars.append(Bar(month_name(day), won, formats.short_money(won, currency), tick=tick, tone="won"))
    return bars


def _pipeline(pipeline: Payload, result: Payload, currency: str) -> dict[str, Any]:
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


def _people(result: Payload, people: Mapping[int, User], currency: str) -> list[dict[str, Any]]:
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


def _deals(
    deals: Sequence[Payload],
    people: Mapping[int, User],
    names: Mapping[tuple[str, str], str],
    setpoints: Mapping[str, str],
    currency: str,
) -> list[dict[str, Any]]:
    return [
        {
            **deal,
            "amount": "–" if deal["amount"] is None else formats.money(Decimal(deal["amount"]), currency),
            "owner": people.get(deal["owner_id"]),
            "reason_name": names.get((deal["outcome"], deal["reason"]), ""),
            "result": label("outcome", deal["outcome"]),
            "setpoint_name": setpoints.get(deal["setpoint_code"], deal["setpoint_code"]),
        }
        for deal in deals
    ]


def _reasons(rows: Sequence[Payload], names: Mapping[tuple[str, str], str], currency: str) -> list[dict[str, Any]]:
    """Return one row a reason: whom those deals mostly went to is the competitor named most often."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in map(read, rows):
        outcome, reason = ([*row.group.split("/"), ""])[:2]
        entry = found.setdefault(
            (outcome, reason), {"count": 0, "amount": Decimal(0), "rival": "", "most": 0, "href": row.href}
        )
        if entry["count"] and entry["href"]:  # a reason is a row a competitor
            entry["href"] += "&" + urlencode({"group": row.group})
        entry["count"] += row.figure.n
        entry["amount"] += row.amount("amount")
        if row.label and row.figure.n > entry["most"]:
            entry["rival"], entry["most"] = row.label, row.figure.n
    ordered = sorted(found.items(), key=lambda item: (-item[1]["count"], -item[1]["amount"]))
    return [
        {
            "name": names.get(key) or label("outcome", key[0]),
            "outcome": label("outcome", key[0]),
            "count": entry["count"],
            "amount": formats.short_money(entry["amount"], currency),
            "rival": entry["rival"] if "/" not in entry["rival"] else "",
            "href": entry["href"],
        }
        for key, entry in ordered[:SHOWN_REASONS]
    ]


def _sectors(rows: Sequence[Payload], currency: str) -> list[dict[str, Any]]:
    sectors = []
    for row in map(read, rows[:SHOWN_SECTORS]):
        rate = row.figure.parts["win-rate"]
        sectors.append(
            {
                "name": row.label if row.group != "unknown" else _("Not known"),
                "won": row.figure.n,
                "value": formats.short_money(row.figure.value or 0, currency),
                "rate": figure_text(rate),
                "note": figure_note(rate),
                "href": row.href,
            }
        )
    return sectors


def _leads(part: Payload, names: Mapping[tuple[str, str], str], address: str) -> dict[str, Any]:
    handed = part["handoffs"]

    def href(which: str) -> str:
        return f"{address}?{urlencode({'which': which})}" if handed.get("leads", {}).get(which) else ""

    return {
        "leads": _lead_cells(read(part["leads"]), read(part["before"]), handed, href),
        "sources": [
            {
                "name": row.group or _("Not known"),
                "count": row.figure.n,
                "converted": int(row.amount("converted")),
                "href": row.href,
            }
            for row in sorted(map(read, part["sources"]), key=lambda row: -row.figure.n)
        ],
        "sent_back": [
            {
                "name": names.get(("lead_rejected", code), code),
                "count": count,
                "href": href(f"{HandoffAnswer.REJECTED}/{code}"),
            }
            for code, count in handed["reasons"]
        ],
    }


def _lead_cells(now: Kept, before: Kept, handed: Payload, href: Callable[[str], str]) -> list[Cell]:
    was = _("%(n)s the quarter before") % {"n": formats.number(before.figure.n)}
    late = _("%(n)s answered late") % {"n": formats.number(handed["late"])}
    tone = "bad" if handed["late"] else ""
    return [
        Cell(_("New leads"), formats.number(now.figure.n), was, href=now.href),
        Cell(_("Handed over"), formats.number(handed["handed_over"]), late, tone, href("handed_over")),
        Cell(_("Accepted"), formats.number(handed["accepted"]), href=href(HandoffAnswer.ACCEPTED)),
        Cell(_("Sent back"), formats.number(handed["rejected"]), href=href(HandoffAnswer.REJECTED)),
    ]
