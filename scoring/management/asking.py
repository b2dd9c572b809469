"""What the commands of this app share: who asks, and a refusal in words."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.management.base import CommandError

from crm.lib.errors import CommandRefused
from crm.lib.origin import origin
from crm.models import User
from scoring.labels import sentence


def find_person(email: str) -> User:
    """Return the person of this e-mail address.

    :raises CommandError: there is none
    """
    found = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if found is None:
        raise CommandError(f"Nobody here has the e-mail {email}. Give that of an administrator or marketer.")
    return found


@contextmanager
def asked_by_hand() -> Iterator[None]:
    """Run one command; say what it refused as the pages do."""
    try:
        with origin(via="command"):
            yield
    except CommandRefused as refused:
        raise CommandError(" ".join(str(sentence(refusal)) for refusal in refused.refusals)) from None


def table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Return rows under their heads, the first column to the left, numbers to the right; None is a dash."""
    shown = [head, *[["–" if cell is None else str(cell) for cell in row] for row in rows]]
    widths = [max(len(row[place]) for row in shown) for place in range(len(head))]
    lines = []
    for row in shown:
        cells = [
            cell.ljust(width) if not place else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def share(value: float | None) -> str | None:
    """Return a share in percent with one decimal, None where there is none."""
    return None if value is None else f"{100 * value:.1f}%"
