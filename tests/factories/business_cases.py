"""The example of B28 as a case somebody typed, and a deal that has it."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from pipeline.commands.business_cases import save_case
from pipeline.enums import CaseSide
from pipeline.facts import CaseFacts, CaseKpiFacts
from pipeline.models import BusinessCase, Opportunity
from pipeline.policies.business_cases import row_of

D = Decimal
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
KPI = CaseKpiFacts("Water a tonne", "litres", D(410), D(360), "Meters find the leaks")
COST = row_of(CaseSide.COST, "Meters", D(50_000), ())
BENEFIT = row_of(CaseSide.BENEFIT, "Less water", D(0), (D(25_000),) * 3, kpi="Water a tonne")


def case_facts(**more: Any) -> CaseFacts:
    """Return the example: it costs 50,000 and brings 25,000 in each of three years."""
    return CaseFacts(**{"currency": "SEK", "kpis": (KPI,), "rows": (BENEFIT, COST), **more})


def make_case(deal: Opportunity, **more: Any) -> BusinessCase:
    """Keep the example as the case of a deal."""
    return save_case(opportunity_id=deal.pk, wanted=case_facts(**more), by=None, at=AT)
