"""The figures a deal's economics come to."""

from dataclasses import fields
from typing import Any

from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.resources import ApiView
from crm.lib.envelope import Figure, figure_json
from pipeline.api.economics import EconomicsShape
from pipeline.figures.deal_economics import Economics
from pipeline.queries.economics import get_economics


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
