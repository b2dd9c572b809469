"""The words people write next steps in: days and months from CLDR, the rest from the translation; English always."""

from collections.abc import Iterable
from functools import lru_cache

from babel import Locale
from django.utils.translation import get_language, gettext, override, pgettext

from crm.enums import ActivityKind
from crm.lib import formats
from pipeline.policies.step_words import StepLexicon

WIDTHS = ("wide", "abbreviated")
ENGLISH = "en"


def step_lexicon() -> StepLexicon:
    """Return the words of the reader's language and of English, which many write whatever they read."""
    return _lexicon(get_language() or ENGLISH, str(formats.locale()))


@lru_cache(maxsize=32)
def _lexicon(language: str, locale: str) -> StepLexicon:
    own, english = Locale.parse(locale), Locale.parse(ENGLISH)
    with override(ENGLISH):
        said = _said()
    with override(language):
        said = {name: _merged(said[name], words) for name, words in _said().items()}
    return StepLexicon(
        weekdays=_names(english, "days") | _names(own, "days"),
        months=_names(english, "months") | _names(own, "months"),
        days_ahead=dict.fromkeys(said["today"], 0) | dict.fromkeys(said["tomorrow"], 1),
        units=dict.fromkeys(said["days"], 1) | dict.fromkeys(said["weeks"], 7),
        kinds={word: kind for kind in _KINDS for word in said[kind]},
        ahead=frozenset(said["in"]),
        following=frozenset(said["next"]),
        joining=frozenset(said["on"]),
        month_first=own.date_formats["short"].pattern.casefold().startswith("m"),
    )


_KINDS = (ActivityKind.CALL, ActivityKind.DEMO, ActivityKind.MEETING, ActivityKind.EMAIL)


def _said() -> dict[str, list[str]]:
    """Return the words of the active language; each list is one message of words between spaces."""
    words = {
        # Translators: words that begin or name a next step, between spaces, in small letters.
        ActivityKind.CALL: pgettext("words of a next step", "call phone ring telephone"),
        ActivityKind.DEMO: pgettext("words of a next step", "demo demonstrate demonstration"),
        ActivityKind.MEETING: pgettext("words of a next step", "meet meeting visit workshop"),
        ActivityKind.EMAIL: pgettext("words of a next step", "email e-mail mail"),
        "today": pgettext("words of a next step", "today"),
        "tomorrow": pgettext("words of a next step", "tomorrow"),
        "days": pgettext("words of a next step", "day days"),
        "weeks": pgettext("words of a next step", "week weeks"),
        "in": pgettext("before a number of days", "in"),
        "next": pgettext("before a weekday", "next"),
        "on": pgettext("before a day or an hour", "on by at"),
        "today_word": gettext("Today"),
        "tomorrow_word": gettext("Tomorrow"),
    }
    split = {name: text.casefold().split() for name, text in words.items()}
    split["today"] += split.pop("today_word")
    split["tomorrow"] += split.pop("tomorrow_word")
    return split


def _merged(first: Iterable[str], second: Iterable[str]) -> list[str]:
    return list(dict.fromkeys([*first, *second]))


def _names(locale: Locale, what: str) -> dict[str, int]:
    """Return the names CLDR knows, inside a date and alone, without their dots."""
    known = getattr(locale, what)
    return {
        name.casefold().rstrip("."): number
        for context in ("format", "stand-alone")
        for width in WIDTHS
        for number, name in known[context].get(width, {}).items()
    }
