"""Engines for one test run: in a temporary directory, without fsync, gone when the run is."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from crm.embedded.engines import Engines, complete_environment
from crm.embedded.terminal import say


def start_for_tests() -> None:
    """Start what DATABASE_URL and REDIS_URL do not name; the processes pytest starts inherit the addresses."""
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        return
    say("Starting database and broker for the tests …")
    place = Path(tempfile.mkdtemp(prefix="setpoint-test-"))
    engines = Engines(place, durable=False, may_create_databases=True)
    atexit.register(_clean_up, engines, os.getpid())
    engines.start()
    complete_environment(place, engines.urls())


def _clean_up(engines: Engines, owner: int) -> None:
    if os.getpid() == owner:  # a forked child leaves the engines alone
        engines.stop()
        shutil.rmtree(engines.place, ignore_errors=True)
