"""Progress score: how far the customer has come in buying, by what they told us (B31)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from crm.lib.envelope import Figure, Reason
from pipeline.enums import CHAMPION, DRIVER, EXECUTIVE, MILESTONES, Element, Level
from pipeline.facts import AssessmentFacts
from pipeline.figures.arithmetic import ZERO, median, rounded

DEFINITION_VERSION = 1
MOST = Decimal(3)
# A milestone is an element by itself; three questions together are one.
ELEMENTS: dict[str, tuple[Element, ...]] = {
    **{str(milestone): (milestone,) for milestone in MILESTONES},
    "champion": CHAMPION,
    "executive": EXECUTIVE,
    "driver": DRIVER,
}


def element_level(levels: Sequence[int | None]) -> Decimal | None:
    """Return the level of an element, 0 to 3, of the levels of its questions; None where it does not apply.

    One question is its own level. Of several it is how many were answered by somebody at the customer's, out of those
    that apply.
    """
    asked = [level for level in levels if level is not None]
    if not asked:
        return None
    if len(levels) == 1:
        return Decimal(asked[0])
    return MOST * sum(1 for level in asked if level >= Level.TOLD) / len(asked)


def element_levels(known: Mapping[Element, AssessmentFacts], *, today: date) -> dict[str, Decimal | None]:
    """Return the level of each element, what is older than 45 days one lower; nothing known is level 0."""

    def level(question: Element) -> int | None:
        found = known.get(question)
        return 0 if found is None else found.counted_level(today) if found.applies else None

    return {name: element_level([level(question) for question in questions]) for name, questions in ELEMENTS.items()}


def score(total: Decimal, elements: int) -> Decimal | None:
    """Return 100 times the sum of level/3 over the elements that apply, all of one weight; None where none does."""
    return rounded(100 * total / (MOST * elements), "points") if elements else None


def progress(known: Mapping[Element, AssessmentFacts], *, today: date) -> Figure:
    """Return the progress of one deal, with its weakest element and what does not apply, for its reason (B31).

    Unit: points of 100.
    """
    levels = element_levels(known, today=today)
    counted = {name: level for name, level in levels.items() if level is not None}
    total = sum(counted.values(), ZERO)
    value = score(total, len(counted))
    return Figure(
        value=value,
        unit="points",
        n=len(counted),
        numerator=rounded(total, "points"),
        denominator=MOST * len(counted),
        reason=None if value is not None else Reason.NO_DATA,
        detail={
            "weakest": min(counted, key=counted.__getitem__) if counted else None,
            "levels": {name: None if level is None else rounded(level, "points") for name, level in levels.items()},
            "not_applicable": {
                str(question): known[question].note
                for questions in ELEMENTS.values()
                for question in questions
                if question in known and not known[question].applies
            },
        },
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """Deals of the same total of levels over the same number of elements."""

    total: Decimal
    elements: int
    ids: tuple[int, ...]


def progress_together(standings: Sequence[Standing]) -> Figure:
    """Return the mean progress of open deals, `detail.median` beside it (B31).

    Unit: points of 100. Deals of which no element applies are listed and left out.
    """
    scored = [(found, each.ids) for each in standings if (found := score(each.total, each.elements)) is not None]
    values = [value for value, ids in scored for _ in ids]
    total = sum(values, ZERO)
    left_out = [pk for each in standings if not each.elements for pk in each.ids]
    return Figure(
        value=rounded(total / len(values), "points") if values else None,
        unit="points",
        n=len(values),
        numerator=rounded(total, "points"),
        denominator=Decimal(len(values)),
        reason=None if values else Reason.NO_DATA,
        excluded={"not_applicable": sorted(left_out)} if left_out else {},
        detail={"median": rounded(median(values), "points") if values else None},
        ids=sorted(pk for _, ids in scored for pk in ids),
    )
