"""Events by single POSTs, in turns with a bare view of Django REST framework that inserts one row."""

import json
import statistics
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from typing import Any

from django.db import transaction
from django.test import Client, override_settings
from django.urls import path
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crm import root_urls
from crm.commands.tokens import create_token
from crm.enums import TokenScope
from crm.models import User
from reports.management.bench.timing import measure_beside
from scoring.models import LeadEvent

BARE, EVENTS = "/api/v1/bare/", "/api/v1/events/"


class _Row(serializers.Serializer[Any]):
    idempotency_key = serializers.CharField(max_length=200)
    type = serializers.CharField(max_length=100)
    occurred_at = serializers.DateTimeField()
    lead = serializers.IntegerField()


class _Bare(APIView):
    """Asks who sends and what the token allows, as every view of the API does, and inserts a row in a transaction."""

    def scopes_for(self, method: str | None) -> frozenset[TokenScope]:
        return frozenset({TokenScope.WRITE})

    def post(self, request: Request) -> Response:
        read = _Row(data=request.data)
        read.is_valid(raise_exception=True)
        values = read.validated_data
        lead_id = values.pop("lead")
        with transaction.atomic():
            row = LeadEvent.objects.create(lead_id=lead_id, recorded_at=timezone.now(), via="api", **values)
        return Response({"id": row.pk}, status=201)


urlpatterns = [path(BARE.removeprefix("/"), _Bare.as_view()), *root_urls.urlpatterns]


def compare_posts(lead_id: int, *, at: datetime) -> tuple[float, float]:
    """Return how many events a second one worker takes in by single POSTs, and how many rows the bare view inserts."""
    user = User.objects.get(email="manager@bench.invalid")
    _, secret = create_token(name="bench", scopes=["write"], by=user, at=at)
    client = Client(headers={"host": "localhost", "authorization": f"Bearer {secret}"})
    row = {"type": "page_viewed", "occurred_at": at.isoformat()}

    def send(address: str, numbers: Iterator[int], lead: Any) -> None:
        number = next(numbers)
        body = {**row, "idempotency_key": f"{address}{number}", "lead": lead(lead_id + 1 + number)}
        answer = client.post(address, json.dumps(body), content_type="application/json")
        assert answer.status_code in (201, 202), answer.content

    rows, events = count(), count()
    with override_settings(ROOT_URLCONF=__name__):
        floor, ours = measure_beside(
            lambda _: send(BARE, rows, int), lambda _: send(EVENTS, events, lambda pk: {"id": str(pk)})
        )
    return 1000 / statistics.median(ours), 1000 / statistics.median(floor)
