"""`manage.py simulate`: try the draft, or the rules in force, on the real past (S-7)."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from dataclasses import asdict
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from crm.lib.moments import BadMoment
from crm.queries.organisation import read_local_moment
from scoring.commands.simulations import ask_simulation, simulate_part
from scoring.figures.counts import OUTCOMES
from scoring.figures.ranking import ThresholdRow
from scoring.figures.what_if import get_choices, get_effect, get_qualities
from scoring.management.asking import asked_by_hand, share, table
from scoring.models import Simulation
from scoring.policies.rules import HIGHEST
from scoring.policies.snapshots import read_snapshot
from scoring.queries.rules import get_draft, get_published_model


class Command(BaseCommand):
    help = "Try the draft, or without one the rules in force, on the real past, and print what it would have brought."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--as-of", metavar="T", help="a date (its end) or a time: only what was known by then")
        parser.add_argument(
            "--threshold", type=_threshold, metavar="N", help="another threshold than that of the rules"
        )
        parser.add_argument(
            "--outcome", choices=list(OUTCOMES), default="qualified", help="what scores are held against"
        )
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, **options: Any) -> None:
        started = monotonic()
        tried = self._try(options)
        seconds = monotonic() - started
        result, at = tried.result or {}, options["threshold"] or read_snapshot(tried.rules).threshold
        published = read_snapshot(tried.in_force).threshold
        found = {
            "version": tried.number,
            "as_of": tried.as_of.isoformat(),
            "leads": tried.leads,
            "seconds": round(seconds, 2),
            "outcome": options["outcome"],
            "effect": get_effect(
                result, threshold=at, published=published, as_of=tried.as_of, outcome=options["outcome"]
            ),
            "quality": get_qualities(result, outcome=options["outcome"]),
            "thresholds": get_choices(result, outcome=options["outcome"]),
        }
        if options["json"]:
            self.stdout.write(json.dumps(found, default=_plain))
        else:
            self._print(found)

    def _try(self, options: dict[str, Any]) -> Simulation:
        model, at = get_draft() or get_published_model(), timezone.now()
        as_of = _moment(options["as_of"]) if options["as_of"] else None
        with asked_by_hand():
            tried = ask_simulation(model_id=model.pk, by=None, at=at, as_of=as_of, in_process=True)
            done = 0
            for part_id, leads in tried.parts.order_by("first").values_list("pk", "leads"):
                simulate_part(part_id=part_id, at=timezone.now())
                done += leads
                if not options["json"]:
                    self.stderr.write(f"{done:,} of {tried.leads:,} leads")
        tried.refresh_from_db()
        return tried

    def _print(self, found: dict[str, Any]) -> None:
        effect, word = found["effect"], found["outcome"]
        self.stdout.write(
            f"v{found['version']} on {found['leads']:,} leads as of {found['as_of']}, in {found['seconds']} s.\n"
            f"Over {effect.threshold}: {effect.a_week.draft:.1f} leads a week of the last half year, "
            f"{effect.a_week.published:.1f} by the rules in force. {effect.newly:,} leads come over it that do not today, "
            f"{effect.gone:,} no more."
        )
        rows = [
            (each.scheme, each.leads, each.qualified, *map(_rounded, (each.auc, each.brier, each.skill, each.off_by)))
            for each in found["quality"]
        ]
        self.stdout.write("\nLater leads, judged by what the earlier ones taught:")
        self.stdout.write(table(("scores of", "leads", word, "AUC", "Brier", "skill", "off by"), rows))
        if any(each.is_little for each in found["quality"]):
            self.stdout.write("Too few leads became that, or did not, to trust these numbers.")
        said = [
            (each.scheme, f"{100 * one.low:.0f}-{100 * one.high:.0f}%", one.leads, share(one.likely), share(one.came))
            for each in found["quality"]
            for one in each.said
            if one.leads
        ]
        self.stdout.write("\nWhat was said to be likely, and what came:")
        self.stdout.write(table(("scores of", "said", "leads", "likely", word), said))
        of_rows = (word, "precision", "recall", "lift")
        at = [
            (scheme, row.leads, *_row(row))
            for scheme, row in (("draft", effect.draft), ("published", effect.published), ("fit", effect.fit))
        ]
        self.stdout.write(f"\nAt {effect.threshold}, those in force at theirs, and as many by fit alone:")
        self.stdout.write(table(("scores of", "leads", *of_rows), at))
        self.stdout.write("")
        rows = [
            (row.threshold, row.leads, *_row(row), f"{row.a_week:.1f}", _rounded(row.qualified_a_week))
            for row in found["thresholds"]
        ]
        self.stdout.write(table(("threshold", "leads", *of_rows, "a week", f"{word} a week"), rows))


def _row(row: ThresholdRow) -> tuple[Any, ...]:
    return (row.qualified, share(row.precision), share(row.recall), _rounded(row.lift))


def _threshold(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= HIGHEST):
        raise ArgumentTypeError(f"a threshold is a whole number from 1 to {HIGHEST}")
    return int(text)


def _rounded(value: float | None) -> str | None:
    return None if value is None else f"{value:.3f}"


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else asdict(value)


def _moment(text: str) -> Any:
    try:
        return read_local_moment(text)
    except BadMoment:
        raise CommandError(f"{text} is no time. Write 2024-04-28 or 2024-04-28T09:30+03:00.") from None
