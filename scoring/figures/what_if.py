"""What rules would have brought at any threshold, told from the counts of a try (S-7, B22).

How well scores tell who becomes qualified is measured on the later leads only; what is likely at a score is learned from
the earlier ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from scoring.figures.calibration import FEWEST_QUALIFIED, by_bands, fit_logistic, totals
from scoring.figures.counts import Counts, as_tally
from scoring.figures.ranking import (
    Said,
    ThresholdRow,
    auc,
    brier,
    get_best,
    get_row,
    off_by,
    reliability,
    skill,
    suggest_threshold,
)

SCHEMES = ("draft", "published", "fit")
WEEKS = 26
WEEK = timedelta(days=7)
EXAMPLES = 5
BUCKET, TOP = 5, 100  # of the histogram
STEPS = range(10, 101, 5)  # thresholds that are compared


@dataclass(frozen=True, slots=True)
class Quality:
    """How well a scheme told the later leads apart; `is_little` where too few became qualified to say.

    `said` holds what the earlier leads made likely against what came, `off_by` sums it up.
    """

    scheme: str
    leads: int
    qualified: int
    auc: float | None
    brier: float | None
    skill: float | None
    off_by: float | None
    said: tuple[Said, ...]
    is_little: bool


@dataclass(frozen=True, slots=True)
class Weekly:
    """How many leads came over the threshold for the first time, by the draft and by what is in force."""

    draft: float
    published: float
    week: datetime | None = None
    rep_id: int | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """What a draft would bring at a threshold, beside what is in force at its own.

    `fit` is what as many leads would bring, chosen by who they are alone.
    """

    threshold: int
    draft: ThresholdRow
    published: ThresholdRow
    fit: ThresholdRow
    a_week: Weekly
    weeks: tuple[Weekly, ...]
    reps: tuple[Weekly, ...]
    newly: int
    gone: int
    newly_ids: tuple[int, ...]
    gone_ids: tuple[int, ...]
    histogram: tuple[int, ...]


def get_effect(
    result: Counts, *, threshold: int, published: int, as_of: datetime, outcome: str = "qualified"
) -> Effect:
    """Return what a draft would bring at a threshold; `published` is the threshold in force."""
    highest = result.get("highest", {}).get("later", {})
    top = {kind: _counts(result.get("top", {}).get(kind, {})) for kind in ("new", "gone")}
    newly = {score: n for score, n in top["new"].items() if score >= threshold}
    gone = {score: n for score, n in top["gone"].items() if score < threshold}
    draft = get_row(as_tally(highest.get("draft", {}), outcome), threshold)
    fit = as_tally(result.get("scores", {}).get("later", {}).get("fit", {}), outcome)
    return Effect(
        threshold=threshold,
        draft=draft,
        fit=get_best(fit, draft.leads),
        published=get_row(as_tally(highest.get("published", {}), outcome), published),
        a_week=_weekly(result, threshold, published),
        weeks=_by_week(result, threshold, published, as_of),
        reps=_by_rep(result, threshold, published),
        newly=sum(newly.values()),
        gone=sum(gone.values()),
        newly_ids=_examples(result, "new", sorted(newly)),
        gone_ids=_examples(result, "gone", sorted(gone, reverse=True)),
        histogram=_histogram(top),
    )


def get_qualities(result: Counts, *, outcome: str = "qualified") -> list[Quality]:
    """Return how well the draft, what is in force, and fit alone told the later leads apart."""
    scores = result.get("scores", {})
    found = []
    for scheme in SCHEMES:
        earlier = as_tally(scores.get("earlier", {}).get(scheme, {}), outcome)
        later = as_tally(scores.get("later", {}).get(scheme, {}), outcome)
        likely = fit_logistic(earlier) or by_bands(earlier)
        leads, qualified = totals(later)
        is_little = min(qualified, leads - qualified, totals(earlier)[1]) < FEWEST_QUALIFIED // 2
        said = reliability(later, likely)
        measured = (auc(later), brier(later, likely), skill(later, likely), off_by(said), said)
        found.append(Quality(scheme, leads, qualified, *measured, is_little))
    return found


def get_choices(result: Counts, *, hours_a_lead: float = 1, outcome: str = "qualified") -> list[ThresholdRow]:
    """Return what each threshold in steps of five would bring, with the leads a week of the last half year."""
    tally = as_tally(result.get("highest", {}).get("later", {}).get("draft", {}), outcome)
    rows = []
    for threshold in STEPS:
        row, a_week = get_row(tally, threshold), _weekly(result, threshold, threshold).draft
        qualified = None if row.precision is None else a_week * row.precision
        rows.append(replace(row, a_week=a_week, qualified_a_week=qualified, hours_a_week=a_week * hours_a_lead))
    return rows


def get_suggested(
    result: Counts,
    *,
    capacity: float | None,
    precision: float | None,
    hours_a_lead: float = 1,
    outcome: str = "qualified",
) -> ThresholdRow | None:
    """Return the lowest threshold that sales can keep up with and that is good enough."""
    rows = get_choices(result, hours_a_lead=hours_a_lead, outcome=outcome)
    return suggest_threshold(rows, capacity=capacity, precision=precision)


def _weekly(result: Counts, threshold: int, published: int) -> Weekly:
    reps = result.get("reps", {})
    draft, now = (_over(reps, scheme, at) / WEEKS for scheme, at in _both(threshold, published))
    return Weekly(draft, now)


def _by_week(result: Counts, threshold: int, published: int, as_of: datetime) -> tuple[Weekly, ...]:
    weeks, found = result.get("weeks", {}), []
    for number in range(WEEKS):
        draft, now = (
            _reached(weeks.get(scheme, {}).get(str(number), {}), at) for scheme, at in _both(threshold, published)
        )
        found.append(Weekly(draft, now, week=as_of - (WEEKS - number) * WEEK))
    return tuple(found)


def _by_rep(result: Counts, threshold: int, published: int) -> tuple[Weekly, ...]:
    reps, found = result.get("reps", {}), []
    for rep in {*reps.get("draft", {}), *reps.get("published", {})}:
        counts = [_reached(reps.get(scheme, {}).get(rep, {}), at) / WEEKS for scheme, at in _both(threshold, published)]
        if any(counts):
            found.append(Weekly(counts[0], counts[1], rep_id=int(rep) if rep else None))
    return tuple(sorted(found, key=lambda each: (-each.draft, -each.published, each.rep_id or 0)))


def _both(threshold: int, published: int) -> tuple[tuple[str, int], ...]:
    return (("draft", threshold), ("published", published))


def _over(reps: Counts, scheme: str, threshold: int) -> int:
    return sum(_reached(changes, threshold) for changes in reps.get(scheme, {}).values())


def _reached(changes: Counts, threshold: int) -> int:
    """Sum what was noted at scores from a threshold on: a lead that rose past it counts once, wherever it got to."""
    return sum(count for score, count in changes.items() if int(score) >= threshold)


def _counts(counts: Counts) -> dict[int, int]:
    return {int(score): count for score, count in counts.items()}


def _examples(result: Counts, kind: str, scores: list[int]) -> tuple[int, ...]:
    """Return leads nearest to the threshold first: about these a person can judge."""
    known = result.get("examples", {}).get(kind, {})
    return tuple(pk for score in scores for pk in known.get(str(score), ()))[:EXAMPLES]


def _histogram(top: Mapping[str, Mapping[int, int]]) -> tuple[int, ...]:
    counts = [0] * (TOP // BUCKET)
    for kind in top.values():
        for score, n in kind.items():
            counts[max(0, min(len(counts) - 1, score // BUCKET))] += n
    return tuple(counts)
