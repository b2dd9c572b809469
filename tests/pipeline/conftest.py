"""Who most tests of deals are about: one rep, in a team of their own, and their browser."""

import pytest
from django.test import Client

from crm.models import User
from tests.factories.crm import TeamFactory, UserFactory


@pytest.fixture
def rep(db: None) -> User:
    return UserFactory(rep=True, team=TeamFactory(), name="Liis Tamm")


@pytest.fixture
def mine(client: Client, rep: User) -> Client:
    """The rep's browser, signed in."""
    client.force_login(rep)
    return client
