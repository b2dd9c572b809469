"""What `manage.py` does once everything can be imported: `up`, `test`, or a Django command with its engines."""

import os
import sys

from crm.embedded.bootstrap import ROOT
from crm.embedded.engines import VAR, complete_environment, engines_for_command
from crm.embedded.files import private_directory
from crm.embedded.services import ServiceFailed
from crm.embedded.terminal import stop

# These read and write no database; they must run in a container that has none.
WITHOUT_ENGINES = {
    "help",
    "version",
    "build_assets",
    "collectstatic",
    "makemessages",
    "compilemessages",
    "diffsettings",
}
UNREACHABLE = {"DATABASE_URL": "postgres://setpoint@127.0.0.1:1/setpoint", "REDIS_URL": "redis://127.0.0.1:1/0"}


def run(argv: list[str]) -> int:
    """Run the command the arguments name and return its exit code."""
    os.chdir(ROOT)
    command = argv[1] if len(argv) > 1 else "help"
    if command == "test":
        return run_tests(argv[2:])
    try:
        if command == "up":
            from crm.embedded.supervisor import up

            return up(argv[2:])
        return _run_django(command, argv)
    except ServiceFailed as failure:
        raise stop(str(failure)) from failure


def _run_django(command: str, argv: list[str]) -> int:
    from django.core.management import execute_from_command_line

    if command in WITHOUT_ENGINES or command.startswith("-") or {"--help", "-h"} & set(argv):
        private_directory(VAR)
        complete_environment(VAR, {name: url for name, url in UNREACHABLE.items() if not os.environ.get(name)})
        execute_from_command_line(argv)
        return 0
    if command == "bench":
        from crm.embedded.testing import start_for_benchmark

        private_directory(VAR)
        start_for_benchmark()
        complete_environment(VAR, {})  # the secret, where the environment brings the addresses
        execute_from_command_line(argv)
        return 0
    with engines_for_command():
        execute_from_command_line(argv)
    return 0


def run_tests(arguments: list[str]) -> int:
    """Hand over to pytest; two workers unless the arguments say otherwise. Never returns."""
    says_workers = any(argument.startswith(("-n", "--numprocesses")) for argument in arguments)
    workers = [] if says_workers else ["-n", "2"]
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *workers, *arguments])
