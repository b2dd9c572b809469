"""Runs an import: reads, maps, recognises what is unchanged, hands the rest to the kind, keeps count."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Mapping as AnyMapping
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from django.db import transaction

from crm.commands.imports import finish_import, start_import
from crm.exchange.batches import Counts, Worker
from crm.exchange.cells import Reading
from crm.exchange.kinds import Kind, Run, find_kind
from crm.exchange.layout import Layout
from crm.exchange.mapping import Mapping, mapping_zone, parse_mapping, read_mapping
from crm.exchange.problems import FileRefused, Reject
from crm.exchange.reader import inspect, records
from crm.exchange.rejects import RejectsFile
from crm.lib.origin import origin
from crm.models import User
from crm.queries.imports import one_import_of
from crm.queries.organisation import get_organisation, get_zone
from crm.registries import import_kinds

BATCH = 2_000
KEPT_REJECTS = 100
OnReject = Callable[[Reject], None]


@dataclass(frozen=True, slots=True)
class Options:
    """What the person chose. `abort` writes all rows or none, `skip` the good ones, a batch at a time."""

    on_error: Literal["abort", "skip"] = "abort"
    gate: Literal["record", "reject"] = "record"
    reason: str = ""
    owner_default_id: int | None = None
    dry_run: bool = False


@dataclass(slots=True)
class Report:
    """What an import did. `written` is False for a dry run and for a run that was called off."""

    counts: Counts
    ignored: tuple[str, ...] = ()
    written: bool = True
    run_id: int | None = None
    rejects: list[Reject] = field(default_factory=list)

    @property
    def created(self) -> int:
        """Return how many records were made."""
        return self.counts.created


class RowsRefused(Exception):
    """Rows made in this process were not all good, so none was written; `report` says which and why."""

    def __init__(self, report: Report) -> None:
        self.report = report
        super().__init__("; ".join(str(reject) for reject in report.rejects[:5]))


def get_kind(name: str) -> Kind:
    """Return the kind.

    :raises FileRefused: there is none of this name
    """
    kind = find_kind(name)
    if kind is None:
        raise FileRefused("unknown_kind", kind=name, kinds=", ".join(name for name, _ in import_kinds.items()))
    return kind


def import_file(
    kind_name: str,
    path: Path,
    *,
    mapping_path: Path | None = None,
    options: Options | None = None,
    by: User | None,
    at: datetime,
    on_reject: OnReject | None = None,
    rejects: RejectsFile | None = None,
) -> Report:
    """Import a CSV file; each rejected row goes to `on_reject` and into `rejects` as soon as it is known.

    :raises FileRefused: the file or its mapping is unusable; nothing was written
    """
    kind = get_kind(kind_name)
    mapping, data = read_mapping(mapping_path, kind) if mapping_path else (None, {})
    source = inspect(path)
    layout = Layout(mapping, source.header, kind)
    if rejects is not None:
        rejects.start(source.header)
    file = {"file_name": path.name, "file_digest": source.digest, "mapping": data}
    return _execute(
        layout,
        records(source),
        file,
        options or Options(),
        by=by,
        at=at,
        hear=(on_reject, rejects.add if rejects else None),
    )


def import_rows(
    kind: str,
    rows: Iterable[AnyMapping[str, str]],
    *,
    by: User | None,
    at: datetime,
    mapping: AnyMapping[str, Any] | None = None,
    on_error: Literal["abort", "skip"] = "abort",
    gate: Literal["record", "reject"] = "record",
    reason: str = "",
    owner_default: User | None = None,
    name: str = "rows",
) -> Report:
    """Import rows made in this process, by our field names, values as text; columns are those of any of the rows.

    :raises FileRefused: a row speaks of an unknown field, or a required field is nowhere
    :raises RowsRefused: some were rejected and `on_error` is abort
    """
    found = get_kind(kind)
    given = list(rows)
    header = tuple(dict.fromkeys(column for row in given for column in row))
    if not given:
        return Report(Counts())
    checked = parse_mapping(mapping, found) if mapping else Mapping(columns={column: (column,) for column in header})
    if not mapping:
        _check_fields(header, found)
    cells = ((number, [row.get(column, "") for column in header]) for number, row in enumerate(given, start=2))
    options = Options(
        on_error=on_error, gate=gate, reason=reason, owner_default_id=owner_default.pk if owner_default else None
    )
    file = {"file_name": name, "file_digest": "", "mapping": dict(mapping or {})}
    report = _execute(Layout(checked, header, found), cells, file, options, by=by, at=at)
    if report.counts.rejected and on_error == "abort":
        raise RowsRefused(report)
    return report


def _check_fields(names: Iterable[str], kind: Kind) -> None:
    for name in names:
        if kind.find_field(name) is None:
            raise FileRefused("unknown_field", field=name, kind=kind.name, fields=", ".join(kind.fields))


def _execute(
    layout: Layout,
    source: Iterable[tuple[int, Sequence[str]]],
    file: dict[str, Any],
    options: Options,
    *,
    by: User | None,
    at: datetime,
    hear: tuple[OnReject | None, ...] = (),
) -> Report:
    report = Report(Counts(), ignored=layout.ignored)

    def reject(one: Reject) -> None:
        if len(report.rejects) < KEPT_REJECTS:
            report.rejects.append(one)
        for listener in hear:
            if listener is not None:
                listener(one)

    all_or_nothing = options.dry_run or options.on_error == "abort"
    with one_import_of(layout.kind.name) as held:
        if not held:
            raise FileRefused("import_running", kind=layout.kind.name)
        with transaction.atomic() if all_or_nothing else nullcontext():
            record = start_import(kind=layout.kind.name, reason=options.reason, by=by, at=at, **file)
            run = _run(record.pk, layout, options, file["file_name"], by=by, at=at)
            with origin(via="import", reference=str(record.pk), by_id=by.pk if by else None):
                report.counts = _work(Worker(layout, run, reject), source)
            finish_import(run_id=record.pk, counts=report.counts.as_dict(), at=at)
            if options.dry_run or (all_or_nothing and report.counts.rejected):
                transaction.set_rollback(True)
                report.written = False
    report.run_id = record.pk if report.written else None
    if not report.written and not options.dry_run:
        report.counts = replace(report.counts, created=0, updated=0)
    return report


def _work(worker: Worker, source: Iterable[tuple[int, Sequence[str]]]) -> Counts:
    for batch in _batches(source):
        worker.take(batch)
    worker.settle()
    return worker.counts


def _batches(source: Iterable[tuple[int, Sequence[str]]]) -> Iterator[list[tuple[int, Sequence[str]]]]:
    rows = iter(source)
    while batch := list(islice(rows, BATCH)):
        yield batch


def _run(run_id: int, layout: Layout, options: Options, name: str, *, by: User | None, at: datetime) -> Run:
    mapping, zone = layout.mapping, get_zone()
    return Run(
        id=run_id,
        kind=layout.kind.name,
        by=by,
        at=at,
        reading=Reading(mapping_zone(mapping, zone), mapping.date_format),
        organisation_zone=zone,
        currency=get_organisation().currency,
        commits_batches=options.on_error == "skip" and not options.dry_run,
        file_name=name,
        gate=options.gate,
        reason=options.reason,
        owner_default_id=options.owner_default_id,
    )
