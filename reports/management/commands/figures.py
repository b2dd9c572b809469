"""`manage.py figures`: the figures of the pages, on the terminal or as JSON."""

import json
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from crm.lib.envelope import Envelope
from crm.lib.errors import CommandRefused
from crm.queries.organisation import get_local_date
from reports.labels.definitions import figure_definition, figure_title
from reports.labels.figures import figure_line
from reports.labels.refusals import sentences
from reports.queries import named
from reports.queries.catalogue import CATALOGUE
from reports.queries.figures import compute


class Command(BaseCommand):
    help = "Print a figure: one envelope a row, over everything. `figures --list` names them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", help="the figure's name, such as win-rate")
        parser.add_argument(
            "--list", action="store_true", dest="listing", help="list the figures with definition and section"
        )
        parser.add_argument("--as-of", help="what was true then: 2026-09-30 (its end), or a time with zone")
        parser.add_argument("--known-at", help="what had been recorded by then; same forms")
        parser.add_argument("--from", dest="first", help="first day of the period: 2026-07-01")
        parser.add_argument(
            "--to", dest="last", help="last day of the period; or a whole period such as 2026Q3 for both"
        )
        parser.add_argument("--team", help="a team's name, with the teams below it")
        parser.add_argument("--owner", help="a person's e-mail or name")
        parser.add_argument("--pipeline", help="a pipeline's code or name")
        parser.add_argument(
            "--by", default="", help="split by owner, team, pipeline, deal_type, source, industry, setpoint or month"
        )
        parser.add_argument("--json", action="store_true", dest="as_json", help="print JSON")

    def handle(self, *, name: str | None, listing: bool, as_json: bool, **options: Any) -> None:
        at = timezone.now()
        if listing:
            self._list(as_json)
            return
        if not name:
            raise CommandError("Name a figure, or see `manage.py figures --list`.")
        try:
            rows = compute(name, user=None, at=at, by=options["by"], **self._asked(options, at))
        except CommandRefused as refused:
            raise CommandError(" ".join(sentences(refused))) from None
        self._print(rows, as_json)

    def _asked(self, options: dict[str, Any], at: datetime) -> dict[str, Any]:
        moment = {
            key: named.read_moment(options[key], option=f"--{key.replace('_', '-')}") for key in ("as_of", "known_at")
        }
        today = get_local_date(moment["as_of"] or at)
        return moment | {
            "period": named.read_period(options["first"], options["last"], today=today),
            "team": named.find_team(options["team"]) if options["team"] else None,
            "owner": named.find_person(options["owner"]) if options["owner"] else None,
            "pipeline": named.find_pipeline(options["pipeline"]) if options["pipeline"] else None,
        }

    def _list(self, as_json: bool) -> None:
        known = [
            {"name": slug, "title": str(figure_title(slug)), "section": entry.section, "unit": entry.unit,
             "definition_version": entry.version, "definition": str(figure_definition(slug)), "by": list(entry.dimensions)}
            for slug, entry in CATALOGUE.items()
        ]  # fmt: skip
        if as_json:
            self.stdout.write(json.dumps(known, indent=2))
            return
        for entry in known:
            self.stdout.write(f"{entry['name']:<22}{entry['section']:<5}{entry['unit']:<7}{entry['definition']}")

    def _print(self, rows: list[Envelope], as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps([row.as_json() for row in rows], indent=2))
            return
        if not rows:
            self.stdout.write("Nothing in this period.")
            return
        width = max(len(row.group_label) for row in rows) + 2
        filters = ", ".join(f"{key} {value}" for key, value in rows[0].filters.items() if key != "part")
        self.stdout.write(f"{figure_title(rows[0].name)}: {filters}")
        for row in rows:
            self.stdout.write(f"{row.group_label:<{width}}{figure_line(row)}".rstrip())
