"""Who is signed in on the pages of records and settings; tests of commands name their own people."""

from typing import Any

import pytest

from tests.factories.crm import TeamFactory, UserFactory


@pytest.fixture
def rep(client: Any) -> Any:
    user = UserFactory(rep=True, team=TeamFactory())
    client.force_login(user)
    return user


@pytest.fixture
def admin(client: Any) -> Any:
    user = UserFactory(admin=True)
    client.force_login(user)
    return user
