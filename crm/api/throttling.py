"""How often one person may ask."""

import time
from typing import Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from crm.lib.limits import Limiter

requests = Limiter()


class RequestRate(BaseThrottle):
    """Counts a person's requests, those of all their tokens together; `rate` names the entry of API_RATES."""

    rate = "requests"

    def allow_request(self, request: Request, view: Any) -> bool:
        """Whether the request is within the limit."""
        limit, seconds = settings.API_RATES[self.rate]
        key = f"{self.rate}:{request.user.pk}"
        self._wait = requests.wait(key, limit=limit, seconds=seconds, now=time.monotonic())
        return self._wait is None

    def wait(self) -> float | None:
        """Return the seconds until the limit is counted anew."""
        return self._wait


class TokenRate(RequestRate):
    """Tokens are made by hand, a few a day."""

    rate = "tokens"
