"""What is known before a call or a meeting, in a fixed number of statements (FI-012, TR-037)."""

from dataclasses import dataclass
from datetime import date, datetime

from crm.enums import InsightKind
from crm.models import AccountInsight, Activity
from crm.queries.insights import get_insights
from pipeline.enums import ELEMENT_FACTS, FACT_ELEMENTS, QUALIFICATION, Element, Fact, Level, PromiseState
from pipeline.facts import AssessmentFacts, CriterionFacts, StakeholderFacts
from pipeline.models import Competitor, Opportunity, Promise
from pipeline.policies import moves
from pipeline.queries.deals import DealPath, get_deal_path
from pipeline.queries.guides import Advice, get_advice, get_competitors
from pipeline.queries.meetings import Meeting, get_meetings
from pipeline.queries.qualification import Known, get_assessments
from pipeline.queries.stakeholders import get_stakeholders
from pipeline.queries.warnings import StoredWarning, get_warnings

LATEST = 5


@dataclass(frozen=True, slots=True)
class Preparation:
    """Everything a seller reads before talking to a customer; goals are those on the front burner alone."""

    path: DealPath
    missing: list[tuple[CriterionFacts, AssessmentFacts | None]]
    unsure: list[tuple[Element, AssessmentFacts | None]]
    people: list[tuple[StakeholderFacts, Advice | None]]
    competitors: list[Competitor]
    insights: dict[InsightKind, list[AccountInsight]]
    meetings: list[Meeting]
    promises: list[Promise]
    latest: list[Activity]
    warnings: list[StoredWarning]


def get_preparation(deal: Opportunity, *, at: datetime, today: date) -> Preparation:
    """Return what is known of a deal, its account and its people; as many statements however much that is."""
    path, people, rivals = get_deal_path(deal), get_stakeholders(deal.pk), get_competitors(deal.pk)
    advice = get_advice([person.pk for person in people], competitor_ids=[each.pk for each in rivals])
    by_contact = {each.contact.pk: each for each in advice}
    target, known = path.following or path.standing, get_assessments([deal.pk])[deal.pk]
    asking = moves.asked_criteria(path.facts, to=target) if target else []
    missing = [each for each in asking if not each.is_met_by(path.facts)]
    asked = {each.check_code for each in missing}
    promises = Promise.objects.filter(opportunity=deal, state=PromiseState.OPEN).select_related("owner")
    latest = Activity.objects.filter(opportunity_links__opportunity=deal, archived_at=None).exclude(done_at=None)
    return Preparation(
        path=path,
        missing=[(each, _heard(each, known)) for each in missing],
        unsure=[
            (each, known.get(each)) for each in QUALIFICATION
            if ELEMENT_FACTS[each] not in asked and _is_unsure(known.get(each), today)
        ],
        people=[(person, by_contact.get(person.pk)) for person in people],
        competitors=rivals,
        insights=get_insights(deal.account_id, for_call=True),
        meetings=[each for each in get_meetings(deal.pk, at=at) if each.record][:LATEST],
        promises=list(promises.order_by("due_on", "pk")),
        latest=list(latest.select_related("contact").order_by("-occurred_at", "-pk")[:LATEST]),
        warnings=[each for each in get_warnings(deal.pk) if each.snoozed_until is None] if deal.is_open else [],
    )  # fmt: skip


def _heard(criterion: CriterionFacts, known: Known) -> AssessmentFacts | None:
    """Return what was heard of a fact that does not count as known yet."""
    element = FACT_ELEMENTS.get(Fact(criterion.check_code)) if criterion.check_code else None
    return known.get(element) if element else None


def _is_unsure(known: AssessmentFacts | None, today: date) -> bool:
    """Whether it should be asked: not told by anybody of the customer's yet, or too long ago."""
    return known is None or (known.applies and (known.level < Level.TOLD or known.is_stale(today)))
