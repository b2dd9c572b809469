"""The audit of mutable tables (C-7, D-7, D-43): one trigger-fed, append-only table beside each."""

from collections.abc import Callable
from typing import TypeVar

import pghistory
import pgtrigger
from django.db import models

M = TypeVar("M", bound=type[models.Model])


def audited(*, exclude: tuple[str, ...] = ()) -> Callable[[M], M]:
    """Keep every version of the rows, the first included, in `<Model>Audit`, with the context `lib.origin` binds."""

    def decorate(model: M) -> M:
        track = pghistory.track(
            pghistory.InsertEvent(),
            pghistory.UpdateEvent(),
            pghistory.DeleteEvent(),
            model_name=f"{model.__name__}Audit",
            exclude=list(exclude),
            append_only=True,
            # The usual name, events, is what deals and leads call their domain events.
            obj_field=pghistory.ObjForeignKey(related_name="audit"),
        )
        tracked: M = track(model)
        return tracked

    return decorate


def append_only(*, may_change: str = "FALSE", may_delete: str = "FALSE") -> list[pgtrigger.Trigger]:
    """Return the `triggers` of a model of events: the database refuses to change or delete its rows.

    The exceptions are conditions in SQL: `may_change` about `OLD` and `NEW`, `may_delete` about `OLD`.
    """
    return [
        pgtrigger.Protect(
            name=name, operation=operation, condition=pgtrigger.Condition(f"NOT COALESCE({exception}, FALSE)")
        )
        for name, operation, exception in (
            ("never_changed", pgtrigger.Update, may_change),
            ("never_deleted", pgtrigger.Delete, may_delete),
        )
    ]
