import pytest

from crm.api import authentication, throttling
from crm.lib.limits import Limiter
from crm.models import Team, User
from tests.api.client import Api
from tests.factories.crm import TeamFactory, UserFactory


@pytest.fixture(autouse=True)
def fresh_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Count anew: the limits live in the process, which runs many tests."""
    monkeypatch.setattr(authentication, "failures", Limiter())
    monkeypatch.setattr(throttling, "requests", Limiter())


@pytest.fixture
def team(db: None) -> Team:
    return TeamFactory()


@pytest.fixture
def rep(team: Team) -> User:
    return UserFactory(rep=True, team=team)


@pytest.fixture
def stranger(db: None) -> User:
    """A rep of another team."""
    return UserFactory(rep=True, team=TeamFactory())


@pytest.fixture
def marketer(db: None) -> User:
    return UserFactory(marketing=True)


@pytest.fixture
def api(rep: User) -> Api:
    return Api(rep)


@pytest.fixture
def other_api(stranger: User) -> Api:
    return Api(stranger)


@pytest.fixture
def marketing_api(marketer: User) -> Api:
    return Api(marketer, "read", "write", "events:write", "reports:read")


@pytest.fixture
def admin_api(db: None) -> Api:
    return Api(UserFactory(admin=True), "read", "write", "admin")
