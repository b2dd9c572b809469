"""Answers that a repeated POST gets again (D-10)."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from crm.lib.errors import CommandRefused
from crm.lib.values import Refusal
from crm.models import IdempotencyKey, User

KEPT_FOR = timedelta(hours=24)
UNANSWERED = 0


class KeyReused(CommandRefused):
    """The key already stands for another request."""


def claim_key(*, key: str, digest: str, by: User, at: datetime) -> IdempotencyKey:
    """Take the key for the request under way, or return the answer it already got.

    Must run in the transaction of the request: a second request with the key waits here until the first is
    over, and finds either its answer or, where it failed, a free key. `status` is `UNANSWERED` when the key is
    the caller's to answer.

    :raises KeyReused: the key was used for another request
    """
    IdempotencyKey.objects.filter(user=by, key=key, created_at__lt=at - KEPT_FOR).delete()
    mine = IdempotencyKey(user=by, key=key, digest=digest, status=UNANSWERED, body={}, created_at=at)
    IdempotencyKey.objects.bulk_create([mine], ignore_conflicts=True)
    kept = IdempotencyKey.objects.get(user=by, key=key)
    if kept.digest != digest:
        raise KeyReused(Refusal.of("idempotency_key_reused"), field="Idempotency-Key")
    return kept


@transaction.atomic
def store_answer(kept: IdempotencyKey, *, status: int, body: Any, headers: dict[str, str]) -> None:
    """Keep the answer beside the key, in the transaction that brought it about."""
    kept.status, kept.body, kept.headers = status, body, headers
    kept.save(update_fields=["status", "body", "headers"])


@transaction.atomic
def forget_answers(*, at: datetime) -> int:
    """Delete the answers nobody can ask for any more; return how many."""
    return IdempotencyKey.objects.filter(created_at__lt=at - KEPT_FOR).delete()[0]
