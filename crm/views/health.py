"""What a load balancer, an operator and a metrics collector ask. No session, no page."""

import secrets
from collections.abc import Callable, Iterator

from django.conf import settings
from django.db import Error as DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from redis import RedisError

from crm.lib import broker
from crm.queries import jobs as queries

LOOPBACK = {"127.0.0.1", "::1"}


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the process is up; asks nobody else."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Say whether database, broker and a recently seen worker are there; 503 names what is missing."""
    parts = {"database": _works(queries.database_answers), "broker": _works(_broker_answers)}
    parts["worker"] = parts["database"] and _works(queries.is_worker_alive)
    report = {name: "ok" if works else "unavailable" for name, works in parts.items()}
    return JsonResponse(report, status=200 if all(parts.values()) else 503)


def _broker_answers() -> bool:
    return broker.queue_length() >= 0


def _works(asks: Callable[[], bool]) -> bool:
    try:
        return asks()
    except (DatabaseError, RedisError):
        return False


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Give the figures of the installation to this machine, or to who has METRICS_TOKEN; 404 for all others."""
    if not _may_read_metrics(request):
        raise Http404
    registry = CollectorRegistry()
    registry.register(JobCollector())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_read_metrics(request: HttpRequest) -> bool:
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "")
    if token and secrets.compare_digest(given.encode(), f"Bearer {token}".encode()):
        return True
    # Behind a proxy everybody comes from this machine, so a forwarded request needs the token.
    return request.META.get("REMOTE_ADDR") in LOOPBACK and "X-Forwarded-For" not in request.headers


class JobCollector:
    """Reads the gauges from the database, so that every web process gives the same answer."""

    def collect(self) -> Iterator[Metric]:
        """Give jobs by state, the longest wait, and whether a worker works."""
        now = timezone.now()
        backlog = queries.get_backlog(at=now)
        jobs = GaugeMetricFamily("setpoint_jobs", "Jobs that are not done", labels=["state"])
        for state in ("queued", "running", "quarantined"):
            jobs.add_metric([state], getattr(backlog, state))
        yield jobs
        waited = (now - backlog.oldest_due_at).total_seconds() if backlog.oldest_due_at else 0.0
        yield GaugeMetricFamily("setpoint_job_wait_seconds", "How long the oldest due job has waited", value=waited)
        yield GaugeMetricFamily(
            "setpoint_worker_up", "Whether a worker was seen lately", value=queries.is_worker_alive()
        )
