"""One batch of an import: cells become values, equal rows are left alone, the rest is written."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache, partial
from typing import Any

from django.db import DataError, IntegrityError, transaction

from crm.commands.imports import keep_imported, note_progress
from crm.exchange.kinds import Result, Row, Run, live
from crm.exchange.layout import Layout, Texts
from crm.exchange.mapping import Mapping
from crm.exchange.problems import Problem, Reject, RowRefused
from crm.queries.imports import get_imported

LONGEST_ID = 300
Cells = Sequence[str]


@dataclass(slots=True)
class Counts:
    """Rows of the file read; what became of the rows they made; `skipped` lay outside `where` or `distinct`."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    skipped: int = 0

    def as_dict(self) -> dict[str, int]:
        """Return the counts by name."""
        return asdict(self)


class Worker:
    """Takes batch after batch of one run and keeps what lasts between them."""

    def __init__(self, layout: Layout, run: Run, reject: Callable[[Reject], None]) -> None:
        self.layout, self.run, self.reject = layout, run, reject
        self.kind, self.counts = layout.kind, Counts()
        self._first_rows: dict[int, int] = {}  # hash of a natural id: the row that had it
        self._deferred: list[Row] = []
        self._readers: dict[str, Callable[[str], Any]] = {}

    def take(self, batch: Sequence[tuple[int, Cells]]) -> None:
        """Take rows of the file: number and cells."""
        rows: list[Row] = []
        for number, cells in batch:
            self.counts.read += 1
            rows += self._rows(number, cells)
        self._settle_batch(rows)

    def settle(self) -> None:
        """Try deferred rows until none gets further, reject what is left, and finish the kind."""
        while self._deferred:
            waiting, self._deferred = self._deferred, []
            self._write([_reset(row) for row in waiting])
            if len(self._deferred) == len(waiting):
                for row in self._deferred:
                    self._refuse(row.number, row.cells, row.problem)
                self._deferred = []
        with transaction.atomic():
            self._finish()

    def _finish(self) -> None:
        self.kind.handler.finish(self.run)
        for extension in self.kind.extensions:
            extension.finish(self.run)

    def _rows(self, number: int, cells: Cells) -> list[Row]:
        try:
            cells = self._checked(cells)
            if not self.layout.wants(cells):
                self.counts.skipped += 1
                return []
            made = list(self.layout.texts(cells))
        except RowRefused as refused:
            self._refuse(number, cells, refused.problem)
            return []
        self.counts.skipped += not made
        rows = []
        for texts in made:
            try:
                rows.append(self._row(number, cells, texts))
            except RowRefused as refused:
                self._refuse(number, cells, refused.problem)
        return rows

    def _checked(self, cells: Cells) -> Cells:
        width = self.layout.width
        if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
            cells = cells[:width]
        if len(cells) != width:
            raise RowRefused("ragged_row", cells=len(cells), columns=width)
        if any("\0" in cell for cell in cells):
            position = next(position for position, cell in enumerate(cells) if "\0" in cell)
            raise RowRefused("nul_character", field=self.layout.header[position])
        return cells

    def _row(self, number: int, cells: Cells, texts: Texts) -> Row:
        values = {name: self._value(name, text) for name, text in texts.items() if text}
        for field in self.kind.fields.values():
            if field.required and values.get(field.name) is None:
                raise RowRefused("required", field=field.name)
        natural_id = self.kind.handler.natural_id(values, self.run)
        if len(natural_id) > LONGEST_ID:
            raise RowRefused("too_long", field=self.kind.handler.id_field, limit=LONGEST_ID, length=len(natural_id))
        if (first := self._first_rows.get(hash(natural_id))) is not None:
            raise RowRefused("duplicate_in_file", field=self._identity_field(natural_id), value=natural_id, row=first)
        self._first_rows[hash(natural_id)] = number
        return Row(number, values, natural_id, fingerprint(texts, self.layout.mapping), cells)

    def _identity_field(self, natural_id: str) -> str:
        """Return the field a row is recognised by; those that stand in for the first prefix it by their name."""
        prefix = natural_id.partition(":")[0]
        return prefix if prefix in self.kind.fields else self.kind.handler.id_field

    def _value(self, name: str, text: str) -> Any:
        reader = self._readers.get(name)
        if reader is None:
            field = self.kind.find_field(name)
            assert field is not None
            reader = partial(_read, field.read, self.run.reading)
            if field.repeats:
                reader = lru_cache(maxsize=4_096)(reader)
            self._readers[name] = reader
        try:
            return reader(text)
        except RowRefused as refused:
            raise RowRefused(refused.problem.code, field=name, value=text, **refused.problem.params) from None

    def _settle_batch(self, rows: list[Row]) -> None:
        known = get_imported(self.kind.name, [row.natural_id for row in rows]) if rows else {}
        changed = []
        for row in rows:
            digest, row.known_id = known.get(row.natural_id, ("", None))
            if digest == row.digest:
                self.counts.unchanged += 1
            else:
                changed.append(row)
        self._write(changed)

    def _write(self, rows: list[Row]) -> None:
        """Write a batch at once; where the database refuses it, row by row, so that one row costs only itself."""
        if not rows:
            return
        try:
            with transaction.atomic():
                self._write_all(rows)
        except (IntegrityError, DataError) as error:
            if len(rows) == 1:
                _reset(rows[0])
                rows[0].refuse("refused_by_database", detail=str(error).splitlines()[0])
            else:
                for row in rows:
                    _reset(row)
                    self._write([row])
                return
        self._count(rows)

    def _write_all(self, rows: list[Row]) -> None:
        note_progress(run_id=self.run.id, counts=self.counts.as_dict())
        for extension in self.kind.extensions:
            extension.resolve(live(rows), self.run)
        if ready := live(rows):
            self.kind.handler.write(ready, self.run)
        done = [row for row in live(rows) if row.record_id is not None]
        for extension in self.kind.extensions:
            extension.written(done, self.run)
        kept = [(row.natural_id, row.digest, row.record_id or 0) for row in done]
        keep_imported(
            kind=self.kind.name,
            run_id=self.run.id,
            made=[item for item, row in zip(kept, done, strict=True) if row.known_id is None],
            renewed=[item for item, row in zip(kept, done, strict=True) if row.known_id is not None],
        )
        if self.run.commits_batches:
            self._finish()

    def _count(self, rows: list[Row]) -> None:
        for row in rows:
            if row.problem is not None and row.deferred:
                self._deferred.append(_reset(row, problem=row.problem))
            elif row.problem is not None:
                self._refuse(row.number, row.cells, row.problem)
            elif row.result is Result.CREATED:
                self.counts.created += 1
            elif row.result is Result.UPDATED:
                self.counts.updated += 1
            else:
                self.counts.unchanged += 1

    def _refuse(self, number: int, cells: Cells, problem: Problem | None) -> None:
        assert problem is not None
        self.counts.rejected += 1
        self.reject(
            Reject(number, self.layout.column_of(problem.field) if problem.field else "", problem, tuple(cells))
        )


def fingerprint(texts: Texts, mapping: Mapping) -> str:
    """Return the hash of a mapped row (D-48): its filled fields and how its dates are read."""
    parts = [f"{name}={texts[name]}" for name in sorted(texts) if texts[name]]
    key = "\0".join([mapping.date_format, mapping.timezone, *parts]).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(key, digest_size=16).hexdigest()


def _read(read: Callable[[str, Any], Any], reading: Any, text: str) -> Any:
    return read(text, reading)


def _reset(row: Row, *, problem: Problem | None = None) -> Row:
    row.ids, row.record_id, row.result, row.problem, row.deferred = {}, None, None, problem, False
    return row
