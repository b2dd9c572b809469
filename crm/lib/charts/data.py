"""What a chart shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

Number = int | float | Decimal


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: `text` stands at its end, `note` beside it, `tick` is the ideal, `tone` a colour class, `href` its records."""

    label: str
    value: Number
    text: str = ""
    note: str = ""
    tick: Number | None = None
    tone: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a line: `at` from 0 to 1 along the axis."""

    at: Number
    value: Number
    label: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of points; `kind`: step, straight; `tone`: colour class; `dash` makes it differ without colour."""

    label: str
    points: Sequence[Point]
    kind: str = "straight"
    tone: str = ""
    dash: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """Somebody in a grid: `column` and `row` count from 0, `note` stands under the name, `tone` is a colour class."""

    label: str
    column: int
    row: int
    initials: str = ""
    note: str = ""
    tone: str = ""
    title: str = ""
