"""Whose a deal, a step or a win is, as people change teams and deals change hands (B33)."""

from datetime import date

import pytest

from crm.lib.periods import end_of_day
from tests.figures.asking import D, figures
from tests.figures.histories import TALLINN, Firm

pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize("name", ["won-value", "open-value", "weighted", "leads"])
def test_a_team_is_the_sum_of_its_members_for_what_adds_up(firm: Firm, eight: dict[str, int], name: str) -> None:
    firm.deal("north", "2026-01-05", at="50", owner=firm.mantas, expected_close_on=date(2026, 12, 1))
    firm.deal("north won", "2026-01-05", owner=firm.mantas).close("2026-02-01", "won")

    members = [figures(name, team=team)[""] for team in (firm.baltics, firm.nordics)]
    whole = figures(name, team=firm.sales)[""]

    assert whole.value == sum((figure.value for figure in members if figure.value is not None), D(0))
    assert sorted(whole.ids) == sorted(pk for figure in members for pk in figure.ids)
