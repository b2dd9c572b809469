"""A deal's economics: its lines, direct costs and hours, and the figures they come to."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.idempotency import idempotent
from crm.api.problems import Problem
from crm.api.resources import ApiView
from crm.lib.envelope import Figure, figure_json
from pipeline.api.economics import (
    ApproveStrategicShape,
    CostShape,
    EconomicsShape,
    EffortShape,
    ExpansionShape,
    LineShape,
    StrategicShape,
)
from pipeline.api.views.of_deal import OfDeal
from pipeline.commands import economics as commands
from pipeline.figures.deal_economics import Economics
from pipeline.models import Effort, ExpansionPotential, OpportunityCost, OpportunityLine, StrategicValue
from pipeline.queries.economics import get_economics


class Rows(OfDeal):
    """Rows of a deal, those that were taken away among them; each kind says how one is written and taken away."""

    write: Callable[..., Model]
    remove: Callable[..., Model]
    needed: ClassVar[frozenset[str]] = frozenset()
    kept: ClassVar[frozenset[str]] = frozenset()

    def put(self, shape: type[Any], given: dict[str, Any]) -> Response:
        """Add a row, change the one that `id` names, or take it away."""
        rows = self.get_queryset()
        row_id, removed = given.pop("id", None), given.pop("removed", False)
        if row_id is not None:
            self.find(rows, row_id)
        if removed and (given or row_id is None):
            raise Problem(400, "invalid", errors={"removed": [_("Send its id and nothing else.")]})
        if row_id is None and (missing := self.needed - set(given)):
            raise Problem(400, "invalid", errors={name: [_("This is needed.")] for name in sorted(missing)})
        if row_id is not None and (fixed := self.kept & set(given)):
            raise Problem(400, "invalid", errors={name: [_("This stays as it is.")] for name in sorted(fixed)})
        sent = {"by": self.request.user, "at": self.at}
        made = self.remove(row_id, **sent) if removed else self.write(row_id, given, **sent)
        return Response(shape(made, context=self.get_serializer_context()).data, 201)

    def find(self, rows: QuerySet[Any], row_id: int) -> int:
        """Return the id of a row of the deal.

        :raises Problem: it has no such row
        """
        if not rows.filter(pk=row_id).exists():
            raise Problem(400, "invalid", errors={"id": [_("There is no such record, or you may not see it.")]})
        return row_id

    def said(self, row_id: int | None, given: dict[str, Any], *columns: str) -> dict[str, Any]:
        """Return what is said of a row: what was given, on top of what stands and was seen where it is said anew."""
        if row_id is None:
            return given
        row = self.get_queryset().get(pk=row_id)
        standing = {name: getattr(row, name) for name in columns}
        return {"kind": row.kind, **standing, **given, "seen": standing}


class Lines(Rows):
    """The lines of a deal."""

    model = OpportunityLine
    serializer_class = LineShape

    @extend_schema(request=LineShape, responses={201: LineShape})
    @idempotent
    def create(self, request: Request, deal_id: int) -> Response:
        """Add a line, change one or take it away; a discount beyond the policy needs an approval that was asked for."""
        return self.put(LineShape, self.read(LineShape))

    def write(self, row_id: int | None, given: dict[str, Any], **sent: Any) -> Model:
        """Add a line or change one."""
        if row_id is None:
            return commands.add_line(opportunity_id=self.kwargs["deal_id"], **given, **sent)
        return commands.edit_line(line_id=row_id, changes=given, **sent)

    def remove(self, row_id: int, **sent: Any) -> Model:
        """Take a line away."""
        return commands.remove_line(line_id=row_id, **sent)


class Costs(Rows):
    """The direct costs of a deal beside those of its lines."""

    model = OpportunityCost
    serializer_class = CostShape
    needed = frozenset({"kind"})

    @extend_schema(request=CostShape, responses={201: CostShape})
    @idempotent
    def create(self, request: Request, deal_id: int) -> Response:
        """Note a direct cost, change one or take it away."""
        return self.put(CostShape, self.read(CostShape))

    def write(self, row_id: int | None, given: dict[str, Any], **sent: Any) -> Model:
        """Note a cost or change one."""
        if row_id is None:
            return commands.add_cost(opportunity_id=self.kwargs["deal_id"], **{"amount": None, **given}, **sent)
        return commands.edit_cost(cost_id=row_id, changes=given, **sent)

    def remove(self, row_id: int, **sent: Any) -> Model:
        """Take a cost away."""
        return commands.remove_cost(cost_id=row_id, **sent)


class Efforts(Rows):
    """Hours logged on a deal."""

    model = Effort
    serializer_class = EffortShape
    needed = frozenset({"kind", "minutes", "on"})

    @extend_schema(request=EffortShape, responses={201: EffortShape})
    @idempotent
    def create(self, request: Request, deal_id: int) -> Response:
        """Log minutes, or take logged ones back."""
        return self.put(EffortShape, self.read(EffortShape))

    def write(self, row_id: int | None, given: dict[str, Any], **sent: Any) -> Model:
        """Log minutes."""
        if row_id is not None:
            raise Problem(400, "invalid", errors={"id": [_("Logged hours are taken back, not changed.")]})
        said = {"user_id": self.request.user.pk, **given}
        return commands.log_effort(opportunity_id=self.kwargs["deal_id"], **said, **sent)

    def remove(self, row_id: int, **sent: Any) -> Model:
        """Take logged minutes back."""
        return commands.remove_effort(effort_id=row_id, **sent)


class Expansions(Rows):
    """What the customer of a deal could buy more of."""

    model = ExpansionPotential
    serializer_class = ExpansionShape
    needed = frozenset({"kind", "yearly"})
    kept = frozenset({"kind"})

    @extend_schema(request=ExpansionShape, responses={201: ExpansionShape})
    @idempotent
    def create(self, request: Request, deal_id: int) -> Response:
        """Say what they could buy more of, or take it back."""
        return self.put(ExpansionShape, self.read(ExpansionShape))

    def write(self, row_id: int | None, given: dict[str, Any], **sent: Any) -> Model:
        """Say it, or say it anew with what is given."""
        said = self.said(row_id, given, "yearly", "note")
        return commands.put_expansion(**said, opportunity_id=self.kwargs["deal_id"], **sent)

    def remove(self, row_id: int, **sent: Any) -> Model:
        """Take it back."""
        return commands.remove_expansion(expansion_id=row_id, **sent)


class StrategicValues(Rows):
    """What a deal is worth beside its money."""

    model = StrategicValue
    serializer_class = StrategicShape
    needed = frozenset({"kind", "weight", "justification"})
    kept = frozenset({"kind"})

    @extend_schema(request=StrategicShape, responses={201: StrategicShape})
    @idempotent
    def create(self, request: Request, deal_id: int) -> Response:
        """Claim a strategic value, or take the claim back."""
        return self.put(StrategicShape, self.read(StrategicShape))

    @extend_schema(request=ApproveStrategicShape, responses=StrategicShape)
    @idempotent
    def approve(self, request: Request, deal_id: int) -> Response:
        """Let a claim count, as whoever manages the deal's owner and did not make it."""
        rows, said = self.get_queryset(), self.read(ApproveStrategicShape)
        claim = self.find(rows, said.pop("id"))
        made = commands.approve_strategic_value(strategic_id=claim, by=request.user, at=self.at, **said)
        return Response(StrategicShape(made, context=self.get_serializer_context()).data)

    def write(self, row_id: int | None, given: dict[str, Any], **sent: Any) -> Model:
        """Claim it, or claim it anew with what is given."""
        said = self.said(row_id, given, "weight", "value", "justification")
        return commands.put_strategic_value(**said, opportunity_id=self.kwargs["deal_id"], **sent)

    def remove(self, row_id: int, **sent: Any) -> Model:
        """Take the claim back."""
        return commands.remove_strategic_value(strategic_id=row_id, **sent)


class DealEconomics(ApiView):
    """What a deal's economics come to."""

    serializer_class = EconomicsShape

    def retrieve(self, request: Request, deal_id: int) -> Response:
        """Give margin, cost of winning, payback, lifetime value and what pursuing the deal is worth, each with its reason."""
        judged = get_economics([deal_id], user=request.user, at=self.at)
        if not judged.rows:
            raise Http404
        rows = judged.rows[0]
        assert rows.economics is not None
        said = {
            "as_of": self.at,
            "currency": judged.currency,
            "checked": rows.economics.is_checked,
            "assumed_since": judged.since,
            "closed": rows.observed.closed,
            "won": rows.observed.won,
            "of_all_types": rows.chance_of_all,
            "figures": _figures(rows.economics),
        }
        return Response(EconomicsShape(said).data)


def _figures(economics: Economics) -> dict[str, Any]:
    figures: dict[str, Figure] = {each.name: getattr(economics, each.name) for each in fields(economics)}
    return {name: figure_json(figure) for name, figure in figures.items()}
