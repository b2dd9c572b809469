"""`manage.py qbr`: build a quarter review in this process and wait for it."""

import json
from argparse import ArgumentParser
from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from crm.lib.errors import CommandRefused
from crm.lib.labels import label
from crm.lib.origin import origin
from reports.commands import qbrs as commands
from reports.enums import RunState
from reports.labels.refusals import sentences
from reports.models import QbrPart, QbrRun
from reports.queries import named
from reports.queries.qbrs import get_part
from reports.renderers.payload import run_document
from reports.tasks import content

LATER = {".pdf", ".pptx", ".xlsx"}


class Command(BaseCommand):
    help = "Build a team's quarter review in this process; --out writes it, else it goes to the terminal."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--team", required=True, help="the team's name")
        parser.add_argument("--quarter", required=True, help="a fiscal quarter: 2026Q3")
        parser.add_argument("--out", type=Path, help="a file ending in .json")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print the whole review as JSON")

    def handle(self, *, team: str, quarter: str, out: Path | None, as_json: bool, **options: Any) -> None:
        self._check(out)
        started = monotonic()
        try:
            with origin(via="command", reference="qbr"):
                asked = commands.ask_qbr(
                    team_id=named.find_team(team).pk, quarter=quarter, by=None, at=timezone.now(), in_process=True
                )
                run = self._build(asked, say=not (as_json or out is None))
        except CommandRefused as refused:
            raise CommandError(" ".join(sentences(refused))) from None
        text = json.dumps(run_document(run), indent=2, ensure_ascii=False)
        if out is None:
            self.stdout.write(text)
            return
        self._write(out, text)
        self.stdout.write(f"{out}: {run.team.name}, {run.quarter}, version {run.number}, {monotonic() - started:.1f} s")

    def _check(self, out: Path | None) -> None:
        if out is None or out.suffix.lower() == ".json":
            return
        if out.suffix.lower() in LATER:
            raise CommandError(
                f"{out.suffix} cannot be written by this version. Use --out with a name ending in .json."
            )
        raise CommandError(f"{out} has no ending that names a format. Use a name ending in .json.")

    def _build(self, run: QbrRun, *, say: bool) -> QbrRun:
        for part_id in QbrPart.objects.filter(run=run).order_by("order").values_list("pk", flat=True):
            if commands.start_part(part_id=part_id, at=timezone.now()) is None:
                continue
            part = get_part(part_id)
            if say:
                self.stdout.write(f"{label('qbr_part', part.kind)} …")
            payload, suggested = content(part)
            commands.finish_part(part_id=part_id, payload=payload, suggested=suggested, at=timezone.now())
        return QbrRun.objects.select_related("team").get(pk=run.pk, state=RunState.READY)

    def _write(self, out: Path, text: str) -> None:
        try:
            out.write_text(text + "\n", encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{out} cannot be written: {error.strerror}. The review itself is kept.") from None
