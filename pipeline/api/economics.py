"""The shapes of a deal's economics: lines, direct costs, hours, and the figures they come to."""

from typing import Any

from rest_framework import serializers

from crm.api.fields import Choice, Day, Flag, Id, Instant, MoneyValue, RelatedId, Shape, Text, Whole
from crm.lib.values import Money
from crm.queries.people import active_people
from pipeline.enums import Billing, CostKind, EffortKind, ExpansionKind, StrategicKind
from pipeline.queries.economics import products_on_sale

IN_OUT: dict[str, Any] = {"required": False, "allow_null": True}


class MoneyOrNone(MoneyValue):
    """Money, null for none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**IN_OUT, **kwargs})

    def get_attribute(self, instance: Any) -> Money | None:
        """Return the money of a row."""
        found: Money | None = super().get_attribute(instance)
        return found


class RowShape(Shape):
    """A row of a deal; one that was taken away stays readable."""

    id = Id(source="pk", read_only=True)
    removed = Flag(read_only=True)

    def to_representation(self, row: Any) -> dict[str, Any]:
        """Return it, and whether it was taken away."""
        shown = {name: _shown(field, row) for name, field in self.fields.items() if name != "removed"}
        return {**shown, "removed": row.removed_at is not None}


def _shown(field: Any, row: Any) -> Any:
    value = field.get_attribute(row)
    return None if value is None else field.to_representation(value)


class LineShape(RowShape):
    """A line: a product or words, at a list price with its discount between 0 and 1; `cost` is what one costs us.

    Price and cost that are not given are those of the price list; a price below `list_price` is a discount as well. What is
    billed `monthly` or `yearly` has its `months`.
    """

    product = RelatedId(source="product_id", visible=lambda user: products_on_sale(), **IN_OUT)
    description = Text(max_length=300, required=False, allow_blank=True)
    quantity = serializers.DecimalField(max_digits=12, decimal_places=3, required=False)
    price = MoneyOrNone()
    list_price = MoneyOrNone(read_only=True)
    cost = MoneyOrNone()
    discount = serializers.DecimalField(max_digits=5, decimal_places=4, required=False)
    billing = Choice(choices=list(Billing), required=False)
    months = Whole(min_value=1, max_value=600, **IN_OUT)
    standard = Flag(source="is_standard", required=False)


class CostShape(RowShape):
    """A direct cost beside those of the lines; without an amount it is known to come, and the margin is incomplete."""

    kind = Choice(choices=list(CostKind), required=False)
    amount = MoneyOrNone()
    note = Text(max_length=300, required=False, allow_blank=True)


class EffortShape(RowShape):
    """Minutes somebody spent on a deal on a day; without `user` your own. They are taken back, not changed."""

    kind = Choice(choices=list(EffortKind), required=False)
    minutes = Whole(min_value=1, max_value=1440, required=False)
    on = Day(required=False)
    user = RelatedId(source="user_id", visible=lambda user: active_people(), required=False)
    note = Text(max_length=300, required=False, allow_blank=True)


class ExpansionShape(RowShape):
    """What the customer could buy more of in a year; of a kind that stands already, it is said anew."""

    kind = Choice(choices=list(ExpansionKind), required=False)
    yearly = MoneyValue(required=False)
    note = Text(max_length=300, required=False, allow_blank=True)


class StrategicShape(RowShape):
    """What a deal is worth beside its money, 1 some to 3 decisive, and why; of a kind that stands already, claimed anew.

    It counts once somebody who manages the owner approved it; claimed anew it is to be approved anew.
    """

    kind = Choice(choices=list(StrategicKind), required=False)
    weight = Whole(min_value=1, max_value=3, required=False)
    value = MoneyOrNone()
    justification = Text(max_length=1000, required=False)
    claimed_by = Id(source="by_id", read_only=True, allow_null=True)
    claimed_at = Instant(source="at", read_only=True)
    approved_by = Id(source="approved_by_id", read_only=True, allow_null=True)
    approved_at = Instant(read_only=True, allow_null=True)
    reason = Text(read_only=True, allow_blank=True)


class ApproveStrategicShape(Shape):
    """Why a claim may count."""

    reason = Text(max_length=1000)


class EconomicsShape(Shape):
    """What a deal's economics come to, each an envelope without ids; in the report currency at plan rates.

    `margin` B15, `pursuit`, `acquisition`, `payback`, `lifetime`, `with_growth`, `ratio` B16, `expected` B30. `chance` is
    observed: `won` of `closed` deals that came as far, of all types where `of_all_types`. `checked` is true once all prices
    and costs are known.
    """

    as_of = Instant()
    currency = Text()
    checked = Flag()
    assumed_since = Day(allow_null=True)
    closed = Whole()
    won = Whole()
    of_all_types = Flag()
    figures = serializers.DictField(child=serializers.DictField())
