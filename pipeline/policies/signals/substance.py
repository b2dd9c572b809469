"""What is wrong with what is known of a deal: its facts, its people, its worth (P-4, P-11, B15)."""

from decimal import Decimal

from pipeline.enums import Severity, SignalCode
from pipeline.facts import QUALIFIED_FROM
from pipeline.policies.signals.facts import Calendar, DealSignalFacts, Found

DECISION_FROM = Decimal("0.5")


def criteria_missing(deal: DealSignalFacts, calendar: Calendar, limit: int | None) -> Found | None:
    """Speak where the deal claims more than its evidence carries (P-4); by two setpoints, or at the last, it weighs more."""
    if deal.evidenced_rank >= deal.rank:
        return None
    weighs = deal.is_last or deal.rank - deal.evidenced_rank > 1
    severity = Severity.WARN if weighs and deal.probability >= QUALIFIED_FROM else Severity.NOTE
    return Found(SignalCode.CRITERIA_MISSING, severity, None, {"evidenced": deal.evidenced_rank, "claimed": deal.rank})


def no_decision_maker(deal: DealSignalFacts, calendar: Calendar, limit: int | None) -> Found | None:
    """Speak where the deal has come so far and nobody is named who decides or pays."""
    if deal.deciders or deal.probability * 100 < (DECISION_FROM * 100 if limit is None else limit):
        return None
    return Found(SignalCode.NO_DECISION_MAKER, Severity.WARN)


def single_contact(deal: DealSignalFacts, calendar: Calendar, limit: int | None) -> Found | None:
    """Speak where a qualified deal hangs on so few people, or on nobody."""
    if deal.contacts > (1 if limit is None else limit) or deal.probability < QUALIFIED_FROM:
        return None
    severity = Severity.WARN if deal.probability >= DECISION_FROM else Severity.NOTE
    return Found(SignalCode.SINGLE_CONTACT, severity, None, {"people": deal.contacts})


def amount_dropped(deal: DealSignalFacts, calendar: Calendar, limit: int | None) -> Found | None:
    """Speak where the deal is worth less by so many percent than it was for a day or longer in the last 30 days."""
    if deal.amount is None or not deal.amount_before or deal.amount >= deal.amount_before:
        return None
    percent = (deal.amount_before - deal.amount) * 100 / deal.amount_before
    if percent < (limit or 1):
        return None
    return Found(
        SignalCode.AMOUNT_DROPPED, Severity.WARN, None, {"percent": int(percent), "from": f"{deal.amount_before:f}"}
    )


def margin_low(deal: DealSignalFacts, calendar: Calendar, limit: int | None) -> Found | None:
    """Speak where the deal leaves a smaller share than the lowest that is assumed to do (B15); below nothing is bad."""
    if deal.margin is None or deal.margin_floor is None or deal.margin >= deal.margin_floor:
        return None
    severity = Severity.BAD if deal.margin < 0 else Severity.WARN
    detail = {"percent": f"{round(deal.margin * 100, 1):f}", "floor": f"{round(deal.margin_floor * 100, 1):f}"}
    return Found(SignalCode.MARGIN_LOW, severity, None, detail)
