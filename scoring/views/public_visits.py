"""The script that websites of ours carry, and what it reports: visits of people nobody knows yet (S-2)."""

import json
import time
from math import ceil
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from crm.lib.http import open_action, open_page
from crm.lib.limits import Limiter
from scoring.commands.visits import VisitRefused, record_visit

LONGEST = 4000
STATUSES = {"unknown_site": 403, "wrong_origin": 403}
visits = Limiter()


@open_page
def site_script(request: HttpRequest) -> HttpResponseBase:
    """Give the script; browsers keep it for an hour."""
    answer = render(request, "scoring/site.js", content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "public, max-age=3600"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


@open_action
def visit(request: HttpRequest) -> HttpResponseBase:
    """Take one look at a page; the browser's clock is not asked, ours is."""
    limit, seconds = settings.VISIT_RATE
    address = get_adapter().get_client_ip(request)
    if wait := visits.wait(address, limit=limit, seconds=seconds, now=time.monotonic()):
        return HttpResponse(status=429, headers={"Retry-After": str(ceil(wait))})
    given = _read(request)
    if given is None:
        return HttpResponse(status=400)
    heard = {"origin": request.headers.get("Origin", ""), "user_agent": request.headers.get("User-Agent", "")}
    try:
        record_visit(**given, **heard, at=timezone.now())
    except VisitRefused as refused:
        return HttpResponse(status=STATUSES.get(refused.refusals[0].code, 400))
    return HttpResponse(status=204)


def _read(request: HttpRequest) -> dict[str, str] | None:
    """Return what was sent if it has the shape our script gives it."""
    try:
        body: Any = json.loads(request.body) if len(request.body) <= LONGEST else None
    except (ValueError, RecursionError, RequestDataTooBig):
        return None
    names = ("key", "visitor", "id", "url")
    if not isinstance(body, dict) or not all(isinstance(body.get(name), str) for name in names):
        return None
    return {name: body[name] for name in names}
