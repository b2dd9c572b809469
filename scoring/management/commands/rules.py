"""`manage.py rules`: the rules in force and the draft; change the draft, publish it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from scoring.commands.rules import edit_draft, publish_draft
from scoring.management.asking import asked_by_hand, find_person, table
from scoring.models import ScoringModel
from scoring.queries.rules import get_draft, get_published_model, to_facts

LONGEST = 6


class Command(BaseCommand):
    help = "Print the rules leads are scored by, and the draft. Change the draft's threshold or points, or publish it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--threshold", type=int, metavar="N", help="the draft hands leads over at this score")
        parser.add_argument("--points", nargs="+", default=[], metavar="RULE=N", help="what rules of the draft give")
        parser.add_argument("--publish", metavar="REASON", help="put the draft in force; every lead is scored by it")
        parser.add_argument("--by", metavar="E-MAIL", help="the administrator or marketer who does it")

    def handle(self, **options: Any) -> None:
        changes = options["threshold"] is not None or options["points"]
        if (changes or options["publish"] is not None) and not options["by"]:
            raise CommandError("Say who does it: --by E-MAIL.")
        with asked_by_hand():
            if changes:
                self._edit(options)
            if options["publish"] is not None:
                publish_draft(reason=options["publish"], by=find_person(options["by"]), at=timezone.now())
        self._print(get_published_model(), "in force")
        if draft := get_draft():
            self._print(draft, "draft")

    def _edit(self, options: dict[str, Any]) -> None:
        draft = get_draft()
        settings = {} if options["threshold"] is None else {"threshold": options["threshold"]}
        known = {rule.code for rule in to_facts(draft or get_published_model()).rules}
        edit_draft(
            settings=settings,
            rules=dict(_points(text, known) for text in options["points"]),
            seen_version=draft.version if draft else None,
            by=find_person(options["by"]),
            at=timezone.now(),
        )

    def _print(self, model: ScoringModel, state: str) -> None:
        facts = to_facts(model)
        self.stdout.write(f"v{model.number}, {state}: hands over at {facts.threshold}, again from {facts.rearm_at}.")
        rows = [(rule.code, rule.part, f"{rule.points:+g}") for rule in facts.rules]
        self.stdout.write(table(("rule", "part", "points"), rows))


def _points(text: str, known: set[str]) -> tuple[str, dict[str, int]]:
    code, _, points = (part.strip() for part in text.partition("="))
    if code not in known:
        raise CommandError(f"There is no rule {code}. Rules: {', '.join(sorted(known))}.")
    if not points.removeprefix("-").isdecimal() or len(points) > LONGEST:
        raise CommandError(f"{text} gives no points. Write it like {code}=15.")
    return code, {"points": int(points)}
