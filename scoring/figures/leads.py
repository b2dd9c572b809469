"""Leads of a period (D-50)."""

from dataclasses import dataclass
from decimal import Decimal

from crm.lib.envelope import Figure
from pipeline.figures.arithmetic import ratio

DEFINITION_VERSION = 1


@dataclass(frozen=True, slots=True)
class LeadFacts:
    """Leads created in the period, and how far they have come by `as_of`; each later one is among the former."""

    ids: tuple[int, ...] = ()
    handed_over: int = 0
    accepted: int = 0
    qualified: int = 0
    converted: int = 0
    converted_ids: tuple[int, ...] = ()
    outbound_ids: tuple[int, ...] = ()


def leads(facts: LeadFacts) -> Figure:
    """Return how many leads were created in the period (D-50), and of those how many got how far.

    Unit: leads. `detail.accepted_share` is accepted / handed over, `detail.inbound` how many came to us by themselves.
    """
    created, outbound = len(facts.ids), frozenset(facts.outbound_ids)
    inbound = [pk for pk in facts.ids if pk not in outbound]
    return Figure(
        value=Decimal(created),
        unit="leads",
        n=created,
        numerator=Decimal(created),
        denominator=Decimal(1),
        detail={
            "handed_over": facts.handed_over,
            "accepted": facts.accepted,
            "qualified": facts.qualified,
            "converted": facts.converted,
            "accepted_share": ratio(facts.accepted, facts.handed_over),
            "inbound": len(inbound),
            "outbound": len(outbound),
        },
        ids=list(facts.ids),
        cells={"converted": list(facts.converted_ids), "inbound": inbound, "outbound": list(facts.outbound_ids)},
    )
