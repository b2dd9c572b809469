"""What policies may know of people: plain values, built by queries."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from crm.enums import SALES_ROLES, Role


@dataclass(frozen=True, slots=True)
class Access:
    """Who somebody is and whose records they reach, as of now (D-3, D-42, D-49).

    `team_user_ids` are the current members of the own team, `managed_user_ids` those of every team
    in the subtrees the person manages; both include nobody who left, except through their records.
    """

    user_id: int
    roles: frozenset[Role]
    own_team_id: int | None
    managed_team_ids: frozenset[int]
    team_user_ids: frozenset[int]
    managed_user_ids: frozenset[int]
    switched_off: frozenset[str] = frozenset()  # modules the organisation does without (D-45)

    @property
    def is_admin(self) -> bool:
        """Whether an administrator's grant is in force."""
        return Role.ADMIN in self.roles

    @property
    def is_manager(self) -> bool:
        """Whether the person manages a team."""
        return Role.MANAGER in self.roles

    @property
    def is_marketing(self) -> bool:
        """Whether the person works in marketing."""
        return Role.MARKETING in self.roles

    @property
    def sells(self) -> bool:
        """Whether the person is a rep, a manager or an administrator."""
        return bool(self.roles & SALES_ROLES)

    @property
    def reads_company(self) -> bool:
        """Whether accounts and contacts are open to the person: sales, marketing and administrators."""
        return self.sells or self.is_marketing

    def manages(self, user_id: int | None) -> bool:
        """Whether the person manages this owner, or is an administrator."""
        return self.is_admin or (user_id is not None and user_id in self.managed_user_ids)

    def works_with(self, user_id: int | None) -> bool:
        """Whether the owner is the person, a team mate, or somebody they manage."""
        return self.manages(user_id) or user_id == self.user_id or user_id in self.team_user_ids


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """When somebody can answer: local hours on the organisation's working days (`date.isoweekday()`)."""

    zone: str
    days: frozenset[int] = frozenset({1, 2, 3, 4, 5})
    opens: int = 9
    closes: int = 17
    holidays: frozenset[object] = frozenset()

    def works_on(self, day: date) -> bool:
        """Whether it is a working day and no holiday."""
        return day.isoweekday() in self.days and day not in self.holidays


@dataclass(frozen=True, slots=True)
class SubjectFacts:
    """A record activities and timelines belong to, as somebody who may see it sees it."""

    subject: str
    record_id: int
    name: str
    url: str
    account_id: int | None = None
    contact_id: int | None = None
    can_log: bool = True


@dataclass(frozen=True, slots=True)
class TimelineCursor:
    """The last entry a reader has seen; what comes before it follows."""

    at: datetime
    source: str
    record_id: int


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened to a record; `template` of the app that owns it makes the words from `payload`."""

    at: datetime
    source: str
    record_id: int
    kind: str
    template: str
    payload: Any

    @property
    def cursor(self) -> TimelineCursor:
        """Return where the next page starts."""
        return TimelineCursor(self.at, self.source, self.record_id)


@dataclass(frozen=True, slots=True)
class AuditChange:
    """One field before and after, as text or JSON values; `known_before` is false where nobody kept what was."""

    field: str
    old: Any
    new: Any
    known_before: bool = True

    def replaced(self, old: Any, new: Any) -> "AuditChange":
        """Return the change with names in the place of keys."""
        return AuditChange(self.field, old, new, self.known_before)


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """What one statement did to one record, by whom and from where; `model` is a label such as `crm.Account`."""

    audit_id: int
    model: str
    record_id: int
    action: str
    at: datetime
    by_id: int | None
    via: str
    reference: str
    changes: tuple[AuditChange, ...]
    by_name: str = ""

    @property
    def cursor(self) -> TimelineCursor:
        """Return where the next page of the audit starts."""
        return TimelineCursor(self.at, self.model, self.audit_id)

    def named(self, by_name: str, name: Callable[[AuditChange], AuditChange]) -> "AuditEntry":
        """Return the entry with names in the place of keys."""
        return replace(self, by_name=by_name, changes=tuple(name(change) for change in self.changes))


@dataclass(frozen=True, slots=True)
class Identity:
    """By what somebody was known, now or earlier: full names, e-mail addresses and phone numbers."""

    names: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()

    def __or__(self, other: "Identity") -> "Identity":
        return Identity(self.names | other.names, self.emails | other.emails, self.phones | other.phones)


@dataclass(frozen=True, slots=True)
class LeftFile:
    """A file that may name somebody who was erased, and where to find it."""

    name: str
    place: str
    url: str
