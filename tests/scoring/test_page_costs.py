"""What the pages of scoring ask the database, however much there is to show."""

from datetime import UTC, datetime
from typing import Any

import pytest

from scoring.enums import ChallengeEnd, ChallengeMetric, ModelState
from scoring.models import Challenge, LeadEventType, RepShare, ScoringModel, Territory
from tests.factories.crm import UserFactory
from tests.testing import signed_in

NOW = datetime(2026, 3, 6, 12, 0, tzinfo=UTC)


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "statements"), [("", 13), ("challenges/", 7), ("events/", 5), ("routing/", 8)])
def test_a_page_costs_the_same_for_one_and_for_three(
    path: str, statements: int, django_assert_num_queries: Any
) -> None:
    client = signed_in(UserFactory(marketing=True))
    client.get("/scoring/")
    for number in (1, 2, 3):
        one_of_each(f"Row {number}", number)
        if number != 2:
            with django_assert_num_queries(statements):
                assert f"Row {number}" in client.get(f"/scoring/{path}").content.decode()


def one_of_each(name: str, number: int) -> None:
    person = UserFactory(rep=True, name=name)
    past = ScoringModel.objects.create(
        number=10 + number, state=ModelState.RETIRED, reason=name, created_at=NOW, created_by=person,
        published_at=NOW, published_by=person, retired_at=NOW,
    )  # fmt: skip
    Challenge.objects.create(
        champion=ScoringModel.objects.get(state=ModelState.PUBLISHED), challenger=past, percent=50, minimum=10,
        metric=ChallengeMetric.QUALIFIED_OF_ASSIGNED, seed="seed", reason="Try it", started_at=NOW, started_by=person,
        ended_at=NOW, ended_by=person, ended_as=ChallengeEnd.KEPT, end_reason=name,
    )  # fmt: skip
    LeadEventType.objects.create(code=f"row_{number}", name=name)
    Territory.objects.create(name=name, rep=person, created_at=NOW, recorded_at=NOW)
    RepShare.objects.create(user=person, capacity=2)
