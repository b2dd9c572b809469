"""What is known of the elements of a deal: one current assessment each, a history without gaps, said by somebody."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, connections

from crm.lib.errors import NotPermitted
from pipeline.commands.qualification import AssessmentRefused, assess_element
from pipeline.enums import QUALIFICATION, Element, Level
from pipeline.facts import AssessmentFacts
from pipeline.models import Assessment, Opportunity, OpportunityEvent
from pipeline.policies.qualification import assessment_refusals, is_known, unassessed, weakest
from pipeline.queries.qualification import get_assessment_history, get_assessments
from tests.factories.crm import AccountFactory, ContactFactory, UserFactory
from tests.factories.pipeline import OpportunityFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)


def make_deal(**given: Any) -> Opportunity:
    account = AccountFactory()
    return OpportunityFactory(account=account, contact=ContactFactory(account=account), **given)


def sent(deal: Opportunity, **given: Any) -> dict[str, Any]:
    values = {"element": "budget", "level": 2, "said_on": date(2026, 2, 20), "contact_id": deal.contact_id}
    return {"opportunity_id": deal.pk, "note": "€130k, capex", "by": deal.owner, "at": AT} | values | given


def events(deal: Opportunity) -> list[tuple[Any, Any]]:
    found = OpportunityEvent.objects.filter(opportunity=deal, kind="qualification").order_by("seq")
    return list(found.values_list("old", "new"))


def test_an_assessment_takes_the_place_of_the_one_before_and_both_stay() -> None:
    deal = make_deal()
    first = assess_element(**sent(deal, level=1, contact_id=None, note="They spent as much last year"))
    later = AT + timedelta(days=1)
    second = assess_element(**sent(deal, at=later))

    first.refresh_from_db()
    assert (first.ended_at, second.ended_at) == (later, None)
    assumed = {"element": "budget", "level": 1, "on": "2026-02-20", "contact": None}
    told = {"element": "budget", "level": 2, "on": "2026-02-20", "contact": deal.contact_id}
    assert events(deal) == [(None, assumed), (assumed, told)]
    standing = AssessmentFacts(
        Element.BUDGET, Level.TOLD, date(2026, 2, 20), later, "€130k, capex", deal.contact_id, str(deal.contact),
        str(deal.owner),
    )  # fmt: skip
    assert get_assessments([deal.pk]) == {deal.pk: {Element.BUDGET: standing}}
    assert [each.level for each in get_assessment_history(deal.pk, Element.BUDGET)] == [Level.TOLD, Level.ASSUMED]


def test_saying_it_twice_is_saying_it_once() -> None:
    deal = make_deal()
    assert assess_element(**sent(deal)) == assess_element(**sent(deal, at=AT + timedelta(hours=1)))
    assert len(events(deal)) == 1


def test_a_deal_that_was_never_looked_at_is_in_the_answer() -> None:
    looked_at, other = make_deal(), make_deal()
    assess_element(**sent(looked_at, level=0, contact_id=None, note=""))
    found = get_assessments([looked_at.pk, other.pk])
    assert {deal_id: list(elements) for deal_id, elements in found.items()} == {
        looked_at.pk: [Element.BUDGET],
        other.pk: [],
    }


@pytest.mark.parametrize("deals", [1, 3])
def test_the_assessments_of_many_deals_are_one_statement(deals: int, django_assert_num_queries: Any) -> None:
    made = [make_deal() for _ in range(deals)]
    for deal in made:
        assess_element(**sent(deal))
        assess_element(**sent(deal, element="need"))
    with django_assert_num_queries(1):
        found = get_assessments([deal.pk for deal in made])
    assert [set(elements) for elements in found.values()] == [{Element.BUDGET, Element.NEED}] * deals


def test_what_does_not_apply_says_why_and_may_apply_again() -> None:
    deal = make_deal()
    why = {"element": "executive_backs", "applies": False, "contact_id": None, "note": "The owner decides alone"}
    assess_element(**sent(deal, **why))
    standing = get_assessments([deal.pk])[deal.pk][Element.EXECUTIVE_BACKS]
    assert (standing.applies, standing.level, standing.note) == (False, Level.UNKNOWN, "The owner decides alone")
    assess_element(**sent(deal, element="executive_backs"))
    assert [old and old.get("applies") for old, _new in events(deal)] == [None, False]


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        pytest.param({"element": "mood"}, "unknown_value", id="no such element"),
        pytest.param({"level": 4}, "unknown_value", id="above the scale"),
        pytest.param({"level": -1}, "unknown_value", id="below the scale"),
        pytest.param({"said_on": date(2026, 3, 3)}, "said_in_future", id="tomorrow"),
        pytest.param({"contact_id": None}, "told_by_whom", id="told by nobody"),
        pytest.param({"level": 3, "contact_id": None, "note": " "}, "confirmed_by_what", id="confirmed by nothing"),
        pytest.param({"applies": False}, "always_applies", id="qualification always applies"),
        pytest.param(
            {"element": "champion_sells", "applies": False, "note": ""},
            "say_why_not_applicable",
            id="not applicable without a reason",
        ),
        pytest.param({"contact_id": 2**40}, "unknown_contact", id="no such contact"),
    ],
)
def test_an_element_is_not_assessed(given: dict[str, Any], refusal: str) -> None:
    deal = make_deal()
    with pytest.raises(AssessmentRefused) as refused:
        assess_element(**sent(deal, **given))
    assert [each.code for each in refused.value.refusals] == [refusal]
    assert (events(deal), Assessment.objects.count()) == ([], 0)


def test_people_of_another_company_say_nothing_of_this_deal() -> None:
    deal = make_deal()
    with pytest.raises(AssessmentRefused) as refused:
        assess_element(**sent(deal, contact_id=ContactFactory(account=AccountFactory()).pk))
    assert [each.code for each in refused.value.refusals] == ["unknown_contact"]


def test_who_may_not_change_the_deal_does_not_assess_it() -> None:
    deal = make_deal()
    with pytest.raises(NotPermitted):
        assess_element(**sent(deal, by=UserFactory(rep=True)))
    assert Assessment.objects.count() == 0


def test_an_archived_deal_is_left_alone() -> None:
    deal = make_deal(archived=True)
    with pytest.raises(AssessmentRefused) as refused:
        assess_element(**sent(deal))
    assert [each.code for each in refused.value.refusals] == ["deal_archived"]


def test_what_was_said_is_never_rewritten() -> None:
    assessment = assess_element(**sent(make_deal()))
    with pytest.raises(Exception, match="Cannot update"), connection.cursor() as cursor:
        cursor.execute("UPDATE pipeline_assessment SET level = 3 WHERE id = %s", [assessment.pk])


@pytest.mark.django_db(transaction=True)
def test_two_at_once_leave_one_current_row_and_a_history_without_gaps() -> None:
    deal = make_deal()
    ready = threading.Barrier(4)

    def assess(number: int) -> None:
        try:
            ready.wait(timeout=10)
            for turn in range(5):
                at = AT + timedelta(minutes=turn, seconds=number)
                assess_element(**sent(deal, note=f"Person {number}, turn {turn}", at=at))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=4) as people:
        for each in [people.submit(assess, number) for number in range(4)]:
            each.result(timeout=60)

    rows = list(Assessment.objects.filter(opportunity=deal).order_by("pk"))
    assert len(rows) == 20
    assert [row.ended_at for row in rows] == [row.at for row in rows[1:]] + [None]
    written = events(deal)
    assert [old for old, _new in written] == [None, *(new for _old, new in written[:-1])]


@pytest.mark.parametrize(
    ("said_on", "stale"),
    [
        pytest.param(date(2026, 1, 16), False, id="45 days ago"),
        pytest.param(date(2026, 1, 15), True, id="46 days ago"),
        pytest.param(date(2026, 3, 2), False, id="today"),
    ],
)
def test_what_was_said_grows_stale_after_45_days(said_on: date, stale: bool) -> None:
    facts = AssessmentFacts(Element.NEED, Level.TOLD, said_on, AT)
    assert (facts.is_stale(TODAY), facts.counted_level(TODAY)) == (stale, 1 if stale else 2)


@pytest.mark.parametrize("level", list(Level), ids=lambda level: level.name.lower())
def test_an_element_is_known_once_somebody_told_us(level: Level) -> None:
    assert is_known(AssessmentFacts(Element.NEED, level, TODAY, AT)) is (level >= 2)


def test_an_element_nobody_looked_at_is_not_known() -> None:
    assert is_known(None) is False


def test_confirmed_in_writing_needs_no_person() -> None:
    given = {"said_on": TODAY, "today": TODAY, "is_archived": False, "has_contact": False, "applies": True}
    given |= {"element": Element.BUDGET}
    assert assessment_refusals(level=Level.CONFIRMED, note="Purchase order 4711", **given) == []


def test_what_nobody_looked_at_is_listed_in_order() -> None:
    assert unassessed([Element.NEED, Element.AUTHORITY], of=QUALIFICATION) == [
        Element.BUDGET,
        Element.TIMING,
        Element.COMPETITION,
        Element.DECISION_PROCESS,
        Element.COMPELLING_EVENT,
    ]


@pytest.mark.parametrize(
    ("levels", "lowest"),
    [
        pytest.param({}, "budget", id="nobody looked"),
        pytest.param(dict.fromkeys(QUALIFICATION, 2) | {"timing": 1}, "timing", id="one is assumed"),
        pytest.param(dict.fromkeys(QUALIFICATION, 3), None, id="all are confirmed"),
    ],
)
def test_the_weakest_element_is_what_the_deal_is_worth(levels: dict[Any, int], lowest: str | None) -> None:
    found = {Element(name): AssessmentFacts(Element(name), Level(level), TODAY, AT) for name, level in levels.items()}
    assert weakest(found, of=QUALIFICATION, today=TODAY) == lowest


def test_what_was_confirmed_long_ago_is_weaker_than_what_was_told_today() -> None:
    found = {each: AssessmentFacts(each, Level.CONFIRMED, TODAY, AT) for each in QUALIFICATION}
    found[Element.NEED] = AssessmentFacts(Element.NEED, Level.CONFIRMED, date(2026, 1, 1), AT)
    assert weakest(found, of=QUALIFICATION, today=TODAY) == "need"
