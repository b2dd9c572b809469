"""How often something may happen, counted in this process.

In memory on purpose: a limiter that needed the broker would fail with it, open or closed. Two web workers
together allow twice the limit.
"""

import threading
from collections import OrderedDict

MOST_KEYS = 10_000


class Limiter:
    """Counts per key in windows of fixed length and forgets the keys seen longest ago."""

    def __init__(self) -> None:
        self._windows: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, key: str, *, limit: int, seconds: float, now: float) -> float | None:
        """Count once and return how many seconds to wait when that was too often, else None.

        `now` is a monotonic reading in seconds.
        """
        with self._lock:
            started, count = self._windows.pop(key, (now, 0))
            if now - started >= seconds:
                started, count = now, 0
            self._windows[key] = (started, count + 1)
            while len(self._windows) > MOST_KEYS:
                self._windows.popitem(last=False)
        return None if count < limit else max(started + seconds - now, 1.0)
