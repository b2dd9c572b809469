"""Who is handed a lead: owners, territories, languages, turns by capacity, absences (S-9); no database."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from scoring.enums import RoutedBy
from scoring.facts import RepFacts, Route, RoutedLead, TerritoryFacts
from scoring.policies.leads import recycling_refusals
from scoring.policies.routing import choose_rep
from scoring.policies.trials import number_to_draw, week_of

AT = datetime(2026, 3, 6, 12, tzinfo=UTC)
REPS = {
    1: RepFacts(1, languages=frozenset({"et"})),
    2: RepFacts(2, open_handoffs=3),
    3: RepFacts(3, open_handoffs=1),
}
BALTICS = TerritoryFacts(7, frozenset({2, 3}), countries=frozenset({"EE", "LV"}))
METALS = TerritoryFacts(8, frozenset({2}), industries=frozenset({"Metals"}))
NORDIC = TerritoryFacts(9, frozenset({99}), languages=frozenset({"fi"}))
LEAD = RoutedLead()
ESTONIAN = RoutedLead(country="EE", languages=frozenset({"et"}))


@pytest.mark.parametrize(
    ("lead", "route"),
    [
        (RoutedLead(account_owner_id=2, owner_id=1, country="EE"), Route(2, RoutedBy.ACCOUNT_OWNER)),
        (RoutedLead(account_owner_id=99, owner_id=1, country="EE"), Route(1, RoutedBy.LEAD_OWNER)),
        (ESTONIAN, Route(3, RoutedBy.TERRITORY, 7)),
        (RoutedLead(country="DE", industry=" metals "), Route(2, RoutedBy.TERRITORY, 8)),
        (RoutedLead(country="FI", languages=frozenset({"fi"})), Route(1, RoutedBy.TURN)),
        (RoutedLead(country="DE", languages=frozenset({"de"})), Route(1, RoutedBy.TURN)),
    ],
    ids=["account's owner", "an owner who is away", "country", "industry", "a rep who is away", "nobody speaks it"],
)
def test_whose_lead_it_is(lead: RoutedLead, route: Route) -> None:
    assert choose_rep(REPS, lead, territories=(BALTICS, METALS, NORDIC)) == route


def test_who_speaks_the_language_comes_before_who_has_less() -> None:
    busy = REPS | {1: replace(REPS[1], open_handoffs=20)}
    assert choose_rep(busy, ESTONIAN).rep_id == 1


def test_of_two_alike_it_is_whoever_has_gone_longest_without_one() -> None:
    earlier = AT - timedelta(days=1)
    assert choose_rep({1: RepFacts(1, 2, earlier), 2: RepFacts(2, 1, AT), 3: RepFacts(3, 1, earlier)}, LEAD).rep_id == 3
    assert choose_rep({1: RepFacts(1, 0, AT), 2: RepFacts(2)}, LEAD).rep_id == 2  # never got one
    assert choose_rep({1: RepFacts(1), 2: RepFacts(2, capacity=2)}, LEAD).rep_id == 2  # one more weighs less on them
    assert choose_rep({}, RoutedLead(account_owner_id=1, owner_id=2)) == Route(None)


def test_turns_follow_capacity_and_a_capacity_of_none_takes_none() -> None:
    reps = {1: RepFacts(1, capacity=2), 2: RepFacts(2), 3: RepFacts(3, capacity=0)}
    taken: Counter[int | None] = Counter()
    for _ in range(30):
        chosen = choose_rep(reps, LEAD).rep_id
        taken[chosen] += 1
        if chosen is not None:
            reps[chosen] = replace(reps[chosen], open_handoffs=reps[chosen].open_handoffs + 1, last_assigned_at=AT)
    assert taken == {1: 20, 2: 10}
    assert choose_rep({3: reps[3]}, LEAD) == Route(None)
    assert choose_rep({3: reps[3]}, RoutedLead(owner_id=3)).rep_id == 3


@pytest.mark.parametrize(
    ("reason", "on", "codes"),
    [
        ("not_now", date(2026, 4, 1), []),
        ("not_now", None, []),
        ("not_now", date(2026, 3, 6), ["recycle_on_out_of_range"]),
        ("not_now", date(9999, 12, 31), ["recycle_on_out_of_range"]),
        ("wrong_fit", date(2026, 4, 1), ["comes_not_again"]),
    ],
)
def test_when_a_lead_may_come_again(reason: str, on: date | None, codes: list[str]) -> None:
    assert [found.code for found in recycling_refusals(reason_code=reason, on=on, today=AT.date())] == codes


@pytest.mark.parametrize(
    ("percent", "handoffs", "eligible", "drawn"),
    [(10, 360, 5000, 10), (10, 361, 5000, 11), (10, 0, 5000, 1), (0, 360, 5000, 0), (50, 400, 30, 30), (10, 9, 0, 0)],
)
def test_how_many_are_drawn(percent: int, handoffs: int, eligible: int, drawn: int) -> None:
    assert number_to_draw(percent=percent, handoffs=handoffs, eligible=eligible) == drawn
    assert week_of(date(2026, 3, 8)) == week_of(date(2026, 3, 2)) == date(2026, 3, 2)
