"""The file of rejected rows: as they came, each with its row, column and reason."""

import csv
from pathlib import Path
from typing import IO, Any, Self

from crm.exchange.problems import FileRefused, Reject, sentence

FORMULA = ("=", "+", "-", "@", "\t", "\r")


class RejectsFile:
    """Collects rejects into a CSV file; without a path it keeps nothing.

    Cells that a spreadsheet would run as a formula get an apostrophe before them; numbers stay numbers.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._file: IO[str] | None = None
        self._writer: Any = None

    def __enter__(self) -> Self:
        if self.path is not None:
            try:
                self._file = self.path.open("w", encoding="utf-8-sig", newline="")
            except OSError:
                raise FileRefused("rejects_unwritable", path=self.path) from None
            self._writer = csv.writer(self._file)
        return self

    def __exit__(self, *failure: object) -> None:
        if self._file is not None:
            self._file.close()

    def start(self, header: tuple[str, ...]) -> None:
        """Write the header: the file's own columns after ours."""
        if self._writer is not None:
            self._writer.writerow(["rejected_row", "rejected_column", "rejected_because", *map(harmless, header)])

    def add(self, reject: Reject) -> None:
        """Write one reject."""
        if self._writer is not None:
            because = sentence(reject.problem)
            self._writer.writerow([reject.row, harmless(reject.column), because, *map(harmless, reject.cells)])


def harmless(cell: str) -> str:
    """Return the cell so that no spreadsheet runs it."""
    if not cell.startswith(FORMULA):
        return cell
    try:
        float(cell)
    except ValueError:
        return f"'{cell}"
    return cell
