"""A Valkey server of our own, started directly with our own configuration: append-only file on, never evicting."""

import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

import redis

from crm.embedded.binaries import find_valkey
from crm.embedded.files import kept_secret, private_directory, write_private
from crm.embedded.services import Service, ServiceFailed, wait_until


@dataclass(frozen=True)
class Valkey:
    """`home` holds its data, its configuration and its password."""

    home: Path
    program: Path
    port: int
    log: Path
    durable: bool = True

    @classmethod
    def at(cls, home: Path, *, port: int, log: Path, durable: bool = True) -> "Valkey":
        """Return the server that lives in `home`."""
        return cls(home=private_directory(home), program=find_valkey(), port=port, log=log, durable=durable)

    @property
    def service(self) -> Service:
        """Return how it is run."""
        return Service(
            name="broker",
            argv=[str(self.program), str(self.home / "valkey.conf")],
            log=self.log,
            stop_signal=signal.SIGTERM,
            grace=10,
        )

    def url(self) -> str:
        """Return what REDIS_URL must be."""
        return f"redis://:{kept_secret(self.home / 'password')}@127.0.0.1:{self.port}/0"

    def prepare(self) -> None:
        """Write its configuration; a file, because arguments are for everybody to read."""
        settings = {
            "bind": "127.0.0.1",
            "port": self.port,
            "dir": f'"{self.home.resolve()}"',
            "requirepass": kept_secret(self.home / "password"),
            "appendonly": "yes" if self.durable else "no",
            "save": '""',
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
        }
        write_private(self.home / "valkey.conf", "".join(f"{name} {value}\n" for name, value in settings.items()))

    def answers(self) -> bool:
        """Tell whether it answers a PING."""
        try:
            with redis.Redis.from_url(self.url(), socket_connect_timeout=1, socket_timeout=2) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def wait_until_ready(self, process: "subprocess.Popen[bytes]", *, seconds: float = 60) -> None:
        """Return once it answers.

        :raises ServiceFailed: it ended or took too long
        """
        ready = wait_until(lambda: process.poll() is not None or self.answers(), seconds=seconds)
        if not ready or process.poll() is not None:
            raise ServiceFailed(f"The broker did not start.\n{self.service.last_lines()}")
