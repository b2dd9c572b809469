"""What is to be changed of many deals, and what became of each of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from crm.lib.errors import CommandRefused
from crm.lib.values import Refusal
from pipeline.commands.history import EventDraft, code_value, day_value, setpoint_value
from pipeline.commands.opportunities.steps import StepPlan
from pipeline.enums import BulkKind, BulkOutcome
from pipeline.models import Opportunity

# One request, one transaction: what takes longer than a page may is not chosen at once.
MOST = 1000


class BulkRefused(CommandRefused):
    """Nothing was changed: no deal is left of those chosen, or there are too many."""


@dataclass(frozen=True, slots=True)
class SeenDeal:
    """A chosen deal as the person saw it: its version, and what stood in the column that is to change.

    `by_version` says that no column was seen: whatever changed since is a conflict, as for any client of the API (D-9).
    """

    opportunity_id: int
    version: int
    value: Any = None
    by_version: bool = False


@dataclass(frozen=True, slots=True)
class BulkChange:
    """What every deal is to be given: an owner, a setpoint, a day, a type, or a step.

    `reason` stands in for facts that miss at a setpoint, and says why deals go back.
    """

    kind: BulkKind
    value: int | str | date | StepPlan | None
    reason: str = ""

    @property
    def record_id(self) -> int:
        """Return whose id the value is."""
        return int(str(self.value))

    def as_json(self) -> dict[str, Any]:
        """Return what was set, as events hold it."""
        if isinstance(self.value, StepPlan):
            return {"purpose": self.value.purpose.strip(), "on": self.value.due_on.isoformat()}
        if isinstance(self.value, date) or self.value is None:
            return day_value(self.value) or {}
        if self.kind == BulkKind.SETPOINT:
            return setpoint_value(self.record_id) or {}
        return code_value(self.kind.removesuffix("_id"), self.value) or {}


@dataclass(slots=True)
class Result:
    """What becomes of one locked deal; its `drafts` are still to be recorded."""

    deal: Opportunity
    outcome: BulkOutcome = BulkOutcome.CHANGED
    drafts: list[EventDraft] = field(default_factory=list)
    refusals: Sequence[Refusal] = ()
    override_allowed: bool = False

    @classmethod
    def refused(cls, deal: Opportunity, *refusals: Refusal, override_allowed: bool = False) -> "Result":
        """Return that a deal is left alone, and why."""
        return cls(deal, BulkOutcome.REFUSED, refusals=refusals, override_allowed=override_allowed)

    @classmethod
    def unchanged(cls, deal: Opportunity) -> "Result":
        """Return that a deal is as wanted already."""
        return cls(deal, BulkOutcome.UNCHANGED)
