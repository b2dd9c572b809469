"""What goes to delivery when a deal is won, and whether it was delivered as sold (EE-063, LT-053)."""

from collections.abc import Iterable
from datetime import date

from crm.enums import Role
from crm.lib.values import Refusal
from pipeline.facts import ApproverFacts

GAP_LENGTH = 1000
# When it can be told whether it was delivered as sold: so many days after it goes live, or after the handover where
# nobody said when that is.
CHECK_AFTER_GO_LIVE, CHECK_AFTER_HANDOVER = 30, 90


def choose_receiver(people: Iterable[ApproverFacts]) -> int | None:
    """Return who takes a deal over: of those in delivery the one with the fewest that wait; nobody where there is none."""
    ranked = sorted((each for each in people if Role.DELIVERY in each.roles), key=lambda each: each.rank)
    return next((each.user_id for each in ranked), None)


def accept_refusals(*, to_id: int | None, by_id: int, is_admin: bool, delivers: bool) -> list[Refusal]:
    """Return why the person cannot take it over: it is addressed to another, or to nobody and they do not deliver."""
    mine = by_id == to_id if to_id is not None else delivers
    return [] if mine or is_admin else [Refusal.of("handover_of_another")]


def check_refusals(*, as_sold: bool, gap: str, on: date, made_on: date, today: date) -> list[Refusal]:
    """Return why it cannot be told like this what was delivered; what differs is named."""
    refused = [] if made_on <= on <= today else [Refusal.of("checked_when", field="checked_on")]
    if not as_sold and not gap.strip():
        refused.append(Refusal.of("say_what_differs", field="gap"))
    if len(gap) > GAP_LENGTH:
        refused.append(Refusal.of("too_long", field="gap", limit=GAP_LENGTH))
    return refused


def is_at_risk(*, as_sold: bool | None, broken_promises: int) -> bool:
    """Whether what followed the sale speaks against the customer buying again (EE-063)."""
    return as_sold is False or broken_promises > 0
