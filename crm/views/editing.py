"""Forms over a whole record: each carries what it showed, so that two edits meet only in the same field (D-9)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django import forms
from django.http import HttpRequest
from django.utils import timezone

from crm.forms.records import RecordForm
from crm.lib.errors import CommandRefused, StaleRecord
from crm.views.answers import STALE, WRONG

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Edited:
    """A form beside what it showed; `status` is 200 where there is nothing to say against it."""

    form: RecordForm
    seen: RecordForm
    status: int = 200

    @property
    def saved(self) -> bool:
        """Whether the command went through."""
        return self.status == 200

    @property
    def context(self) -> dict[str, Any]:
        """Return what the template needs; it puts `seen` into the form by `crm/_seen.html`."""
        return {"form": self.form, "seen": self.seen}


def show_edit(form: Callable[..., RecordForm], values: Mapping[str, Any]) -> Edited:
    """Return the form of a record as it stands."""
    return Edited(form(initial=values), form(initial=values, prefix="seen"))


def show_new(form: Callable[..., RecordForm]) -> Edited:
    """Return the form of a record there is not yet."""
    return Edited(form(), form(prefix="seen"))


def save_new(request: HttpRequest, form: Callable[..., RecordForm], command: Callable[..., Any]) -> Edited:
    """Give the command what the person filled in as `values`, with `by` and `at`.

    :raises NotPermitted: it is not theirs to add
    """
    sent, seen = form(request.POST), form(prefix="seen")
    if not sent.is_valid():
        return Edited(sent, seen, WRONG)
    try:
        command(values=sent.cleaned_data, by=request.user, at=timezone.now())
    except CommandRefused as refused:
        sent.refuse(refused)
        return Edited(sent, seen, WRONG)
    return Edited(sent, seen)


def carry_out(form: RecordForm, command: Callable[..., T], **given: Any) -> T | None:
    """Give the command what the form says; None where one of them says no, which then stands at the fields.

    :raises NotPermitted: it is not theirs to do
    """
    if not form.is_valid():
        return None
    try:
        return command(**form.values(), **given)
    except CommandRefused as refused:
        form.refuse(refused)
        return None


def save_edit(
    request: HttpRequest,
    form: Callable[..., RecordForm],
    command: Callable[..., Any],
    *,
    fresh: Callable[[], Mapping[str, Any]],
) -> Edited:
    """Give the command what the person changed and what was shown, as `changes` and `seen`.

    A field sent back as it was shown is none of theirs to write, nor one that was empty since what it holds is offered
    no longer. `fresh` returns what stands now, for a conflict.

    :raises NotPermitted: it is not theirs to change
    """
    sent, seen = form(request.POST), form(request.POST, prefix="seen")
    if not sent.is_valid():
        return Edited(sent, seen, WRONG)
    shown = seen.seen_values
    changes = {name: value for name, value in sent.cleaned_data.items() if name not in shown or shown[name] != value}
    for name in [name for name in changes if _was_not_offered(sent, name, shown.get(name))]:
        del changes[name]
    try:
        command(changes=changes, seen=shown)
    except StaleRecord as refused:
        sent.refuse(refused)
        return Edited(sent, form(initial=fresh(), prefix="seen"), STALE)
    except CommandRefused as refused:
        sent.refuse(refused)
        return Edited(sent, seen, WRONG)
    return Edited(sent, seen)


def _was_not_offered(sent: RecordForm, name: str, was: Any) -> bool:
    """Whether a choice came back empty because what stands there could not be shown: such a value is only replaced."""
    field, empty = sent.fields[name], (None, "")
    if not isinstance(field, forms.TypedChoiceField) or sent.cleaned_data[name] not in empty or was in empty:
        return False
    return not field.valid_value(was)
