"""Activities of every kind are counted per person, local day and week (D-37)."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from crm.models import OrganisationTimeZone, Team, User
from tests.factories.crm import ActivityFactory, TeamFactory, UserFactory
from tests.testing import element

pytestmark = pytest.mark.django_db
Q3 = {"period": "2026Q3"}


@pytest.fixture
def team() -> Team:
    OrganisationTimeZone.objects.update(zone="Europe/Tallinn")
    return TeamFactory(name="Baltics")


@pytest.fixture
def liis(team: Team) -> User:
    return UserFactory(name="Liis Tamm", rep=True, team=team)


def did(owner: User, kind: str, day: str, **fields: Any) -> None:
    """Log something done at a moment in UTC."""
    at = datetime.fromisoformat(day).replace(tzinfo=UTC)
    ActivityFactory(**{"owner": owner, "kind": kind, "occurred_at": at, "recorded_at": at, "done_at": at, **fields})


def rows(user: User, **query: str) -> list[tuple[str, str, dict[str, int]]]:
    client = Client()
    client.force_login(user)
    page = client.get("/reports/", {**Q3, **query})
    assert "Liis Tamm" in str(element(page, "activities"))
    efforts = page.context["efforts"]
    return [
        (
            row["owner"],
            str(row["first_day"]),
            {kind: n for kind, n in zip(efforts["kinds"], row["counts"], strict=True) if n},
        )
        for row in efforts["found"].rows
    ]


def test_every_kind_is_counted_by_week_and_by_local_day(liis: User, team: Team) -> None:
    mantas = UserFactory(name="Mantas", rep=True, team=team)
    did(liis, "call", "2026-07-06 21:30")  # in Tallinn already Tuesday
    did(liis, "call", "2026-07-07 09:00")
    did(liis, "demo", "2026-07-07 10:00", outcome="held")
    did(liis, "email", "2026-07-12 20:00")
    did(mantas, "meeting", "2026-07-13 09:00", outcome="held")
    did(liis, "call", "2026-10-01 09:00")  # the next quarter
    did(liis, "task", "2026-07-08 09:00", done_at=None)  # lies ahead
    did(liis, "note", "2026-07-08 09:00", archived_at=datetime(2026, 7, 9, tzinfo=UTC))

    assert rows(liis) == [
        ("Mantas", "2026-07-13", {"meeting": 1}),
        ("Liis Tamm", "2026-07-06", {"call": 2, "email": 1, "demo": 1}),
    ]
    assert rows(liis, each="day") == [
        ("Mantas", "2026-07-13", {"meeting": 1}),
        ("Liis Tamm", "2026-07-12", {"email": 1}),
        ("Liis Tamm", "2026-07-07", {"call": 2, "demo": 1}),
    ]
    assert rows(liis, owner=str(liis.pk)) == [("Liis Tamm", "2026-07-06", {"call": 2, "email": 1, "demo": 1})]


def test_what_another_team_did_is_not_counted(liis: User) -> None:
    stranger = UserFactory(name="Nils", rep=True, team=TeamFactory(name="Nordics"))
    did(liis, "call", "2026-07-07 09:00")
    did(stranger, "call", "2026-07-07 09:00")

    assert [row[0] for row in rows(UserFactory(admin=True), team="")] == ["Liis Tamm", "Nils"]
    assert [row[0] for row in rows(liis, team="")] == ["Liis Tamm"]
