"""Competitors, as deals that close and imports meet them."""

from collections.abc import Iterable

from django.db import transaction

from pipeline.models import Competitor


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
