"""What tells better whether a deal is won: how far the customer has come, or how busy we are (B31, EE-083)."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from crm.lib.envelope import Figure, Interval, Reason
from pipeline.figures.arithmetic import LEVEL95, ZERO, quantile, rounded

DEFINITION_VERSION = 1
RESAMPLES = 200
# What was known of a deal when it entered 50%: its progress, and our calls, e-mails and meetings until then.
Known = tuple[Decimal, int]


@dataclass(frozen=True, slots=True)
class Entered:
    """Closed deals that stood alike when they entered 50%; `progress` None where nothing had been said of the buying."""

    won: bool
    progress: Decimal | None
    activities: int
    ids: tuple[int, ...]


def auc(won: Mapping[Decimal, int], others: Mapping[Decimal, int]) -> Decimal | None:
    """Return how often one that was won stands above one that was not, ties counted half; None without either.

    Both are counts by value. One half is no better than chance.
    """
    below = above = 0
    for value in sorted({*won, *others}):
        above += won.get(value, 0) * (2 * below + others.get(value, 0))
        below += others.get(value, 0)
    pairs = 2 * sum(won.values()) * below
    return Decimal(above) / pairs if pairs else None


def progress_proof(entered: Sequence[Entered]) -> Figure:
    """Return the AUC of progress, with that of `activity` and how far progress is `ahead` of it as its parts.

    Unit: ratio, each with a bootstrap interval. Deals of which nothing had been said are listed and left out. The
    resamples are drawn by a seed made of the counts, so that the same deals give the same interval.
    """
    told = [each for each in entered if each.progress is not None]
    untold = sorted(pk for each in entered if each.progress is None for pk in each.ids)
    won, others = _count(each for each in told if each.won), _count(each for each in told if not each.won)
    common: dict[str, Any] = {
        "unit": "ratio",
        "n": won.total() + others.total(),
        "ids": sorted(pk for each in told for pk in each.ids),
        "excluded": {"nothing_said": untold} if untold else {},
        "detail": {"won": won.total(), "not_won": others.total()},
        "rate": True,
    }
    if not won or not others:
        return Figure(value=None, reason=Reason.NOT_ENOUGH_HISTORY, **common)
    found, drawn = _compare(won, others), list(zip(*_resamples(won, others), strict=True))
    progress, activity, ahead = (
        Figure(value=rounded(value, "ratio"), interval=_interval(values), **common)
        for value, values in zip(found, drawn, strict=True)
    )
    return replace(progress, parts={"activity": activity, "ahead": ahead})


def _count(entered: Iterable[Entered]) -> Counter[Known]:
    counts: Counter[Known] = Counter()
    for each in entered:
        counts[each.progress or ZERO, each.activities] += len(each.ids)
    return counts


def _compare(won: Mapping[Known, int], others: Mapping[Known, int]) -> tuple[Decimal, Decimal, Decimal]:
    """Return the AUC of progress, that of activity, and the difference; both sides hold deals."""
    progress, activity = (auc(_by(won, place), _by(others, place)) or ZERO for place in (0, 1))
    return progress, activity, progress - activity


def _by(counts: Mapping[Known, int], place: int) -> Counter[Decimal]:
    found: Counter[Decimal] = Counter()
    for known, count in counts.items():
        found[Decimal(known[place])] += count
    return found


def _resamples(won: Counter[Known], others: Counter[Known]) -> Iterator[tuple[Decimal, Decimal, Decimal]]:
    """Draw as many deals of either side again and again, with replacement."""
    sides = [sorted(side.items()) for side in (won, others)]
    dice = random.Random(repr(sides))  # noqa: S311  a resample is no secret
    for _ in range(RESAMPLES):
        again = [
            Counter(dice.choices([known for known, _ in side], [count for _, count in side], k=total))
            for side, total in zip(sides, (won.total(), others.total()), strict=True)
        ]
        yield _compare(*again)


def _interval(values: Sequence[Decimal]) -> Interval:
    low, high = (rounded(quantile(values, share), "ratio") for share in ("0.025", "0.975"))
    return Interval(low, high, LEVEL95, "bootstrap")
