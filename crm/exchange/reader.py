"""Opens a CSV file and makes sure that all of it can be read before anything is written."""

import codecs
import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.utils.translation import gettext_lazy as _

from crm.exchange.problems import FileRefused

MAGIC = {
    b"PK\x03\x04": _("a spreadsheet or zip archive"),
    b"PK\x05\x06": _("a zip archive"),
    b"\xd0\xcf\x11\xe0": _("an old Excel workbook"),
    b"%PDF": _("a PDF"),
    b"\x1f\x8b": _("a gzip archive"),
    b"SQLite": _("a database"),
    b"\x89PNG": _("a picture"),
    b"\xff\xd8\xff": _("a picture"),
    b"GIF8": _("a picture"),
}
UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
DELIMITERS = ",;\t|"
CHUNK = 1 << 18
LONGEST_LINE = 1 << 20
LONGEST_CELL = 131_072
MOST_COLUMNS = 1_000


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read through once. `digest` is the SHA-256 of its bytes, `rows` counts those with cells."""

    path: Path
    encoding: str
    delimiter: str
    digest: str
    header: tuple[str, ...]
    rows: int


def inspect(path: Path) -> Source:
    """Read the whole file once, without keeping it, and say how it is written.

    :raises FileRefused: it is missing, empty, no CSV, in another encoding, or broken in its quoting
    """
    if not path.is_file():
        raise FileRefused("no_file", path=path)
    try:
        return _inspect(path)
    except OSError as error:
        raise FileRefused("unreadable_file", path=path, detail=error.strerror) from None


def _inspect(path: Path) -> Source:
    encoding = _encoding(path)
    digest = _check_text(path, encoding)
    delimiter = _delimiter(path, encoding)
    header: tuple[str, ...] = ()
    rows = 0
    for _row, cells in _records(path, encoding, delimiter):
        if header:
            rows += 1
        else:
            header = _header(cells)
    if not header:
        raise FileRefused("empty_file")
    return Source(path, encoding, delimiter, digest, header, rows)


def records(source: Source) -> Iterator[tuple[int, list[str]]]:
    """Give each row below the header with its number as a spreadsheet counts it; blank lines are left out."""
    rows = _records(source.path, source.encoding, source.delimiter)
    next(rows)
    yield from rows


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith(UTF16_MARKS):
        return "utf-16"
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    for magic, what in MAGIC.items():
        if start.startswith(magic):
            raise FileRefused("not_csv", what=what)
    if start[:1] in (b"{", b"["):
        raise FileRefused("not_csv", what=_("JSON"))
    if start.lstrip()[:1] == b"<":
        raise FileRefused("not_csv", what=_("a web page or XML"))
    if len(start) >= 4 and start.count(b"\0") > len(start) // 3:
        raise FileRefused("utf16_without_mark")
    return "utf-8"


def _check_text(path: Path, encoding: str) -> str:
    """Decode everything in pieces, watching the length of lines; return the digest of the bytes."""
    digest = hashlib.sha256()
    decoder = codecs.getincrementaldecoder(encoding)()
    row, length = 1, 0
    with path.open("rb") as file:
        while True:
            chunk = file.read(CHUNK)
            digest.update(chunk)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError:
                raise FileRefused("not_utf8", row=row) from None
            lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
            for position, line in enumerate(lines):
                row, length = (row, length + len(line)) if position == 0 else (row + 1, len(line))
                if length > LONGEST_LINE:
                    raise FileRefused("line_too_long", row=row, limit=LONGEST_LINE)
            if not chunk:
                return digest.hexdigest()


def _delimiter(path: Path, encoding: str) -> str:
    with _open(path, encoding) as file:
        line = next((line for line in file if line.strip()), "")
    outside = "".join(piece for position, piece in enumerate(line.split('"')) if position % 2 == 0)
    return max(DELIMITERS, key=outside.count)


def _records(path: Path, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    number = 1
    csv.field_size_limit(LONGEST_CELL)
    with _open(path, encoding) as file:
        rows = csv.reader(file, delimiter=delimiter, strict=True)
        try:
            for number, cells in enumerate(rows, start=1):
                if any(cell.strip() for cell in cells):
                    yield number, cells
        except csv.Error as error:
            raise FileRefused("broken_csv", row=number + 1, detail=error) from None


def _open(path: Path, encoding: str) -> IO[str]:
    return path.open(encoding=encoding, newline="")


def _header(cells: list[str]) -> tuple[str, ...]:
    names = tuple(cell.strip() for cell in cells)
    if len(names) > MOST_COLUMNS:
        raise FileRefused("too_many_columns", count=len(names), limit=MOST_COLUMNS)
    named = [name for name in names if name]
    if twice := sorted({name for name in named if named.count(name) > 1}):
        raise FileRefused("duplicate_header", names=", ".join(twice))
    return names
