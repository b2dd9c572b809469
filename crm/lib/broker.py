"""The broker, which only nudges: losing a message delays a job by seconds and loses nothing."""

import logging
import time
from collections.abc import Sequence

from celery import current_app
from django.conf import settings
from kombu.exceptions import OperationalError
from redis import Redis, RedisError

logger = logging.getLogger(__name__)

RUN_JOB = "crm.run_job"
TICK = "crm.tick"
PAUSE_AFTER_FAILURE = 10.0  # seconds in which requests do not wait for a broker that is down
_down_until = 0.0


def nudge(job_ids: Sequence[int]) -> bool:
    """Tell a worker at once that there is something to do; give up quietly where the broker is down.

    The relay finds within seconds what nobody was told of.
    """
    global _down_until  # noqa: PLW0603 (what this process knows of the broker)
    if time.monotonic() < _down_until:
        return False
    try:
        with current_app.producer_or_acquire() as producer:
            for job_id in job_ids:
                current_app.send_task(RUN_JOB, args=[job_id], producer=producer, retry=False, ignore_result=True)
    except (OperationalError, RedisError, OSError) as error:
        _down_until = time.monotonic() + PAUSE_AFTER_FAILURE
        logger.warning("broker_unreachable: %s", error)
        return False
    return True


def queue_length() -> int:
    """Return how many messages wait, or raise `RedisError` where the broker does not answer."""
    with Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=2) as client:
        return int(client.llen(current_app.conf.task_default_queue))
