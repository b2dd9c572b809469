"""`manage.py handoff`: what stands with sales and what waits for release; release it (S-9, D-27)."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count
from django.utils import timezone

from scoring.commands.handoffs import release_crossings
from scoring.management.asking import asked_by_hand, find_person, table
from scoring.models import Crossing, Handoff
from scoring.queries.inbox import waiting_crossings

BATCH = 500


class Command(BaseCommand):
    help = (
        "Print how many leads went over the threshold, wait for release, and stand with whom. With --release, release."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--release", action="store_true", help="hand over what waits; the clocks start now")
        parser.add_argument("--most", type=int, metavar="N", help="the N latest only")
        parser.add_argument("--by", metavar="E-MAIL", help="the administrator or marketer who releases")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *, release: bool, most: int | None, by: str | None, **options: Any) -> None:
        found: dict[str, Any] = {}
        if release:
            found["released"] = self._release(most, by)
        reasons = Crossing.objects.values_list("state").annotate(number=Count("pk")).order_by("state")
        open_ = Handoff.objects.filter(answered_at=None).values_list("owner__name")
        found |= {
            "crossings": dict(reasons),
            "waiting": waiting_crossings().count(),
            "with": {
                name or "nobody": number for name, number in open_.annotate(number=Count("pk")).order_by("owner__name")
            },
        }
        if options["json"]:
            self.stdout.write(json.dumps(found))
            return
        if release:
            self.stdout.write(f"{found['released']} leads handed over.")
        self.stdout.write(table(("crossings", "number"), list(found["crossings"].items())))
        self.stdout.write(f"{found['waiting']} can be released.")
        self.stdout.write(table(("leads to answer, with", "number"), list(found["with"].items())))

    def _release(self, most: int | None, by: str | None) -> int:
        if not by:
            raise CommandError("Say who releases: --by E-MAIL.")
        if most is not None and most < 1:
            raise CommandError("--most takes a number from 1.")
        person, released = find_person(by), 0
        waiting = list(waiting_crossings().order_by("-crossed_at", "-pk").values_list("pk", flat=True)[:most])
        with asked_by_hand():
            for start in range(0, len(waiting), BATCH):
                at = timezone.now()
                released += len(release_crossings(crossing_ids=waiting[start : start + BATCH], by=person, at=at))
        return released
