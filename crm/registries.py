"""Where the apps above `crm` make themselves known (D-12). Each is filled in `AppConfig.ready()`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Registry(Generic[T]):
    """Named entries, in the order they were added; a name may be taken once."""

    def __init__(self) -> None:
        self._entries: dict[str, T] = {}

    def register(self, name: str, entry: T) -> T:
        """Add an entry.

        :raises ValueError: the name is taken
        """
        if name in self._entries:
            raise ValueError(f"{name} is registered already")
        self._entries[name] = entry
        return entry

    def get(self, name: str) -> T | None:
        """Return the entry or None."""
        return self._entries.get(name)

    def items(self) -> Iterable[tuple[str, T]]:
        """Return names and entries in order."""
        return self._entries.items()

    def values(self) -> Iterable[T]:
        """Return the entries in order."""
        return self._entries.values()


@dataclass(frozen=True, slots=True)
class NavItem:
    """A place in the sidebar. `roles` empty means everybody who sells or markets; `count` gives the badge."""

    url_name: str
    icon: str
    label: Any
    section: str = ""
    order: int = 0
    roles: frozenset[str] = frozenset()
    count: Callable[..., int | None] | None = None
    phone: bool = False
    key: str = ""  # the second key after G, shown in the keyboard help


@dataclass(frozen=True, slots=True)
class TimelineProvider:
    """Gives timeline entries of a record, newest first: `entries(asked)` with a `crm.queries.timeline.Asked`.

    It returns `crm.facts.TimelineEntry` rows whose `source` is the name it is registered under;
    `crm.queries.timeline.earlier` makes the filter for what is before. `kinds` is what the reader may filter by:
    activity, email, change, move, score; one statement should give all the kinds a provider has. The pages of the
    subjects in `on_reveal` show its entries only once somebody gets to the timeline.
    """

    subjects: frozenset[str]
    entries: Callable[[Any], list[Any]]
    kinds: tuple[str, ...] = ("activity",)
    on_reveal: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Subject:
    """A kind of record that activities and timelines belong to: account, contact, opportunity, lead.

    `find(record_id, *, user)` returns `crm.facts.SubjectFacts`, or None for what the person may not see.
    `links(user)`, of the apps above, returns the rows that tie activities to records the person may see, each with
    `activity_id` and `record_id`.
    """

    find: Callable[..., Any]
    links: Callable[..., Any] | None = None


@dataclass(frozen=True, slots=True)
class ImportKind:
    """One kind of `manage.py import`; `handler` is a `crm.exchange.kinds.Handler`, which knows its fields."""

    handler: Any


@dataclass(frozen=True, slots=True)
class Eraser:
    """What an app does when a person is erased, in the transaction of the command.

    `erase(*, contact_ids, emails)` blanks what the app holds of them and returns the `crm.facts.Identity` they bore
    there. `files(contact_ids)` returns `crm.facts.LeftFile` rows: what may name them, and only a reader can tell.
    """

    erase: Callable[..., Any]
    files: Callable[[Iterable[int]], list[Any]] | None = None


navigation: Registry[NavItem] = Registry()
timeline: Registry[TimelineProvider] = Registry()
subjects: Registry[Subject] = Registry()
import_kinds: Registry[ImportKind] = Registry()
# Fields an app adds to a lower app's kind: each a `crm.exchange.kinds.Extension`.
import_extensions: Registry[Any] = Registry()
# An owner leaves: `handler(*, from_user_id, to_user_id, by, at) -> int` moves what they still hold.
owner_changes: Registry[Callable[..., int]] = Registry()
# A person is erased (D-8): what each app does about it.
erasures: Registry[Eraser] = Registry()
# `handler(*, kept_id, lost_id, by, at)` after a merge.
merges: Registry[Callable[..., None]] = Registry()
# An account or a contact was changed: `handler(*, account_id, contact_id, fields, by, at)` in the same transaction, with
# the id of the one that was.
facts_changed: Registry[Callable[..., None]] = Registry()
# Somebody's absence was noted or taken back: `handler(*, user_id, by, at)` in the same transaction; the person is locked.
absences_changed: Registry[Callable[..., None]] = Registry()
# An activity was logged, completed or moved: `handler(*, activity_id, context, by, at)` in the same transaction.
# `context` names what it was logged on, e.g. {"opportunity": 5, "lead": 7}; it is empty when one is completed or
# moved. A handler links the activity and takes note of a customer action; being called again does no harm.
activity_logged: Registry[Callable[..., None]] = Registry()
# After an activity was logged or completed: `find(activity, *, context, user)` returns the address of the sheet that asks
# what is next, "" where the app has none to ask.
follow_ups: Registry[Callable[..., str]] = Registry()
# Activities that an app above hides from somebody: `filter(queryset, user) -> queryset`.
activity_filters: Registry[Callable[..., Any]] = Registry()
