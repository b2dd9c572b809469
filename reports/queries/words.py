"""Names of records a report refers to by id or code, read at the moment of reading (D-8)."""

from collections.abc import Iterable

from django.db.models import Value

from crm.models import Reason, Source, User

SOURCE = "source"


def get_code_names() -> dict[tuple[str, str], str]:
    """Return what each reason and each source of leads is called, by kind and code; a source's kind is `source`."""
    sources = Source.objects.order_by().values_list(Value(SOURCE), "code", "name")
    named = Reason.objects.order_by().values_list("kind", "code", "name").union(sources, all=True)
    return {(kind, code): name for kind, code, name in named}


def get_people(ids: Iterable[int | None]) -> dict[int, User]:
    """Return the people of these ids, whoever they are called today."""
    return User.objects.in_bulk([pk for pk in set(ids) if pk is not None])
