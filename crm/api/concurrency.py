"""Entity tags: which version a client has seen (D-9)."""

import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from crm.api.problems import Problem

Handler = TypeVar("Handler", bound=Callable[..., Any])
TAG = re.compile(r'(W/)?"([^"]*)"')


def tag_of(record: Any, shown: Any = None) -> str:
    """Return the tag of a record: its id and version, and a digest where more than the version may change.

    What `If-Match` asks for is id and version alone: a score that fell over night is no conflict.
    """
    version = getattr(record, "version", None)
    parts = [str(record.pk)] + ([] if version is None else [str(version)])
    if shown is not None:
        parts.append(hashlib.sha256(JSONRenderer().render(shown)).hexdigest()[:12])
    return f'"{"-".join(parts)}"'


def needs_tag(handler: Handler) -> Handler:
    """Mark a handler that asks for `If-Match`, for the schema and the tests."""
    handler.needs_tag = handler.gives_tag = True  # type: ignore[attr-defined]  # marks of ours
    return handler


def stale(record: Any, current: Mapping[str, Any] | None = None, *, tag: str = "") -> Problem:
    """Return the 412 of a record that changed; `current` is what stands now in the fields the client sent.

    Whoever finds nothing of theirs changed there sends the same again with the new tag: both changes stand.
    """
    told = {"now": record.version} if hasattr(record, "version") else {}
    words = _("Somebody changed the record since you read it. Read it again.")
    told |= {} if current is None else {"current": dict(current)}
    return Problem(412, "stale_record", words, headers={"ETag": tag or tag_of(record)}, **told)


def seen_version(request: Request, record: Any, current: Callable[[], Mapping[str, Any] | None]) -> int:
    """Return the version that `If-Match` names, for the command to compare under its lock.

    :raises Problem: 428 where no version is named, 412 where it is not the record's present one
    """
    if f"{record.pk}-{record.version}" not in ["-".join(tag.split("-")[:2]) for tag in _strong(request)]:
        raise stale(record, current())
    version: int = record.version
    return version


def require_tag(request: Request, record: Any, tag: str, current: Callable[[], Mapping[str, Any] | None]) -> None:
    """See that `If-Match` names a record without versions by its present tag.

    :raises Problem: 428 where no tag is named, 412 where it is another
    """
    if tag.strip('"') not in _strong(request):
        raise stale(record, current(), tag=tag)


def _strong(request: Request) -> list[str]:
    header = request.headers.get("If-Match", "").strip()
    if not header or header == "*":
        raise Problem(428, "if_match_missing", _("Send the ETag of the record you read as If-Match."))
    return [tag for weak, tag in TAG.findall(header) if not weak]


def is_unchanged(request: Request, tag: str) -> bool:
    """Whether the client already holds this version (`If-None-Match`)."""
    header = request.headers.get("If-None-Match", "").strip()
    return header == "*" or tag in [f'"{seen}"' for _weak, seen in TAG.findall(header)]
