"""From the threshold to sales: how many cross, how many are qualified, how soon somebody gets in touch (B18, B19, B20)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from crm.facts import WorkingHours
from crm.lib.envelope import Reason
from scoring.figures.lead_velocity import EnteredDay, lead_velocity
from scoring.figures.mql_to_sql import CohortFacts, mql_to_sql
from scoring.figures.sla import TouchFacts, sla

D = Decimal
HOURS = WorkingHours(zone="UTC")


def entered(day: date, count: int, version: int = 1) -> EnteredDay:
    first = day.toordinal() * 1000
    return EnteredDay(day, version, tuple(range(first, first + count)))


class TestLeadVelocity:
    def test_200_to_230_is_15_percent_more(self) -> None:
        """B18's own example."""
        days = [entered(date(2026, 2, 3), 200), entered(date(2026, 3, 31), 230)]
        figure = lead_velocity(days, last_day=date(2026, 3, 31), hours=HOURS)
        assert (figure.value, figure.n) == (D("0.150000"), 200)
        assert (figure.detail["to_date"], figure.detail["like_for_like"]) == (False, True)

    def test_over_nothing_it_is_null(self) -> None:
        figure = lead_velocity([entered(date(2026, 3, 2), 3)], last_day=date(2026, 3, 31), hours=HOURS)
        assert (figure.value, figure.reason) == (None, Reason.ZERO_DENOMINATOR)
        assert lead_velocity([], last_day=date(2026, 3, 31), hours=HOURS).reason is Reason.NO_DATA

    @pytest.mark.parametrize(
        ("last_day", "base"),
        [
            pytest.param(date(2026, 11, 4), 3, id="3 working days, the 3rd of October's is Monday the 5th"),
            pytest.param(date(2026, 11, 6), 5, id="5 working days, up to Wednesday the 7th"),
            pytest.param(date(2026, 11, 1), 0, id="a Sunday before any"),
            pytest.param(date(2026, 11, 29), 28, id="20 working days and the days off after them"),
        ],
    )
    def test_a_running_month_is_compared_with_as_many_working_days(self, last_day: date, base: int) -> None:
        october = [entered(date(2026, 10, day), 1) for day in range(1, 32)]
        figure = lead_velocity(october, last_day=last_day, hours=HOURS)
        by_working_day = {3: 5, 5: 7}
        assert figure.n == by_working_day.get(base, base)
        assert figure.detail["to_date"]

    def test_holidays_are_no_working_days(self) -> None:
        """Friday 2 January is 2026's first, the 2nd of December's is Tuesday; with New Year off only Monday is."""
        december = [entered(date(2025, 12, day), 1) for day in range(1, 32)]
        new_year = WorkingHours(zone="UTC", holidays=frozenset({date(2026, 1, 1)}))
        friday = date(2026, 1, 2)
        assert lead_velocity(december, last_day=friday, hours=HOURS).n == 2
        assert lead_velocity(december, last_day=friday, hours=new_year).n == 1

    def test_three_months_against_three_and_rules_that_changed(self) -> None:
        counts = {9: 10, 10: 20, 11: 30, 12: 20}
        days = [entered(date(2026, month, 5), count, version=2 if month > 11 else 1) for month, count in counts.items()]
        figure = lead_velocity(days, last_day=date(2026, 12, 31), hours=HOURS)
        assert figure.detail["smooth"] == D("6.000000")  # 70 after 10
        assert (figure.detail["like_for_like"], figure.detail["versions"]) == (False, [1, 2])
        assert list(figure.detail["months"].values()) == [0, 0, 10, 20, 30, 20]


class TestMqlToSql:
    def test_observed_and_resolved(self) -> None:
        """B19's own example; its interval begins at 29.65%."""
        leads = tuple(range(120))
        figure = mql_to_sql(CohortFacts(leads, leads[:84], leads[:42], leads[84:110], leads[110:]))
        assert figure.value == D("0.381818")
        assert figure.interval is not None
        assert [round(bound, 3) for bound in (figure.interval.low, figure.interval.high)] == [D("0.296"), D("0.475")]
        assert {name: figure.detail[name] for name in ("acceptance", "accepted_to_qualified", "observed")} == {
            "acceptance": D("0.700000"),
            "accepted_to_qualified": D("0.500000"),
            "observed": D("0.350000"),
        }

    def test_null_until_something_is_decided(self) -> None:
        assert mql_to_sql(CohortFacts()).reason is Reason.NO_DATA
        assert mql_to_sql(CohortFacts(entered=(1,), undecided=(1,))).reason is Reason.ZERO_DENOMINATOR


class TestSla:
    def test_attainment_of_what_is_due(self) -> None:
        """B20's own example: 38 met, 7 late, 3 untouched, 2 pending."""
        leads = tuple(range(50))
        figure = sla(TouchFacts(leads[:38], leads[38:45], leads[45:48], leads[48:]))
        assert (figure.value, figure.n) == (D("0.791667"), 48)
        assert figure.interval is not None
        assert [round(bound, 3) for bound in (figure.interval.low, figure.interval.high)] == [D("0.657"), D("0.883")]

    def test_the_two_clocks_stand_apart(self) -> None:
        hours = [int(timedelta(hours=each).total_seconds()) for each in (1, 2, 30)]
        figure = sla(TouchFacts(met=(1, 2), late=(3,), since_assigned=tuple(hours[:1]), since_engaged=tuple(hours)))
        assert (figure.detail["answer_time"], figure.detail["speed_to_lead"]) == (D("1.00"), D("2.00"))

    def test_what_went_back_untouched_is_left_out(self) -> None:
        figure = sla(TouchFacts(invalid=(1,), sent_back=(2, 3), pending=(4,)))
        assert (figure.value, figure.reason) == (None, Reason.ZERO_DENOMINATOR)
        assert figure.excluded == {"invalid": [1], "sent_back": [2, 3]}
