"""Bring the database to the present and fill it on first start; one process, because importing is slow.

Run as a module by the supervisor, and by containers before they start the web server.
"""

import argparse
import getpass
import os
import sys

import django

from crm.embedded.terminal import say, stop


def main(arguments: list[str]) -> None:
    """Migrate, collect static files, fill an empty database, give lost messages back."""
    parser = argparse.ArgumentParser(prog="prepare")
    parser.add_argument("--no-demo", action="store_true")
    parser.add_argument("--admin-email", default=os.environ.get("ADMIN_EMAIL", ""))
    parser.add_argument("--address", default="")
    options = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings.base")
    django.setup()
    from django.core.management import call_command

    say("Bringing the database up to date …")
    call_command("migrate", interactive=False, verbosity=0)
    say("Collecting static files …")
    call_command("build_assets", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    _fill(options)
    _return_messages()


def _fill(options: argparse.Namespace) -> None:
    """Load the demo company into an empty database, or see that somebody can sign in."""
    from django.core.management import call_command

    from crm.models import User

    if User.objects.exists():
        return
    if options.no_demo:
        _first_administrator(options.admin_email)
        return
    say("Making the demo company; this is done once …")
    call_command("demo")


def _first_administrator(email: str) -> None:
    """Make the person who invites all others; asks on the terminal for what the environment does not give."""
    from crm.commands.people import make_first_administrator
    from crm.lib.errors import CommandRefused
    from django.utils import timezone

    password = os.environ.get("ADMIN_PASSWORD", "")
    if not (email and password) and not sys.stdin.isatty():
        raise stop(
            "an empty Setpoint needs its first administrator. Start it on a terminal, which asks, "
            "or set ADMIN_EMAIL and ADMIN_PASSWORD."
        )
    email = email or input("E-mail of the first administrator: ").strip()
    while not password:
        password = getpass.getpass("Password (10 characters or more): ")
        if password != getpass.getpass("Once more: "):
            print("These differ. Again:", file=sys.stderr)
            password = ""
    try:
        make_first_administrator(email=email, password=password, at=timezone.now())
    except CommandRefused as refused:
        raise stop(f"this administrator was refused: {refused}.") from refused


def _return_messages() -> None:
    from crm.celery import return_unacked

    returned = return_unacked()
    if returned:
        say(f"{returned} interrupted jobs will go on.")


if __name__ == "__main__":
    main(sys.argv[1:])
