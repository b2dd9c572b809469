"""What each outcome asks for (P-5), and when a closed deal goes on (B0)."""

from datetime import date, datetime, timedelta

from crm.lib.values import Refusal
from pipeline.enums import Outcome
from pipeline.facts import Closing, DealFacts
from pipeline.policies.promises import bars_outcome

REOPEN_GRACE = timedelta(days=30)
NEEDS: dict[Outcome, tuple[str, ...]] = {
    Outcome.WON: ("amount", "reason_code"),
    Outcome.LOST: ("competitor", "reason_code", "note"),
    Outcome.NO_DECISION: ("reason_code", "revisit_on"),
    Outcome.DECLINED: ("reason_code",),
}


def refusals(
    deal: DealFacts, closing: Closing, *, created_on: date, today: date, reopened_on: date | None = None
) -> list[Refusal]:
    """Return every reason the deal may not be closed like this; days are local."""
    if deal.is_archived:
        return [Refusal.of("deal_archived")]
    if deal.outcome:
        return [Refusal.of("deal_closed", outcome=deal.outcome)]
    if deal.barred_by and bars_outcome(closing.outcome):
        return list(deal.barred_by)
    missing = [
        Refusal.of(f"closing_needs_{name}", field=name) for name in NEEDS[closing.outcome] if not getattr(closing, name)
    ]
    if closing.amount is not None and closing.amount.amount < 0:
        missing.append(Refusal.of("amount_negative", field="amount"))
    return missing + _wrong_days(closing, created_on=created_on, today=today, reopened_on=reopened_on)


def _wrong_days(closing: Closing, *, created_on: date, today: date, reopened_on: date | None) -> list[Refusal]:
    wrong = []
    if reopened_on is not None and closing.closed_on < reopened_on:
        wrong.append(Refusal.of("closed_before_reopened", field="closed_on"))
    if closing.closed_on > today:
        wrong.append(Refusal.of("closed_in_future", field="closed_on"))
    if closing.closed_on < created_on:
        wrong.append(Refusal.of("closed_before_created", field="closed_on"))
    if closing.revisit_on is not None and closing.revisit_on <= closing.closed_on:
        wrong.append(Refusal.of("revisit_not_later", field="revisit_on"))
    return wrong


def voids_outcome(*, closed_at: datetime, at: datetime) -> bool:
    """Whether reopening now voids the outcome (same cycle), rather than starting a new cycle."""
    return at - closed_at <= REOPEN_GRACE
