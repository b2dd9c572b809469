"""The two kinds of view: a page only reads, an action only writes."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_POST, require_safe

View = Callable[..., HttpResponseBase]
# Also after a semicolon: pghistory puts its context in front of every statement that writes.
WRITES = re.compile(r"(?:^|;)\s*(INSERT|UPDATE|DELETE|TRUNCATE|COPY|MERGE)\b", re.IGNORECASE)


class PageWrote(RuntimeError):
    """A page tried to write. A link that is only looked at must change nothing."""


def refuse_writes(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    """Let a query through unless it writes; an execute wrapper for whatever only reads."""
    if found := WRITES.search(sql):
        raise PageWrote(sql[found.start(1) :].split("(")[0][:80])
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
    """Make a private POST view."""
    return wraps(view)(login_required(require_POST(view)))
