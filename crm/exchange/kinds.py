"""What a kind of import is: its fields, how a row is recognised again, and who writes a batch of rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Protocol, TypeVar
from zoneinfo import ZoneInfo

from crm.exchange.cells import Reading
from crm.exchange.fields import Field
from crm.exchange.problems import Problem, RowRefused
from crm.models import User
from crm.registries import import_extensions, import_kinds

T = TypeVar("T")


class Result(StrEnum):
    """What became of a row that was taken."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(slots=True)
class Row:
    """One mapped row on its way. `ids` holds what references were resolved to, by name of the target.

    A handler sets `record_id` and `result`, or refuses the row. A deferred row is tried again after the last
    row of the file, for what it refers to may come later.
    """

    number: int
    values: dict[str, Any]
    natural_id: str = ""
    digest: str = ""
    cells: Sequence[str] = ()
    known_id: int | None = None
    ids: dict[str, Any] = field(default_factory=dict)
    record_id: int | None = None
    result: Result | None = None
    problem: Problem | None = None
    deferred: bool = False

    def refuse(self, code: str, *, field: str = "", defer: bool = False, **params: Any) -> None:
        """Say why this row is not taken; the first reason stands."""
        if self.problem is None:
            value = self.values.get(field, "")
            self.problem = Problem(code, field, "" if value is None else str(value), params)
            self.deferred = defer

    def done(self, record_id: int | None, result: Result) -> None:
        """Say what became of this row."""
        self.record_id, self.result = record_id, result


@dataclass(slots=True)
class Run:
    """What holds for every row of one import. `memory` is the handlers' own, for the length of the run."""

    id: int
    kind: str
    by: User | None
    at: datetime
    reading: Reading
    organisation_zone: ZoneInfo
    currency: str
    commits_batches: bool = False
    file_name: str = ""
    gate: str = "record"
    reason: str = ""
    owner_default_id: int | None = None
    memory: dict[str, Any] = field(default_factory=dict)

    def remember(self, name: str, make: Callable[[], T]) -> T:
        """Return what `make` gave the first time it was asked for under this name in this run."""
        if name not in self.memory:
            self.memory[name] = make()
        kept: T = self.memory[name]
        return kept


class Handler(Protocol):
    """One kind. `write` gets rows that are new or changed, resolves what they refer to, and calls one bulk command."""

    fields: ClassVar[tuple[Field, ...]]
    id_field: ClassVar[str]
    prefixes: ClassVar[tuple[str, ...]]

    def natural_id(self, values: dict[str, Any], run: Run) -> str:
        """Return what recognises the row again, or raise `RowRefused`."""

    def write(self, rows: list[Row], run: Run) -> None:
        """Write the rows in the running transaction; each ends with a result or a problem."""

    def finish(self, run: Run) -> None:
        """Bring up to date what follows from the rows; called before each commit."""


class BaseHandler:
    """What most kinds have in common: an external id that is required."""

    fields: ClassVar[tuple[Field, ...]] = ()
    id_field: ClassVar[str] = "external_id"
    prefixes: ClassVar[tuple[str, ...]] = ()

    def natural_id(self, values: dict[str, Any], run: Run) -> str:
        """Return the external id.

        :raises RowRefused: there is none
        """
        return first_identity(values, (self.id_field,))

    def finish(self, run: Run) -> None:
        """Nothing follows."""


class Extension:
    """Fields an app above adds to a lower app's kind (D-12).

    `resolve` runs before the handler and may fill `row.ids` and `row.values`; `written` after it, with the rows
    that were created or updated.
    """

    kind: ClassVar[str]
    fields: ClassVar[tuple[Field, ...]] = ()

    def resolve(self, rows: list[Row], run: Run) -> None:
        """Resolve the extra fields of a batch."""

    def written(self, rows: list[Row], run: Run) -> None:
        """Write what hangs on the rows."""

    def finish(self, run: Run) -> None:
        """Bring up to date what follows from the rows; called before each commit."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind with what the apps above add to it."""

    name: str
    handler: Handler
    extensions: tuple[Extension, ...]
    fields: dict[str, Field]

    def find_field(self, name: str) -> Field | None:
        """Return the field of this name; a prefix such as `property.` gives fields of any name."""
        if name in self.fields:
            return self.fields[name]
        prefix, dot, rest = name.partition(".")
        return Field(name, _verbatim) if dot and rest.strip() and f"{prefix}." in self.handler.prefixes else None


def find_kind(name: str) -> Kind | None:
    """Return a registered kind, its extensions included."""
    entry = import_kinds.get(name)
    if entry is None:
        return None
    extensions = tuple(one for one in import_extensions.values() if one.kind == name)
    fields = (*entry.handler.fields, *(field for one in extensions for field in one.fields))
    return Kind(name, entry.handler, extensions, {field.name: field for field in fields})


def first_identity(values: dict[str, Any], names: Sequence[str]) -> str:
    """Return the first of these fields the row has, prefixed by its name where it is not the first.

    :raises RowRefused: it has none
    """
    for position, name in enumerate(names):
        if values.get(name):
            return str(values[name]) if position == 0 else f"{name}:{str(values[name]).casefold()}"
    raise RowRefused("no_identity", fields=" / ".join(names))


def live(rows: Sequence[Row]) -> list[Row]:
    """Return the rows nothing is wrong with so far."""
    return [row for row in rows if row.problem is None]


def _verbatim(value: str, reading: Reading) -> str:
    if len(value) > 2_000:
        raise RowRefused("bad_property")
    return value
