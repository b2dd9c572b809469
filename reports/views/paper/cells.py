"""One figure in a row of figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reports.labels.figures import figure_note, figure_text
from reports.labels.qbrs import change_note
from reports.renderers.frozen import Kept

Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure in the row under the headline."""

    label: str
    value: str
    note: str = ""
    tone: str = ""
    href: str = ""


def changed_cell(words: str, now: Kept, before: Kept, *beside: str) -> Cell:
    """Show a rate with its change and what stands beside it; too few deals are said instead of compared (B0)."""
    hidden = "hidden" in (now.figure.display, before.figure.display)
    note, tone = ("", "") if hidden else change_note(now.figure.value, before.figure.value, now.figure.unit)
    notes = [note or figure_note(now.figure), *beside]
    return Cell(words, figure_text(now.figure), ", ".join(filter(None, notes)), tone, now.href)
