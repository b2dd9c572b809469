"""What colleagues wait for from a person: answers, shared hours, won deals to take over, promises to keep (P-14, P-22)."""

from collections.abc import Sized
from dataclasses import dataclass
from datetime import date

from crm.models import User
from pipeline.enums import PromiseState
from pipeline.models import Approval, DeliveryQuestion, Handover, Promise, ResourceRequest
from pipeline.queries.handovers import handovers_waiting_for
from pipeline.queries.promises import approvals_waiting_for
from pipeline.queries.questions import questions_waiting_for
from pipeline.queries.resources import requests_waiting_for

MOST = 40


@dataclass(frozen=True, slots=True)
class Asked:
    """What waits for a person, each kind with what is late first."""

    approvals: list[Approval]
    hours: list[ResourceRequest]
    questions: list[DeliveryQuestion]
    handovers: list[Handover]
    promises: list[Promise]

    @property
    def count(self) -> int:
        """Return how many things wait."""
        kinds: tuple[Sized, ...] = (self.approvals, self.hours, self.questions, self.handovers, self.promises)
        return sum(len(waiting) for waiting in kinds)


def get_asked(user: User, *, today: date) -> Asked:
    """Return what waits for the person, in a statement each; of promises those whose day has come."""
    due = Promise.objects.filter(owner=user, state=PromiseState.OPEN, due_on__lte=today, opportunity__archived_at=None)
    return Asked(
        approvals=list(approvals_waiting_for(user)[:MOST]),
        hours=list(requests_waiting_for(user)[:MOST]),
        questions=list(questions_waiting_for(user)[:MOST]),
        handovers=list(handovers_waiting_for(user)[:MOST]),
        promises=list(due.select_related("opportunity__account").order_by("due_on", "pk")[:MOST]),
    )
