"""Which files a deal takes, under which names (reliability.md 32 to 36): told by their bytes, never by what they claim.

Nothing is ever unpacked, parsed or run here, and nothing is ever shown in a page of ours.
"""

import struct
import unicodedata
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from crm.lib.values import Refusal

MOST_FILES = 100  # attached to one deal at a time
NAME_LENGTH, NOTE_LENGTH = 150, 300
HEAD = 8192  # bytes that tell what a file is
MOST_ENTRIES, LARGEST_DIRECTORY = 5_000, 1_000_000
MOST_UNPACKED, MOST_RATIO = 500_000_000, 150  # bytes; and how much larger than packed
END_OF_ARCHIVE, END_LENGTH, LONGEST_COMMENT = b"PK\x05\x06", 22, 65_535
ARCHIVES = (".zip", ".7z", ".rar", ".gz", ".bz2", ".xz", ".tar", ".tgz", ".jar")
OPAQUE = "application/octet-stream"
OLE = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)
ZIP = (b"PK\x03\x04",)
OFFICE = "application/vnd.openxmlformats-officedocument."
OASIS = "application/vnd.oasis.opendocument."
# What browsers would run or render is handed over as bytes without a type.
TEXTS = {
    ".txt": "text/plain", ".md": "text/plain", ".csv": "text/csv", ".eml": "message/rfc822", ".ics": "text/calendar",
    ".svg": OPAQUE, ".html": OPAQUE, ".htm": OPAQUE, ".xml": OPAQUE,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FileKind:
    """How files of an ending begin; `holds` is what the archive of an office document has in it."""

    media_type: str
    begins: tuple[bytes, ...]
    holds: str = ""


KINDS: Mapping[str, FileKind] = {
    ".pdf": FileKind("application/pdf", (b"%PDF-",)),
    ".png": FileKind("image/png", (b"\x89PNG\r\n\x1a\n",)),
    ".jpg": FileKind("image/jpeg", (b"\xff\xd8\xff",)),
    ".jpeg": FileKind("image/jpeg", (b"\xff\xd8\xff",)),
    ".gif": FileKind("image/gif", (b"GIF87a", b"GIF89a")),
    ".webp": FileKind("image/webp", (b"RIFF",)),
    ".docx": FileKind(f"{OFFICE}wordprocessingml.document", ZIP, "word/"),
    ".xlsx": FileKind(f"{OFFICE}spreadsheetml.sheet", ZIP, "xl/"),
    ".pptx": FileKind(f"{OFFICE}presentationml.presentation", ZIP, "ppt/"),
    ".odt": FileKind(f"{OASIS}text", ZIP, "content.xml"),
    ".ods": FileKind(f"{OASIS}spreadsheet", ZIP, "content.xml"),
    ".odp": FileKind(f"{OASIS}presentation", ZIP, "content.xml"),
    ".doc": FileKind("application/msword", OLE),
    ".xls": FileKind("application/vnd.ms-excel", OLE),
    ".ppt": FileKind("application/vnd.ms-powerpoint", OLE),
    ".msg": FileKind("application/vnd.ms-outlook", OLE),
    ".rtf": FileKind("application/rtf", (b"{\\rtf",)),
    ".zip": FileKind("application/zip", ZIP),
}


class BadArchive(ValueError):
    """The archive cannot be read, or holds more than it should; the code of the refusal says which."""


def clean_name(name: str) -> str:
    """Return the last part of a name, without what a file system, a header or a reader could take for something else."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", maxsplit=1)[-1]
    kept = "".join("_" if each in '<>:"|?*;%' else each for each in last if unicodedata.category(each)[0] != "C")
    whole = PurePosixPath(" ".join(kept.split()).strip(". ") or "file")
    ending = whole.suffix[:20]
    return whole.name.removesuffix(whole.suffix)[: NAME_LENGTH - len(ending)].rstrip() + ending


def media_type_of(name: str) -> str:
    """Return what a file that was taken is; its ending was compared with its bytes."""
    ending = ending_of(name)
    return KINDS[ending].media_type if ending in KINDS else TEXTS[ending]


def ending_of(name: str) -> str:
    """Return the ending of a name in lower case, with its point."""
    return PurePosixPath(name).suffix.lower()


def file_refusals(content: BinaryIO, *, name: str, size: int, limit: int) -> list[Refusal]:
    """Return why a file may not be attached; `name` is clean, `limit` in bytes."""
    ending = ending_of(name)
    if ending not in KINDS and ending not in TEXTS:
        return [Refusal.of("file_kind", field="file", ending=ending or name)]
    if not size:
        return [Refusal.of("file_empty", field="file")]
    if size > limit:
        return [Refusal.of("file_too_large", field="file", limit=limit // 1_000_000)]
    content.seek(0)
    if not _looks_like(content.read(HEAD), ending):
        return [Refusal.of("file_not_that", field="file", ending=ending)]
    if ending in KINDS and KINDS[ending].begins == ZIP:
        try:
            _look_into(content, size, ending)
        except BadArchive as bad:
            return [Refusal.of(str(bad), field="file", ending=ending)]
    return []


def _looks_like(head: bytes, ending: str) -> bool:
    if ending in KINDS:
        if ending == ".webp" and head[8:12] != b"WEBP":
            return False
        return head.startswith(KINDS[ending].begins)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True  # UTF-16, as spreadsheets write it
    return b"\x00" not in head and not head.startswith((b"MZ", b"\x7fELF", b"PK", b"%PDF", *OLE))


def _look_into(content: BinaryIO, size: int, ending: str) -> None:
    """See that an archive is one, and no bomb, from its directory alone.

    :raises BadArchive: it is not
    """
    _require_small_directory(content, size)
    try:
        with zipfile.ZipFile(content) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, struct.error):
        raise BadArchive("file_not_that") from None
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > min(MOST_UNPACKED, size * MOST_RATIO):
        raise BadArchive("file_unpacks_too_large")
    names = [entry.filename for entry in entries]
    if ending == ".zip" and any(name.lower().endswith(ARCHIVES) for name in names):
        raise BadArchive("file_archive_within")
    if holds := KINDS[ending].holds:
        if not any(name.startswith(holds) for name in names):
            raise BadArchive("file_not_that")
        if any(name.endswith("vbaProject.bin") for name in names):
            raise BadArchive("file_has_macros")


def _require_small_directory(content: BinaryIO, size: int) -> None:
    """Refuse a directory of a hundred thousand entries before anybody reads it."""
    content.seek(max(0, size - LONGEST_COMMENT - END_LENGTH))
    tail = content.read(LONGEST_COMMENT + END_LENGTH)
    start = tail.rfind(END_OF_ARCHIVE)
    if start < 0 or len(tail) - start < END_LENGTH:
        raise BadArchive("file_not_that")
    entries, length = struct.unpack("<HL", tail[start + 10 : start + 16])
    if entries > MOST_ENTRIES or length > LARGEST_DIRECTORY:
        raise BadArchive("file_unpacks_too_large")
