"""Database and broker together: for `up`, for the length of one command, or for a test run.

What DATABASE_URL or REDIS_URL names is used as it is; only what is missing is started. Whoever starts
engines holds `engines.lock`; whoever uses them holds `users.lock` shared, so that a command that started
them waits for the others before it stops them.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol

import psycopg2
import redis

from crm.embedded.bootstrap import ROOT
from crm.embedded.files import free_port, kept_secret, locked, private_directory, read_json, try_lock, write_private
from crm.embedded.postgres import Postgres
from crm.embedded.services import Service, wait_until
from crm.embedded.terminal import say, stop
from crm.embedded.valkey import Valkey

# Everything an installation keeps on disk; another place makes another installation of the same code.
VAR = Path(os.environ.get("SETPOINT_VAR") or ROOT / "var").resolve()
USUAL_POSTGRES_PORT = 54329
USUAL_VALKEY_PORT = 63799


class Engine(Protocol):
    """A program others need before they can start."""

    @property
    def service(self) -> Service:
        """Return how it is run."""

    def url(self) -> str:
        """Return where it listens."""

    def prepare(self) -> None:
        """Make what it needs on disk."""

    def wait_until_ready(self, process: "subprocess.Popen[bytes]", *, seconds: float = 60) -> None:
        """Return once it answers."""


class Engines:
    """The engines this process must start itself, and what they give to the environment."""

    def __init__(self, place: Path, *, durable: bool = True, may_create_databases: bool = False) -> None:
        self.place = private_directory(place)
        self.state_file = place / "engines.json"
        self.may_create_databases = may_create_databases
        ports = read_json(self.state_file).get("ports", {})
        logs = place / "log"
        self.by_variable: dict[str, Engine] = {}
        if not os.environ.get("DATABASE_URL"):
            port = free_port(ports.get("DATABASE_URL", 0), USUAL_POSTGRES_PORT)
            self.by_variable["DATABASE_URL"] = Postgres.at(
                place / "postgres", port=port, log=logs / "database.log", durable=durable
            )
        if not os.environ.get("REDIS_URL"):
            port = free_port(ports.get("REDIS_URL", 0), USUAL_VALKEY_PORT)
            self.by_variable["REDIS_URL"] = Valkey.at(
                place / "valkey", port=port, log=logs / "broker.log", durable=durable
            )
        self.ports = {name: engine.port for name, engine in self.by_variable.items()}  # type: ignore[attr-defined]
        self.processes: list[tuple[Engine, subprocess.Popen[bytes]]] = []

    def prepare(self) -> None:
        """Make what they need on disk; waits for an earlier server that is still shutting down."""
        for engine in self.by_variable.values():
            engine.prepare()
            if isinstance(engine, Postgres):
                engine.wait_until_free()

    def ready(self, engine: Engine, process: "subprocess.Popen[bytes]") -> None:
        """Wait for one engine, and see that the app may use it."""
        engine.wait_until_ready(process)
        if isinstance(engine, Postgres):
            engine.ensure_role(may_create_databases=self.may_create_databases)

    def urls(self) -> dict[str, str]:
        """Return the environment variables that lead to them."""
        return {name: engine.url() for name, engine in self.by_variable.items()}

    def announce(self, **more: object) -> None:
        """Write where they are for other commands of this directory; only our user can read it."""
        state = {"pid": os.getpid(), "ports": self.ports, "urls": self.urls(), **more}
        write_private(self.state_file, json.dumps(state, indent=1))

    def start(self) -> None:
        """Start them all and wait until they answer.

        :raises ServiceFailed: with the end of the log of the one that did not
        """
        self.prepare()
        try:
            for engine in self.by_variable.values():
                self.processes.append((engine, engine.service.spawn()))
            for engine, process in self.processes:
                self.ready(engine, process)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop them, the last one first."""
        while self.processes:
            engine, process = self.processes.pop()
            engine.service.stop(process)


def complete_environment(place: Path, urls: dict[str, str]) -> None:
    """Give this process and its children what Django's settings ask for."""
    os.environ.update(urls)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings.base")
    if not os.environ.get("SECRET_KEY"):
        os.environ["SECRET_KEY"] = kept_secret(place / "secret_key")


def answering_urls(place: Path) -> dict[str, str] | None:
    """Return the addresses of engines somebody else runs in this directory, if they answer."""
    urls = read_json(place / "engines.json").get("urls", {})
    missing = [name for name in ("DATABASE_URL", "REDIS_URL") if not os.environ.get(name)]
    if not all(name in urls and _answers(urls[name]) for name in missing):
        return None
    return {name: urls[name] for name in missing}


def _answers(url: str) -> bool:
    try:
        if url.startswith("redis"):
            with redis.Redis.from_url(url, socket_connect_timeout=1, socket_timeout=2) as client:
                return bool(client.ping())
        psycopg2.connect(url, connect_timeout=2).close()
    except (redis.RedisError, psycopg2.OperationalError):
        return False
    return True


@contextmanager
def engines_for_command(place: Path = VAR) -> Iterator[None]:
    """Have database and broker for the length of one command: those of `up` if it runs, else our own."""
    private_directory(place)
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        complete_environment(place, {})
        yield
        return
    with ExitStack() as stack:
        while not (_borrowed(place, stack) or _started(place, stack)):
            say("Waiting for the database …")
        yield


def _borrowed(place: Path, stack: ExitStack) -> bool:
    """Use the engines somebody else runs, and keep them from stopping."""
    if not wait_until(lambda: answering_urls(place) is not None or not _is_locked(place), seconds=60, pause=0.2):
        raise stop("another command holds the database but it does not answer; see var/log/database.log.")
    with ExitStack() as attempt:
        attempt.enter_context(locked(place / "users.lock", shared=True))
        urls = answering_urls(place)
        if urls is None:
            return False
        complete_environment(place, urls)
        stack.push(attempt.pop_all())
    return True


def _is_locked(place: Path) -> bool:
    lock = try_lock(place / "engines.lock")
    if lock:
        lock.close()
    return lock is None


def _started(place: Path, stack: ExitStack) -> bool:
    """Start engines of our own, and stop them when the last user is done."""
    lock = try_lock(place / "engines.lock")
    if lock is None:
        return False
    stack.enter_context(lock)
    engines = Engines(place)
    engines.start()
    stack.callback(_stop_after_last_user, engines)
    engines.announce(kind="command")
    complete_environment(place, engines.urls())
    return True


def _stop_after_last_user(engines: Engines) -> None:
    with locked(engines.place / "users.lock"):
        engines.stop()
