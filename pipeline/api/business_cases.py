"""The shape of a business case: the customer's figures, costs and benefits, and what they come to (B28)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from rest_framework import serializers

from crm.api.fields import Choice, Day, Id, Shape, Text, Whole
from crm.lib.envelope import figure_json
from pipeline.enums import CaseSide
from pipeline.facts import CaseFacts, CaseKpiFacts, CaseRowFacts
from pipeline.figures.business_case import case_figures, case_flows
from pipeline.models import BusinessCase
from pipeline.policies.business_cases import MOST_KPIS, MOST_ROWS, MOST_YEARS


class Amount(serializers.DecimalField):
    """An amount in the currency of the case, with at most two decimals."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_digits": 16, "decimal_places": 2, **kwargs})


class CaseKpiShape(Shape):
    """A figure the customer steers by. Sent with its `id` it is changed, without one it is added."""

    id = Id(source="kpi_id", required=False)
    name = Text(max_length=120)
    unit = Text(max_length=40, required=False, allow_blank=True)
    now = Amount(required=False, allow_null=True)
    goal = Amount(required=False, allow_null=True)
    our_part = Text(max_length=300, required=False, allow_blank=True)


class CaseRowShape(Shape):
    """A cost or a benefit: at the start, then by the end of each year; `kpi` is the name of the figure it comes from."""

    id = Id(source="row_id", required=False)
    side = Choice(choices=list(CaseSide))
    label = Text(max_length=200)  # type: ignore[assignment]  # the metaclass takes it
    at_start = Amount(min_value=0, required=False)
    yearly = serializers.ListField(child=Amount(min_value=0), required=False, max_length=MOST_YEARS)
    kpi = Text(max_length=120, required=False, allow_blank=True)


class CaseShape(Shape):
    """The customer's own case for buying. What a list leaves out is taken away; a list that is not sent stays.

    `justification` is for us alone; all else is read by whoever has `shared_url`, until the day `shared_until`.
    """

    id = Id(source="pk", read_only=True)
    version = Whole(read_only=True)
    opportunity = Id(source="opportunity_id", read_only=True)
    currency = Text(max_length=3, required=False)
    years = Whole(min_value=1, max_value=MOST_YEARS, required=False)
    discount_rate = serializers.DecimalField(
        max_digits=5, decimal_places=4, min_value=Decimal(0), max_value=Decimal(1), required=False
    )
    measure = Text(max_length=300, required=False, allow_blank=True)
    justification = Text(max_length=1000, required=False, allow_blank=True)
    co_built_with = Id(source="co_built_with_id", required=False, allow_null=True)
    co_built_on = Day(required=False, allow_null=True)
    kpis = serializers.ListField(child=CaseKpiShape(), required=False, max_length=MOST_KPIS)
    rows = serializers.ListField(child=CaseRowShape(), required=False, max_length=2 * MOST_ROWS)
    figures = serializers.DictField(read_only=True)
    shared_until = Day(read_only=True, allow_null=True)
    shared_url = Text(read_only=True, allow_null=True)


class CaseShareShape(Shape):
    """The last day on which whoever has the address reads the case."""

    until = Day()


@dataclass(frozen=True, slots=True)
class ShownCase:
    """A case as it is shown; `version` and `pk` make its tag."""

    pk: int
    version: int
    opportunity_id: int
    currency: str
    years: int
    discount_rate: Decimal
    measure: str
    justification: str
    co_built_with_id: int | None
    co_built_on: date | None
    kpis: tuple[CaseKpiFacts, ...]
    rows: tuple[CaseRowFacts, ...]
    figures: dict[str, Any]
    shared_until: date | None
    shared_url: str | None


def shown_case(case: BusinessCase, facts: CaseFacts, *, shared_url: str | None) -> ShownCase:
    """Return a case with the four figures it comes to."""
    flows = case_flows(((row.side, row.at_start, row.yearly) for row in facts.rows), years=facts.years)
    figures = case_figures(flows, rate=facts.discount_rate)
    return ShownCase(
        pk=case.pk,
        version=case.version,
        opportunity_id=case.opportunity_id,
        currency=facts.currency,
        years=facts.years,
        discount_rate=facts.discount_rate,
        measure=facts.measure,
        justification=facts.justification,
        co_built_with_id=facts.co_built_with_id,
        co_built_on=facts.co_built_on,
        kpis=facts.kpis,
        rows=facts.rows,
        figures={name: figure_json(figure) for name, figure in figures.items()},
        shared_until=case.shared_until if shared_url else None,
        shared_url=shared_url,
    )


def read_rows(rows: list[dict[str, Any]]) -> tuple[CaseRowFacts, ...]:
    """Return rows as the command takes them, zeros at their end left out."""
    found = []
    for row in rows:
        yearly = list(row.get("yearly", ()))
        while yearly and not yearly[-1]:
            yearly.pop()
        found.append(CaseRowFacts(**{**row, "side": CaseSide(row["side"]), "yearly": tuple(yearly)}))
    return tuple(found)
