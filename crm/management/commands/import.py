# ruff: noqa: N999  the command is called import
"""`manage.py import KIND FILE`: the same importer as the page's (contract.md)."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext

from crm.exchange.problems import FileRefused, Reject
from crm.exchange.rejects import RejectsFile
from crm.exchange.run import Options, Report, import_file
from crm.models import User
from crm.registries import import_kinds

SHOWN_REJECTS = 20


class Command(BaseCommand):
    requires_system_checks = ()
    help = (
        "Import a CSV file of one kind. Exit code 0: all rows are in; 1: some were rejected; 2: the file is unusable."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", help=", ".join(name for name, _ in import_kinds.items()))
        parser.add_argument("file", type=Path)
        parser.add_argument("--mapping", type=Path, help="which column fills which field, as JSON (docs/imports.md)")
        parser.add_argument("--dry-run", action="store_true", help="check every row and write nothing")
        parser.add_argument(
            "--on-error", choices=("abort", "skip"), default="abort", help="all rows or none, or the good ones"
        )
        parser.add_argument("--rejects", type=Path, help="write rejected rows with their reasons to this file")
        parser.add_argument("--owner-default", metavar="E-MAIL", help="who owns rows that name nobody")
        parser.add_argument(
            "--gate", choices=("record", "reject"), default="record", help="current deals that lack facts"
        )
        parser.add_argument("--reason", default="", help="why current deals stand where they do, for the next review")
        parser.add_argument("--json", action="store_true", help="print the counts as JSON")

    def handle(self, **options: Any) -> None:
        started = monotonic()
        try:
            _check_place(options)
            with RejectsFile(options["rejects"]) as rejects:
                report = self._import(options, rejects)
        except FileRefused as refused:
            raise CommandError(str(refused), returncode=2) from None
        self._print(report, options, seconds=monotonic() - started)
        if report.counts.rejected:
            sys.exit(1)

    def _import(self, options: dict[str, Any], rejects: RejectsFile) -> Report:
        shown = 0

        def reject(one: Reject) -> None:
            nonlocal shown
            shown += 1
            if shown <= SHOWN_REJECTS:
                self.stderr.write(str(one))

        return import_file(
            options["kind"],
            options["file"],
            mapping_path=options["mapping"],
            options=Options(
                on_error=options["on_error"],
                gate=options["gate"],
                reason=options["reason"].strip(),
                owner_default_id=_find_owner(options["owner_default"]),
                dry_run=options["dry_run"],
            ),
            by=None,
            at=timezone.now(),
            on_reject=reject,
            rejects=rejects,
        )

    def _print(self, report: Report, options: dict[str, Any], *, seconds: float) -> None:
        counts = report.counts.as_dict()
        rate = round(counts["read"] / seconds) if seconds > 0 else 0
        if options["json"]:
            extra = {
                "written": report.written,
                "ignored": report.ignored,
                "seconds": round(seconds, 2),
                "rows_a_second": rate,
            }
            self.stdout.write(json.dumps({"kind": options["kind"], **counts, **extra}))
            return
        if report.ignored:
            self.stdout.write(gettext("Columns nothing was read from: %s.") % ", ".join(report.ignored))
        self.stdout.write(
            ", ".join(f"{name} {count}" for name, count in counts.items()) + f" ({seconds:.1f} s, {rate}/s)"
        )
        if options["dry_run"]:
            self.stdout.write(gettext("This was a dry run: nothing was written."))
        elif not report.written:
            self.stdout.write(
                gettext("Nothing was written. Correct the rows, or use --on-error skip for the good ones.")
            )
        if report.counts.rejected > SHOWN_REJECTS:
            self.stdout.write(gettext("More rows were rejected than shown; --rejects FILE keeps all of them."))


def _check_place(options: dict[str, Any]) -> None:
    """Refuse to write rejected rows over what is to be read."""
    read = [path.resolve() for path in (options["file"], options["mapping"]) if path]
    if options["rejects"] and options["rejects"].resolve() in read:
        raise FileRefused("rejects_in_the_way", path=options["rejects"])


def _find_owner(email: str | None) -> int | None:
    if email is None:
        return None
    owner = User.objects.filter(email__iexact=email.strip()).values_list("pk", flat=True).first()
    if owner is None:
        raise FileRefused("unknown_owner_default", email=email)
    return owner
