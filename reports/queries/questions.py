"""What a figure is asked, and the rows it answers with."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from crm.enums import RateKind
from crm.lib.envelope import Figure
from crm.lib.periods import Period
from crm.models import Organisation
from crm.queries.access import team_subtree_ids
from crm.queries.organisation import get_rates
from pipeline.queries.deal_sql import Scope
from pipeline.queries.setpoint_keys import SetpointKey, get_setpoint_keys
from scoring.policies.zones import Zones

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of an answer: `group` is the value of `by`, `part` the row's own key such as a setpoint's code."""

    group: str
    figure: Figure
    part: str = ""
    part_label: str = ""


@dataclass(frozen=True, slots=True)
class Shared:
    """What the figures of one answer have in common, read once: the organisation, its zones, facts already asked for."""

    organisation: Organisation
    zones: Zones
    facts: dict[Any, Any] = field(default_factory=dict)

    def local_date(self, at: datetime) -> date:
        """Return the organisation's local day of an instant."""
        return date.fromordinal(self.zones.day(at))

    def get(self, query: Callable[[Scope], T], scope: Scope) -> T:
        """Return the facts of a scope, from the database the first time."""
        key = (query, scope)
        if key not in self.facts:
            self.facts[key] = query(scope)
        found: T = self.facts[key]
        return found

    def once(self, name: str, read: Callable[..., T], *given: Any) -> T:
        """Return what `read` finds for what is given, read the first time."""
        key = (name, *given)
        if key not in self.facts:
            self.facts[key] = read(*given)
        found: T = self.facts[key]
        return found

    def teams_below(self, team_id: int) -> frozenset[int]:
        """Return a team and those below it."""
        return self.once("teams", lambda pk: team_subtree_ids([pk]), team_id)

    @property
    def setpoints(self) -> list[SetpointKey]:
        """Return every setpoint there ever was."""
        return self.once("setpoints", get_setpoint_keys)


@dataclass(frozen=True, slots=True)
class Question:
    """What a figure is asked: the scope with the period and the chosen team, which targets are kept by."""

    scope: Scope
    period: Period
    shared: Shared
    team_id: int | None = None

    def ask(self, query: Callable[[Scope], T]) -> T:
        """Return the facts a query finds in the scope."""
        return self.shared.get(query, self.scope)

    def filled(self, found: dict[str, T], nothing: T) -> dict[str, T]:
        """Return what was found by group; where no groups are asked for there is one, even of nothing."""
        return found or ({} if self.scope.by else {"": nothing})

    @property
    def plan_rates(self) -> dict[str, Decimal]:
        """Return the plan rates of the day it is seen from."""
        return self.ask(_plan_rates)


def _plan_rates(scope: Scope) -> dict[str, Decimal]:
    return get_rates(RateKind.PLAN, on=scope.today, currency=scope.currency)
