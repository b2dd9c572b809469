"""Who reads reports: a rep, their manager, a marketer, and a rep of another team; tests sign in whom they mean."""

import pytest

from crm.models import Team, User
from tests.factories.crm import TeamFactory, UserFactory


@pytest.fixture
def team() -> Team:
    return TeamFactory(name="Baltics")


@pytest.fixture
def rep(team: Team) -> User:
    return UserFactory(name="Liis Tamm", rep=True, team=team)


@pytest.fixture
def manager(team: Team) -> User:
    return UserFactory(name="Katrin Saar", manages=team, team=team)


@pytest.fixture
def marketer() -> User:
    return UserFactory(marketing=True)


@pytest.fixture
def stranger() -> User:
    return UserFactory(rep=True, team=TeamFactory(name="Nordics"))
