"""Who is asked whether something can be delivered while it is being sold, and who answers (EE-098)."""

from crm.enums import Role
from crm.lib.values import Refusal
from pipeline.facts import ApproverFacts

TEXT_LENGTH, ANSWER_LENGTH = 1000, 2000
# Those who make it, bring it to the customer and run it there.
DELIVERING = frozenset({Role.PRODUCT, Role.DELIVERY, Role.OPERATIONS})


def ask_refusals(*, to: ApproverFacts | None, text: str, by_id: int | None) -> list[Refusal]:
    """Return why the question cannot be asked of that person."""
    refused = []
    if to is None or not to.roles & DELIVERING or to.user_id == by_id:
        refused.append(Refusal.of("cannot_be_asked", field="to"))
    if not text.strip():
        refused.append(Refusal.of("required", field="text"))
    if len(text.strip()) > TEXT_LENGTH:
        refused.append(Refusal.of("too_long", field="text", limit=TEXT_LENGTH))
    return refused


def answer_refusals(*, is_answered: bool, answer: str) -> list[Refusal]:
    """Return why the answer cannot stand; the first one stays."""
    if is_answered:
        return [Refusal.of("question_answered")]
    if not answer.strip():
        return [Refusal.of("required", field="answer")]
    if len(answer.strip()) > ANSWER_LENGTH:
        return [Refusal.of("too_long", field="answer", limit=ANSWER_LENGTH)]
    return []
