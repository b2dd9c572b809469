"""Two people decide one approval at once: one answer stands, the other is told, and the history says it once (P-14)."""

from typing import Any

import pytest
from django.utils import timezone

from crm.lib.errors import CommandRefused
from pipeline.commands.approvals import decide_approval, delegate_approval, withdraw_approval
from pipeline.models import Approval, OpportunityEvent
from tests.factories.crm import UserFactory
from tests.factories.promises import ApprovalFactory
from tests.testing import at_once

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 10


def test_of_two_who_decide_one_answer_stands() -> None:
    admin = UserFactory(admin=True)
    for _ in range(ROUNDS):
        asked = ApprovalFactory()

        def decide(by: Any, approves: bool, pk: int = asked.pk) -> Any:
            answer = "Fine" if approves else "Too much"
            return decide_approval(approval_id=pk, approves=approves, answer=answer, by=by, at=timezone.now())

        yes, no = at_once(lambda by=asked.approver: decide(by, True), lambda: decide(admin, False))
        refused = [each for each in (yes, no) if isinstance(each, CommandRefused)]
        assert [each.refusals[0].code for each in refused] == ["approval_decided"]
        stands = Approval.objects.get(pk=asked.pk)
        assert stands.state == ("approved" if yes not in refused else "refused")
        assert OpportunityEvent.objects.filter(opportunity=asked.opportunity, kind="approval").count() == 1
        assert stands.version == 2


def test_handed_on_and_decided_at_once_leaves_no_answer_of_who_was_not_asked() -> None:
    for _ in range(ROUNDS):
        asked, other = ApprovalFactory(), UserFactory(roles=["finance"])
        sent = {"approval_id": asked.pk, "by": asked.approver, "at": timezone.now()}
        decided, handed = at_once(
            lambda sent=sent: decide_approval(approves=True, **sent),
            lambda sent=sent, other=other: delegate_approval(to_id=other.pk, **sent),
        )
        stands = Approval.objects.get(pk=asked.pk)
        if isinstance(decided, CommandRefused):
            assert (stands.state, stands.approver, stands.delegated_from) == ("open", other, asked.approver)
        else:
            assert isinstance(handed, CommandRefused)
            assert (stands.state, stands.approver) == ("approved", asked.approver)


def test_withdrawn_and_decided_at_once_is_one_of_the_two() -> None:
    for _ in range(ROUNDS):
        asked = ApprovalFactory()
        answers = at_once(
            lambda asked=asked: decide_approval(
                approval_id=asked.pk, approves=True, by=asked.approver, at=timezone.now()
            ),
            lambda asked=asked: withdraw_approval(approval_id=asked.pk, by=asked.asked_by, at=timezone.now()),
        )
        assert sum(1 for each in answers if isinstance(each, CommandRefused)) == 1
        assert Approval.objects.get(pk=asked.pk).state in ("approved", "withdrawn")
