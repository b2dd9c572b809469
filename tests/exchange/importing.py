"""What the tests of the importer say often."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crm.exchange.run import Options, Report, import_file

AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def write_csv(path: Path, *rows: list[str]) -> Path:
    """Write rows, the first being the header, and return the path."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def run(kind: str, path: Path, mapping: dict[str, Any] | None = None, *, at: datetime = AT, **options: Any) -> Report:
    """Import a file, as the command does."""
    mapping_path = None
    if mapping is not None:
        mapping_path = path.with_suffix(".mapping.json")
        mapping_path.write_text(json.dumps(mapping))
    return import_file(kind, path, mapping_path=mapping_path, options=Options(**options), by=None, at=at)


def counts(report: Report) -> dict[str, int]:
    """Return the counts that are not zero."""
    return {name: count for name, count in report.counts.as_dict().items() if count}


def reasons(report: Report) -> list[tuple[int, str, str]]:
    """Return row, column and code of each reject."""
    return [(reject.row, reject.column, reject.problem.code) for reject in report.rejects]
