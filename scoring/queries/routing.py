"""By what a lead finds its rep, as routing needs it (S-9)."""

from collections.abc import Mapping
from functools import lru_cache

from babel.languages import get_official_languages
from django.db.models import QuerySet

from crm.models import Team
from crm.queries.people import memberships_now
from scoring.facts import RoutedLead, Terms, TerritoryFacts
from scoring.models import HandoffTerms, Lead, Territory


def get_terms() -> Terms:
    """Return what marketing and sales agreed on; before they did, four hours and a reminder one hour before."""
    row = HandoffTerms.objects.filter(pk=1).values_list("answer_minutes", "remind_minutes", "pauses_when_away").first()
    return Terms(*row) if row else Terms()


def open_territories() -> QuerySet[Territory]:
    """Return the territories in use, in the order they are asked."""
    return Territory.objects.filter(archived_at=None).select_related("team", "rep").order_by("order", "pk")


def get_territories() -> list[TerritoryFacts]:
    """Return the territories in use with who takes their leads: the rep, or who is in the team or below it today."""
    rows = list(open_territories())
    members = _members_of_teams() if any(row.team_id for row in rows) else {}
    return [
        TerritoryFacts(
            id=row.pk,
            rep_ids=members.get(row.team_id, frozenset()) if row.team_id else frozenset({row.rep_id or 0}),
            countries=frozenset(row.countries),
            languages=frozenset(row.languages),
            industries=frozenset(row.industries),
        )
        for row in rows
    ]


def describe_lead(lead: Lead) -> RoutedLead:
    """Return what routing asks of a lead, whose account and contact have been read."""
    contact, account = lead.contact, lead.account
    country = lead.country or (account.country if account else "")
    language = contact.language.split("-")[0].split("_")[0].lower() if contact else ""
    return RoutedLead(
        account_owner_id=account.owner_id if account else None,
        owner_id=lead.owner_id,
        country=country,
        languages=frozenset({language}) if language else languages_of(country),
        industry=lead.industry or (account.industry if account else ""),
    )


@lru_cache(maxsize=300)
def languages_of(country: str) -> frozenset[str]:
    """Return the languages of a country; nobody knows better where nobody said in which a lead is spoken to."""
    return frozenset(code.split("_")[0] for code in get_official_languages(country, regional=True, de_facto=True))


def _members_of_teams() -> Mapping[int, frozenset[int]]:
    """Return who is in each team or in one below it today."""
    parents = dict(Team.objects.values_list("pk", "parent_id"))
    found: dict[int, set[int]] = {}
    for team_id, user_id in memberships_now().values_list("team_id", "user_id"):
        above: int | None = team_id
        while above is not None:
            found.setdefault(above, set()).add(user_id)
            above = parents.get(above)
    return {team_id: frozenset(people) for team_id, people in found.items()}
