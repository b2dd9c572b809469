"""What pursuing a deal is worth: its chance times its margin, less what pursuing it still costs (B30, EE-017, EE-018)."""

from decimal import Decimal

from crm.lib.envelope import Figure, Reason
from pipeline.figures.arithmetic import ZERO, ratio, rounded

DEFINITION_VERSION = 1


def expected_value(
    chance: Decimal | None, margin: Decimal | None, remaining: Decimal | None, *, strategic: Decimal = ZERO
) -> Figure:
    """Return chance times gross margin less the remaining cost, with strategic value where it is approved (B30).

    Unit: report currency; below 0 pursuing it costs more than it can be expected to bring. The chance is an observed one,
    None without enough history. `parts.break_even` is the chance at which it comes out even.
    """
    reason = None
    if margin is None or remaining is None:
        reason = Reason.INCOMPLETE
    elif chance is None:
        reason = Reason.NOT_ENOUGH_HISTORY
    value = None
    if chance is not None and margin is not None and remaining is not None:
        value = rounded(chance * margin - remaining + strategic, "money")
    return Figure(
        value=value,
        unit="money",
        n=1,
        numerator=margin,
        denominator=remaining,
        reason=reason,
        detail={"chance": chance, "strategic": rounded(strategic, "money")},
        parts={"break_even": break_even(margin, remaining)},
    )


def break_even(margin: Decimal | None, remaining: Decimal | None) -> Figure:
    """Return the chance from which pursuing a deal is worth its remaining cost: cost over margin (B30)."""
    if margin is None or remaining is None:
        return Figure(None, "ratio", 0, remaining, margin, Reason.INCOMPLETE)
    if margin <= 0:
        return Figure(None, "ratio", 1, remaining, margin, Reason.NEVER)
    return Figure(ratio(remaining, margin), "ratio", 1, remaining, margin)


def expected_value_per_hour(expected: Decimal | None, hours: Decimal) -> Figure:
    """Return the expected value of each scarce hour a deal still asks for, by which scarce hours are given out (B30)."""
    if expected is None:
        return Figure(None, "money", 0, None, hours, Reason.INCOMPLETE)
    if hours <= 0:
        return Figure(None, "money", 0, expected, hours, Reason.ZERO_DENOMINATOR)
    return Figure(rounded(expected / hours, "money"), "money", 1, expected, hours)
