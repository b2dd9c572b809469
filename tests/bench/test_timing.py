"""What the benchmarks print; what they measure is not for tests."""

import re
from datetime import UTC, datetime
from itertools import islice

import pytest
from django.core.management import CommandError, call_command

from crm.exchange.run import import_rows
from reports.management.bench import data
from reports.management.bench.timing import Sample, measure, pages_table, rate

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_warm_ups_do_not_count() -> None:
    done: list[int] = []
    assert len(measure(done.append, times=3, warm_ups=2)) == 3
    assert done == [0, 1, 2, 3, 4]


def test_median_and_95th_percentile() -> None:
    sample = Sample("board", tuple(float(n) for n in range(1, 101)))
    assert (sample.median, sample.p95) == (50.5, 95.0)


def test_the_table_gives_ratios_to_the_floor_and_says_what_is_over() -> None:
    floor = Sample("constant page", (1.0,) * 20)
    lines = pages_table(floor, [Sample("board", (20.0,) * 20, 9, 71.2, 30), Sample("list", (50.0,) * 20, 8, None, 40)])
    assert [re.split(r"\s{2,}", line.strip()) for line in lines] == [
        ["median", "p95", "ratio", "goal", "SQL", "kB"],
        ["constant page", "1.00 ms", "1.00 ms", "1.0x"],
        ["board", "20.00 ms", "20.00 ms", "20.0x", "<=30", "9", "71"],
        ["list", "50.00 ms", "50.00 ms", "50.0x", "<=40", "8", "over"],
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
