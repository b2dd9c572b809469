"""`manage.py bench NAME`: benchmarks of our own, on this machine, on the loopback only."""

import logging
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from reports.management.bench import imports, kills, pages, qbr, scores, scoring, signals, simulation

BENCHES: dict[str, tuple[Callable[..., object], int]] = {
    # name: what runs it, how large by default
    "pages": (pages.run, 2_000),
    "rescore": (scores.run, 5_000),
    "import": (imports.run, 20_000),
    "qbr": (qbr.run, 2_000),
    "signals": (signals.run, 10_000),
    "scoring": (scoring.run, scoring.SIZES["S"]),
    "simulation": (simulation.run, 100_000),
    "kills": (kills.run, 1_000),
}


class Command(BaseCommand):
    help = (
        "Run a benchmark in a scratch database and print medians and ratios to its floor: " + ", ".join(BENCHES) + "."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", choices=BENCHES)
        parser.add_argument(
            "--size",
            type=lambda text: scoring.SIZES.get(text.upper()) or int(text),
            help="deals for pages, qbr and signals, leads for rescore, scoring (or S, M, L) and kills, rows for import",
        )

    def handle(self, *, name: str, size: int | None, **options: Any) -> None:
        logging.disable(logging.WARNING)  # a line a request is not what is to be read here
        run, usual = BENCHES[name]
        run(max(size or usual, 100), at=timezone.now(), say=self._say)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
