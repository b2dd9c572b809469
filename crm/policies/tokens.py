"""What a token may be given, when it counts and what it reaches (D-49)."""

from collections.abc import Collection
from datetime import datetime

from crm.enums import TokenScope
from crm.facts import Access


def scopes_beyond(access: Access, scopes: Collection[TokenScope]) -> list[TokenScope]:
    """Return the scopes that reach beyond the person's own rights; an empty list means all are theirs to give."""
    own: set[TokenScope] = set()
    if access.reads_company:
        own |= {TokenScope.READ, TokenScope.WRITE, TokenScope.EVENTS_WRITE, TokenScope.REPORTS_READ}
    if access.is_admin:
        own.add(TokenScope.ADMIN)
    return sorted(set(scopes) - own)


def is_in_force(
    *, revoked_at: datetime | None, expires_at: datetime | None, person_is_active: bool, at: datetime
) -> bool:
    """Whether a token counts now: not revoked, not over, and its person still with the company."""
    return person_is_active and revoked_at is None and (expires_at is None or at < expires_at)


def grants_one_of(token_scopes: Collection[str], needed: Collection[TokenScope], access: Access) -> bool:
    """Whether a token reaches what needs one of these scopes; `admin` stands for all, as long as its person is one."""
    if TokenScope.ADMIN in token_scopes and access.is_admin:
        return True
    return bool(set(token_scopes) & set(needed))
