"""Asking those who deliver while it is being sold; the answer stands on the deal (EE-098)."""

from datetime import datetime

from django.db import transaction

from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.values import Refusal
from crm.models import User
from crm.queries.access import get_access
from pipeline.commands.history import EventDraft, record
from pipeline.commands.opportunities.refused import lock_deal
from pipeline.commands.versions import require_seen
from pipeline.events import EventKind
from pipeline.models import DeliveryQuestion, Opportunity
from pipeline.policies import questions as policy
from pipeline.queries.promises import get_approvers


class QuestionRefused(CommandRefused):
    """Nothing was asked, or the answer does not stand; the refusals name the fields."""


@transaction.atomic
def ask_delivery(*, opportunity_id: int, to_id: int, text: str, by: User | None, at: datetime) -> DeliveryQuestion:
    """Ask somebody in product, delivery or operations by name; asked the same twice, it is asked once.

    :raises QuestionRefused: that person cannot be asked, nothing is asked, or the deal ended
    :raises NotPermitted: the person may not change the deal
    """
    deal, text = lock_deal(opportunity_id, by=by), text.strip()
    if deal.archived_at is not None or deal.outcome:
        code = Refusal.of("deal_closed", outcome=deal.outcome) if deal.outcome else Refusal.of("deal_archived")
        raise QuestionRefused(code)
    to = next((each for each in get_approvers() if each.user_id == to_id), None)
    if refused := policy.ask_refusals(to=to, text=text, by_id=by.pk if by else None):
        raise QuestionRefused(refused)
    same = DeliveryQuestion.objects.filter(opportunity=deal, to_id=to_id, text=text, answered_at=None).first()
    if same is not None:
        return same
    question = DeliveryQuestion.objects.create(opportunity=deal, to_id=to_id, text=text, asked_by=by, asked_at=at)
    _record(question, deal, None, by=by, at=at)
    return question


@transaction.atomic
def answer_delivery(
    *, question_id: int, answer: str, by: User, at: datetime, seen_version: int | None = None
) -> DeliveryQuestion:
    """Answer; the same answer of the same person again changes nothing.

    :raises NotPermitted: it was asked of somebody else
    :raises QuestionRefused: it was answered already, or nothing is said
    :raises StaleRecord: it changed since it was seen
    """
    deal_id = DeliveryQuestion.objects.values_list("opportunity_id", flat=True).get(pk=question_id)
    deal = lock_deal(deal_id, by=None)
    question = DeliveryQuestion.objects.select_for_update(of=("self",)).get(pk=question_id)
    if by.pk != question.to_id and not get_access(by).is_admin:
        raise NotPermitted(Refusal.of("question_of_another"))
    if (question.answered_by_id, question.answer) == (by.pk, answer.strip()):
        return question
    if refused := policy.answer_refusals(is_answered=question.answered_at is not None, answer=answer):
        raise QuestionRefused(refused)
    require_seen(question, seen_version)
    old = question_value(question)
    question.answer, question.answered_by, question.answered_at = answer.strip(), by, at
    question.version += 1
    question.save(update_fields=["answer", "answered_by", "answered_at", "version"])
    _record(question, deal, old, by=by, at=at)
    return question


def question_value(question: DeliveryQuestion) -> dict[str, object]:
    """Return a question as events hold it."""
    said: dict[str, object] = {"question": question.pk, "to": question.to_id, "text": question.text}
    return said | ({"answer": question.answer} if question.answer else {})


def _record(
    question: DeliveryQuestion, deal: Opportunity, old: dict[str, object] | None, *, by: User | None, at: datetime
) -> None:
    record(deal, [EventDraft(EventKind.QUESTION, at, old, question_value(question))], by=by, at=at)
