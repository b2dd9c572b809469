"""Rows of a deal's economics: its lines, direct costs, hours, potential and strategic value, each with its own address."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.db.models import Model
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.concurrency import needs_tag
from crm.api.idempotency import idempotent
from crm.api.problems import Problem
from pipeline.api.economics import (
    ApproveStrategicShape,
    CostShape,
    EffortShape,
    ExpansionShape,
    LineShape,
    StrategicShape,
)
from pipeline.api.views.of_deal import OfDeal
from pipeline.commands import economics as commands
from pipeline.models import Effort, ExpansionPotential, OpportunityCost, OpportunityLine, StrategicValue

Given = dict[str, Any]


class Rows(OfDeal):
    """Rows of a deal, those that were taken away among them; each kind says how one is added, changed and taken away.

    `columns` are what can be changed, `needed` what a new one has, `kept` what stays as it was said.
    """

    derives = True
    add: Callable[..., Model]
    edit: Callable[..., Model]
    remove: Callable[..., Model]
    columns: ClassVar[tuple[str, ...]] = ()
    needed: ClassVar[frozenset[str]] = frozenset()
    kept: ClassVar[frozenset[str]] = frozenset()

    @idempotent
    def create(self, request: Request, deal_id: int) -> Response:
        """Add a row to a deal."""
        self.get_queryset()
        given = self.read(self.get_serializer_class())
        if missing := self.needed - set(given):
            raise Problem(400, "invalid", errors={name: [_("This is needed.")] for name in sorted(missing)})
        return self.see(self.add(given, opportunity_id=deal_id, by=request.user, at=self.at), status=201)

    def retrieve(self, request: Request, pk: int, deal_id: int = 0) -> Response:
        """Give one row."""
        return super().retrieve(request, pk)

    @needs_tag
    def partial_update(self, request: Request, deal_id: int, pk: int) -> Response:
        """Change a row; what is left out stays as it is."""
        row = self.get_record(pk)
        self.require_seen(row)
        given = self.read(self.get_serializer_class())
        if fixed := self.kept & set(given):
            raise Problem(400, "invalid", errors={name: [_("This stays as it is.")] for name in sorted(fixed)})
        seen = {name: getattr(row, name) for name in self.columns}
        return self.see(self.edit(row, given, seen, by=request.user, at=self.at))

    @extend_schema(responses={204: None})
    @needs_tag
    def destroy(self, request: Request, deal_id: int, pk: int) -> Response:
        """Take a row away; what it was stays."""
        row = self.get_record(pk)
        self.require_seen(row)
        self.remove(row.pk, by=request.user, at=self.at)
        return Response(status=204)


class Lines(Rows):
    """The lines of a deal; what gives away more than the policy allows needs an approval that was asked for."""

    model = OpportunityLine
    serializer_class = LineShape
    columns = (
        "product_id", "description", "quantity", "price", "cost", "discount", "billing", "months", "is_standard",
    )  # fmt: skip

    def add(self, given: Given, **sent: Any) -> Model:
        """Add a line."""
        return commands.add_line(**given, **sent)

    def edit(self, row: Any, given: Given, seen: Mapping[str, Any], **sent: Any) -> Model:
        """Change a line."""
        return commands.edit_line(line_id=row.pk, changes=given, seen=seen, **sent)

    def remove(self, row_id: int, **sent: Any) -> Model:
        """Take a line away."""
        return commands.remove_line(line_id=row_id, **sent)


class Costs(Rows):
    """The direct costs of a deal beside those of its lines."""

    model = OpportunityCost
    serializer_class = CostShape
    needed = frozenset({"kind"})
    columns = ("kind", "amount", "note")

    def add(self, given: Given, **sent: Any) -> Model:
        """Note a cost."""
        return commands.add_cost(**{"amount": None, **given}, **sent)

    def edit(self, row: Any, given: Given, seen: Mapping[str, Any], **sent: Any) -> Model:
        """Change a cost."""
        return commands.edit_cost(cost_id=row.pk, changes=given, seen=seen, **sent)

    def remove(self, row_id: int, **sent: Any) -> Model:
        """Take a cost away."""
        return commands.remove_cost(cost_id=row_id, **sent)


class Efforts(Rows):
    """Hours logged on a deal; they are taken back, not changed."""

    model = Effort
    serializer_class = EffortShape
    needed = frozenset({"kind", "minutes", "on"})

    def add(self, given: Given, **sent: Any) -> Model:
        """Log minutes, one's own unless somebody else is named."""
        return commands.log_effort(**{"user_id": self.request.user.pk, **given}, **sent)

    def remove(self, row_id: int, **sent: Any) -> Model:
        """Take logged minutes back."""
        return commands.remove_effort(effort_id=row_id, **sent)


class Expansions(Rows):
    """What the customer of a deal could buy more of."""

    model = ExpansionPotential
    serializer_class = ExpansionShape
    needed = frozenset({"kind", "yearly"})
    kept = frozenset({"kind"})
    columns = ("yearly", "note")

    def add(self, given: Given, **sent: Any) -> Model:
        """Say it."""
        return commands.put_expansion(**given, **sent)

    def edit(self, row: Any, given: Given, seen: Mapping[str, Any], **sent: Any) -> Model:
        """Say it anew with what is given."""
        said = {"opportunity_id": row.opportunity_id, "kind": row.kind, **seen, **given}
        return commands.put_expansion(**said, seen=seen, **sent)

    def remove(self, row_id: int, **sent: Any) -> Model:
        """Take it back."""
        return commands.remove_expansion(expansion_id=row_id, **sent)


class StrategicValues(Rows):
    """What a deal is worth beside its money."""

    model = StrategicValue
    serializer_class = StrategicShape
    needed = frozenset({"kind", "weight", "justification"})
    kept = frozenset({"kind"})
    columns = ("weight", "value", "justification")

    @extend_schema(request=ApproveStrategicShape, responses=StrategicShape)
    @idempotent
    @needs_tag
    def approve(self, request: Request, deal_id: int, pk: int) -> Response:
        """Let a claim count, as whoever manages the deal's owner and did not make it; claimed anew since, it is refused."""
        row = self.get_record(pk)
        self.require_seen(row)
        said = self.read(ApproveStrategicShape)
        made = commands.approve_strategic_value(
            strategic_id=row.pk, seen_at=row.at, by=request.user, at=self.at, **said
        )
        return self.see(made)

    def add(self, given: Given, **sent: Any) -> Model:
        """Claim it."""
        return commands.put_strategic_value(**given, **sent)

    def edit(self, row: Any, given: Given, seen: Mapping[str, Any], **sent: Any) -> Model:
        """Claim it anew with what is given."""
        said = {"opportunity_id": row.opportunity_id, "kind": row.kind, **seen, **given}
        return commands.put_strategic_value(**said, seen=seen, **sent)

    def remove(self, row_id: int, **sent: Any) -> Model:
        """Take the claim back."""
        return commands.remove_strategic_value(strategic_id=row_id, **sent)
