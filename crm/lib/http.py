"""The two kinds of view: a page only reads, an action only writes."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_POST, require_safe

from crm.lib.errors import NotPermitted

View = Callable[..., HttpResponseBase]
# Also after a semicolon: pghistory puts its context in front of every statement that writes.
WRITES = re.compile(r"(?:^|;)\s*(INSERT|UPDATE|DELETE|TRUNCATE|COPY|MERGE)\b", re.IGNORECASE)


class PageWrote(RuntimeError):
    """A page tried to write. A link that is only looked at must change nothing."""


def refuse_writes(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    """Let a query through unless it writes; an execute wrapper for whatever only reads."""
    if found := WRITES.search(sql):
        raise PageWrote(sql[found.start(1) :].split("(", maxsplit=1)[0][:80])
    return execute(sql, params, many, context)


def page(view: View) -> View:
    """Make a private GET view in which any write raises `PageWrote`."""

    @wraps(view)
    @login_required
    @require_safe
    def reading(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with connection.execute_wrapper(refuse_writes):
            return view(request, *args, **kwargs)

    return reading


def action(view: View) -> View:
    """Make a private POST view; what a command does not permit is answered 403."""

    @wraps(view)
    @login_required
    @require_POST
    def acting(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except NotPermitted as refused:
            raise PermissionDenied(str(refused)) from refused

    return acting


def feature(module: str) -> Callable[[View], View]:
    """Mark a view as part of a module; `crm.middleware.FeatureMiddleware` hides it where that is switched off (D-45)."""

    def mark(view: View) -> View:
        view.feature = module  # type: ignore[attr-defined]
        return view

    return mark


def by_method(*, get: View, post: View) -> View:
    """Give one address a page to GET and an action to POST."""

    @wraps(get)
    def answering(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return (post if request.method == "POST" else get)(request, *args, **kwargs)

    return answering
