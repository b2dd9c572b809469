"""All of the leadforge data set: it comes in whole, a second time changes nothing, scores equal a plain replay of it.

The files lie beside the project; where they do not, this one test is skipped and says so. It takes a minute or two.
"""

import csv
import json
import os
from collections import defaultdict
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import connection

from crm.lib.periods import end_of_day
from crm.models import Account, Activity, Contact
from pipeline.models import Opportunity
from scoring.models import Handoff, Lead, LeadEvent, LeadScore
from tests.exchange.test_import_command import MAPPINGS, command
from tests.scoring.oracle import Happened, plain_score

SHARED = Path(os.environ.get("SETPOINT_SHARED") or Path(__file__).parents[3] / "shared")
DATA = SHARED / "data" / "leadforge_dev"
LOADS = (
    # kind, file, mapping, how many rows it makes
    ("users", "leads", "users", 10),
    ("accounts", "accounts", "accounts", 1_500),
    ("contacts", "contacts", "contacts", 4_200),
    ("leads", "leads", "leads", 5_000),
    ("opportunities", "opportunities", "opportunities", 4_597),
    ("lead-events", "touches", "touch-events", 14_846),
    ("lead-events", "sessions", "sessions", 31_430),
    ("activities", "touches", "inbound-touches", 22_187),
    ("activities", "touches", "outbound-touches", 44_226),
    ("activities", "sales_activities", "sales-activities", 59_913),
)
TYPES = {"content_download": "whitepaper_downloaded", "webinar": "webinar_attended"}
UTC_DAYS = ZoneInfo("UTC")


@pytest.mark.django_db
@pytest.mark.skipif(not DATA.is_dir(), reason="the leadforge_dev data set is not beside the project (SETPOINT_SHARED)")
def test_leadforge_comes_in_whole_once_and_scores_equal_a_plain_replay(capsys: Any) -> None:
    assert load(capsys) == [(0, made, 0, 0) for *_, made in LOADS]
    assert [model.objects.count() for model in (Account, Contact, Lead, Opportunity, LeadEvent, Activity)] == [
        1_500, 4_200, 5_000, 4_597, 46_276, 126_326,
    ]  # fmt: skip
    assert Opportunity.objects.filter(backfilled=True, deal_type="new_business").count() == 4_597
    before = sums()
    assert load(capsys) == [(0, 0, made, 0) for *_, made in LOADS]
    assert sums() == before
    scores_equal_a_replay_of_the_files()


def load(capsys: Any) -> list[tuple[int, int, int, int]]:
    seen = []
    for kind, file, mapping, _ in LOADS:
        path = DATA / f"{file}.csv"
        code, out, _ = command(capsys, kind, path, "--mapping", MAPPINGS / f"{mapping}.json", "--json")
        found = json.loads(out)
        seen.append((code, found["created"], found["unchanged"], found["rejected"]))
    return seen


def sums() -> dict[str, Any]:
    """Return a sum over every row of every table, but of the list of imports."""
    names = sorted(set(connection.introspection.table_names()) - {"crm_importrun"})
    found = {}
    with connection.cursor() as cursor:
        for name in names:
            rows = f'SELECT md5(row::text) AS one FROM "{name}" AS row'
            cursor.execute(f"SELECT count(*), md5(string_agg(one, '' ORDER BY one)) FROM ({rows}) AS rows")
            found[name] = cursor.fetchone()
    return found


def scores_equal_a_replay_of_the_files() -> None:
    out = StringIO()
    call_command("rescore", "--as-of", "2024-04-28", stdout=out)
    printed = dict(line.split("\t") for line in out.getvalue().splitlines())
    as_of, happened = end_of_day(date(2024, 4, 28), UTC_DAYS), moments_of_the_files()
    names = {row["lead_id"] for row in rows("leads.csv")}
    assert printed == {name: str(plain_score(happened[name], as_of=as_of, zone=UTC_DAYS)) for name in names}
    assert sum(score != "0" for score in printed.values()) > 3_000
    call_command("rescore", "--full", stdout=out)
    assert set(LeadScore.objects.values_list("score", flat=True)) == {0}  # years of silence
    assert not Handoff.objects.exists()


def moments_of_the_files() -> dict[str, list[Happened]]:
    """Read the files as issue and decisions say: inbound touches and held meetings end silence, some give points."""
    found: dict[str, list[Happened]] = defaultdict(list)

    def happen(row: dict[str, str], day: str, key: str, kind: str) -> None:
        at = datetime.fromisoformat(day).replace(tzinfo=UTC)
        found[row["lead_id"]].append(Happened(at, key, kind, ""))

    for row in rows("touches.csv"):
        if row["touch_direction"] == "inbound":
            happen(row, row["touch_timestamp"], row["touch_id"], TYPES.get(row["touch_type"], ""))
    for row in rows("sessions.csv"):
        for number, kind in enumerate(_views(row)):
            happen(row, row["session_timestamp"], f"{row['session_id']}:{number}", kind)
    for row in rows("sales_activities.csv"):
        if row["activity_outcome"] == "demo_completed" and row["activity_type"] in ("meeting", "demo"):
            happen(row, row["activity_timestamp"], row["activity_id"], "")
    return found


def _views(row: dict[str, str]) -> list[str]:
    views = int(row["pricing_page_views"])
    return ["pricing_page_viewed"] * views + ["page_viewed"] * (int(row["page_views"]) > views)


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(newline="") as file:
        return list(csv.DictReader(file))
