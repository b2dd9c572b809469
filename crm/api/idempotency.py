"""`Idempotency-Key`: a POST that may be sent again without happening again (D-10)."""

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import OperationalError, transaction
from django.utils.translation import gettext as _
from psycopg2 import errors
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.problems import Problem
from crm.commands.idempotency import UNANSWERED, claim_key, store_answer
from crm.models import IdempotencyKey

LONGEST_KEY = 200
KEPT_HEADERS = ("ETag", "Location")
Handler = Callable[..., Response]


def idempotent(handler: Handler) -> Handler:
    """Answer a repeated POST with what the first one got, for 24 hours.

    What the request changes and its answer are one transaction. A refused request changes nothing and leaves
    the key free, so it may be corrected and sent again.
    """

    @wraps(handler)
    def answering(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return handler(view, request, *args, **kwargs)
        if not key.strip() or len(key) > LONGEST_KEY or not key.isprintable():
            raise Problem(400, "invalid", _("Idempotency-Key is 1 to 200 printable characters."))
        with transaction.atomic():
            kept = _claim(view, request, key)
            if kept.status != UNANSWERED:
                return Response(kept.body, kept.status, headers={**kept.headers, "Idempotency-Replayed": "true"})
            response = handler(view, request, *args, **kwargs)
            _store(kept, response)
            return response

    answering.is_idempotent = True  # type: ignore[attr-defined]  # the schema and a test ask for it
    return answering


def digest_of(request: Request) -> str:
    """Return what tells one request from another: its address and what its body says."""
    body = json.dumps(request.data, sort_keys=True, separators=(",", ":"), default=_told_of)
    return hashlib.sha256(f"{request.get_full_path()}\n{body}".encode()).hexdigest()


def _told_of(sent: Any) -> list[str]:
    """Return what tells one uploaded file from another; nothing else is sent that is not JSON."""
    digest = hashlib.sha256()
    for chunk in sent.chunks():
        digest.update(chunk)
    return [sent.name, digest.hexdigest()]


def _claim(view: Any, request: Request, key: str) -> IdempotencyKey:
    try:
        return claim_key(key=key, digest=digest_of(request), by=request.user, at=view.at)
    except OperationalError as error:
        if not isinstance(error.__cause__, errors.LockNotAvailable):
            raise
        detail = _("The first request with this key is not over yet.")
        raise Problem(409, "request_under_way", detail, headers={"Retry-After": "1"}) from error


def _store(kept: IdempotencyKey, response: Response) -> None:
    body = json.loads(JSONRenderer().render(response.data) or "{}")
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    store_answer(kept, status=response.status_code, body=body, headers=headers)
