"""Setpoints with their criteria in force: short, whole, and the same for everybody."""

from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.resources import ApiView
from pipeline.api.serializers import SetpointListShape, SetpointShape
from pipeline.models import Pipeline
from pipeline.queries.setpoints import get_path, get_pipelines


class Setpoints(ApiView):
    """The setpoints of each pipeline in use, lowest first."""

    serializer_class = SetpointListShape
    parameters: ClassVar = {"list": frozenset({"pipeline"})}

    @extend_schema(
        parameters=[OpenApiParameter("pipeline", str, description="Of this pipeline alone, by its code.")],
        responses=SetpointListShape,
    )
    def list(self, request: Request) -> Response:
        """List the setpoints with what a deal needs to stand at each."""
        chosen = request.query_params.get("pipeline")
        pipelines = [pipeline for pipeline in get_pipelines() if chosen in (None, pipeline.code)]
        rows = [row for pipeline in pipelines for row in setpoint_rows(pipeline)]
        return Response({"next": None, "previous": None, "results": SetpointShape(rows, many=True).data})


def setpoint_rows(pipeline: Pipeline) -> list[dict[str, Any]]:
    """Return the setpoints in use of a pipeline as the API shows them."""
    return [
        {
            "id": setpoint.id,
            "pipeline": pipeline.code,
            "code": setpoint.code,
            "name": setpoint.name,
            "meaning": setpoint.meaning,
            "rank": setpoint.rank,
            "probability": setpoint.probability,
            "stall_limit_days": setpoint.stall_limit_days,
            "guidance": setpoint.guidance,
            "key_fields": setpoint.key_fields,
            "stages": setpoint.stages,
            "criteria": setpoint.own_criteria,
        }
        for setpoint in get_path(pipeline.pk)
        if not setpoint.is_retired
    ]
