"""Won count, value and win rate per sector (D-50)."""

from dataclasses import replace

from crm.lib.envelope import Figure
from pipeline.figures.win_rate import ClosedFacts, win_rate
from pipeline.figures.won_value import won_value

DEFINITION_VERSION = 1


def won_by_sector(closed: ClosedFacts) -> Figure:
    """Return what was won in one sector in the period, with the win rate as a part of its own (D-50, B2).

    Unit: report currency at booking rates. The sector is the account's industry as it is now.
    """
    value = won_value(closed.won)
    return replace(value, detail={**value.detail, "won": closed.won.count}, parts={"win-rate": win_rate(closed)})
