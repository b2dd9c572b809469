"""From a bare Python to an environment with everything installed. Standard library only.

The environment is `.venv`. uv makes it where uv is on PATH, else uv from `.tools`, else venv and pip:
whatever fails is said, and the next is tried.
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from crm.embedded.terminal import say, stop

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
TOOLS = ROOT / ".tools"
RUN_LOCK = ROOT / "requirements.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"
STAMP = VENV / ".setpoint-installed"
NEEDED = ("django", "celery", "psycopg2", "redis", "environ", "allauth", "gunicorn")
NEEDED_FOR_TESTS = ("pytest", "pytest_django", "xdist", "hypothesis", "factory", "playwright")


def ensure_environment(argv: list[str]) -> None:
    """Return when everything the command needs can be imported; otherwise install it and start again in `.venv`."""
    wants_dev = len(argv) > 1 and argv[1] == "test"
    inside = Path(sys.prefix).resolve() == VENV.resolve()
    if not inside and _can_import(NEEDED + (NEEDED_FOR_TESTS if wants_dev else ())):
        return  # somebody else's environment, a container for instance, has it all
    if not _is_installed(wants_dev):
        _install(wants_dev)
        inside = False
    if not inside:
        python = str(VENV / "bin" / "python")
        os.execv(python, [python, str(ROOT / "manage.py"), *argv[1:]])


def install_for_development() -> None:
    """Make `.venv` with the tests' and the linters' packages too, without starting anything (.ci/run)."""
    if not _is_installed(wants_dev=True):
        _install(wants_dev=True)


def _can_import(names: tuple[str, ...]) -> bool:
    return all(importlib.util.find_spec(name) for name in names)


def _digest(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def _is_installed(wants_dev: bool) -> bool:
    """Tell whether `.venv` holds what the lock files ask for; the development lock contains the other."""
    if not (VENV / "bin" / "python").exists():
        return False
    installed = STAMP.read_text().split() if STAMP.exists() else []
    wanted = [_digest(DEV_LOCK)] if wants_dev else [_digest(RUN_LOCK), _digest(DEV_LOCK)]
    return any(digest in installed for digest in wanted)


def _install(wants_dev: bool) -> None:
    lock = DEV_LOCK if wants_dev or _had_dev() else RUN_LOCK
    (ROOT / "var").mkdir(exist_ok=True)
    with open(ROOT / "var" / "bootstrap.lock", "w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)  # two terminals, one installation
        if _is_installed(wants_dev):
            return
        say(f"Installing what {lock.name} names into .venv. The first time takes up to a minute.")
        for attempt in (_uv_on_path, _uv_from_pip, _venv_and_pip):
            if attempt(lock):
                STAMP.write_text(f"{_digest(lock)}\n")
                say("Everything is installed.")
                return
    raise stop(
        "the Python packages could not be installed; the reasons stand above. "
        "Setpoint needs pip (or uv) and a way to a package index, once."
    )


def _had_dev() -> bool:
    return any(VENV.glob("lib/python3*/site-packages/pytest_django"))


def _uv_on_path(lock: Path) -> bool:
    uv = shutil.which("uv")
    return bool(uv) and _sync_with_uv(str(uv), lock)


def _uv_from_pip(lock: Path) -> bool:
    uv = TOOLS / "bin" / "uv"
    if not uv.exists():
        say("Fetching uv, the installer, into .tools …")
        # --target, because Debian's Python refuses a plain `pip install`.
        fetch = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        fetch += ["--root-user-action", "ignore"]
        if not _runs([*fetch, "--target", str(TOOLS), "uv"]):
            return False
    return uv.exists() and _sync_with_uv(str(uv), lock)


def _sync_with_uv(uv: str, lock: Path) -> bool:
    # Always with the interpreter: left alone, uv tries to download one.
    python = str(VENV / "bin" / "python")
    make = [uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, str(VENV)]
    # Compiled once here, as pip does, not by every process where PYTHONDONTWRITEBYTECODE is set.
    install = [uv, "pip", "install", "--compile-bytecode", "--require-hashes", "--python", python, "-r", str(lock)]
    return (Path(python).exists() or _runs(make)) and _runs(install, quiet=_quiet_uv)


def _venv_and_pip(lock: Path) -> bool:
    say("Without uv; pip takes two or three minutes.")
    python = str(VENV / "bin" / "python")
    install = [python, "-m", "pip", "install", "--disable-pip-version-check", "--require-hashes", "-r", str(lock)]
    made = _runs([sys.executable, "-m", "venv", "--upgrade", str(VENV)])
    return made and _runs(install, quiet=_quiet_pip)


def _quiet_uv(line: str) -> bool:
    return line.startswith(" + ")  # one line a package says less than the total does


def _quiet_pip(line: str) -> bool:
    return "Hash" in line or "Requirement already" in line


def _runs(command: list[str], *, quiet: Callable[[str], bool] = lambda line: False) -> bool:
    """Run a command and tell whether it succeeded; on a terminal its own progress shows."""
    environment = {key: value for key, value in os.environ.items() if key not in ("VIRTUAL_ENV", "PYTHONHOME")}
    if sys.stderr.isatty():
        return subprocess.run(command, env=environment, stdin=subprocess.DEVNULL).returncode == 0
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, **pipes) as process:  # type: ignore[call-overload]
        for line in process.stdout:
            if line.strip() and not quiet(line):
                print("         " + line.rstrip(), file=sys.stderr, flush=True)
    return bool(process.returncode == 0)


if __name__ == "__main__":
    install_for_development()
