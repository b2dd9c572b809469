"""Every row of math.md B23 that time and jobs make, and the caps of requirements no. 5, by API (S-4, S-9).

Today is the row's day, so that whoever sends and reads does so now; what came before was sent on its own day.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from crm.lib.periods import start_of_day
from crm.queries.organisation import get_zone
from scoring.commands.events import record_events
from scoring.commands.scores import refresh_due_scores
from scoring.models import Handoff, Lead
from tests.api.client import Api
from tests.factories.crm import UserFactory
from tests.factories.scoring import LeadFactory, sent
from tests.scoring.examples import DEMO, PAPER, PRICING, WEBINAR

pytestmark = pytest.mark.django_db
TABLE = [(0, PRICING), (5, PAPER), (10, WEBINAR), (12, DEMO)]
CODES = ("pricing_page", "whitepaper", "webinar", "demo_request")


@pytest.fixture
def api(db: None) -> Api:
    return Api(UserFactory(marketing=True))


@pytest.fixture
def rep(db: None) -> Api:
    return Api(UserFactory(rep=True))


class Days:
    """The days of the table, counted so that one of them is today in the organisation's zone."""

    def __init__(self, today: int) -> None:
        self.now = timezone.now()
        zone = get_zone(self.now.date())
        self.day_0: date = self.now.astimezone(zone).date() - timedelta(days=today)

    def at(self, day: int) -> datetime:
        """Return noon of a day; of today, the moment it is."""
        on = self.day_0 + timedelta(days=day)
        noon = datetime.combine(on, time(12), get_zone(on)).astimezone(UTC)
        return timezone.now() if on == self.now.astimezone(get_zone(on)).date() else noon

    def midnight(self, day: int) -> str:
        """Return when a day begins, as the API writes it."""
        on = self.day_0 + timedelta(days=day)
        return start_of_day(on, get_zone(on)).astimezone(UTC).isoformat().replace("+00:00", "Z")


def lived(days: Days, lead: Lead) -> None:
    """Let the table happen, each event told on its day."""
    for day, kind in TABLE:
        record_events(events=[sent(lead, kind, days.at(day))], by=None, at=days.at(day))


def send(api: Api, lead: Lead, days: Days, *happened: tuple[int, str]) -> None:
    """Tell now what happened on some days."""
    events = [
        {"idempotency_key": f"{lead.pk}-{day}-{kind}", "type": kind, "lead": {"id": str(lead.pk)},
         "occurred_at": days.at(day).isoformat()}
        for day, kind in happened
    ]  # fmt: skip
    answers = api.post("events/", {"events": events}).json()["events"]
    assert {answer["status"] for answer in answers} == {"accepted"}


def shown(api: Api, lead: Lead) -> Any:
    """Return the score as the lead, its list and its trace show it, which must be the same."""
    one, traced = api.get(f"leads/{lead.pk}/").json(), api.get(f"leads/{lead.pk}/score/").json()
    listed = next(row for row in api.get("leads/").json()["results"] if row["id"] == str(lead.pk))
    assert one["score"] == listed["score"] == traced["score"] == sum(row["points"] for row in traced["contributions"])
    assert one["next_change_at"] == traced["next_change_at"]
    return one


def crossings(api: Api, lead: Lead) -> list[tuple[str, str, int]]:
    found = api.get("crossings/", {"lead": str(lead.pk), "ordering": "crossed_at"}).json()["results"]
    return [(row["state"], row["waiting_reason"], row["score"]) for row in found]


@pytest.mark.parametrize(("day", "score"), [(12, 70), (41, 70), (42, 60), (72, 50), (102, 40), (222, 0)])
@pytest.mark.parametrize("runs", [0, 2], ids=["no job ran", "the job ran twice"])
def test_the_score_of_the_day_whatever_ran(api: Api, rep: Api, day: int, score: int, runs: int) -> None:
    days, lead = Days(day), LeadFactory()
    lived(days, lead)
    for _ in range(runs):
        refresh_due_scores(at=days.now)
    assert shown(api, lead)["score"] == score
    assert crossings(api, lead) == [("handed_over", "", 70)]


def test_run_every_day_it_is_the_same(api: Api, rep: Api) -> None:
    days, lead = Days(102), LeadFactory()
    lived(days, lead)
    for day in range(13, 102, 10):
        refresh_due_scores(at=days.at(day))
    refresh_due_scores(at=days.at(43))  # late and out of order
    assert shown(api, lead)["score"] == 40
    assert Handoff.objects.count() == 1


def test_found_first_on_day_80_it_waits_with_its_true_time_and_is_released_now(api: Api, rep: Api) -> None:
    days, lead = Days(80), LeadFactory()
    send(api, lead, days, *TABLE)
    assert shown(api, lead)["score"] == 50
    assert crossings(api, lead) == [("waiting", "late", 70)]
    crossing = api.get("crossings/").json()["results"][0]
    assert crossing["crossed_at"] == days.at(12).isoformat().replace("+00:00", "Z")
    assert api.get("handoffs/").json()["results"] == []
    handed = api.post("crossings/release/", {"crossings": [crossing["id"]]}).json()["handoffs"]
    assert [(row["crossing"], row["owner"]) for row in handed] == [(crossing["id"], str(rep.user.pk))]
    assert handed[0]["assigned_at"] >= days.now.isoformat()


def test_a_webinar_of_day_20_told_on_day_45_moves_the_falls(api: Api, rep: Api) -> None:
    days, lead = Days(45), LeadFactory()
    lived(days, lead)
    assert (shown(api, lead)["score"], shown(api, lead)["next_change_at"]) == (60, days.midnight(72))
    send(api, lead, days, (20, WEBINAR))
    now = shown(api, lead)
    assert (now["score"], now["next_change_at"]) == (90, days.midnight(50))
    later = api.get(f"leads/{lead.pk}/score/", {"as_of": days.at(50).isoformat()}).json()
    assert (later["score"], later["next_change_at"]) == (80, days.midnight(80))
    assert crossings(api, lead) == [("handed_over", "", 70)]


@pytest.mark.parametrize("sent_back", [True, False])
def test_on_day_103_it_is_handed_over_again_once_it_was_sent_back(api: Api, rep: Api, sent_back: bool) -> None:
    days, lead = Days(103), LeadFactory()
    lived(days, lead)
    path = f"leads/{lead.pk}/"
    assert shown(api, lead)["score"] == 40
    if sent_back:
        tag = rep.get(path)["ETag"]
        assert rep.post(f"{path}reject/", {"reason": "not_now"}, if_match=tag).status_code == 200
    send(api, lead, days, (103, PRICING))
    assert shown(api, lead)["score"] == 50
    assert crossings(api, lead) == [("handed_over", "", 70), ("handed_over" if sent_back else "attached", "", 50)]
    assert api.get("handoffs/").json()["results"][0]["answer"] == ""
    assert Handoff.objects.count() == 1 + sent_back


@pytest.mark.parametrize(
    ("happened", "cap", "expected"),
    [
        ([DEMO, WEBINAR], 3, (45, 0)),
        ([DEMO, WEBINAR, PRICING], 3, (55, 1)),
        ([PRICING] * 5, 3, (30, 0)),
        ([PRICING] * 5, 0, (50, 1)),
    ],
    ids=["45 is not handed over", "55 is", "five looks capped are not", "five uncapped are"],
)
def test_requirement_5_hands_over_or_not(
    api: Api, rep: Api, happened: list[str], cap: int, expected: tuple[int, int]
) -> None:
    if not cap:
        made = api.post("scoring-models/", {}).json()
        path = f"scoring-models/{made['id']}/"
        rules = [{"code": code, **({"cap_count": 0} if code == "pricing_page" else {})} for code in CODES]
        tag = api.patch(path, {"rules": rules})["ETag"]
        assert api.post(f"{path}publish/", {"reason": "Every look counts."}, if_match=tag).status_code == 200
    days, lead = Days(5), LeadFactory()
    send(api, lead, days, *zip(range(1, 6), happened, strict=False))
    assert (shown(api, lead)["score"], Handoff.objects.count()) == expected
