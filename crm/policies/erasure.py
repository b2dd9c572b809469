"""How a person's names are found in texts, for their erasure (D-8)."""

import json
import re

from crm.facts import Identity

NAME = "Erased person"
TEXT = "Erased on request"
LONGEST_REASON = 300
# Between the words of a name, as people and addresses of pages write it.
BETWEEN = r"(?:[\s+._-]|%20)+"
# In the text of JSON a letter before a name may be the end of an escape, and so it may in an address.
ESCAPE = r"(?<=\\[bfnrt]|%[0-9A-Fa-f][0-9A-Fa-f])"
BEFORE, AFTER = f"(?:(?<![[:alnum:]])|{ESCAPE})", "(?![[:alnum:]])"
BEFORE_EMAIL = f"(?:(?<![[:alnum:].])|{ESCAPE})"  # mary.jane@ is somebody else than jane@


def find_pattern(identity: Identity) -> str:
    """Return the regular expression, of PostgreSQL, of what names the person; empty where nothing tells them apart.

    A single word is no name: it would take the month out of every May.
    """
    names = [pattern for name in identity.names for pattern in _name_patterns(name.split())]
    phones = [_escaped(phone) for phone in identity.phones]
    emails = [_escaped(email).replace("@", "(?:@|%40)") for email in identity.emails]
    found = [f"{BEFORE}(?:{'|'.join(sorted(names + phones))}){AFTER}"] if names or phones else []
    found += [f"{BEFORE_EMAIL}(?:{'|'.join(sorted(emails))}){AFTER}"] if emails else []
    return "|".join(found)


def rare_words(identity: Identity) -> list[str]:
    """Return patterns for ILIKE of which every text that `find_pattern` finds meets one: they are found fifty times as fast."""
    told = [*(name for name in identity.names if len(name.split()) > 1), *identity.phones]
    told += [email.partition("@")[0] for email in identity.emails]
    return sorted({f"%{max(words, key=len)}%" for text in told if (words := re.findall(r"\w+", text))})


def names_person(text: str, identity: Identity) -> bool:
    """Whether the text holds a word of a name, or an e-mail address, of the person."""
    said, words = text.lower(), set(re.findall(r"\w+", text.lower()))
    named = {word for name in identity.names for word in re.findall(r"\w+", name.lower()) if len(word) > 1}
    return bool(words & named) or any(email in said for email in identity.emails)


def _name_patterns(words: list[str]) -> list[str]:
    if len(words) < 2:
        return []
    turned = [_escaped(words[-1]) + ",?", *map(_escaped, words[:-1])]
    return [BETWEEN.join(map(_escaped, words)), BETWEEN.join(turned)]


def _escaped(word: str) -> str:
    """Return the pattern of a word as it stands, or as JSON writes it."""
    written = json.dumps(word, ensure_ascii=False)[1:-1]
    return re.escape(word) if written == word else f"(?:{re.escape(word)}|{re.escape(written)})"
