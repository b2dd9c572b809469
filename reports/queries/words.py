"""Names of records a report refers to by id or code, read at the moment of reading (D-8)."""

from collections.abc import Iterable

from crm.models import Reason, User


def get_reason_names() -> dict[tuple[str, str], str]:
    """Return what each reason is called, by kind and code."""
    return {(kind, code): name for kind, code, name in Reason.objects.values_list("kind", "code", "name")}


def get_people(ids: Iterable[int | None]) -> dict[int, User]:
    """Return the people of these ids, whoever they are called today."""
    return User.objects.in_bulk([pk for pk in set(ids) if pk is not None])
