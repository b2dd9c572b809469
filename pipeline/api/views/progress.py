"""How far the customer of a deal has come in buying, as of any moment (B31)."""

from typing import ClassVar

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.params import read_moment
from crm.api.resources import ApiView
from crm.lib.envelope import Figure
from crm.queries.organisation import get_local_date
from pipeline.api.qualification import ProgressShape
from pipeline.api.views.history import AS_OF
from pipeline.figures.progress import DEFINITION_VERSION, progress
from pipeline.queries.opportunities import opportunities_visible_to
from pipeline.queries.qualification import get_known


class Progress(ApiView):
    """The progress score of one deal."""

    serializer_class = ProgressShape
    parameters: ClassVar = {"retrieve": frozenset({"as_of"})}

    @extend_schema(parameters=[AS_OF])
    def retrieve(self, request: Request, deal_id: int) -> Response:
        """Give the score of 100 with the level of each element, 0 to 3, and the weakest; null does not apply."""
        if not opportunities_visible_to(request.user).filter(pk=deal_id).exists():
            raise Http404
        moment = min(read_moment(request, "as_of") or self.at, self.at)
        _now, known = get_known(deal_id, before=moment)
        figure = progress(known, today=get_local_date(moment))
        return Response(ProgressShape({**_told(figure), "as_of": moment}).data)


def _told(figure: Figure) -> dict[str, object]:
    return {"value": figure.value, "n": figure.n, "definition_version": DEFINITION_VERSION, **figure.detail}
