"""Who may say what marketing and sales agree on, and what they may say (LT-068, LT-139)."""

from decimal import Decimal

from crm.facts import Access
from crm.lib.values import Refusal
from crm.policies.contact_details import normal_lines
from scoring.enums import AgreedTerm, AgreeingSide, GoalMeasure

LONGEST = 1000


def sides_of(access: Access) -> frozenset[AgreeingSide]:
    """Return for whom a person can agree; administrators for whichever side is missing."""
    sides = set()
    if access.is_marketing or access.is_admin:
        sides.add(AgreeingSide.MARKETING)
    if access.is_manager or access.is_admin:
        sides.add(AgreeingSide.SALES)
    return frozenset(sides)


def own_side(sides: frozenset[AgreeingSide]) -> AgreeingSide:
    """Return the side a proposal is made from; who stands on both proposes for marketing."""
    return AgreeingSide.MARKETING if AgreeingSide.MARKETING in sides else AgreeingSide.SALES


def clean_words(text: str) -> tuple[str, list[Refusal]]:
    """Return a text as it is stored, and why it cannot be."""
    kept = normal_lines(text)
    if not kept:
        return kept, [Refusal.of("required", field="text")]
    return kept, [Refusal.of("too_long", field="text", limit=LONGEST)] if len(kept) > LONGEST else []


def proposal_refusals(term: str, text: str, *, in_force: str) -> list[Refusal]:
    """Return why a wording, cleaned already, cannot be proposed."""
    if term not in set(AgreedTerm):
        return [Refusal.of("unknown_value", field="term", value=term[:50])]
    return [Refusal.of("same_wording", field="text")] if text == in_force else []


def agreement_refusals(
    sides: frozenset[AgreeingSide], *, missing: AgreeingSide, proposed_by: int, user_id: int
) -> list[Refusal]:
    """Return why a person cannot give the agreement that is missing: it takes two people, one of each side."""
    if user_id == proposed_by:
        return [Refusal("agreed_by_two")]
    return [] if missing in sides else [Refusal.of("other_side_agrees", side=missing)]


def goal_refusals(measure: str, share: Decimal | None) -> list[Refusal]:
    """Return why both teams cannot want this of a figure; no share means they want nothing of it any more."""
    if measure not in set(GoalMeasure):
        return [Refusal.of("unknown_value", field="measure", value=measure[:50])]
    if share is not None and not (share.is_finite() and 0 < share <= 1):
        return [Refusal.of("out_of_range", field="share")]
    return []
