"""What strangers send: JSON bounded in size, depth and keys, without what no record could hold; and files."""

import json
import re
from collections.abc import Mapping
from typing import Any, NoReturn

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.utils.translation import gettext as _
from rest_framework.parsers import BaseParser, MultiPartParser

from crm.api.problems import Problem

DEEPEST = 32
MOST_KEYS = 100_000
LONGEST_NUMBER = 40
# Whether the text can hold U+0000 or half a surrogate pair at all; most never do, and skip the walk.
SUSPECT = re.compile(rb"\\u(0000|[dD][89abAB])")


class SafeJSONParser(BaseParser):
    """Parses `application/json` and refuses with 400 what JSON allows but a record cannot hold."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        """Return the parsed body."""
        return parse_json(read_bounded(stream))


class ManyParser(SafeJSONParser):
    """Parses a body of many things that are answered one by one: what one of them cannot hold is said of that one.

    A text may hold any character then, and a number that is out of range is infinite.
    """

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        """Return the parsed body."""
        return parse_json(read_bounded(stream), refuses=False)


class UploadParser(MultiPartParser):
    """Parses `multipart/form-data` with a file in it; a body larger than a file may be is refused before it is read."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        """Return the fields and files."""
        limit = settings.FILE_LIMIT + settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        assert parser_context is not None
        length = str(parser_context["request"].META.get("CONTENT_LENGTH") or 0)
        if length.isdecimal() and int(length) > limit:
            raise _too_large(limit)
        try:
            return super().parse(stream, media_type, parser_context)
        except RequestDataTooBig:
            raise
        except SuspiciousOperation:
            _refuse(_("The body has too many fields or files."))


def read_bounded(stream: Any) -> bytes:
    """Return the body, or refuse it before all of it was read."""
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    raw: bytes = stream.read(limit + 1)
    if len(raw) > limit:
        raise _too_large(limit)
    return raw


def _too_large(limit: int) -> Problem:
    return Problem(413, "too_large", _("The request is larger than %(limit)s bytes.") % {"limit": limit})


def parse_json(raw: bytes, *, refuses: bool = True) -> Any:
    """Return what the text says; without `refuses` whoever reads it sees to characters and numbers.

    :raises Problem: it is not JSON, or not JSON a record can hold
    """
    counted = _Counter()
    try:
        value = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=counted.object_of,
            parse_constant=_refuse_constant,
            parse_int=_integer if refuses else _any_integer,
            parse_float=_number if refuses else float,
        )
    except UnicodeDecodeError:
        _refuse(_("The body is not UTF-8."))
    except RecursionError:
        _refuse(_("The body is nested too deeply."))
    except ValueError as error:
        _refuse(_("The body is not JSON: %(why)s.") % {"why": error})
    _walk(value, look_at_text=refuses and SUSPECT.search(raw) is not None)
    return value


class _Counter:
    """Builds the objects, counts their keys and sees a key given twice."""

    def __init__(self) -> None:
        self.seen = 0

    def object_of(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """Return the object, or refuse a key given twice, since nobody knows which was meant."""
        self.seen += len(pairs) + 1
        if self.seen > MOST_KEYS:
            _refuse(_("The body has too many keys."))
        made = dict(pairs)
        if len(made) != len(pairs):
            _refuse(_("An object has the same key twice."))
        return made


def _walk(value: Any, *, look_at_text: bool) -> None:
    level = [value]
    for _depth in range(DEEPEST):
        if look_at_text:
            for item in level:
                _look_at_text(item)
        level = [
            inner
            for item in level
            if isinstance(item, dict | list)
            for inner in (item.values() if isinstance(item, dict) else item)
        ]
        if not level:
            return
    _refuse(_("The body is nested too deeply."))


def _look_at_text(item: Any) -> None:
    texts = [item] if isinstance(item, str) else list(item) if isinstance(item, dict) else []
    for text in texts:
        if "\x00" in text:
            _refuse(_("A text holds the character U+0000, which cannot be stored."))
        try:
            text.encode()
        except UnicodeEncodeError:
            _refuse(_("A text holds half a surrogate pair, which is no character."))


def _integer(text: str) -> int:
    if len(text) > LONGEST_NUMBER:
        _refuse(_("A number has too many digits."))
    return int(text)


def _any_integer(text: str) -> float:
    return int(text) if len(text) <= LONGEST_NUMBER else float("inf")


def _number(text: str) -> float:
    number = float(text)
    if len(text) > LONGEST_NUMBER or number in (float("inf"), float("-inf")):
        _refuse(_("The number %(number)s is out of range.") % {"number": text[:LONGEST_NUMBER]})
    return number


def _refuse_constant(name: str) -> NoReturn:
    _refuse(_("%(name)s is no number.") % {"name": name})


def _refuse(why: str) -> NoReturn:
    raise Problem(400, "unreadable", why)
