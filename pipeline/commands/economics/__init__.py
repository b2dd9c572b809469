"""What people say about the economics of deals: one module a kind of row."""

from pipeline.commands.economics.assumptions import set_assumptions, set_cost_rate, set_cost_rates
from pipeline.commands.economics.costs import add_cost, edit_cost, remove_cost
from pipeline.commands.economics.effort import log_effort, remove_effort
from pipeline.commands.economics.lines import add_line, edit_line, remove_line
from pipeline.commands.economics.refused import EconomicsRefused
from pipeline.commands.economics.worth import (
    approve_strategic_value,
    put_expansion,
    put_strategic_value,
    remove_expansion,
    remove_strategic_value,
)

__all__ = [
    "EconomicsRefused",
    "add_cost",
    "add_line",
    "approve_strategic_value",
    "edit_cost",
    "edit_line",
    "log_effort",
    "put_expansion",
    "put_strategic_value",
    "remove_cost",
    "remove_effort",
    "remove_expansion",
    "remove_line",
    "remove_strategic_value",
    "set_assumptions",
    "set_cost_rate",
    "set_cost_rates",
]
