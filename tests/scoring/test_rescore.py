"""`manage.py rescore` on the tables, and on the leadforge files beside a plain replay of them."""

import csv
import json
import os
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command

from crm.commands.organisation import set_time_zone
from crm.exchange.run import Options, import_file
from crm.lib.periods import end_of_day
from crm.models import Job, OrganisationTimeZone
from scoring.commands.events import record_events
from scoring.commands.scores import refresh_all_scores
from scoring.models import Handoff, Lead, LeadScore
from scoring.queries.scores import get_score
from tests.exchange.importing import write_csv
from tests.factories.scoring import LeadFactory, sent
from tests.scoring.examples import DEMO, PRICING
from tests.scoring.oracle import Happened, plain_score

pytestmark = pytest.mark.django_db
THEN = datetime(2026, 3, 6, 12, 0, tzinfo=UTC)
DATA = Path(os.environ.get("LEADFORGE_DATA", Path(__file__).parents[3] / "shared" / "data" / "leadforge_dev"))
MAPPINGS = Path(__file__).parents[2] / "crm" / "exchange" / "mappings" / "leadforge"


def rescore(*args: str) -> str:
    out = StringIO()
    call_command("rescore", *args, stdout=out)
    return out.getvalue()


def quiet_lead(external_id: str) -> Lead:
    lead: Lead = LeadFactory(external_id=external_id)
    record_events(events=[sent(lead, PRICING, THEN), sent(lead, DEMO, THEN)], by=None, at=THEN)
    return lead


def test_it_brings_due_scores_up_to_date_and_then_finds_nothing_to_do() -> None:
    lead = quiet_lead("L-1")
    assert rescore().startswith("1 scores changed of 1 looked at")
    assert LeadScore.objects.get(lead=lead).score < 35
    assert rescore().startswith("0 scores changed of 0 looked at")
    assert json.loads(rescore("--full", "--json")) | {"seconds": 0} == {
        "leads": 1,
        "changed": 0,
        "crossings": 0,
        "seconds": 0,
    }


def test_one_lead_by_any_of_its_names() -> None:
    lead, other = quiet_lead("L-1"), quiet_lead("L-2")
    rescore("--lead", "L-1")
    assert LeadScore.objects.get(lead=other).score == 35
    for name in (str(lead.pk), lead.email or ""):
        assert "of 1 looked at" in rescore("--lead", name)
    with pytest.raises(CommandError, match="no lead"):
        rescore("--lead", "nobody")


def test_as_of_prints_and_stores_nothing() -> None:
    quiet_lead("L-1")
    before = list(LeadScore.objects.values())
    assert rescore("--as-of", "2026-03-06") == "L-1\t35\n"
    answer = json.loads(rescore("--as-of", "2026-04-05", "--json"))
    assert [row["score"] for row in answer["scores"]] == [25]
    assert rescore("--as-of", "2026-03-06T11:59+00:00") == "L-1\t0\n"
    assert list(LeadScore.objects.values()) == before
    with pytest.raises(CommandError, match="is no time"):
        rescore("--as-of", "soon")


@pytest.mark.skipif(not (DATA / "touches.csv").exists(), reason="the leadforge files are not beside this checkout")
def test_imported_leadforge_scores_equal_a_plain_replay_of_the_files(tmp_path: Path) -> None:
    names = {f"lead_{number:06}" for number in range(1, LEADS + 1)}
    leads = [row for row in rows("leads.csv") if row["lead_id"] in names]
    kept = {
        "users": ("leads.csv", "lead_id", names),
        "accounts": ("accounts.csv", "account_id", {row["account_id"] for row in leads}),
        "contacts": ("contacts.csv", "contact_id", {row["contact_id"] for row in leads}),
        "leads": ("leads.csv", "lead_id", names),
        "inbound-touches": ("touches.csv", "lead_id", names),
        "outbound-touches": ("touches.csv", "lead_id", names),
        "touch-events": ("touches.csv", "lead_id", names),
        "sessions": ("sessions.csv", "lead_id", names),
        "sales-activities": ("sales_activities.csv", "lead_id", names),
    }
    for mapping, (file, column, wanted) in kept.items():
        part = tmp_path / f"{mapping}.csv"
        write_csv(part, *_part(file, column, wanted))
        report = import_file(
            KINDS.get(mapping, mapping), part, mapping_path=MAPPINGS / f"{mapping}.json", options=Options(on_error="skip"),
            by=None, at=datetime(2026, 3, 2, tzinfo=UTC),
        )  # fmt: skip
        assert report.counts.created > 0
    printed = dict(line.split("\t") for line in rescore("--as-of", "2024-04-28").splitlines())
    happened, as_of = leadforge_moments(names), end_of_day(date(2024, 4, 28), ZoneInfo("UTC"))
    assert printed == {name: str(plain_score(happened[name], as_of=as_of, zone=ZoneInfo("UTC"))) for name in names}
    assert sum(score != "0" for score in printed.values()) > LEADS / 10
    rescore("--full")
    assert list(LeadScore.objects.values_list("score", flat=True)) == [0] * LEADS  # two years of silence
    assert not Handoff.objects.exists()


LEADS = 300
KINDS = {
    "inbound-touches": "activities", "outbound-touches": "activities", "sales-activities": "activities",
    "touch-events": "lead-events", "sessions": "lead-events",
}  # fmt: skip
TYPES = {"content_download": "whitepaper_downloaded", "webinar": "webinar_attended"}


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(newline="") as file:
        return list(csv.DictReader(file))


def _where(name: str, **wanted: list[str]) -> list[dict[str, str]]:
    return [row for row in rows(name) if all(row[column] in values for column, values in wanted.items())]


def _part(name: str, column: str, wanted: set[str]) -> list[list[str]]:
    with (DATA / name).open(newline="") as file:
        header, *lines = csv.reader(file)
    at = header.index(column)
    return [header, *(line for line in lines if line[at] in wanted)]


def leadforge_moments(names: set[str]) -> dict[str, list[Happened]]:
    """Read the files as issue and decisions say: inbound touches and held meetings end silence, some give points."""
    found: dict[str, list[Happened]] = {name: [] for name in names}

    def happen(row: dict[str, str], day: str, key: str, kind: str) -> None:
        if row["lead_id"] in names:
            at = datetime.fromisoformat(day).replace(tzinfo=UTC)
            found[row["lead_id"]].append(Happened(at, key, kind, ""))

    for row in _where("touches.csv", touch_direction=["inbound"]):
        happen(row, row["touch_timestamp"], row["touch_id"], TYPES.get(row["touch_type"], ""))
    for row in rows("sessions.csv"):
        views = int(row["pricing_page_views"])
        keys = [f"{row['session_id']}:{number}" for number in range(views)]
        for key in keys:
            happen(row, row["session_timestamp"], key, "pricing_page_viewed")
        if int(row["page_views"]) > views:
            happen(row, row["session_timestamp"], row["session_id"], "page_viewed")
    for row in _where("sales_activities.csv", activity_outcome=["demo_completed"], activity_type=["meeting", "demo"]):
        happen(row, row["activity_timestamp"], row["activity_id"], "")
    return found


def test_a_change_of_zone_asks_once_for_every_lead_to_be_replayed() -> None:
    rescore()
    asked = Job.objects.filter(task="scoring.apply_zones")
    before = asked.count()
    set_time_zone(zone="America/New_York", by=None, at=THEN)
    for _ in range(2):
        rescore()
    assert asked.count() == before + 1


def test_the_stored_score_goes_by_the_zone_in_force_on_each_day() -> None:
    lead = quiet_lead("a")  # 6 March 2026: the first tick is at 00:00 of 5 April
    assert OrganisationTimeZone.objects.get().zone == "UTC"
    OrganisationTimeZone.objects.create(zone="America/New_York", valid_from=date(2026, 4, 1))
    refresh_all_scores(at=THEN)
    assert LeadScore.objects.get().next_change_at == datetime(2026, 4, 5, 4, 0, tzinfo=UTC)
    assert get_score(lead.pk, as_of=datetime(2026, 4, 5, 3, 59, tzinfo=UTC))[0].score == 35
    assert get_score(lead.pk, as_of=datetime(2026, 4, 5, 4, 0, tzinfo=UTC))[0].score == 25
