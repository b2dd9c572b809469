"""The tables of what leads became and why they came back: each a head, and rows of cells (S-11, LT-066, LT-069)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from crm.enums import Channel
from crm.lib import formats
from crm.lib.envelope import Envelope, Figure
from crm.lib.labels import label
from reports.labels.definitions import figure_definition, figure_title
from reports.labels.figures import DIMENSIONS, figure_text, interval_text
from reports.queries.catalogue import CATALOGUE
from reports.views.rows import behind, column_title, row_label

Answer = Callable[..., list[Envelope]]
STEPS = ("accepted", "qualified", "deals", "won")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text, what stands under it, and where its records are."""

    text: str
    note: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the page; `rows` are labels with their cells."""

    code: str
    title: Any
    definition: Any
    head: list[str]
    rows: list[tuple[str, list[Cell]]] = field(default_factory=list)
    is_wide: bool = False


def yields(answer: Answer, by: str, names: dict[tuple[str, str], str], currency: str) -> Table:
    """Return what leads became by where they came from, the most revenue first."""
    rows = sorted(answer("lead-yield", by=by), key=lambda row: (-row.figure.detail["revenue"], -row.figure.n))
    return Table(
        "lead-yield",
        figure_title("lead-yield"),
        figure_definition("lead-yield"),
        [DIMENSIONS[by], _("Crossed"), *map(column_title, STEPS), _("Revenue")],
        [(row_label(row, names), [*steps(row), money(row.figure.detail["revenue"], currency)]) for row in rows],
    )


def steps(row: Envelope) -> list[Cell]:
    """Return how many crossed and how far they came, with the shares and their ranges by the display rule."""
    figure = row.figure
    cells = [Cell(formats.number(figure.n), href=row.records_url if figure.ids else "")]
    for name in STEPS:
        part = figure if name == "won" else figure.parts.get(name)
        cells.append(Cell(formats.number(figure.detail[name]), share_words(part) if part else "", behind(row, name)))
    return cells


def share_words(figure: Figure) -> str:
    """Return a share with its range, or that it rests on too few; how many stands in the column of those who crossed."""
    if figure.value is None or figure.display == "hidden":
        return figure_text(figure)
    return f"{figure_text(figure)} ({interval_text(figure)})"


def sent_back(answer: Answer, by: str, names: dict[tuple[str, str], str]) -> Table:
    """Return how often leads came back for each reason, by where they came from."""
    split = by if by in CATALOGUE["leads-sent-back"].dimensions else "source"
    return matrix(answer("leads-sent-back", by=split), split, figure_title("leads-sent-back"), names)


def matrix(rows: Sequence[Envelope], by: str, title: Any, names: dict[tuple[str, str], str]) -> Table:
    """Return a row a group and a column a reason."""
    reasons = list(dict.fromkeys(row.filters["part"] for row in sorted(rows, key=lambda row: -row.figure.n)))
    found = {(group_of(row), row.filters["part"]): row for row in rows}
    groups = list(dict.fromkeys(group_of(row) for row in rows))
    return Table(
        f"sent-back-by-{by}",
        title,
        figure_definition("leads-sent-back"),
        [DIMENSIONS[by], *(names.get(("lead_rejected", reason), reason) for reason in reasons), _("Of answered")],
        [(group_name(group, found, by), reason_cells(group, reasons, found)) for group in groups],
    )


def group_of(row: Envelope) -> str:
    """Return the group of a row without its reason."""
    return row.group.removesuffix(row.filters["part"]).removesuffix("/")


def group_name(group: str, found: dict[tuple[str, str], Envelope], by: str) -> str:
    """Return what a group is called."""
    row = next(row for (own, _reason), row in found.items() if own == group)
    named = row.group_label.removesuffix(row.filters["part"]).removesuffix(" · ")
    return (label(by, group) if by in ("channel", "content_type") else named) or _("Not known")


def reason_cells(group: str, reasons: Iterable[str], found: dict[tuple[str, str], Envelope]) -> list[Cell]:
    """Return how often each reason was given, and the share of all that was answered."""
    own = [found.get((group, reason)) for reason in reasons]
    count = sum(row.figure.n for row in own if row)
    answered = next(row.figure.detail["answered"] for row in own if row)
    cells = [Cell(formats.number(row.figure.n), href=row.records_url) if row else Cell("–") for row in own]
    return [
        *cells,
        Cell(_("%(n)s of %(answered)s") % {"n": formats.number(count), "answered": formats.number(answered)}),
    ]


def rules(answer: Answer, names: dict[tuple[str, str], str]) -> Table:
    """Return how well each rule tells who will be qualified, by the lower end of its range; and why its leads came back."""
    rows = sorted(answer("rule-precision"), key=lambda row: -(row.figure.interval.low if row.figure.interval else 0))
    back: dict[str, list[Envelope]] = {}
    for row in answer("leads-sent-back", by="rule"):
        back.setdefault(group_of(row), []).append(row)
    shown = ("accepted", "qualified", "won")
    return Table(
        "rule-precision",
        figure_title("rule-precision"),
        figure_definition("rule-precision"),
        [_("Rule"), _("Crossed"), *map(column_title, shown), _("Came back for")],
        [
            (
                row.group_label,
                [
                    Cell(formats.number(row.figure.n), href=row.records_url),
                    *(rule_step(row, name) for name in shown),
                    Cell(*reasons_in_words(back.get(row.group, []), names)),
                ],
            )
            for row in rows
        ],
    )


def rule_step(row: Envelope, name: str) -> Cell:
    """Return how many of a rule's leads came how far."""
    part = row.figure.parts.get(name, row.figure)
    return Cell(formats.number(row.figure.detail[name]), share_words(part), behind(row, name))


def reasons_in_words(rows: Sequence[Envelope], names: dict[tuple[str, str], str]) -> tuple[str, str]:
    """Return how many came back and the reasons, the most frequent first."""
    told = [f"{names.get(('lead_rejected', row.filters['part']), row.filters['part'])} {row.figure.n}" for row in rows]
    return formats.number(sum(row.figure.n for row in rows)), ", ".join(told)


def contribution(answer: Answer, by: str, names: dict[tuple[str, str], str], currency: str) -> Table:
    """Return what was won by source, campaign, content or person, the most first (LT-069)."""
    rows = sorted(answer("won-value", by=by), key=lambda row: -(row.figure.value or 0))
    return Table(
        f"won-by-{by}",
        _("Won by %(what)s") % {"what": str(DIMENSIONS[by]).lower()},
        figure_definition("won-value"),
        [DIMENSIONS[by], _("Deals"), _("Revenue")],
        [
            (
                row_label(row, names),
                [
                    Cell(formats.number(row.figure.n), href=row.records_url if row.figure.ids else ""),
                    money(row.figure.value or 0, currency),
                ],
            )
            for row in rows
            if row.figure.n
        ],
    )


def mix(answer: Answer) -> Table:
    """Return how many new leads of each sector came to us and how many we went out to, the most first (LT-066)."""
    rows = sorted(answer("leads", by="industry"), key=lambda row: -row.figure.n)
    return Table(
        "mix-by-industry",
        _("Inbound and outbound by sector"),
        figure_definition("leads"),
        [DIMENSIONS["industry"], _("New leads"), label("channel", Channel.INBOUND), label("channel", Channel.OUTBOUND)],
        [
            (
                row.group,
                [
                    Cell(formats.number(row.figure.n), href=row.records_url),
                    *(mixed(row, channel) for channel in (Channel.INBOUND, Channel.OUTBOUND)),
                ],
            )
            for row in rows
        ],
    )


def mixed(row: Envelope, channel: Channel) -> Cell:
    """Return how many of a sector's leads came by a channel, and the share."""
    count = row.figure.detail[channel]
    return Cell(formats.number(count), formats.percent(Decimal(count) / row.figure.n), behind(row, channel))


def money(amount: Any, currency: str) -> Cell:
    """Return an amount."""
    return Cell(formats.money(amount, currency) if amount else "–")
