"""Bring the database to the present and fill it on first start; one process, because importing is slow.

Run as a module by the supervisor, and by containers before they start the web server.
"""

import argparse
import getpass
import hashlib
import io
import os
import sys
from pathlib import Path

import django

from crm.embedded.engines import VAR
from crm.embedded.files import write_private
from crm.embedded.terminal import say, stop

SIGN_IN = VAR / "sign_in"
SHOWN_ROLES = ("rep", "manager", "marketing", "admin")


def main(arguments: list[str]) -> None:
    """Migrate, collect static files, fill an empty database, give lost messages back."""
    parser = argparse.ArgumentParser(prog="prepare")
    parser.add_argument(
        "--no-demo", action="store_true", help="leave an empty database empty but for one administrator"
    )
    parser.add_argument("--admin-email", default=os.environ.get("ADMIN_EMAIL", ""))
    options = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings.base")
    django.setup()
    from django.core.management import call_command

    say("Bringing the database up to date …")
    call_command("migrate", interactive=False, verbosity=0)
    _collect_static_files()
    _fill(options)
    _return_messages()
    write_private(SIGN_IN, _who_can_sign_in())


def _collect_static_files() -> None:
    """Collect them when one changed; hashing and compressing takes seconds."""
    from django.conf import settings
    from django.core.management import call_command

    call_command("build_assets", stdout=io.StringIO())
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    digest = hashlib.sha256((settings.BASE_DIR / "requirements.lock").read_bytes())
    for file in sorted(
        file for place in settings.STATICFILES_DIRS for file in Path(place).rglob("*") if file.is_file()
    ):
        digest.update(f"{file} {file.stat().st_size} {file.stat().st_mtime_ns}\n".encode())
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    say("Collecting static files …")
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(digest.hexdigest())


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
    from django.utils import timezone

    from crm.commands.people import PersonRefused, make_first_administrator

    password = os.environ.get("ADMIN_PASSWORD", "")
    asks = sys.stdin.isatty()
    if not (email and password) and not asks:
        raise stop(
            "an empty Setpoint needs its first administrator. Start it on a terminal, which asks, "
            "or set ADMIN_EMAIL and ADMIN_PASSWORD."
        )
    while True:
        email = email or input("E-mail of the first administrator: ").strip()
        password = password or _ask_password()
        try:
            make_first_administrator(email=email, password=password, at=timezone.now())
        except PersonRefused as refused:
            reasons = ", ".join(refusal.code.replace("_", " ") for refusal in refused.refusals)
            if not asks:
                raise stop(f"the first administrator was refused: {reasons}.") from refused
            print(f"That was refused: {reasons}. Again:", file=sys.stderr)
            email = password = ""
        else:
            return


def _ask_password() -> str:
    while True:
        password = getpass.getpass("Password (10 characters or more): ")
        if password == getpass.getpass("Once more: "):
            return password
        print("These differ. Again:", file=sys.stderr)


def _return_messages() -> None:
    from crm.celery import return_unacked

    returned = return_unacked()
    if returned:
        say(f"{returned} interrupted jobs go on.")


def _who_can_sign_in() -> str:
    """Return who may be tried first: of the demo company one person a role, else the administrators."""
    from crm.models import RoleGrant

    demo_password = VAR / "demo_password"
    roles = SHOWN_ROLES if demo_password.exists() else ("admin",)
    granted = RoleGrant.objects.filter(revoked_at=None, user__is_active=True, role__in=roles)
    first = dict(granted.order_by("-id").values_list("role", "user__email"))
    lines = [f"  {role:<10} {first[role]}" for role in roles if role in first]
    if demo_password.exists():
        lines.append(f"  password   {demo_password.read_text().strip()}   (the same for the whole demo company)")
    return "\n".join(lines)


if __name__ == "__main__":
    main(sys.argv[1:])
