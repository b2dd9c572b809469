"""One program that runs beside others: how it is started, how it is asked to stop."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from crm.embedded.isolation import starter

LARGEST_LOG = 10_000_000


class ServiceFailed(Exception):
    """A program ended, or did not answer, before it was of use; the message holds the end of its log."""


@dataclass(frozen=True)
class Service:
    """A program, the file that takes what it prints, and the signals that end it gently or when we are gone."""

    name: str
    argv: list[str]
    log: Path
    environment: dict[str, str] = field(default_factory=dict)
    stop_signal: int = signal.SIGTERM
    orphan_signal: int = signal.SIGTERM
    grace: float = 10.0
    as_guest: bool = False

    def spawn(self) -> "subprocess.Popen[bytes]":
        """Start it in a session of its own, so that Ctrl-C reaches us alone and we decide the order.

        Only from the main thread: the kernel takes the end of the starting thread for our end.
        """
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        with open(self.log, "ab") as log:
            return subprocess.Popen(
                self.argv,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.environment},
                start_new_session=True,
                preexec_fn=starter(on_orphaned=self.orphan_signal, as_guest=self.as_guest),
            )

    def last_lines(self, count: int = 12) -> str:
        """Return the end of the log, for a person who asks why."""
        if not self.log.exists():
            return ""
        with open(self.log, "rb") as file:
            file.seek(max(0, self.log.stat().st_size - 8000))
            return "\n".join(file.read().decode(errors="replace").splitlines()[-count:])

    def stop(self, process: "subprocess.Popen[bytes]") -> None:
        """End it: gently, and after its grace for good, together with whatever it started."""
        if process.poll() is None:
            process.send_signal(self.stop_signal)
            try:
                process.wait(self.grace)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        kill_group(process.pid)


def kill_group(leader: int) -> None:
    """Kill what a program that led its own session left behind."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def wait_until(ready: Callable[[], bool], *, seconds: float, pause: float = 0.05) -> bool:
    """Return whether `ready()` came true in time."""
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True
