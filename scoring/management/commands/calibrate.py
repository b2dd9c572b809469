"""`manage.py calibrate`: what the scores of the latest try were worth, and what rules should give by that (S-8)."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from scoring.figures.calibration import FEWEST_OF_EACH, FEWEST_QUALIFIED, Band
from scoring.figures.counts import OUTCOMES
from scoring.figures.evidence import FEWEST_DRAWN, Calibration, RuleEvidence, get_calibration
from scoring.management.asking import share, table
from scoring.policies.snapshots import read_snapshot
from scoring.queries.simulations import get_latest


class Command(BaseCommand):
    help = "Print what the scores of the latest try were worth, and what each rule should give. `simulate` makes a try."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--outcome", choices=list(OUTCOMES), default="qualified", help="what scores are held against"
        )
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *, outcome: str, **options: Any) -> None:
        tried = get_latest(ready=True)
        if tried is None:
            raise CommandError("Nothing is counted yet. Run `manage.py simulate` first.")
        facts = read_snapshot(tried.rules)
        found = get_calibration(tried.result or {}, codes=[rule.code for rule in facts.rules], outcome=outcome)
        if options["json"]:
            known = {"version": tried.number, "as_of": tried.as_of.isoformat(), "outcome": outcome}
            self.stdout.write(json.dumps(known | asdict(found)))
            return
        self.stdout.write(
            f"v{tried.number} as of {tried.as_of.isoformat()}: {found.qualified:,} of {found.leads:,} leads "
            f"{outcome} within 90 days.\n"
        )
        self.stdout.write(table(("score", "leads", outcome, "likely", "from", "to"), _bands(found.bands)))
        self._print_curves(found)
        self._print_drawn(found, outcome)
        self._print_rules(found, {rule.code: rule.points for rule in facts.rules}, outcome)

    def _print_curves(self, found: Calibration) -> None:
        if found.logistic is None:
            self.stdout.write(f"\nToo little for a curve: it takes {FEWEST_OF_EACH} leads of each kind.")
            return
        self.stdout.write(f"\nLogistic: p = 1 / (1 + exp(-({found.logistic.a:.4f} + {found.logistic.b:.5f} * score)))")
        if found.isotonic:
            steps = {f"{rate:.3f}": score for score, rate in reversed(found.isotonic)}
            self.stdout.write(
                "Isotonic: " + ", ".join(f"{rate} from {score}" for rate, score in reversed(steps.items()))
            )

    def _print_drawn(self, found: Calibration, outcome: str) -> None:
        if found.has_few_drawn:
            self.stdout.write(
                f"\nDrawn by lot and called: {found.drawn_leads}, too few to say what low scores are worth "
                f"(from {FEWEST_DRAWN} on). No number above counts them."
            )
            return
        self.stdout.write("\nDrawn by lot and called, whatever their score; no number above counts them:")
        drawn = [band for band in found.drawn if band.leads]
        self.stdout.write(table(("score", "leads", outcome, "likely", "from", "to"), _bands(drawn, raw=True)))

    def _print_rules(self, found: Calibration, points: dict[str, int], outcome: str) -> None:
        self.stdout.write("")
        head = ("rule", "met", outcome, "others", outcome, "gives", "should give", "from", "to")
        self.stdout.write(table(head, [_rule(row, points[row.code]) for row in found.rules]))
        if found.is_little:
            self.stdout.write(
                f"Only {found.qualified} leads became that: points are suggested from {FEWEST_QUALIFIED} on."
            )


def _bands(bands: list[Band], *, raw: bool = False) -> list[tuple[Any, ...]]:
    return [
        (
            f"{band.low}+" if band.high is None else f"{band.low}-{band.high - 1}",
            band.leads, band.qualified, share(band.mean if raw else band.forced), share(band.low_end), share(band.high_end),
        )
        for band in bands
    ]  # fmt: skip


def _rule(row: RuleEvidence, points: int) -> tuple[Any, ...]:
    found = row.suggestion
    said = (found.points, f"{found.low:.1f}", f"{found.high:.1f}") if found else (None, None, None)
    return (row.code, row.leads, row.qualified, row.others, row.others_qualified, points, *said)
