"""A business case is kept whole, two people lose nothing of it, and its address ends (B28, EE-082, TR-042)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from crm.lib.errors import NotPermitted, StaleRecord
from pipeline.commands.business_cases import CaseRefused, save_case
from pipeline.commands.shared_cases import share_case, withdraw_case
from pipeline.enums import CaseSide
from pipeline.facts import CaseKpiFacts
from pipeline.models import Assessment, BusinessCase, BusinessCaseKpi, BusinessCaseRow, Opportunity, OpportunityEvent
from pipeline.policies.business_cases import digests, merge, row_of
from pipeline.queries.business_cases import find_shared_case, get_case, get_case_facts
from tests.factories.business_cases import AT, BENEFIT, COST, KPI, case_facts, make_case
from tests.factories.crm import ContactFactory, UserFactory
from tests.factories.pipeline import AssessmentFactory, OpportunityFactory

D = Decimal
TODAY = AT.date()


@pytest.fixture
def deal(rep: Any) -> Opportunity:
    return OpportunityFactory(owner=rep, at="50")


def save(deal: Opportunity, by: Any, **more: Any) -> BusinessCase:
    return save_case(opportunity_id=deal.pk, by=by, at=AT, **more)


def test_what_both_changed_is_told_and_everything_else_is_kept() -> None:
    kpi, row = replace(KPI, kpi_id=1), replace(COST, row_id=2)
    shown = case_facts(kpis=(kpi,), rows=(row,))
    theirs = replace(shown, years=5, measure="Less water", rows=(replace(row, label="Meters and gateways"),))
    mine = replace(shown, years=4, justification="They said so", rows=(replace(row, at_start=D(60)),))
    merged, stale = merge(theirs, mine, seen=digests(shown))
    assert stale == {"years": 5, "row:2": theirs.rows[0]}
    assert (merged.measure, merged.justification) == ("Less water", "They said so")


def test_two_people_who_mean_the_same_do_not_meet() -> None:
    shown = case_facts(rows=(replace(COST, row_id=2),))
    same = replace(shown, years=5)
    assert merge(same, same, seen=digests(shown)) == (same, {})


def test_a_line_one_takes_away_while_the_other_changes_it_is_told() -> None:
    row = replace(COST, row_id=2)
    shown, gone = case_facts(kpis=(), rows=(row,)), case_facts(kpis=(), rows=())
    changed = replace(shown, rows=(replace(row, label="More meters"),))
    assert merge(gone, changed, seen=digests(shown))[1] == {"row:2": None}
    assert merge(changed, gone, seen=digests(shown))[1] == {"row:2": changed.rows[0]}
    assert merge(gone, shown, seen=digests(shown)) == (gone, {})


def test_a_line_somebody_added_meanwhile_stays() -> None:
    row, added = replace(COST, row_id=2), replace(BENEFIT, row_id=3, kpi="")
    shown = case_facts(kpis=(), rows=(row,))
    merged, stale = merge(replace(shown, rows=(row, added)), replace(shown, rows=()), seen=digests(shown))
    assert (merged.rows, stale) == ((added,), {})


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"currency": "XXQ"}, "unknown_currency"), ({"years": 0}, "case_years"), ({"years": 11}, "case_years"),
        ({"discount_rate": D("1.01")}, "case_rate"), ({"discount_rate": D("NaN")}, "case_rate"),
        ({"justification": "x" * 1001}, "too_long"), ({"co_built_on": date(2026, 3, 2)}, "case_co_built_whole"),
        ({"co_built_on": date(2026, 3, 3), "co_built_with_id": 1}, "said_in_future"),
        ({"co_built_on": date(2026, 3, 2), "co_built_with_id": 1}, "unknown_contact"),
        ({"rows": (replace(COST, label=""),)}, "case_row_named"),
        ({"rows": (replace(COST, label="x" * 201),)}, "too_long"),
        ({"rows": (replace(COST, at_start=D(-1)),)}, "amount_negative"),
        ({"rows": (replace(COST, at_start=D("1e15")),)}, "amount_too_large"),
        ({"rows": (replace(COST, at_start=D("Infinity")),)}, "amount_too_large"),
        ({"rows": (replace(COST, at_start=D("0.001")),)}, "too_many_decimals"),
        ({"currency": "JPY", "rows": (replace(COST, at_start=D("0.5")),)}, "too_many_decimals"),
        ({"rows": (replace(COST, yearly=(D(1),) * 4),)}, "case_row_beyond"),
        ({"rows": (COST,) * 21}, "case_too_many"), ({"rows": (replace(COST, kpi="Air"),)}, "case_kpi_unknown"),
        ({"rows": (replace(COST, row_id=0),)}, "case_part_gone"), ({"kpis": (KPI, KPI)}, "case_kpi_twice"),
        ({"kpis": (CaseKpiFacts(""),), "rows": ()}, "case_kpi_named"),
        ({"kpis": (CaseKpiFacts("A", now=D("1e15")),), "rows": ()}, "amount_too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
@pytest.mark.django_db
def test_what_may_not_stand_there_changes_nothing(deal: Opportunity, rep: Any, wrong: Any, code: str) -> None:
    with pytest.raises(CaseRefused) as refused:
        save(deal, rep, wanted=case_facts(**wrong))
    assert code in {refusal.code for refusal in refused.value.refusals}
    assert (BusinessCase.objects.count(), OpportunityEvent.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_a_case_is_kept_whole_and_recorded(deal: Opportunity, rep: Any) -> None:
    case = save(deal, rep, wanted=case_facts())
    facts = get_case_facts(case)
    ids = (facts.kpis[0].kpi_id, *(row.row_id for row in facts.rows))
    assert None not in ids
    stripped = replace(
        facts,
        kpis=tuple(replace(kpi, kpi_id=None) for kpi in facts.kpis),
        rows=tuple(replace(row, row_id=None) for row in facts.rows),
    )
    assert stripped == case_facts()
    event = OpportunityEvent.objects.get()
    assert (event.kind, event.old, event.by_id) == ("economics", None, rep.pk)
    assert event.new == {
        "case": case.pk, "years": 3, "currency": "SEK", "cost": "50000", "benefit": "75000",
        "co_built_with": None, "co_built_on": None,
    }  # fmt: skip


@pytest.mark.django_db
def test_saved_twice_nothing_changes(deal: Opportunity, rep: Any) -> None:
    case = save(deal, rep, wanted=case_facts())
    again = save(deal, rep, wanted=get_case_facts(case), seen_version=1)
    assert (again.version, OpportunityEvent.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_lines_are_changed_added_and_taken_away(deal: Opportunity, rep: Any) -> None:
    facts = get_case_facts(save(deal, rep, wanted=case_facts()))
    benefit, cost = facts.rows
    service = row_of(CaseSide.COST, "Service", D(0), (D(2000), D(2000), D(0)))
    wanted = replace(facts, kpis=(), rows=(replace(cost, at_start=D(40_000)), service))
    case = save(deal, rep, wanted=wanted, seen=digests(facts))
    rows = get_case_facts(case).rows
    assert [(row.label, row.at_start, row.yearly) for row in rows] == [
        ("Meters", D(40_000), ()),
        ("Service", D(0), (D(2000), D(2000))),
    ]
    assert rows[0].row_id == cost.row_id
    assert BusinessCaseRow.objects.get(pk=benefit.row_id).removed_at == AT
    assert BusinessCaseKpi.objects.get().removed_at == AT
    assert case.version == 2


@pytest.mark.django_db
def test_of_two_people_who_change_one_line_the_second_is_told(deal: Opportunity, rep: Any) -> None:
    facts = get_case_facts(save(deal, rep, wanted=case_facts()))
    shown = digests(facts)
    save(deal, rep, wanted=replace(facts, rows=(facts.rows[0], replace(facts.rows[1], at_start=D(1)))), seen=shown)
    mine = replace(facts, years=3, rows=(facts.rows[0], replace(facts.rows[1], at_start=D(2))))
    with pytest.raises(StaleRecord) as stale:
        save(deal, rep, wanted=mine, seen=shown)
    assert [row.at_start for row in stale.value.current.values()] == [D(1)]  # type: ignore[attr-defined]
    with pytest.raises(StaleRecord):
        save(deal, rep, wanted=mine, seen_version=1)
    assert get_case(deal.pk).version == 2  # type: ignore[union-attr]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("known", "after"),
    [
        (None, (2, date(2026, 3, 1))), ({"level": 1}, (2, date(2026, 3, 1))), ({"level": 2}, (2, date(2026, 1, 20))),
        ({"level": 3, "said_on": date(2026, 1, 1)}, (3, date(2026, 3, 1))),
        ({"level": 2, "said_on": date(2026, 3, 2)}, (2, date(2026, 3, 2))),
    ],
)  # fmt: skip
def test_with_whom_it_was_built_is_known_of_the_economic_driver(deal: Any, rep: Any, known: Any, after: Any) -> None:
    contact = ContactFactory(account=deal.account)
    if known:
        AssessmentFactory(opportunity=deal, element="driver_co_built", **known)
    case = save(deal, rep, wanted=case_facts(co_built_with_id=contact.pk, co_built_on=date(2026, 3, 1)))
    standing = Assessment.objects.get(element="driver_co_built", ended_at=None)
    assert (standing.level, standing.said_on) == after
    assert case.is_co_built


@pytest.mark.django_db
def test_who_may_not_change_the_deal_changes_no_case(deal: Opportunity) -> None:
    for stranger in (UserFactory(rep=True), UserFactory(marketing=True)):
        for act in (
            lambda by: save(deal, by, wanted=case_facts()),
            lambda by: share_case(opportunity_id=deal.pk, until=TODAY, by=by, at=AT),
            lambda by: withdraw_case(opportunity_id=deal.pk, by=by, at=AT),
        ):
            with pytest.raises(NotPermitted):
                act(stranger)
    assert BusinessCase.objects.count() == 0


@pytest.mark.django_db
def test_an_archived_deal_keeps_its_case_as_it_is(rep: Any) -> None:
    deal = OpportunityFactory(owner=rep, archived=True)
    with pytest.raises(CaseRefused):
        save(deal, rep, wanted=case_facts())


@pytest.mark.django_db
def test_an_address_opens_until_its_day_or_until_it_is_taken_back(deal: Opportunity, rep: Any) -> None:
    make_case(deal)
    first = share_case(opportunity_id=deal.pk, until=TODAY, by=rep, at=AT)
    assert find_shared_case(first.share_key or "", today=TODAY) == first
    assert find_shared_case(first.share_key or "", today=TODAY + timedelta(days=1)) is None
    longer = share_case(opportunity_id=deal.pk, until=TODAY + timedelta(days=9), by=rep, at=AT)
    assert longer.share_key == first.share_key
    withdraw_case(opportunity_id=deal.pk, by=rep, at=AT)
    assert find_shared_case(first.share_key or "", today=TODAY) is None
    assert share_case(opportunity_id=deal.pk, until=TODAY, by=rep, at=AT).share_key != first.share_key
    shared = [event.new["shared_until"] for event in OpportunityEvent.objects.order_by("seq")[1:]]
    assert shared == ["2026-03-02", "2026-03-11", None, "2026-03-02"]


@pytest.mark.django_db
def test_sharing_twice_is_once_and_what_is_archived_is_closed(deal: Opportunity, rep: Any) -> None:
    make_case(deal)
    for _ in range(2):
        case = share_case(opportunity_id=deal.pk, until=TODAY, by=rep, at=AT)
    assert (case.version, OpportunityEvent.objects.count()) == (2, 2)
    Opportunity.objects.update(archived_at=AT)
    assert find_shared_case(case.share_key or "", today=TODAY) is None
    with pytest.raises(CaseRefused):
        share_case(opportunity_id=deal.pk, until=TODAY + timedelta(days=2), by=rep, at=AT)


@pytest.mark.django_db
@pytest.mark.parametrize("days", [-1, 367])
def test_no_address_is_open_without_end(deal: Opportunity, rep: Any, days: int) -> None:
    make_case(deal)
    with pytest.raises(CaseRefused):
        share_case(opportunity_id=deal.pk, until=TODAY + timedelta(days=days), by=rep, at=AT)
    with pytest.raises(CaseRefused):
        share_case(opportunity_id=OpportunityFactory(owner=rep).pk, until=TODAY, by=rep, at=AT)
