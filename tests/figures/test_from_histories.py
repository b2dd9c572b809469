"""The figures on whole histories (B33): what the queries find is what math.md says."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from crm.lib.envelope import Figure
from crm.lib.periods import Period, end_of_day, quarter_period
from crm.lib.values import Money
from crm.models import Organisation
from pipeline.models import Opportunity
from reports.queries.catalogue import CATALOGUE
from reports.queries.figures import compute
from tests.figures.histories import TALLINN, Firm, noon, utc

pytestmark = pytest.mark.django_db
D = Decimal
NOW = noon("2026-11-21")
YEAR = Period("2026-01-01/2026-12-31", date(2026, 1, 1), date(2027, 1, 1))
Q1 = quarter_period(2026, 1)


@pytest.fixture
def firm() -> Firm:
    return Firm()


def figures(name: str, **asked: Any) -> dict[str, Figure]:
    """Compute over everything, by group; in the present unless `as_of` says otherwise."""
    asked = {"at": NOW, "user": None, "period": YEAR} | asked
    return {row.group: row.figure for row in compute(name, **asked)}


def value(name: str, **asked: Any) -> Decimal | None:
    return figures(name, **asked)[""].value


@pytest.fixture
def eight(firm: Firm) -> dict[str, int]:
    """The eight histories of B1b."""
    a = (
        firm.deal("A", "2026-01-05")
        .move("2026-01-10", "25")
        .move("2026-01-20", "50")
        .move("2026-02-01", "90")
        .close("2026-02-10", "won")
    )
    b = firm.deal("B", "2026-01-05").move("2026-01-20", "50").close("2026-02-10", "won")
    c = firm.deal("C", "2026-01-05").move("2026-01-10", "25").close("2026-02-10", "lost")
    d = (
        firm.deal("D", "2026-01-05")
        .move("2026-01-10", "25")
        .move("2026-01-20", "50")
        .move("2026-01-25", "25")
        .close("2026-02-10", "lost")
    )
    e = firm.deal("E", "2026-01-05").move("2026-01-10", "25")
    f = firm.deal("F", "2026-01-05").close("2026-02-10", "lost")
    g = firm.deal("G", "2026-01-05").move("2026-01-10", "25").move("2026-01-20", "50").close("2026-02-10", "lost")
    g.reopen("2026-02-20", "50").move("2026-03-01", "90").close("2026-03-10", "won")
    h = firm.deal("H", "2026-01-05", at="25").move("2026-01-20", "50")
    return {name: story.pk for name, story in zip("abcdefgh", (a, b, c, d, e, f, g, h), strict=True)}


def test_b1b_conversion_folds_the_eight_histories(eight: dict[str, int]) -> None:
    steps = figures("conversion")

    def row(code: str) -> tuple[Any, ...]:
        figure = steps[code]
        counts = [figure.detail[name] for name in ("entered", "progressed", "lost", "open")]
        return (*counts, None if figure.value is None else figure.value.quantize(D("0.001")))

    assert {code: row(code) for code in steps} == {
        "first_meeting": (7, 6, 1, 0, D("0.857")),
        "25": (7, 5, 1, 1, D("0.833")),
        "50": (5, 3, 1, 1, D("0.750")),
        "90": (3, 3, 0, 0, D("1.000")),
    }
    assert steps["25"].detail["imputed"] == 1  # B skipped it
    assert steps["90"].detail["imputed"] == 1  # and 90%, by the win


def test_b1b_win_rate_voids_a_reopened_loss_and_shows_the_other_reading(eight: dict[str, int]) -> None:
    figure = figures("win-rate")[""]

    assert (figure.value, figure.numerator, figure.n) == (D("0.500000"), D(3), 6)
    assert figure.detail["every_closing"] == D("0.428571")  # 3 of 7


def test_b1b_stock_now(eight: dict[str, int]) -> None:
    standing = figures("pipeline-by-setpoint")

    assert {code: figure.ids for code, figure in standing.items() if figure.n} == {
        "25": [eight["e"]],
        "50": [eight["h"]],
    }


def test_flows_count_moves_forward_back_and_ends(eight: dict[str, int]) -> None:
    names = ("entered", "left_forward", "left_back", "won", "lost")
    flows = {code: [figure.detail[name] for name in names] for code, figure in figures("pipeline-by-setpoint").items()}

    assert flows == {
        "first_meeting": [7, 6, 0, 0, 1],
        "25": [7, 4, 0, 0, 2],  # D came back and was lost there; B never stood there
        "50": [5, 2, 1, 1, 0],
        "90": [2, 0, 0, 2, 0],
    }


def test_a_reopening_after_the_grace_is_a_new_cycle(firm: Firm) -> None:
    lost = firm.deal("Väina", "2026-01-05").close("2026-02-01", "lost")
    again = lost.reopen("2026-04-01").move("2026-04-10", "25").close("2026-05-01", "won")

    figure = figures("win-rate")[""]

    assert again.pk != lost.pk
    assert (figure.value, figure.ids) == (D("0.500000"), [again.pk, lost.pk])


def test_an_undone_move_leaves_no_trace(firm: Firm) -> None:
    story = firm.deal("Gedris", "2026-01-05").move("2026-01-10", "25").close("2026-02-01", "lost")
    other = firm.deal("Rannu", "2026-01-05").move("2026-01-10", "50", by=firm.liis)
    other.undo(datetime(2026, 1, 10, 12, 5, tzinfo=TALLINN), by=firm.liis)

    steps = figures("conversion")

    assert (steps["25"].ids, steps["50"].detail["entered"]) == ([story.pk], 0)
    assert figures("pipeline-by-setpoint")["first_meeting"].ids == [other.pk]
    assert figures("pipeline-by-setpoint")["first_meeting"].detail["left_forward"] == 1


@pytest.mark.parametrize(("reached", "counts"), [("25", False), ("50", True)])
def test_declined_counts_as_not_won_only_from_50_on(firm: Firm, reached: str, counts: bool) -> None:
    declined = (
        firm.deal("Ouna", "2026-01-05")
        .move("2026-01-10", reached)
        .move("2026-01-12", "25" if reached == "50" else "first_meeting")
    )
    declined.close("2026-02-01", "declined")
    won = firm.deal("Palanga", "2026-01-05").close("2026-02-01", "won")

    figure = figures("win-rate")[""]

    assert figure.ids == [won.pk, *([declined.pk] if counts else [])]
    assert figure.excluded == ({} if counts else {"declined_before_50": [declined.pk]})


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


def test_money_is_valued_at_booking_rates_and_the_effect_shown(firm: Firm) -> None:
    firm.rate("plan", "USD", "0.92", "2026-01-01")
    firm.rate("booking", "USD", "0.90", "2026-01-01")
    firm.rate("booking", "USD", "0.95", "2026-02-01")
    firm.deal("Karjala", "2026-01-05", amount=Money(D(50_000), "USD")).close("2026-02-10", "won")

    figure = figures("won-value")[""]

    assert (figure.value, figure.detail) == (D("47500.00"), {"at_plan": D("46000.00"), "fx_effect": D("1500.00")})


def test_a_deal_without_a_rate_counts_and_is_listed(firm: Firm) -> None:
    story = firm.deal("Kaunas", "2026-01-05", amount=Money(D(500), "SEK")).move("2026-01-10", "25")
    firm.deal("Riga", "2026-01-05", amount=100).move("2026-01-10", "25")
    firm.deal("Pärnu", "2026-01-05", amount=None)

    figure = figures("open-value")[""]

    assert (figure.value, figure.n, figure.detail["qualified"]) == (D("100.00"), 3, D("100.00"))
    assert figure.excluded["no_rate"] == [story.pk]


def test_a_change_of_currency_is_valued_as_it_stands(firm: Firm) -> None:
    firm.rate("plan", "USD", "0.5", "2026-01-01")
    story = firm.deal("Tartu", "2026-01-05", amount=1000)
    story.edit("2026-02-01", amount=Money(D(1000), "USD"))

    assert value("open-value") == D("500.00")
    assert value("open-value", as_of=end_of_day(date(2026, 1, 31), TALLINN)) == D("1000.00")


def test_a_zero_win_counts_and_has_no_value(firm: Firm) -> None:
    firm.deal("Zero", "2026-01-05", amount=0).close("2026-02-01", "won")

    assert (value("won-value"), figures("win-rate")[""].n, value("average-deal")) == (D("0.00"), 1, D("0.00"))


def test_the_median_of_won_amounts_is_exact(firm: Firm) -> None:
    for name, amount in (("a", 100), ("b", 200), ("c", 450), ("d", 1000)):
        firm.deal(name, "2026-01-05", amount=amount).close("2026-02-01", "won")

    assert figures("average-deal")[""].detail["median"] == D("325.00")


def test_weighted_takes_qualified_deals_that_close_in_the_period(firm: Firm) -> None:
    def open_deal(name: str, at: str, amount: int, closes: date) -> int:
        return firm.deal(name, "2026-01-05", at=at, amount=amount, expected_close_on=closes).pk

    counted = [
        open_deal("a", "25", 30_000, date(2026, 12, 1)),
        open_deal("b", "50", 50_000, date(2026, 12, 1)),
        open_deal("c", "90", 20_000, date(2026, 12, 1)),
    ]
    open_deal("first meeting", "first_meeting", 99_000, date(2026, 12, 1))
    open_deal("next year", "50", 77_000, date(2027, 1, 5))
    overdue = open_deal("overdue", "50", 66_000, date(2026, 11, 20))

    figure = figures("weighted")[""]

    assert (figure.value, figure.ids) == (D("50500.00"), counted)
    assert figure.excluded == {"overdue_close_date": [overdue]}


def test_a_win_is_credited_to_the_owner_and_team_at_close(firm: Firm) -> None:
    story = firm.deal("Baltvilla", "2026-01-05").close("2026-02-10", "won")
    firm.join(firm.liis, firm.nordics, "2026-03-01")
    story.edit("2026-03-02", owner_id=firm.mantas.pk)

    assert figures("won-value", team=firm.baltics)[""].ids == [story.pk]
    assert figures("won-value", team=firm.sales)[""].ids == [story.pk]  # the team above holds it too
    assert figures("won-value", team=firm.nordics)[""].ids == []
    assert set(figures("won-value", by="owner")) == {str(firm.liis.pk)}
    assert set(figures("won-value", by="team")) == {str(firm.baltics.pk)}


def test_open_deals_belong_to_the_owner_at_as_of(firm: Firm) -> None:
    story = firm.deal("Ege", "2026-01-05").edit("2026-03-01", owner_id=firm.mantas.pk)
    before = end_of_day(date(2026, 2, 28), TALLINN)

    assert figures("open-value", owner=firm.mantas)[""].ids == [story.pk]
    assert figures("open-value", owner=firm.liis)[""].ids == []
    assert figures("open-value", owner=firm.liis, as_of=before)[""].ids == [story.pk]


def test_conversion_belongs_to_who_owned_the_deal_when_it_entered(firm: Firm) -> None:
    story = (
        firm.deal("Ege", "2026-01-05")
        .move("2026-01-10", "25")
        .edit("2026-02-01", owner_id=firm.mantas.pk)
        .move("2026-02-10", "50")
    )

    steps = figures("conversion", by="owner")

    assert steps[f"{firm.liis.pk}/25"].ids == [story.pk] == steps[f"{firm.mantas.pk}/50"].ids
    assert steps[f"{firm.liis.pk}/50"].detail["entered"] == 0


def test_the_cohort_is_who_entered_in_the_window(firm: Firm) -> None:
    early = firm.deal("early", "2025-12-01").move("2025-12-10", "25").move("2026-01-10", "50")
    late = firm.deal("late", "2026-01-05").move("2026-01-10", "25")

    steps = figures("conversion")

    assert (steps["25"].ids, steps["50"].ids) == ([late.pk], [early.pk])


def test_an_archived_deal_leaves_the_cohort_and_is_listed(firm: Firm) -> None:
    story = firm.deal("copy", "2026-01-05").move("2026-01-10", "25").archive("2026-02-01")

    step = figures("conversion")["25"]

    assert (step.ids, step.excluded) == ([], {"archived": [story.pk]})


def test_backfilled_deals_are_in_the_win_rate_and_not_in_conversion(firm: Firm) -> None:
    story = firm.deal("old", "2026-01-05").move("2026-01-10", "25").close("2026-02-01", "won")
    Opportunity.objects.filter(pk=story.pk).update(backfilled=True)

    assert figures("win-rate")[""].ids == [story.pk]
    assert (figures("conversion")["25"].ids, figures("conversion")["25"].excluded) == ([], {"backfilled": [story.pk]})
    assert figures("pipeline-by-setpoint")["25"].detail["entered"] == 0


def test_the_cycle_runs_from_the_first_meeting_held(firm: Firm) -> None:
    for name, (met, won) in {
        "a": ("2026-01-10", "2026-01-30"),
        "b": ("2026-01-10", "2026-02-14"),
        "c": ("2026-01-10", "2026-03-31"),
    }.items():
        firm.deal(name, "2026-01-05", amount=20_000).meet(met).move("2026-01-12", "25").close(won, "won")
    without = firm.deal("d", "2026-01-05", amount=20_000).close("2026-02-01", "won")

    rows = figures("cycle")

    assert (rows[""].value, rows[""].n, rows[""].excluded) == (D("35.00"), 3, {"no_start": [without.pk]})
    assert rows[""].detail["created_to_won"] == D("33.50")
    assert rows["10k_30k/new_business"].detail["fallback"] == "all"


def test_the_size_band_comes_from_the_amount_at_entry_to_25(firm: Firm) -> None:
    story = firm.deal("grew", "2026-01-05", amount=5_000).meet("2026-01-06").move("2026-01-12", "25")
    story.edit("2026-02-01", amount=Money(D(200_000), "EUR")).close("2026-03-01", "won")

    assert set(figures("cycle")) == {"", "under_10k/new_business"}


@pytest.mark.parametrize(
    ("amount", "band"),
    [
        pytest.param(Money(D(5000), "SEK"), "unknown", id="no rate"),
        (D("9999.99"), "under_10k"),
        (D(10000), "10k_30k"),
        (D(30000), "30k_100k"),
        (D(100000), "over_100k"),
    ],
)
def test_size_bands_begin_with_their_lower_bound(firm: Firm, amount: Any, band: str) -> None:
    firm.deal("sized", "2026-01-05", amount=amount).close("2026-03-01", "won")

    assert set(figures("cycle")) == {"", f"{band}/new_business"}


def test_reasons_and_sectors(firm: Firm) -> None:
    firm.deal("a", "2026-01-05", industry="Retail", amount=300).close(
        "2026-02-01", "lost", reason="price", competitor="Metrika"
    )
    firm.deal("b", "2026-01-05", industry="Retail", amount=200).close(
        "2026-02-01", "lost", reason="price", competitor="Metrika"
    )
    firm.deal("c", "2026-01-05", industry="Energy", amount=100).close("2026-02-01", "no_decision")
    firm.deal("d", "2026-01-05", industry="Energy", amount=900).close("2026-02-01", "won")

    reasons = [
        (row.group, row.figure.value, row.figure.detail["amount"], row.group_label)
        for row in compute("lost-reasons", user=None, at=NOW, period=YEAR)
    ]
    sectors = figures("won-by-sector")

    assert reasons[0][1:] == (D(2), D("500.00"), "Metrika") and reasons[0][0].startswith("lost/price/")
    assert reasons[1][:3] == ("no_decision/went_quiet", D(1), D("100.00"))
    assert [(sector, figure.value, figure.parts["win-rate"].value) for sector, figure in sectors.items()] == [
        ("Energy", D("900.00"), D("0.500000")),
        ("Retail", D("0.00"), D("0.000000")),
    ]


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
    undone = firm.deal("undone", "2026-02-01").move("2026-05-31", "50", by=firm.liis)
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


@pytest.mark.parametrize("name", ["won-value", "open-value", "weighted", "leads"])
def test_a_team_is_the_sum_of_its_members_for_what_adds_up(firm: Firm, eight: dict[str, int], name: str) -> None:
    firm.deal("north", "2026-01-05", at="50", owner=firm.mantas, expected_close_on=date(2026, 12, 1))
    firm.deal("north won", "2026-01-05", owner=firm.mantas).close("2026-02-01", "won")

    members = [figures(name, team=team)[""] for team in (firm.baltics, firm.nordics)]
    whole = figures(name, team=firm.sales)[""]

    assert whole.value == sum((figure.value for figure in members if figure.value is not None), D(0))
    assert sorted(whole.ids) == sorted(pk for figure in members for pk in figure.ids)
