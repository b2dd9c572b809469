"""The answer every figure gives (B0, D-14)."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

MANY_ENOUGH, FEW = 30, 5
INLINE_IDS = 1000


class Reason(StrEnum):
    """Why a figure has no value."""

    NO_DATA = "no_data"
    ZERO_DENOMINATOR = "zero_denominator"
    NO_CLOSED_DEALS = "no_closed_deals"
    TARGET_MET = "target_met"
    NOT_ENOUGH_HISTORY = "not_enough_history"
    NEVER = "never"
    NO_RATE = "no_rate"
    NO_TARGET = "no_target"
    NO_START = "no_start"
    INCOMPLETE = "incomplete"


class Display(StrEnum):
    """What a page may show; the envelope itself always holds the value."""

    OK = "ok"
    LOW_DATA = "low_data"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Interval:
    """A range around the value; `level` is e.g. 0.95."""

    low: Decimal
    high: Decimal
    level: Decimal
    method: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: `value` is null exactly when `reason` is given.

    `excluded` maps a reason to the ids left out; `parts` holds figures within the figure, such as
    one row a setpoint; `detail` small named numbers a page shows beside it; `cells` the ids behind such a number where
    they are not those of the figure.
    """

    value: Decimal | None
    unit: str
    n: int
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    reason: Reason | None = None
    interval: Interval | None = None
    excluded: dict[str, list[int]] = field(default_factory=dict)
    detail: dict[str, Any] = field(default_factory=dict)
    parts: dict[str, "Figure"] = field(default_factory=dict)
    ids: list[int] = field(default_factory=list)
    cells: dict[str, list[int]] = field(default_factory=dict)
    rate: bool = False

    @property
    def display(self) -> Display:
        """Small numbers (B0): rates on fewer than 5 are hidden on pages, on fewer than 30 marked."""
        if not self.rate or self.n >= MANY_ENOUGH:
            return Display.OK
        return Display.HIDDEN if self.n < FEW else Display.LOW_DATA


@dataclass(frozen=True, slots=True)
class Envelope:
    """A figure with what it was asked for: the row that page, API and command print alike."""

    name: str
    figure: Figure
    as_of: datetime
    known_at: datetime
    filters: dict[str, str]
    definition_version: int
    records_url: str
    group: str = ""
    group_label: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the envelope as B0 lists it, numbers as strings so that no digit is lost."""
        figure = self.figure
        return {
            "name": self.name,
            "group": self.group or None,
            "group_label": self.group_label or None,
            **figure_json(figure),
            "as_of": self.as_of.isoformat(),
            "known_at": self.known_at.isoformat(),
            "filters": self.filters,
            "definition_version": self.definition_version,
            "ids": figure.ids[:INLINE_IDS],
            "ids_total": len(figure.ids),
            "records_url": self.records_url,
        }


def figure_json(figure: Figure) -> dict[str, Any]:
    """Return the arithmetic half of the envelope, parts included."""
    interval = figure.interval
    return {
        "value": _text(figure.value),
        "unit": figure.unit,
        "numerator": _text(figure.numerator),
        "denominator": _text(figure.denominator),
        "n": figure.n,
        "reason": figure.reason,
        "display": figure.display,
        "interval": interval
        and {
            "low": _text(interval.low),
            "high": _text(interval.high),
            "level": _text(interval.level),
            "method": interval.method,
        },
        "excluded": figure.excluded,
        "detail": {
            name: _text(value) if isinstance(value, Decimal) else value for name, value in figure.detail.items()
        },
        "parts": {name: figure_json(part) for name, part in figure.parts.items()},
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
