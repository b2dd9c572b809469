"""The floor of taking an event in: a bare view of Django REST framework that inserts one row."""

from typing import Any

from django.urls import path
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from scoring.models import LeadEvent


class _Row(serializers.Serializer[Any]):
    idempotency_key = serializers.CharField(max_length=200)
    type = serializers.CharField(max_length=100)
    occurred_at = serializers.DateTimeField()
    lead = serializers.IntegerField()


class _Bare(APIView):
    authentication_classes = ()
    permission_classes = ()

    def post(self, request: Request) -> Response:
        read = _Row(data=request.data)
        read.is_valid(raise_exception=True)
        values = read.validated_data
        lead_id = values.pop("lead")
        row = LeadEvent.objects.create(lead_id=lead_id, recorded_at=timezone.now(), via="api", **values)
        return Response({"id": row.pk}, status=201)


urlpatterns = [path("bare/", _Bare.as_view())]
