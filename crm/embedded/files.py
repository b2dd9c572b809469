"""Small files under `var/`: secrets, locks, free ports. Standard library only."""

import errno
import fcntl
import json
import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO


def private_directory(path: Path) -> Path:
    """Make a directory only its owner can enter, if it is not there yet."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def write_private(path: Path, text: str) -> None:
    """Replace a file in one step; only the owner can read it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)


def read_json(path: Path) -> dict[str, Any]:
    """Return what the file holds; nothing when it is missing or half written."""
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def kept_secret(path: Path) -> str:
    """Return the secret in the file, made on first use."""
    if not path.exists():
        write_private(path, secrets.token_urlsafe(50))
    return path.read_text().strip()


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Tell whether nobody listens on a port of an address of this machine.

    :raises OSError: the address is none of this machine's
    """
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                return False
            raise
    return True


def free_port(*wanted: int, host: str = "127.0.0.1") -> int:
    """Return the first of the wanted ports that is free, else any free one."""
    for port in wanted:
        if port and is_free(port, host):
            return port
    family, _, _, _, address = socket.getaddrinfo(host, 0, type=socket.SOCK_STREAM)[0]
    with socket.socket(family) as probe:
        probe.bind(address)
        return int(probe.getsockname()[1])


def try_lock(path: Path, *, shared: bool = False) -> BinaryIO | None:
    """Return the locked file, or None when another process holds it; the kernel frees it with the process."""
    file = open(path, "ab")  # noqa: SIM115 (the caller holds the lock by holding the file)
    try:
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file


@contextmanager
def locked(path: Path, *, shared: bool = False) -> Iterator[None]:
    """Wait for the lock and hold it."""
    with open(path, "ab") as file:
        fcntl.flock(file, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        yield
