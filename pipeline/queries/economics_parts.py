"""Parts of a deal's economics that one page alone asks for: its hours, and what a line would bring while it is typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from crm.lib.envelope import Figure
from crm.lib.values import Money
from crm.queries.names import user_name
from crm.queries.organisation import get_local_date
from pipeline.enums import Billing, PolicyArea, Tier
from pipeline.facts import PolicyFacts
from pipeline.figures.margin import LineFacts, gross_margin
from pipeline.models import CostRate, Product
from pipeline.policies import promises as policy
from pipeline.policies.economics import discount_given
from pipeline.queries.economics import converted
from pipeline.queries.money import get_money_frame
from pipeline.queries.promises import get_policies

HOURS = f"""
SELECT effort.id, effort.kind, effort.minutes, effort.on, effort.note, {user_name("person")}
FROM pipeline_effort effort JOIN crm_user person ON person.id = effort.user_id
WHERE effort.opportunity_id = %s AND effort.removed_at IS NULL
ORDER BY effort.on DESC, effort.id DESC
"""


@dataclass(frozen=True, slots=True)
class HoursRow:
    """Hours somebody logged on a deal."""

    id: int
    kind: str
    minutes: int
    on: date
    note: str
    person: str


@dataclass(frozen=True, slots=True)
class LinePreview:
    """What a line would bring as it stands in its form, in the report currency, and what the policy says of it.

    `given` is what it gives away of the list price, `below` whether that is by its price and not its discount alone.
    """

    margin: Figure
    currency: str
    given: Decimal
    below: bool
    tier: Tier
    policy: PolicyFacts | None


def get_hours(deal_id: int) -> list[HoursRow]:
    """Return the hours logged on a deal, the latest first."""
    with connection.cursor() as cursor:
        cursor.execute(HOURS, [deal_id])
        return [HoursRow(*row) for row in cursor.fetchall()]


def preview_line(given: Mapping[str, Any], *, at: datetime) -> LinePreview:
    """Return what a line would bring; what is missing or wrong in `given` is what it usually is."""
    frame = get_money_frame(at)
    product_id: int = given.get("product_id") or 0
    product = Product.objects.filter(pk=product_id).first()
    price = given.get("price") or (product.price if product else None)
    cost = given.get("cost") or (product.cost if product else None)
    discount = given.get("discount") or Decimal(0)
    found = get_policies(on=get_local_date(at)).get(PolicyArea.DISCOUNT)
    line = LineFacts(
        given.get("quantity") or Decimal(1),
        converted(price, frame.rates),
        converted(cost, frame.rates),
        discount,
        Billing(given.get("billing") or Billing.ONE_OFF),
        given.get("months"),
    )
    away = discount_given(price=price, discount=discount, list_price=product.price if product else None)
    tier = policy.tier(found, away * 100)
    return LinePreview(gross_margin([line]), frame.currency, away, away > discount, tier, found)


def get_cost_rates(*, on: date) -> dict[str, Money]:
    """Return what an hour of each kind costs on a day, by kind."""
    rows = CostRate.objects.filter(valid_from__lte=on).order_by("kind", "-valid_from").distinct("kind")
    return {row.kind: row.hourly for row in rows}
