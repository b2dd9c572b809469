"""Signals as stored, and as they ought to be (P-11)."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db import connection

from pipeline.policies.signals import Found, find_by, rules_of
from pipeline.queries.signal_facts import get_signal_facts
from pipeline.queries.signal_settings import get_signal_settings
from pipeline.queries.signal_spans import Span

# What is stored of a deal, and what somebody said may rest.
KEPT = """
SELECT opportunity_id, code, id, severity, since, detail, snoozed_until FROM pipeline_signal WHERE opportunity_id {only}
UNION ALL
SELECT opportunity_id, code, NULL, NULL, until, NULL, NULL FROM pipeline_signalsnooze
WHERE ended_at IS NULL AND until > %(today)s AND opportunity_id {only}
"""


@dataclass(frozen=True, slots=True)
class KeptSignal:
    """A signal as stored."""

    id: int
    severity: int
    since: date | None
    detail: dict[str, Any]
    snoozed_until: date | None

    def says(self, found: Found, snoozed_until: date | None) -> bool:
        """Whether it says what was found."""
        return (
            self.severity == found.severity
            and self.since == found.since
            and self.detail == found.detail
            and self.snoozed_until == snoozed_until
        )


@dataclass(frozen=True, slots=True)
class DealSignals:
    """What is wrong with a deal beside what is stored of it; `found` is empty for one that is not open any more."""

    opportunity_id: int
    severity: int
    found: list[Found]
    kept: dict[str, KeptSignal]
    snoozed: dict[str, date]

    @property
    def worst(self) -> int:
        """Return the severity of the worst signal that does not rest."""
        return max((each.severity for each in self.found if each.code not in self.snoozed), default=0)


def get_deal_signals(span: Span, *, at: datetime) -> Iterator[DealSignals]:
    """Give the signals that open deals of a span ought to have, and deals that have some they ought not to have."""
    settings = get_signal_settings(at)
    kept, snoozed = _get_kept(span, settings.moment.calendar.today)
    rules_by_pipeline: dict[int, Any] = {}
    for deal in get_signal_facts(span, settings.moment):
        rules = rules_by_pipeline.get(deal.pipeline_id)
        if rules is None:
            rules = rules_by_pipeline[deal.pipeline_id] = rules_of(settings.of(deal.pipeline_id))
        found = find_by(rules, deal.facts, settings.moment.calendar)
        pk = deal.facts.id
        yield DealSignals(pk, deal.severity, found, kept.pop(pk, {}), snoozed.get(pk, {}))
    for pk, stored in kept.items():
        yield DealSignals(pk, 0, [], stored, {})


# Thousands of signals have a few details between them.
@lru_cache(maxsize=4096)
def _detail(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text)
    return found


def _get_kept(span: Span, today: date) -> tuple[dict[int, dict[str, KeptSignal]], dict[int, dict[str, date]]]:
    kept: dict[int, dict[str, KeptSignal]] = defaultdict(dict)
    snoozed: dict[int, dict[str, date]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(KEPT.replace("{only}", span.condition), {"today": today} | span.parameters())
        for deal_id, code, pk, *values in cursor.fetchall():
            if pk is None:
                snoozed[deal_id][code] = values[1]
            else:
                severity, since, detail, until = values
                kept[deal_id][code] = KeptSignal(pk, severity, since, _detail(detail), until)
    return kept, snoozed
