"""What "call Henrik fri 10:00" says about a next step: how, with whom, on which day, at what hour."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

WEEK = 7
SHORTEST_PREFIX = 3
# What joins a day or an hour to what happens; it goes with them.
WORD = re.compile(r"\S+")
HOUR = re.compile(r"(?:[01]?\d|2[0-3]):[0-5]\d")
ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
DAY_IN_DIGITS = re.compile(r"(\d{1,2})[./](\d{1,2})(?:[./](\d{4})?)?")
NUMBER = re.compile(r"(\d{1,3})(?:st|nd|rd|th|\.)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class StepLexicon:
    """The words of one language, in small letters, as their readers write them."""

    weekdays: Mapping[str, int]  # Monday is 0
    months: Mapping[str, int]
    days_ahead: Mapping[str, int]  # today, tomorrow
    units: Mapping[str, int]  # day, weeks: how many days each is
    kinds: Mapping[str, str]
    ahead: frozenset[str] = frozenset()  # "in" 3 days
    following: frozenset[str] = frozenset()  # "next" Monday
    joining: frozenset[str] = frozenset()  # "on", "by", "at"
    month_first: bool = False


@dataclass(frozen=True, slots=True)
class SpokenStep:
    """What was understood; `purpose` is the text without its day and hour."""

    purpose: str
    kind: str = ""
    due_on: date | None = None
    due_at: time | None = None
    person_id: int | None = None


def read_step(text: str, *, today: date, lexicon: StepLexicon, people: Sequence[tuple[int, str]] = ()) -> SpokenStep:
    """Return what a sentence says; a day that does not exist, and a name two people bear, are not understood.

    `people` are ids and full names of those who may be meant.
    """
    written = WORD.findall(text)
    words = [word.strip(",;!?").casefold() for word in written]
    hour_at = next((at for at, word in enumerate(words) if HOUR.fullmatch(word)), None)
    on, taken = _find_day(words, today, lexicon)
    hour = _hour(words[hour_at]) if hour_at is not None and on is not None else None
    if hour is not None and hour_at is not None:
        taken = taken | {hour_at}
    taken = taken | {at for at, word in enumerate(words) if word in lexicon.joining and at + 1 in taken}
    kept = [word for at, word in enumerate(written) if at not in taken]
    # A day alone says when, not what: it stays the text.
    purpose = " ".join(kept).rstrip(",; ") or " ".join(written)
    return SpokenStep(purpose, _kind(words, lexicon), on, hour, _person(words, people))


def _hour(word: str) -> time:
    hours, minutes = word.split(":")
    return time(int(hours), int(minutes))


def _kind(words: Iterable[str], lexicon: StepLexicon) -> str:
    return next((lexicon.kinds[word] for word in words if word in lexicon.kinds), "")


def _person(words: Sequence[str], people: Sequence[tuple[int, str]]) -> int | None:
    said = set(words)
    names = {pk: name.casefold().split() for pk, name in people}
    whole = [pk for pk, parts in names.items() if parts and said.issuperset(parts)]
    named = whole or [pk for pk, parts in names.items() if said.intersection(parts)]
    return named[0] if len(named) == 1 else None


def _find_day(words: Sequence[str], today: date, lexicon: StepLexicon) -> tuple[date | None, frozenset[int]]:
    """Return the last day the words name, since what happens is said first, and which words name it."""
    for at in range(len(words) - 1, -1, -1):
        for count in (3, 2, 1):
            part = words[at : at + count]
            if len(part) == count and (day := _read_day(part, today, lexicon)):
                begins = at - (count == 1 and at > 0 and _is_week_ahead(words[at - 1 : at + 1], lexicon))
                later = begins < at
                return day + timedelta(days=_ahead(day, today) if later else 0), frozenset(range(begins, at + count))
    return None, frozenset()


def _is_week_ahead(pair: Sequence[str], lexicon: StepLexicon) -> bool:
    return pair[0] in lexicon.following and _weekday(pair[1], lexicon) is not None


def _ahead(day: date, today: date) -> int:
    """Return what "next" adds to the coming weekday: it is the one of the week after this."""
    same_week = day - timedelta(days=day.weekday()) == today - timedelta(days=today.weekday())
    return WEEK if same_week else 0


def _read_day(part: Sequence[str], today: date, lexicon: StepLexicon) -> date | None:
    if len(part) == 1:
        return _one_word(part[0], today, lexicon)
    if part[0] in lexicon.ahead and len(part) == 3:
        return _days_from(part[1], part[2], today, lexicon)
    return _day_and_month(part, today, lexicon)


def _one_word(word: str, today: date, lexicon: StepLexicon) -> date | None:
    if word in lexicon.days_ahead:
        return today + timedelta(days=lexicon.days_ahead[word])
    if (weekday := _weekday(word, lexicon)) is not None:
        return today + timedelta(days=(weekday - today.weekday() - 1) % WEEK + 1)
    if found := ISO_DAY.fullmatch(word):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := DAY_IN_DIGITS.fullmatch(word):
        first, second = int(found[1]), int(found[2])
        day, month = (second, first) if lexicon.month_first and "/" in word else (first, second)
        return _date(int(found[3]), month, day) if found[3] else _coming(month, day, today)
    return None


def _days_from(number: str, unit: str, today: date, lexicon: StepLexicon) -> date | None:
    if not number.isdecimal() or len(number) > 3 or unit not in lexicon.units:
        return None
    return today + timedelta(days=int(number) * lexicon.units[unit])


def _day_and_month(part: Sequence[str], today: date, lexicon: StepLexicon) -> date | None:
    """Read "20 nov", "nov 20", "20. november 2027"."""
    year = int(part[2]) if len(part) == 3 and part[2].isdecimal() and len(part[2]) == 4 else None
    if len(part) == 3 and year is None:
        return None
    for number, name in ((part[0], part[1]), (part[1], part[0])):
        found, month = NUMBER.fullmatch(number), _known(name, lexicon.months)
        if found and month:
            day = int(found[1])
            return _date(year, month, day) if year else _coming(month, day, today)
    return None


def _weekday(word: str, lexicon: StepLexicon) -> int | None:
    return _known(word, lexicon.weekdays)


def _known(word: str, names: Mapping[str, int]) -> int | None:
    """Return what a name or the beginning of one stands for, where only one can be meant."""
    word = word.rstrip(".")
    if word in names:
        return names[word]
    if len(word) < SHORTEST_PREFIX:
        return None
    meant = {value for name, value in names.items() if name.startswith(word)}
    return meant.pop() if len(meant) == 1 else None


def _coming(month: int, day: int, today: date) -> date | None:
    """Return the next such day; the 29th of February may be some years ahead."""
    return next(
        (
            found
            for year in range(today.year, today.year + 5)
            if (found := _date(year, month, day)) is not None and found >= today
        ),
        None,
    )


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
