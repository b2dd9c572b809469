"""Where the apps' `labels.py` put the words for their codes, so that one template filter finds them."""

from collections.abc import Mapping
from typing import Any

_words: dict[str, Mapping[Any, Any]] = {}


def register(kind: str, words: Mapping[Any, Any]) -> Mapping[Any, Any]:
    """Name the words of one kind of code, e.g. `deal_type`; give them back for use in Python.

    :raises ValueError: the kind is taken by other words
    """
    if _words.get(kind, words) is not words:
        raise ValueError(f"the words of {kind} are registered already")
    _words[kind] = words
    return words


def extend(kind: str, words: Mapping[Any, Any]) -> Mapping[Any, Any]:
    """Add to the words of a kind that several apps share, such as `refusal`; the first word for a code stays."""
    shared = dict(_words.get(kind, {}))
    _words[kind] = {**words, **shared}
    return words


def label(kind: str, code: Any) -> str:
    """Return the word for a code; a code nobody named is shown as it is rather than hidden."""
    if code is None or code == "":
        return ""
    return str(_words.get(kind, {}).get(code, code))
