"""Our own web server on the loopback, and one client that keeps its connection."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from time import monotonic, sleep
from typing import IO, Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management.base import CommandError
from django.middleware.csrf import get_token
from django.test import RequestFactory

from crm.embedded.isolation import die_with_parent
from crm.models import User

HOST = "127.0.0.1"
PATIENCE = 60


@contextmanager
def web_server(database_url: str) -> Iterator[int]:
    """Run two gunicorn workers on the scratch database; give their port.

    :raises CommandError: they do not answer within a minute
    """
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    # As the supervisor starts it, with two workers.
    argv = ["gunicorn", "crm.wsgi:application", "--workers", "2", "--threads", "4", "--worker-class", "gthread"]
    argv += [
        "--bind",
        f"{HOST}:{port}",
        "--keep-alive",
        "300",  # one client waits while the other takes its turn over a slow page
        "--preload",
        "--no-control-socket",
        "--log-level",
        "error",
    ]
    environment = os.environ | {
        "DATABASE_URL": database_url,
        "DEBUG": "0",
        "DJANGO_SETTINGS_MODULE": "crm.settings.base",
    }
    log = TemporaryFile()  # noqa: SIM115  closed below, once the server is gone
    process = subprocess.Popen(  # noqa: S603  our own server, our own arguments
        [sys.executable, "-m", *argv],
        env=environment,
        stdout=log,  # a line a request is not what is to be read here
        stderr=subprocess.STDOUT,
        cwd=settings.BASE_DIR,
        preexec_fn=lambda: die_with_parent(signal.SIGTERM),  # noqa: PLW1509  one thread, and a bench that is killed leaves no server
    )
    try:
        _wait(port, process, log)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)
        log.close()


def _wait(port: int, process: subprocess.Popen[bytes], log: IO[bytes]) -> None:
    until = monotonic() + PATIENCE
    while monotonic() < until and process.poll() is None:
        try:
            with socket.create_connection((HOST, port), timeout=1):
                return
        except OSError:
            sleep(0.1)
    log.seek(0)
    raise CommandError(f"The web server did not start. It said: {log.read().decode(errors='replace')[-2000:]}")


class KeepAliveClient:
    """One connection, signed in as somebody; sends what a browser's htmx or an API client would."""

    def __init__(self, port: int, user: User | None = None, *, bearer: str = "") -> None:
        self.connection = http.client.HTTPConnection(HOST, port, timeout=30)
        self.headers = {"Host": "localhost"}
        if user is not None:
            self.headers |= _signed_in(user)
        if bearer:
            self.headers["Authorization"] = f"Bearer {bearer}"

    def get(self, path: str) -> bytes:
        """Return the body of a page.

        :raises CommandError: the answer is not 200
        """
        return self._send("GET", path, None, {})

    def post(self, path: str, body: str | dict[str, Any], **headers: str) -> bytes:
        """Send a form, or a body of another type with its headers."""
        if isinstance(body, dict):
            body, headers = urlencode(body), {"Content-Type": "application/x-www-form-urlencoded", **headers}
        return self._send("POST", path, body, headers)

    def _send(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> bytes:
        self.connection.request(method, path, body=body, headers={**self.headers, **headers})
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status not in (200, 201):
            raise CommandError(f"{method} {path} answered {answer.status}: {content[:300]!r}")
        return content


def _signed_in(user: User) -> dict[str, str]:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    request = RequestFactory().get("/")
    token = get_token(request)
    cookies = {
        settings.SESSION_COOKIE_NAME: session.session_key,
        settings.CSRF_COOKIE_NAME: request.META["CSRF_COOKIE"],
    }
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()), "X-CSRFToken": token}
