"""What is known before a call to a company, whether there is a deal yet or not (TR-037, TR-038, TR-045)."""

from dataclasses import dataclass

from crm.enums import InsightKind
from crm.models import Account, AccountInsight, Activity, User
from crm.queries.activities import activities_visible_to
from crm.queries.contacts import open_contacts
from crm.queries.insights import get_insights
from pipeline.models import Competitor, Opportunity
from pipeline.models.opportunities import OPEN
from pipeline.queries.guides import RANKS, Advice, get_advice
from pipeline.queries.opportunities import opportunities_visible_to

MOST_PEOPLE, LATEST = 20, 5


@dataclass(frozen=True, slots=True)
class CallSheet:
    """What a seller reads before calling; goals are those on the front burner alone, people from the top down."""

    insights: dict[InsightKind, list[AccountInsight]]
    people: list[Advice]
    competitors: list[Competitor]
    deals: list[Opportunity]
    latest: list[Activity]


def get_call_sheet(account: Account, *, user: User) -> CallSheet:
    """Return what is known of a company, of its deals what the person may see; as many statements however much it is."""
    deals = opportunities_visible_to(user).filter(OPEN, account=account).select_related("setpoint", "owner")
    known = list(deals.order_by("-setpoint__rank", "pk"))
    rivals = list(Competitor.objects.filter(deals__opportunity__in=known).distinct().order_by("name", "pk"))
    people = open_contacts().filter(account=account).values_list("pk", "seniority").order_by("pk")
    order = sorted(people, key=lambda row: (RANKS.get(row[1], len(RANKS)), row[0]))[:MOST_PEOPLE]
    done = activities_visible_to(user).filter(account=account, archived_at=None).exclude(done_at=None)
    return CallSheet(
        insights=get_insights(account.pk, for_call=True),
        people=get_advice([pk for pk, _ in order], competitor_ids=[each.pk for each in rivals]),
        competitors=rivals,
        deals=known,
        latest=list(done.select_related("contact").order_by("-occurred_at", "-pk")[:LATEST]),
    )
