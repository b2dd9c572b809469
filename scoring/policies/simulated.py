"""Adding up what rules would have done, part by part, into numbers small enough for a slider (S-7)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from scoring.facts import ModelFacts
from scoring.policies.plan import get_plan
from scoring.policies.simulation import HORIZON, PastLead, Trace

WEEKS = 26  # told one by one
WEEK = timedelta(days=7)
EXAMPLES = 3  # of each score
NOBODY = ""
Counts = dict[str, Any]


class Sums:
    """What a part of the leads adds up to; `as_json` of several parts are merged with `merge`."""

    def __init__(self, *, draft: ModelFacts, published: ModelFacts, as_of: datetime, split_at: datetime) -> None:
        self._codes = [each.rule.code for each in get_plan(draft).rules]
        self._threshold, self._as_of, self._split_at = published.threshold, as_of, split_at
        self._first = as_of - WEEKS * WEEK
        self._counts: Counter[tuple[str, ...]] = Counter()
        self._examples: dict[tuple[str, str], list[int]] = {}

    def add(self, lead: PastLead, draft: Trace, published: Trace, *, drawn: Trace | None = None) -> None:
        """Count a lead in; `drawn` is where the draft had brought one when it was drawn by lot."""
        self._counts["leads",] += 1
        self._cross("draft", lead, draft.records)
        self._cross("published", lead, published.records)
        self._tell(lead, draft, published)
        if lead.is_decided(self._as_of):
            self._judge(lead, draft, published)
        if drawn is not None and lead.drawn_at is not None and lead.drawn_at + HORIZON <= self._as_of:
            self._counts["drawn", str(drawn.score), lead.became(lead.drawn_at)] += 1

    def as_json(self) -> Counts:
        """Return counts as nested JSON, and examples."""
        found: Counts = {}
        for path, count in self._counts.items():
            place = found
            for name in path[:-1]:
                place = place.setdefault(name, {})
            place[path[-1]] = count
        for (kind, score), ids in self._examples.items():
            found.setdefault("examples", {}).setdefault(kind, {})[score] = ids
        return found

    def _judge(self, lead: PastLead, draft: Trace, published: Trace) -> None:
        period, came = ("later" if lead.created_at >= self._split_at else "earlier"), lead.became(lead.created_at)
        scores = {"draft": draft.score, "published": published.score, "fit": draft.fit}
        for scheme, score in scores.items():
            self._counts["scores", period, scheme, str(score), came] += 1
        for scheme, highest in (("draft", draft.highest), ("published", published.highest)):
            self._counts["highest", period, scheme, str(highest), came] += 1
        self._counts["decided", came] += 1
        for number in draft.met:
            self._counts["rules", self._codes[number], came] += 1

    def _cross(self, scheme: str, lead: PastLead, records: Iterable[tuple[datetime, int]]) -> None:
        """Note from which to which score a lead first came in each week: it crosses every threshold between, once."""
        last, rep = "", NOBODY if lead.owner_id is None else str(lead.owner_id)
        for at, score in records:
            if at > self._first:
                week = str((at - self._first) // WEEK)
                for path in (("weeks", scheme, week), ("reps", scheme, rep)):
                    self._counts[(*path, str(score))] += 1
                    if last:
                        self._counts[(*path, last)] -= 1
            last = str(score)

    def _tell(self, lead: PastLead, draft: Trace, published: Trace) -> None:
        kind = "gone" if published.top >= self._threshold else "new"
        score = str(draft.top)
        self._counts["top", kind, score] += 1
        examples = self._examples.setdefault((kind, score), [])
        if len(examples) < EXAMPLES:
            examples.append(lead.id)


def merge(parts: Iterable[Mapping[str, Any]]) -> Counts:
    """Return parts added up: numbers are summed, a few examples of each score are kept."""
    total: Counts = {}
    for part in parts:
        _merge(total, part)
    return total


def _merge(into: Counts, part: Mapping[str, Any]) -> None:
    for name, value in part.items():
        if isinstance(value, Mapping):
            _merge(into.setdefault(name, {}), value)
        elif isinstance(value, list):
            into[name] = (into.get(name, []) + value)[:EXAMPLES]
        else:
            into[name] = into.get(name, 0) + value
