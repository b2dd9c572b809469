"""What the benchmarks print; what they measure is not for tests."""

import re
from datetime import UTC, datetime
from itertools import islice

import pytest
from django.core.management import CommandError, call_command

from crm.exchange.run import import_rows
from crm.models import Account, Activity
from pipeline.models import Opportunity, OpportunityActivity
from reports.management.bench import data
from reports.management.bench.multiply import multiply_rows
from reports.management.bench.pages import GOALS, goals_over
from reports.management.bench.timing import Sample, measure_beside, pages_table, rate
from tests.factories.crm import AccountFactory

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_a_page_and_its_floor_take_turns_and_warm_ups_do_not_count() -> None:
    done: list[str] = []
    floor, page = measure_beside(lambda n: done.append(f"floor {n}"), lambda n: done.append(f"page {n}"))
    assert (len(floor), len(page)) == (200, 200)
    turns = [(what, range(turn * 70, turn * 70 + 70)) for turn in range(4) for what in ("floor", "page")]
    assert done == [f"{what} {number}" for what, numbers in turns for number in numbers]


def test_median_and_95th_percentile() -> None:
    sample = Sample("board", tuple(float(n) for n in range(1, 101)), (2.0, 1.0, 3.0))
    assert (sample.median, sample.p95, sample.floor_median, sample.ratio) == (50.5, 95.0, 2.0, 25.25)


def test_over_more_than_20_000_deals_pages_may_take_twice_as_long() -> None:
    assert goals_over(20_000) == GOALS
    assert goals_over(20_001) == {name: 2 * goal for name, goal in GOALS.items()}


def test_the_table_gives_ratios_to_the_floor_beside_each_page_and_says_what_is_over() -> None:
    board = Sample("board", (20.0,) * 20, (1.0,) * 20, 9, 70.96, 30)
    listed = Sample("list", (50.0,) * 20, (1.2,) * 20, 8, None, 40)
    lines = pages_table([board, listed])
    assert [re.split(r"\s{2,}", line.strip()) for line in lines] == [
        ["median", "p95", "floor", "ratio", "goal", "SQL", "kB"],
        ["board", "20.00 ms", "20.00 ms", "1.00 ms", "20.0x", "<=30", "9", "71.0"],
        ["list", "50.00 ms", "50.00 ms", "1.20 ms", "41.7x", "<=40", "8", "over"],
        ["floor: 1.00 to 1.20 ms, measured in turns with each page"],
    ]


def test_a_rate() -> None:
    assert rate(5_000, 2.0) == "5,000 in 2.00 s, 2,500/s"


def test_an_unknown_benchmark_names_those_there_are() -> None:
    with pytest.raises(CommandError, match="pages"):
        call_command("bench", "everything")


@pytest.mark.django_db
def test_the_rows_of_benchmarks_are_good_rows() -> None:
    manager = data.load_company(20, at=AT, say=lambda line: None)
    assert manager.email == "manager@bench.invalid"
    assert import_rows("lead-events", islice(data.events(20, 2, AT), 40), by=None, at=AT).created == 40


@pytest.mark.django_db
def test_copies_of_a_company_hang_together() -> None:
    data.load_company(10, at=AT, say=lambda line: None)
    multiply_rows(3)
    deals = Opportunity.objects.order_by("pk")
    assert (deals.count(), Account.objects.count(), Activity.objects.count()) == (30, 15, 150)
    told = [
        (
            deal.name,
            deal.account.name,
            deal.events.count(),
            deal.activity_links.count(),
            getattr(deal.current_step, "purpose", ""),
        )
        for deal in deals.select_related("account", "current_step")
    ]
    assert told == told[:10] * 3
    links = OpportunityActivity.objects.select_related("activity", "opportunity")
    assert all(link.activity.account_id == link.opportunity.account_id for link in links)
    assert AccountFactory().pk > max(deal.account_id for deal in deals)  # keys go on after the last copy
