"""One deal as its page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet

from crm.lib.values import Refusal
from crm.models import User
from pipeline.events import EventKind
from pipeline.facts import CriterionFacts, DealFacts, SetpointFacts
from pipeline.models import Opportunity, OpportunityEvent
from pipeline.queries.evidence import get_deal_facts
from pipeline.queries.opportunities import opportunities_visible_to, with_person
from pipeline.queries.setpoints import find_setpoint, get_path

# What every deal has. A source, a campaign, a competitor are fetched where a deal names one: joining them all to one
# row costs more than the page's other statements together.
RELATED = ("account", "owner", "setpoint", "contact", "current_step__agreed_with")
# Its page reads the setpoint with the deal's way, and what else it names with the names of its history.
RELATED_ON_PAGE = ("account", "current_step")
# Changes of the record; steps and evidence have panels of their own.
HISTORY_KINDS = (
    EventKind.SETPOINT, EventKind.MOVE_VOIDED, EventKind.AMOUNT, EventKind.EXPECTED_CLOSE_ON, EventKind.OWNER,
    EventKind.DEAL_TYPE, EventKind.CATEGORY, EventKind.APPROACH, EventKind.CLOSED, EventKind.REOPENED, EventKind.EVIDENCE,
    EventKind.QUALIFICATION, EventKind.STAKEHOLDER, EventKind.ECONOMICS, EventKind.PAUSE, EventKind.STAGE,
    EventKind.ARCHIVED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DealPath:
    """A deal's way: every setpoint, where it stands, and what the policies may know of it."""

    setpoints: list[SetpointFacts]
    standing: SetpointFacts | None
    facts: DealFacts

    @property
    def criteria(self) -> Sequence[CriterionFacts]:
        """Return every criterion of the pipeline."""
        return self.open_setpoints[-1].cumulative_criteria if self.open_setpoints else ()

    @property
    def open_setpoints(self) -> list[SetpointFacts]:
        """Return the setpoints in use."""
        return [setpoint for setpoint in self.setpoints if not setpoint.is_retired]

    @property
    def following(self) -> SetpointFacts | None:
        """Return the setpoint after the one the deal stands at; None at the last."""
        if self.standing is None:
            return None
        return next((setpoint for setpoint in self.open_setpoints if setpoint.rank > self.standing.rank), None)


def get_deal_path(deal: Opportunity, bars: tuple[Refusal, ...] | None = None) -> DealPath:
    """Return the deal's way with its evidence; `bars` where its approvals are known already."""
    setpoints = get_path(deal.pipeline_id)
    standing = find_setpoint(setpoints, deal.setpoint_id) if deal.setpoint_id else None
    in_use = [setpoint for setpoint in setpoints if not setpoint.is_retired]
    criteria = in_use[-1].cumulative_criteria if in_use else ()
    return DealPath(
        setpoints, standing, get_deal_facts(deal, criteria, rank=standing.rank if standing else None, bars=bars)
    )


def get_history(deal_id: int) -> list[OpportunityEvent]:
    """Return the changes of a deal after its first values, latest first."""
    events = OpportunityEvent.objects.filter(opportunity_id=deal_id, kind__in=HISTORY_KINDS)
    return list(events.order_by("-occurred_at", "-seq"))


def get_latest_change(deal_id: int) -> OpportunityEvent | None:
    """Return the last thing that happened to a deal, for a person whose change met it."""
    return OpportunityEvent.objects.filter(opportunity_id=deal_id).select_related("by").order_by("-seq").first()


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Where a deal stands in its column, and the deals before and after it."""

    number: int
    of: int
    previous_id: int | None
    next_id: int | None


NEIGHBOURS = """
SELECT number, total, previous_id, next_id FROM (
    SELECT id, row_number() OVER column_order AS number, count(*) OVER () AS total,
        lag(id) OVER column_order AS previous_id, lead(id) OVER column_order AS next_id
    FROM pipeline_opportunity
    WHERE setpoint_id = %(setpoint)s AND owner_id = %(owner)s AND outcome = '' AND archived_at IS NULL
    WINDOW column_order AS (ORDER BY severity DESC, next_step_on ASC NULLS FIRST, id)
) in_column WHERE id = %(deal)s
"""


def get_neighbours(deal: Opportunity) -> Neighbours | None:
    """Return the owner's other deals around this one, in the order of the board; None for a closed deal."""
    if not deal.is_open:
        return None
    with connection.cursor() as cursor:
        cursor.execute(NEIGHBOURS, {"setpoint": deal.setpoint_id, "owner": deal.owner_id, "deal": deal.pk})
        row = cursor.fetchone()
    return Neighbours(*row) if row else None


def get_moves(history: Sequence[OpportunityEvent]) -> list[tuple[int, datetime]]:
    """Return where a deal stood from when on, earliest first; voided moves left out."""
    voided = {event.detail.get("voids") for event in history if event.kind == EventKind.MOVE_VOIDED}
    return [
        (event.new["setpoint"], event.occurred_at)
        for event in reversed(history)
        if event.kind == EventKind.SETPOINT and event.new and event.seq not in voided
    ]


def get_account_deals(user: User, account_id: int) -> list[Opportunity]:
    """Return the deals of an account the person may see, open ones first, latest first."""
    return _listed(opportunities_visible_to(user).filter(account_id=account_id))


def get_contact_deals(user: User, contact_id: int) -> list[Opportunity]:
    """Return the deals a contact takes part in that the person may see, open ones first, latest first."""
    return _listed(opportunities_visible_to(user).filter(with_person(contact_id)))


def _listed(deals: QuerySet[Opportunity]) -> list[Opportunity]:
    deals = deals.filter(archived_at=None)
    found = deals.select_related("setpoint", "evidenced_setpoint", "owner", "current_step").order_by(
        "-created_at", "-pk"
    )[:50]
    return sorted(found, key=lambda deal: bool(deal.outcome))
