"""The two kinds of view: a page only reads, an action only writes."""

import re
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from crm.lib.errors import NotPermitted

View = Callable[..., HttpResponseBase]
# Also after a semicolon: pghistory puts its context in front of every statement that writes.
WRITES = re.compile(r"(?:^|;)\s*(INSERT|UPDATE|DELETE|TRUNCATE|COPY|MERGE)\b", re.IGNORECASE)


# What the database raises when it is away, starts or stops, or waited too long for a lock.
DATABASE_AWAY = (OperationalError, InterfaceError)
RETRY_AFTER = 2  # seconds; a restarting database is back by then
# A failed serialisation, a deadlock: PostgreSQL took the whole transaction back, and the same once more may succeed.
TAKEN_BACK = frozenset({"40001", "40P01"})
MOST_TRIES = 3


class PageWrote(RuntimeError):
    """A page tried to write. A link that is only looked at must change nothing."""


def refuse_writes(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    """Let a query through unless it writes; an execute wrapper for whatever only reads."""
    if found := WRITES.search(sql):
        raise PageWrote(sql[found.start(1) :].split("(", maxsplit=1)[0][:80])
    return execute(sql, params, many, context)


def answered(view: Callable[[], HttpResponseBase], *, only_reads: bool) -> HttpResponseBase:
    """Return what the view answers, asked again up to three times where the database took everything back.

    What only reads is asked once more on a new connection too. A write is not: its COMMIT may have arrived.
    """
    for tried in range(1, MOST_TRIES):
        try:
            return view()
        except DATABASE_AWAY as error:
            if getattr(error.__cause__, "pgcode", None) in TAKEN_BACK:
                continue
            if not only_reads or tried > 1 or connection.in_atomic_block or connection.is_usable():
                raise
            connection.close()
    return view()


def page(view: View) -> View:
    """Make a private GET view in which any write raises `PageWrote`."""

    @wraps(view)
    @login_required
    @require_safe
    def reading(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with connection.execute_wrapper(refuse_writes):
            return answered(lambda: view(request, *args, **kwargs), only_reads=True)

    return reading


def open_page(view: View) -> View:
    """Make a GET view for whoever has its address, signed in or not, in which any write raises `PageWrote`."""

    @wraps(view)
    @require_safe
    def reading(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with connection.execute_wrapper(refuse_writes):
            return answered(lambda: view(request, *args, **kwargs), only_reads=True)

    return reading


def action(view: View) -> View:
    """Make a private POST view; what a command does not permit is answered 403.

    After a deadlock it runs again from its beginning: outside its one command it does nothing that must not happen twice.
    """

    @wraps(view)
    @login_required
    @require_POST
    def acting(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return answered(lambda: view(request, *args, **kwargs), only_reads=False)
        except NotPermitted as refused:
            raise PermissionDenied(str(refused)) from refused

    return acting


def open_action(view: View) -> View:
    """Make a POST view for whoever has its address; without a session there is nothing a forged request could use."""

    @csrf_exempt
    @wraps(view)
    @require_POST
    def acting(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return answered(lambda: view(request, *args, **kwargs), only_reads=False)

    return acting


def feature(module: str) -> Callable[[View], View]:
    """Mark a view as part of a module; `crm.middleware.FeatureMiddleware` hides it where that is switched off (D-45)."""

    def mark(view: View) -> View:
        view.feature = module  # type: ignore[attr-defined]
        return view

    return mark


def takes_files(view: View) -> View:
    """Let requests to a view be as large as a file may be; others are refused before they are read when they are larger
    than a form can be (`crm.middleware.SizeMiddleware`).
    """
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def by_method(*, get: View, post: View) -> View:
    """Give one address a page to GET and an action to POST."""

    @wraps(get)
    def answering(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer = (post if request.method == "POST" else get)(request, *args, **kwargs)
        if answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            answer.headers["Allow"] = "GET, HEAD, POST"
        return answer

    answering.csrf_exempt = getattr(post, "csrf_exempt", False)  # type: ignore[attr-defined]
    return answering
