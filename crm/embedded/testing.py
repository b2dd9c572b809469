"""Engines for one run of tests or one benchmark: in a temporary directory, gone when the run is."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from crm.embedded.engines import Engines, complete_environment
from crm.embedded.terminal import say


def start_for_tests() -> None:
    """Start what DATABASE_URL and REDIS_URL do not name; the processes pytest starts inherit the addresses."""
    _start("the tests", durable=False)


def start_for_benchmark() -> None:
    """Start them for a benchmark: it makes a database of its own, and writes as durably as an installation does."""
    _start("the benchmark", durable=True)


def _start(what: str, *, durable: bool) -> None:
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        return
    say(f"Starting database and broker for {what} …")
    place = Path(tempfile.mkdtemp(prefix="setpoint-test-"))
    engines = Engines(place, durable=durable, may_create_databases=True)
    atexit.register(_clean_up, engines, os.getpid())
    engines.start()
    complete_environment(place, engines.urls())


def _clean_up(engines: Engines, owner: int) -> None:
    if os.getpid() == owner:  # a forked child leaves the engines alone
        engines.stop()
        shutil.rmtree(engines.place, ignore_errors=True)
