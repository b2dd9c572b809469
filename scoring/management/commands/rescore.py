"""`manage.py rescore`: bring stored scores up to date, or print what they were (D-30)."""

import json
import time
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from crm.lib.moments import BadMoment
from crm.lib.origin import origin
from crm.queries.organisation import read_local_moment
from scoring.commands.scores import Refreshed, refresh_all_scores, refresh_due_scores, refresh_scores
from scoring.models import Lead
from scoring.queries.scores import list_scores


class Command(BaseCommand):
    """Parses what was typed, calls one command or query, prints."""

    help = "Bring stored scores up to date and print how many changed. With --as-of, print scores and store nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare what may be typed."""
        parser.add_argument("--lead", metavar="ID", help="only this lead: its id, external id or e-mail")
        parser.add_argument("--full", action="store_true", help="replay every lead, not only those that are due")
        parser.add_argument(
            "--as-of", metavar="T", help="a date (its end) or a time; prints the scores as of then and stores nothing"
        )
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        lead_id = self._lead_id(options["lead"]) if options["lead"] else None
        if options["as_of"]:
            self._print_scores(lead_id, self._moment(options["as_of"]), as_json=options["json"])
            return
        started = time.perf_counter()
        with origin(via="command"):
            done = self._refresh(lead_id, full=options["full"], at=timezone.now())
        seconds = time.perf_counter() - started
        counts = {"leads": done.leads, "changed": done.changed, "crossings": len(done.crossing_ids)}
        if options["json"]:
            self.stdout.write(json.dumps(counts | {"seconds": round(seconds, 3)}))
            return
        pace = f", {done.leads / seconds:,.0f} leads a second" if done.leads else ""
        self.stdout.write(
            f"{done.changed} scores changed of {done.leads} looked at, "
            f"{len(done.crossing_ids)} new crossings, in {seconds:.2f} s{pace}."
        )

    def _refresh(self, lead_id: int | None, *, full: bool, at: datetime) -> Refreshed:
        if lead_id is not None:
            return refresh_scores(lead_ids=[lead_id], at=at)
        return refresh_all_scores(at=at) if full else refresh_due_scores(at=at)

    def _print_scores(self, lead_id: int | None, as_of: datetime, *, as_json: bool) -> None:
        rows = list_scores([lead_id] if lead_id is not None else None, as_of=as_of)
        if as_json:
            scores = [{"lead": str(pk), "external_id": external_id, "score": score} for pk, external_id, score in rows]
            self.stdout.write(json.dumps({"as_of": as_of.isoformat(), "scores": scores}))
            return
        for pk, external_id, score in rows:
            self.stdout.write(f"{external_id or pk}\t{score}")

    def _lead_id(self, text: str) -> int:
        leads = Lead.objects.all()
        found = leads.filter(external_id=text).first() or leads.filter(email=text.lower()).first()
        if found is None and text.isascii() and text.isdigit() and len(text) < 19:
            found = leads.filter(pk=int(text)).first()
        if found is None:
            raise CommandError(f"There is no lead {text}. Give its id, external id or e-mail.")
        return found.pk

    def _moment(self, text: str) -> datetime:
        try:
            return read_local_moment(text)
        except BadMoment:
            raise CommandError(f"{text} is no time. Write 2024-04-28 or 2024-04-28T09:30+03:00.") from None
