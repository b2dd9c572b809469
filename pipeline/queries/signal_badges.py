"""Signals where deals are listed: the worst of each as a badge, and who has which (P-11)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, OuterRef, Q, Value
from django.db.models.functions import JSONObject

from pipeline.enums import Severity, SignalCode
from pipeline.models import Signal
from pipeline.policies.signals import ATTENTION, IN_THE_STEP_LINE, ORDER

# What may stand in the address of a list beside the codes: all that needs somebody, and what languishes at the end.
NEEDS_ATTENTION, LANGUISHES = "attention", "languishing"
# A card tells of its next step and of its evidence in lines of their own.
ON_CARD_ALREADY = (*IN_THE_STEP_LINE, SignalCode.CRITERIA_MISSING)
SPEAKING = Q(snoozed_until=None)
WORST_FIRST = Func(Value([str(code) for code in ORDER]), "code", function="array_position")


@dataclass(frozen=True, slots=True)
class Badge:
    """A signal as a list shows it; hashable, so that drawn cards can be remembered."""

    code: str
    severity: int
    since: date | None
    detail: tuple[tuple[str, Any], ...] = ()


def worst_signals(count: int, *, without: Collection[str] = ()) -> ArraySubquery:
    """Return the annotation of the worst signals that speak; `read_badges` makes values of it."""
    speaking = Signal.objects.filter(SPEAKING, opportunity=OuterRef("pk"))
    if without:
        speaking = speaking.exclude(code__in=without)
    facts = JSONObject(code="code", severity="severity", since="since", detail="detail")
    return ArraySubquery(speaking.order_by("-severity", WORST_FIRST).values(badge=facts)[:count])


def read_badges(found: Iterable[Mapping[str, Any]] | None) -> tuple[Badge, ...]:
    """Return what `worst_signals` found as values."""
    return tuple(
        Badge(
            each["code"], each["severity"], date.fromisoformat(each["since"]) if each["since"] else None,
            tuple(sorted(each["detail"].items())),
        )
        for each in found or ()
    )  # fmt: skip


def has_signal(asked: str) -> Q:
    """Return the condition of open deals with a signal that speaks, by its code or one of the two names above."""
    if asked == NEEDS_ATTENTION:
        return Q(outcome="", severity__gte=ATTENTION)
    if asked == LANGUISHES:
        stuck = Signal.objects.filter(SPEAKING, code=SignalCode.STUCK, severity=Severity.BAD)
    else:
        stuck = Signal.objects.filter(SPEAKING, code=asked)
    return Q(outcome="", pk__in=stuck.values("opportunity_id"))
