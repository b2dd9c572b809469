"""Lists nobody reads to their end."""

import pytest

from crm.lib import formats, paging
from crm.models import User
from scoring.queries import inbox
from tests.factories.crm import UserFactory
from tests.factories.scoring import LeadFactory
from tests.testing import signed_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("leads", "shown"), [(0, "0"), (2, "2"), (3, "2+")])
def test_of_a_long_list_it_is_said_that_it_is(leads: int, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "COUNTED", 2)
    monkeypatch.setattr(formats, "COUNTED", 2)
    marketer: User = UserFactory(marketing=True)
    LeadFactory.create_batch(leads)
    assert f'All <span class="count">{shown}</span>' in signed_in(marketer).get("/leads/").content.decode()
    assert inbox.count_tabs(marketer)[inbox.ALL] == leads
