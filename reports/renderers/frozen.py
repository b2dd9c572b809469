"""Frozen figures as they are read again: the JSON of an envelope with its numbers back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from crm.lib.envelope import Figure, Interval, Reason


def number(text: Any) -> Decimal | None:
    """Return a number that was kept as text."""
    return None if text is None else Decimal(str(text))


@dataclass(frozen=True, slots=True)
class Kept:
    """One kept envelope: the figure, its row, and where its records are."""

    figure: Figure
    group: str
    label: str
    records_url: str
    total: int

    @property
    def href(self) -> str:
        """Return the address of the records behind the value, empty where there are none."""
        return self.records_url if self.total else ""

    def behind(self, cell: str) -> str:
        """Return the address of the records behind a count of the detail, empty where it counts none."""
        return f"{self.records_url}&cell={cell}" if self.records_url and self.amount(cell) else ""

    def amount(self, name: str) -> Decimal:
        """Return a number of the detail, 0 where it is missing."""
        return number(self.figure.detail.get(name)) or Decimal(0)


def read(kept: Mapping[str, Any]) -> Kept:
    """Return a kept envelope; ids beyond those kept inline are only counted."""
    return Kept(
        figure=_figure(kept, kept.get("ids") or []),
        group=kept.get("group") or "",
        label=kept.get("group_label") or "",
        records_url=kept.get("records_url") or "",
        total=kept.get("ids_total") or 0,
    )


def _interval(kept: Mapping[str, Any] | None) -> Interval | None:
    if kept is None:
        return None
    return Interval(Decimal(kept["low"]), Decimal(kept["high"]), Decimal(kept["level"]), kept["method"])


def _figure(kept: Mapping[str, Any], ids: list[int]) -> Figure:
    return Figure(
        value=number(kept["value"]),
        unit=kept["unit"],
        n=kept["n"],
        numerator=number(kept.get("numerator")),
        denominator=number(kept.get("denominator")),
        reason=Reason(kept["reason"]) if kept.get("reason") else None,
        interval=_interval(kept.get("interval")),
        excluded=kept.get("excluded") or {},
        detail=kept.get("detail") or {},
        parts={name: _figure(part, []) for name, part in (kept.get("parts") or {}).items()},
        ids=ids,
        rate=kept.get("display") is not None and kept["unit"] in ("ratio", "days"),
    )


@dataclass(frozen=True, slots=True)
class Texts:
    """The words a run was frozen with; empty where it was built before they were kept."""

    figures: dict[str, dict[str, str]] = field(default_factory=dict)
    reasons: dict[tuple[str, str], str] = field(default_factory=dict)
    setpoints: dict[str, str] = field(default_factory=dict)

    def title(self, slug: str) -> str:
        """Return what a figure was called then."""
        return self.figures.get(slug, {}).get("title", "")


def read_texts(payloads: Iterable[Mapping[str, Any]]) -> Texts:
    """Return the words of all parts together."""
    found = Texts()
    for texts in (payload.get("texts", {}) for payload in payloads):
        found.figures.update(texts.get("figures", {}))
        found.setpoints.update(texts.get("setpoints", {}))
        for key, name in texts.get("reasons", {}).items():
            kind, _slash, code = key.partition("/")
            found.reasons[kind, code] = name
    return found
