"""Many requests at once against a server and a real database: one wins, the others are told so."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
import requests

from crm.models import Job
from scoring.commands.rules import edit_draft
from scoring.models import Handoff, Lead, ScoringModel
from tests.api.client import Api
from tests.factories.crm import TeamFactory, UserFactory
from tests.scoring.test_handoffs import NOW, hot_lead

pytestmark = pytest.mark.django_db(transaction=True)
SENDERS = 10  # as many connections to the database as there are senders


def at_once(base: str, sendings: list[tuple[Api, str, Any, str]]) -> list[requests.Response]:
    """Send POSTs from several threads that begin together; each says who, where, what, and against which version."""
    barrier = Barrier(min(SENDERS, len(sendings)))

    def post(number: int) -> requests.Response:
        api, path, body, tag = sendings[number]
        headers = {"Authorization": f"Bearer {api.secret}", "If-Match": tag}
        if number < SENDERS:
            barrier.wait()
        return requests.post(f"{base}/api/v1/{path}", json=body, headers=headers, timeout=30)

    with ThreadPoolExecutor(SENDERS) as pool:
        return list(pool.map(post, range(len(sendings))))


@pytest.fixture
def people() -> Callable[[int, str], list[Api]]:
    return lambda count, role: [Api(UserFactory(**{role: True})) for _ in range(count)]


def test_of_fifty_who_accept_one_lead_one_has_it_and_the_others_are_told(live_server: Any, people: Any) -> None:
    UserFactory(rep=True, team=TeamFactory())
    everybody, lead = people(50, "admin"), hot_lead()
    path = f"leads/{lead.pk}/"
    tag = everybody[0].get(path)["ETag"]
    answers = at_once(live_server.url, [(each, f"{path}accept/", {}, tag) for each in everybody])
    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 49}
    assert {answer.json()["code"] for answer in answers if answer.status_code == 412} == {"stale_record"}
    handoff = Handoff.objects.get()
    winner = next(each for each, answer in zip(everybody, answers, strict=True) if answer.status_code == 200)
    assert (handoff.answer, handoff.answered_by) == ("accepted", winner.user)
    assert Lead.objects.get().status_events.filter(new="accepted").count() == 1
    # Who reads it again and tries again learns that somebody answered.
    late = everybody[0] if winner is not everybody[0] else everybody[1]
    again = late.post(f"{path}accept/", {}, if_match=late.get(path)["ETag"])
    assert (again.status_code, again.json()["code"]) == (409, "no_open_handoff")


def test_a_model_published_by_two_people_at_once_is_published_once(live_server: Any, people: Any) -> None:
    one, other = people(2, "marketing")
    draft = edit_draft(settings={"threshold": 60}, rules={}, by=one.user, at=NOW)
    path = f"scoring-models/{draft.pk}/"
    tag = one.get(path)["ETag"]
    answers = at_once(
        live_server.url,
        [(each, f"{path}publish/", {"reason": reason}, tag) for each, reason in ((one, "One"), (other, "Other"))],
    )
    assert sorted(answer.status_code for answer in answers)[0] == 200
    lost = max(answers, key=lambda answer: answer.status_code)
    assert (lost.status_code, lost.json()["code"]) in {(412, "stale_record"), (409, "no_draft"), (422, "not_a_draft")}
    assert lost.json()["detail"]
    states = ScoringModel.objects.order_by("number").values_list("number", "state", "reason")
    won = next(each for each, answer in zip((one, other), answers, strict=True) if answer.status_code == 200)
    assert list(states) == [(1, "retired", ""), (2, "published", "One" if won is one else "Other")]
    assert Job.objects.filter(task="scoring.apply_model").count() == 1


def test_a_draft_begun_by_two_people_at_once_is_one(live_server: Any, people: Any) -> None:
    both = people(2, "marketing")
    answers = at_once(live_server.url, [(each, "scoring-models/", {}, "") for each in both])
    assert sorted((answer.status_code, answer.json().get("code")) for answer in answers) == [
        (201, None), (422, "draft_exists"),
    ]  # fmt: skip
    assert ScoringModel.objects.filter(state="draft").count() == 1
