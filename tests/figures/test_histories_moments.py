"""When something counts: local quarters, nights of two lengths, past moments and what was known then (B33, D-21)."""

from datetime import date

import pytest

from crm.lib.periods import Period, end_of_day
from crm.lib.values import Money
from crm.models import Organisation
from reports.queries.catalogue import CATALOGUE
from reports.queries.figures import compute
from tests.figures.asking import Q1, D, figures, value
from tests.figures.histories import TALLINN, Firm, noon, utc

pytestmark = pytest.mark.django_db


def test_a_win_late_in_the_evening_is_in_the_local_quarter(firm: Firm) -> None:
    story = firm.deal("Saarma", "2026-01-05").close(utc("2026-03-31T20:30:00"), "won")  # 23:30 in Tallinn
    firm.deal("Vasara", "2026-01-05").close(utc("2026-03-31T21:30:00"), "won")  # 00:30 on 1 April

    assert figures("won-value", period=Q1)[""].ids == [story.pk]


def test_the_night_the_clocks_change_belongs_to_one_day(firm: Firm) -> None:
    march = Period("2026-03-29/2026-03-29", date(2026, 3, 29), date(2026, 3, 30))
    inside = [
        firm.deal(name, "2026-01-05").close(utc(at), "won").pk
        for name, at in (("a", "2026-03-28T22:00:00"), ("b", "2026-03-29T20:59:00"))
    ]
    firm.deal("c", "2026-01-05").close(utc("2026-03-29T21:00:00"), "won")

    assert figures("won-value", period=march)[""].ids == inside


def test_a_fiscal_year_may_start_in_april(firm: Firm) -> None:
    Organisation.objects.filter(pk=1).update(fiscal_year_start_month=4)
    story = firm.deal("Meri", "2026-01-05").close("2026-04-01", "won")
    firm.deal("Ege", "2026-01-05").close("2026-03-31", "won")

    asked = {"period": None, "at": noon("2026-04-20")}

    assert figures("won-value", **asked)[""].ids == [story.pk]
    assert compute("won-value", user=None, **asked)[0].filters["period"] == "2026Q1"


def test_a_past_moment_does_not_see_what_happened_or_was_learnt_later(firm: Firm) -> None:
    firm.deal("known", "2026-01-05", amount=100).close("2026-02-01", "won")
    back_dated = firm.deal("told late", "2026-01-06", amount=900).close("2026-02-02", "won").learnt_on("2026-04-15")
    end = end_of_day(date(2026, 3, 31), TALLINN)

    then = {"as_of": end, "known_at": end, "period": Q1}
    assert (value("won-value", **then), value("won-value", as_of=end, period=Q1)) == (D("100.00"), D("1000.00"))
    firm.deal("later", "2026-04-01", amount=5000).close("2026-05-01", "won")
    back_dated.reopen("2026-02-20")
    assert value("won-value", **then) == D("100.00")


def test_a_deal_created_and_closed_between_two_snapshots_is_in_the_flow_of_the_period_only(firm: Firm) -> None:
    firm.deal("quick", "2026-02-03").close("2026-02-20", "won")

    for day, count in (("2026-02-01", 0), ("2026-02-10", 1), ("2026-03-01", 0)):
        assert figures("open-value", as_of=noon(day))[""].n == count
    assert figures("won-value", period=Q1)[""].n == 1


EVERY = [(name, by) for name, definition in CATALOGUE.items() for by in ("", *definition.dimensions)]


def test_the_past_stays_what_the_present_was(firm: Firm, eight: dict[str, int]) -> None:
    """Rows answer for the present, rows and folded events for the past: both must say the same."""
    day = noon("2026-06-01")
    firm.deal("stays as it is", "2026-02-01", at="50", amount=700, expected_close_on=date(2026, 6, 24)).meet(
        "2026-02-02"
    )
    moves = firm.deal("moves on", "2026-02-01", amount=900).meet("2026-02-03").move("2026-03-01", "25")
    grows = firm.deal("grows", "2026-02-01", at="25", amount=9_000).edit("2026-03-01", category="commit")
    lost = firm.deal("lost for now", "2026-02-01", amount=500).close("2026-05-20", "lost")
    copy = firm.deal("a copy", "2026-02-01", at="25")
    undone = firm.deal("undone", "2026-02-01").move("2026-05-31", "50")
    then = {(name, by): figures(name, by=by, at=day) for name, by in EVERY}

    moves.move("2026-06-10", "90").edit("2026-06-11", owner_id=firm.mantas.pk).close("2026-06-20", "won", amount=950)
    grows.edit("2026-06-12", amount=Money(D(90_000), "EUR"), deal_type="expansion", expected_close_on=date(2026, 8, 1))
    lost.reopen("2026-06-05")
    copy.archive("2026-06-06")
    undone.move("2026-06-02", "25")
    firm.deal("created later", "2026-06-03", at="50").close("2026-06-21", "won")
    firm.deal("told later", "2026-05-01", at="50").learnt_on("2026-06-25")

    for name, by in EVERY:
        assert figures(name, by=by, as_of=day, known_at=day) == then[name, by], (name, by)
    assert figures("open-value", by="owner") != then["open-value", "owner"]  # something did happen since
