"""What a person reads while Setpoint gets ready. Standard library only."""

import sys
import time

_started = time.monotonic()


def say(message: str) -> None:
    """Print one line with the seconds since the start, at once."""
    print(f"[{time.monotonic() - _started:5.1f}s] {message}", file=sys.stderr, flush=True)


def stop(message: str) -> "SystemExit":
    """Return the exit that prints a sentence and what to do about it."""
    return SystemExit(f"setpoint: {message}")
