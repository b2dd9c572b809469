"""`manage.py up`: database, broker, web, worker and beat under one process that restarts what dies.

Ctrl-C stops everything in order. When this process itself is killed, the kernel tells every child
(isolation.py), so nothing is left behind.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from types import FrameType

from crm.embedded.engines import VAR, Engine, Engines, complete_environment
from crm.embedded.files import free_port, is_free, private_directory, read_json, try_lock
from crm.embedded.isolation import die_with_parent
from crm.embedded.services import Service, ServiceFailed, wait_until
from crm.embedded.terminal import say, stop

USUAL_PORT = 8000
EVERYWHERE = "0.0.0.0"  # noqa: S104 (only compared)
LONGEST_PAUSE = 30.0
STEADY_AFTER = 30.0


class Interrupted(Exception):
    """Somebody asked us to stop."""


def up(arguments: list[str]) -> int:
    """Run Setpoint until somebody stops it."""
    options = _options(arguments)
    lock = try_lock(private_directory(VAR) / "engines.lock")
    if lock is None:
        raise stop(_who_runs())
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    supervisor = Supervisor(options)
    try:
        supervisor.start()
        supervisor.watch()
    except Interrupted:
        say("Stopping …")
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        supervisor.stop()
        lock.close()
    say("Stopped. Everything is saved; `python3 manage.py up` goes on from here.")
    return 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="manage.py up", description="Run Setpoint: database, broker, web, worker, beat."
    )
    parser.add_argument("--no-demo", action="store_true", help="start empty instead of with the demo company")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 0), help="port of the web server")
    parser.add_argument("--host", default="127.0.0.1", help="address of the web server (default: this machine only)")
    parser.add_argument(
        "--admin-email", default=os.environ.get("ADMIN_EMAIL", ""), help="first administrator, with --no-demo"
    )
    parser.add_argument("--workers", type=int, default=2, help="web processes")
    return parser.parse_args(arguments)


def web_answers(host: str, port: int) -> bool:
    """Tell whether the web server answers where it listens, asked directly and not through anybody's proxy."""
    url = f"http://{'127.0.0.1' if host == EVERYWHERE else host}:{port}/healthz"
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except urllib.error.HTTPError as refused:
        return refused.code == 400  # it runs, and ALLOWED_HOSTS names other addresses than this one
    except (urllib.error.URLError, OSError):
        return False


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise Interrupted


def _who_runs() -> str:
    state = read_json(VAR / "engines.json")
    if state.get("kind") == "up":
        return (
            f"it runs already at {state.get('address')} (process {state.get('pid')}). Stop that one first, with Ctrl-C."
        )
    return "another command uses the database of this directory. Wait until it is done, or stop it."


@dataclass
class Running:
    """A service and its current process; `engine` where others wait for it."""

    service: Service
    engine: Engine | None = None
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    starts_at: float = 0.0
    failures: int = 0

    def spawn(self) -> None:
        """Start it."""
        self.process, self.started_at = self.service.spawn(), time.monotonic()

    def stop(self) -> None:
        """Stop it, if it ever started."""
        if self.process is not None:
            self.service.stop(self.process)


class Supervisor:
    """Starts things in the order they need each other, watches them, stops them in reverse."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.engines = Engines(VAR)
        self.running: list[Running] = []
        self.port = self._choose_port()
        self.address = (
            f"http://{'localhost' if options.host in ('127.0.0.1', EVERYWHERE) else options.host}:{self.port}"
        )

    def _choose_port(self) -> int:
        host = self.options.host
        try:
            if self.options.port:
                if not is_free(self.options.port, host):
                    raise stop(f"port {self.options.port} is taken. Choose another one with --port.")
                return int(self.options.port)
            port = free_port(*range(USUAL_PORT, USUAL_PORT + 10), host=host)
        except OSError as error:
            raise stop(f"{host} is no address of this machine. Choose another one with --host.") from error
        if port != USUAL_PORT:
            say(f"Port {USUAL_PORT} is taken; using {port}.")
        return port

    def start(self) -> None:
        """Bring everything up; the page answers before worker and beat are started.

        :raises ServiceFailed: with the end of the log of what did not start
        """
        say("Starting database and broker …")
        self.engines.prepare()
        for engine in self.engines.by_variable.values():
            self._run(Running(engine.service, engine))
        for running in self.running:
            self._await_engine(running)
        complete_environment(VAR, self.engines.urls())
        self.engines.announce(kind="up", address=self.address)
        self._prepare()
        say("Starting the web server …")
        self._run(Running(self._web()))
        if not wait_until(self._web_answers, seconds=60):
            raise ServiceFailed(f"The web server does not answer.\n{self._web().last_lines(30)}")
        self._run(Running(self._worker()))
        self._run(Running(self._beat()))
        say(f"Setpoint is ready: {self.address}/   (Ctrl-C stops it)")
        print(f"Sign in as\n{(VAR / 'sign_in').read_text()}", file=sys.stderr, flush=True)

    def _run(self, running: Running) -> None:
        self.running.append(running)
        running.spawn()

    def _await_engine(self, running: Running) -> None:
        if running.engine and running.process:
            self.engines.ready(running.engine, running.process)

    def _prepare(self) -> None:
        """Migrate, collect static files and fill an empty database, in one process: importing is slow."""
        command = [sys.executable, "-m", "crm.embedded.prepare"]
        command += ["--no-demo"] if self.options.no_demo else []
        command += ["--admin-email", self.options.admin_email] if self.options.admin_email else []
        done = subprocess.run(command, check=False, preexec_fn=lambda: die_with_parent(signal.SIGTERM))
        if done.returncode != 0:
            raise ServiceFailed("The database could not be prepared; the reason stands above.")

    def _web(self) -> Service:
        options = ["--bind", f"{self.options.host}:{self.port}", "--workers", str(self.options.workers)]
        options += ["--worker-class", "gthread", "--threads", "4", "--preload", "--timeout", "60"]
        options += ["--graceful-timeout", "10", "--no-control-socket"]
        argv = [sys.executable, "-m", "gunicorn", "crm.wsgi:application", *options]
        return Service(name="web", argv=argv, log=VAR / "log" / "web.log", grace=12)

    def _worker(self) -> Service:
        options = ["--concurrency", "2", "--loglevel", "INFO", "--without-gossip", "--without-mingle"]
        argv = [sys.executable, "-m", "celery", "-A", "crm.celery", "worker", *options]
        # When we are gone, database and broker are going too. Celery's gentle ways to stop, SIGQUIT included, wait
        # for them; killed, it frees its jobs at once (queries/jobs.py).
        return Service(name="worker", argv=argv, log=VAR / "log" / "worker.log", grace=20, orphan_signal=signal.SIGKILL)

    def _beat(self) -> Service:
        options = ["--loglevel", "WARNING", "--scheduler", "celery.beat:Scheduler", "--pidfile="]
        argv = [sys.executable, "-m", "celery", "-A", "crm.celery", "beat", *options]
        return Service(name="beat", argv=argv, log=VAR / "log" / "beat.log", grace=5)

    def _web_answers(self) -> bool:
        web = self.running[-1]
        if web.process and web.process.poll() is not None:
            raise ServiceFailed(f"The web server ended.\n{web.service.last_lines(30)}")
        return web_answers(self.options.host, self.port)

    def watch(self) -> None:
        """Restart what dies, with growing pauses; returns only through `Interrupted`."""
        while True:
            for running in self.running:
                self._look_after(running)
            time.sleep(0.2)

    def _look_after(self, running: Running) -> None:
        now = time.monotonic()
        if running.process is not None and running.process.poll() is not None:
            self._schedule_restart(running, now)
        elif running.process is None and now >= running.starts_at:
            self._restart(running)

    def _schedule_restart(self, running: Running, now: float) -> None:
        assert running.process is not None
        running.failures = 1 if now - running.started_at > STEADY_AFTER else running.failures + 1
        pause = min(LONGEST_PAUSE, 0.5 * 2 ** (running.failures - 1))
        code = running.process.returncode
        say(f"{running.service.name} ended ({code}); starting it again in {pause:.0f} s. See {running.service.log}.")
        running.service.stop(running.process)  # what it left behind in its group
        running.process, running.starts_at = None, now + pause

    def _restart(self, running: Running) -> None:
        running.spawn()
        try:
            self._await_engine(running)
        except ServiceFailed as failure:
            say(str(failure))

    def stop(self) -> None:
        """Stop everything, what started last first."""
        while self.running:
            self.running.pop().stop()
