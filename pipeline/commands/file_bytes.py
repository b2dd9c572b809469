"""Where the bytes of files lie: under names of ours, written before their row, and deleted only where no row names them.

So there is no order of deleting that could go wrong: whoever wants bytes gone deletes the row, and the sweep follows.
"""

import os
import re
import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import default_storage

from crm.lib.errors import CommandRefused
from crm.lib.values import Refusal
from pipeline.models import OpportunityFile

FOLDER = "files"
OURS, OUR_FOLDER = re.compile("[0-9a-f]{32}"), re.compile("[0-9a-f]{2}")
# Longer than any transaction, and time to put back a database that was restored by mistake.
STRAY_FOR = timedelta(days=7)


class FilesAway(CommandRefused):
    """There is no room for files, or no way to them; nothing was attached (503)."""


def store_bytes(content: File) -> str:
    """Write bytes through to the disk and return the key they lie under; a row may name them from now on.

    :raises FilesAway: they could not be written
    """
    name = uuid.uuid4().hex
    key = f"{FOLDER}/{name[:2]}/{name}"
    try:
        content.seek(0)
        key = default_storage.save(key, content)
        _write_through(key)
    except OSError as error:
        discard_bytes(key)
        raise FilesAway(Refusal.of("files_away")) from error
    return key


def discard_bytes(key: str) -> None:
    """Delete bytes no row names; where that fails too, the sweep comes back for them."""
    with suppress(OSError):
        default_storage.delete(key)


def sweep_bytes(*, at: datetime, renew: Callable[[], None] = lambda: None) -> int:
    """Delete what uploads left behind whose machine died before their row was written; return how many.

    `renew` is called between folders. Whatever bears another kind of name is not ours and stays.
    """
    deleted = 0
    for folder in _listed(FOLDER, OUR_FOLDER, folders=True):
        renew()
        keys = {f"{FOLDER}/{folder}/{name}" for name in _listed(f"{FOLDER}/{folder}", OURS)}
        strays = keys - set(OpportunityFile.objects.filter(key__in=keys).values_list("key", flat=True))
        for key in strays:
            deleted += _sweep(key, at)
    return deleted


def _sweep(key: str, at: datetime) -> int:
    with suppress(FileNotFoundError):
        if at - default_storage.get_modified_time(key) > STRAY_FOR:
            default_storage.delete(key)
            return 1
    return 0


def _listed(place: str, pattern: re.Pattern[str], *, folders: bool = False) -> list[str]:
    try:
        within = default_storage.listdir(place)
    except FileNotFoundError:
        return []  # before the first file, or another sweep was here
    return sorted(name for name in within[0 if folders else 1] if pattern.fullmatch(name))


def _write_through(key: str) -> None:
    """See that a machine that loses power after the row is there has the bytes as well."""
    try:
        file = Path(default_storage.path(key))
    except NotImplementedError:
        return  # not a folder of this machine: what it has answered for is kept
    for each in (file, file.parent, file.parent.parent):
        handle = os.open(each, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
