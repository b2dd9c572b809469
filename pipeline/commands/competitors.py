"""Competitors, as deals that close and imports meet them, and what became of each in a deal (D-39)."""

from collections.abc import Iterable, Mapping

from django.db import transaction

from pipeline.enums import Outcome
from pipeline.models import Competitor, OpportunityCompetitor


@transaction.atomic
def ensure_competitors(*, names: Iterable[str]) -> dict[str, int]:
    """Return the competitor of each name, without regard to case, adding those never seen before."""
    wanted = {name.casefold(): name for name in names}
    known = {name.casefold(): pk for pk, name in Competitor.objects.values_list("id", "name")}
    new = [Competitor(name=name[:200]) for folded, name in wanted.items() if folded not in known]
    known |= {competitor.name.casefold(): competitor.pk for competitor in Competitor.objects.bulk_create(new)}
    return {name: known[name.casefold()] for name in names}


@transaction.atomic
def ensure_competitor(*, name: str) -> Competitor:
    """Return the competitor of a name, without regard to case, adding one never seen before."""
    competitor, _ = Competitor.objects.get_or_create(name__iexact=name, defaults={"name": name})
    return competitor


def settle_competitors(named: Mapping[int, tuple[str, int | None]]) -> None:
    """Keep what became of each competitor in locked deals: by deal its outcome, "" where open, and the one it names.

    The named one won a lost deal, all others lost it, and all lost a won one; of other endings nothing is known.
    """
    rivals = list(OpportunityCompetitor.objects.filter(opportunity_id__in=named))
    changed = []
    for rival in rivals:
        outcome, competitor_id = named[rival.opportunity_id]
        settled = _settled(outcome, is_named=rival.competitor_id == competitor_id, is_known=competitor_id is not None)
        if settled is not None and settled != rival.outcome:
            rival.outcome = settled
            changed.append(rival)
    OpportunityCompetitor.objects.bulk_update(changed, ["outcome"])
    there = {(rival.opportunity_id, rival.competitor_id) for rival in rivals}
    OpportunityCompetitor.objects.bulk_create(
        OpportunityCompetitor(
            opportunity_id=deal_id,
            competitor_id=competitor_id,
            outcome=_settled(outcome, is_named=True, is_known=True) or "",
        )
        for deal_id, (outcome, competitor_id) in named.items()
        if competitor_id is not None and (deal_id, competitor_id) not in there
    )


def _settled(outcome: str, *, is_named: bool, is_known: bool) -> str | None:
    """Return what a competitor got, or None where the ending says nothing about it."""
    if outcome == Outcome.WON:
        return Outcome.LOST
    if outcome == Outcome.LOST and is_known:
        return Outcome.WON if is_named else Outcome.LOST
    return "" if is_named else None
