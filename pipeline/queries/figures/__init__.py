"""Set-based queries that give figures their sufficient statistics (D-14); one statement each.

Deals come as cells of a small cube, from which several figures are added up: what closed in the period by fate, reason,
competitor and sector; what is open by setpoint and whether it is to close in the period.
"""

from pipeline.queries.figures.cells import fetch
from pipeline.queries.figures.closed import CLOSED_IN_PERIOD, closed_facts, get_closed, get_voided, lost_cells
from pipeline.queries.figures.evidenced import get_evidenced
from pipeline.queries.figures.flows import get_flows, setpoint_facts
from pipeline.queries.figures.open import WeightedFacts, get_open, open_facts, weighted_facts
from pipeline.queries.figures.promises import get_answered, get_delivered, get_kept

__all__ = [
    "CLOSED_IN_PERIOD",
    "WeightedFacts",
    "closed_facts",
    "fetch",
    "get_answered",
    "get_closed",
    "get_delivered",
    "get_evidenced",
    "get_flows",
    "get_kept",
    "get_open",
    "get_voided",
    "lost_cells",
    "open_facts",
    "setpoint_facts",
    "weighted_facts",
]
