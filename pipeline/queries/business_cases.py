"""Business cases: the customer's own case for buying, and the one that is shared by an address (B28)."""

from datetime import date

from crm.queries.organisation import get_organisation
from pipeline.enums import CaseSide
from pipeline.facts import CaseFacts, CaseKpiFacts
from pipeline.models import BusinessCase, Opportunity
from pipeline.policies.business_cases import row_of


def get_case(deal_id: int) -> BusinessCase | None:
    """Return the case of a deal, with whom it was built."""
    return BusinessCase.objects.select_related("co_built_with").filter(opportunity_id=deal_id).first()


def find_shared_case(share_key: str, *, today: date) -> BusinessCase | None:
    """Return the case this key opens today, with its deal and company; none of an archived or merged deal."""
    shared = BusinessCase.objects.filter(
        share_key=share_key, shared_until__gte=today, opportunity__archived_at=None, opportunity__merged_into=None
    )
    return shared.select_related("opportunity__account").first()


def empty_case(deal: Opportunity) -> CaseFacts:
    """Return what the case of a deal begins with: the currency of its amount, else ours."""
    return CaseFacts(currency=deal.amount.currency if deal.amount else get_organisation().currency)


def get_case_facts(case: BusinessCase) -> CaseFacts:
    """Return a case whole; two statements."""
    kpis = {kpi.pk: kpi for kpi in case.kpis.filter(removed_at=None).order_by("order", "pk")}
    rows = case.rows.filter(removed_at=None).order_by("side", "order", "pk")
    return CaseFacts(
        currency=case.currency,
        years=case.years,
        discount_rate=case.discount_rate,
        justification=case.justification,
        measure=case.measure,
        co_built_with_id=case.co_built_with_id,
        co_built_on=case.co_built_on,
        kpis=tuple(
            CaseKpiFacts(kpi.name, kpi.unit, kpi.now, kpi.goal, kpi.our_part, kpi_id=pk) for pk, kpi in kpis.items()
        ),
        rows=tuple(
            row_of(
                CaseSide(row.side), row.label, row.at_start, row.yearly,
                kpi=kpis[row.kpi_id].name if row.kpi_id in kpis else "", row_id=row.pk,
            )
            for row in rows
        ),
    )  # fmt: skip
