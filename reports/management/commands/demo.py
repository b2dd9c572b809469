"""`manage.py demo`: an empty database becomes a believable company."""

import secrets
from argparse import ArgumentParser
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from crm.commands.organisation import edit_organisation, set_time_zone
from crm.commands.people import share_password
from crm.lib.origin import origin
from crm.models import Account, Activity, Contact, User
from pipeline.models import Opportunity
from reports.management.demo import words
from reports.management.demo.load import load
from scoring.models import Lead


class Command(BaseCommand):
    help = "Fill an empty database with a demo company: 23 people, 3 teams, two years of history."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seed", type=int, default=1, help="another seed gives another company")
        parser.add_argument(
            "--on", type=date.fromisoformat, help="the day at whose 00:00 the history ends (default: today)"
        )
        parser.add_argument("--password", default="", help="shared password of the demo people (default: a random one)")

    def handle(self, *, seed: int, on: date | None, password: str, **options: object) -> None:
        if any(model.objects.exists() for model in (User, Account, Contact, Activity, Opportunity, Lead)):
            raise CommandError("This database holds data already. The demo company needs an empty one.")
        password = password or f"{secrets.choice(_WORDS)}-{secrets.choice(_WORDS)}-{secrets.randbelow(9000) + 1000}"
        zone = ZoneInfo(words.ZONE)
        today = on or timezone.localdate(timezone=zone)
        if today > timezone.localdate(timezone=zone):
            raise CommandError("The demo company has no future. Give --on a day that has begun.")
        # Whatever the hour, the same day gives the same rows.
        now = datetime.combine(today, time.min, tzinfo=zone)
        with transaction.atomic(), origin(via="import", reference="demo"):
            edit_organisation(changes={"name": words.ORGANISATION, "currency": words.CURRENCY}, by=None, at=now)
            set_time_zone(zone=words.ZONE, from_on=date(1970, 1, 1), by=None, at=now)
            load(seed=seed, today=today, say=self.stdout.write)
            share_password(password=password, by=None, at=now)
        _keep(password)
        self.stdout.write(f"People sign in with their e-mail, such as kaur@brightwater.example, and {password}")


def _keep(password: str) -> None:
    """Keep the password for `up` to show again, readable by its owner only."""
    settings.VAR_DIR.mkdir(exist_ok=True)
    path = settings.VAR_DIR / "demo_password"
    path.touch(mode=0o600)
    path.write_text(password)


_WORDS = ("harbour", "copper", "meadow", "lantern", "granite", "willow", "ferry", "juniper", "paddle", "saffron")
