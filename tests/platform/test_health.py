"""What probes and collectors ask."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from crm.commands.jobs import enqueue_job, record_heartbeat

DEAD_BROKER = "redis://127.0.0.1:1/0"


@pytest.mark.parametrize("address", ["/healthz", "/healthz/"])
def test_a_process_that_is_up_says_so_without_a_database(address):
    answer = Client().get(address)
    assert (answer.status_code, answer.content) == (200, b"ok")


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/readyz", "/readyz/"])
def test_ready_means_database_broker_and_a_worker_seen_lately(client, address):
    assert client.get(address).json() == {"database": "ok", "broker": "ok", "worker": "unavailable"}
    record_heartbeat(name="w", at=timezone.now())
    answer = client.get(address)
    assert (answer.status_code, answer.json()) == (200, {"database": "ok", "broker": "ok", "worker": "ok"})


@pytest.mark.django_db
def test_a_broker_that_is_gone_is_named(client, settings):
    settings.REDIS_URL = DEAD_BROKER
    record_heartbeat(name="w", at=timezone.now())
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"database": "ok", "broker": "unavailable", "worker": "ok"})


@pytest.mark.django_db
def test_metrics_tell_this_machine_how_far_behind_we_are(client):
    enqueue_job(task="platform.none", kwargs={}, at=timezone.now() - timedelta(minutes=5))
    text = client.get("/metrics").content.decode()
    assert 'setpoint_jobs{state="queued"} 1.0' in text
    assert "setpoint_job_wait_seconds 3" in text
    assert "setpoint_worker_up 0.0" in text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("headers", "remote", "expected"),
    [
        ({}, "127.0.0.1", 200),
        ({}, "10.1.2.3", 404),
        ({"X-Forwarded-For": "10.1.2.3"}, "127.0.0.1", 404),
        ({"Authorization": "Bearer wrong"}, "10.1.2.3", 404),
        ({"Authorization": "Bearer örtlich"}, "10.1.2.3", 404),
        ({"Authorization": "Bearer right"}, "10.1.2.3", 200),
    ],
)
def test_metrics_are_not_for_everybody(client, settings, headers, remote, expected):
    settings.METRICS_TOKEN = "right"
    assert client.get("/metrics", headers=headers, REMOTE_ADDR=remote).status_code == expected


def test_probes_write_nothing(client):
    assert client.post("/healthz").status_code == 405
