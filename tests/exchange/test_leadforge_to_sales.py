"""The leadforge data set from import to handoff in five steps at the terminal, each number beside one made of the files alone.

The files lie beside the project; where they do not, this one test is skipped and says so. A fifth of the leads, always the
same, goes the whole way.
"""

import csv
import json
import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from io import StringIO
from itertools import chain, product
from math import ceil
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from scoring.models import Crossing, Handoff
from tests.exchange.test_import_command import MAPPINGS, command
from tests.exchange.test_leadforge import DATA, TYPES, rows
from tests.factories.crm import UserFactory

Happened = tuple[str, str, str, str]  # which lead, on what day, by which key, what
LEADS, DAY, AS_OF = 1_000, timedelta(days=1), date(2024, 6, 30)
BEFORE_DEALS = (
    # kind, file, mapping
    ("users", "leads", "users"),
    ("accounts", "accounts", "accounts"),
    ("contacts", "contacts", "contacts"),
    ("leads", "leads", "leads-as-they-came"),
    ("lead-events", "touches", "touch-events"),
    ("lead-events", "sessions", "sessions"),
    ("activities", "touches", "inbound-touches"),
    ("activities", "sales_activities", "sales-activities"),
)
POINTS = {"pricing_page_viewed": 10, "whitepaper_downloaded": 15, "webinar_attended": 20}
DRAFT = POINTS | {"webinar_attended": 25}
RULES = {"pricing_page": "pricing_page_viewed", "whitepaper": "whitepaper_downloaded", "webinar": "webinar_attended"}
BANDS = ((0, 25), (25, 50), (50, 75), (75, 1_000))


class Told:
    """What the files say of one lead, and its score by a reading that shares nothing with the product."""

    def __init__(self, created_on: str) -> None:
        self.created = date.fromisoformat(created_on)
        self.deal: date | None = None
        self.did: list[tuple[date, str, str]] = []

    @property
    def mark(self) -> date:
        """The last day that teaches: what a deal was opened on tells of the deal."""
        month = self.created + 30 * DAY
        return month if self.deal is None else min(month, self.deal - DAY)

    @property
    def is_qualified(self) -> bool:
        return self.deal is not None and self.deal <= self.created + 90 * DAY

    def met(self, kind: str) -> bool:
        return any(what == kind and day <= self.mark for day, _, what in self.did)

    def scores(self, points: dict[str, int], until: date) -> list[tuple[date, int]]:
        """Return the score after all of each day something happened on, and at the end."""
        score, last, counted, found = 0, None, [], []
        for day, _, kind in sorted(self.did):
            if day > until:
                break
            score = max(0, score - 10 * ((day - last).days // 30)) if last else score
            last = day
            if kind in points and sum(what == kind and (day - on).days < 30 for on, what in counted) < 3:
                counted.append((day, kind))
                score += points[kind]
            found.append((day, score))
        return [*found, (until, max(0, score - 10 * ((until - last).days // 30)) if last else score)]

    def score(self, points: dict[str, int], until: date) -> int:
        return self.scores(points, until)[-1][1]

    def reached(self, points: dict[str, int], threshold: int, until: date) -> date | None:
        return next((day for day, score in self.scores(points, until) if score >= threshold), None)


@pytest.mark.django_db
@pytest.mark.skipif(not DATA.is_dir(), reason="the leadforge_dev data set is not beside the project (SETPOINT_SHARED)")
def test_leadforge_goes_from_import_to_handoff_and_every_number_is_that_of_the_files(
    capsys: Any, tmp_path: Path
) -> None:
    marketer = UserFactory(marketing=True).email
    told = choose(tmp_path)
    everybody = told.values()

    for load in BEFORE_DEALS:
        bring(capsys, tmp_path, *load)
    crossed = {name for name, lead in told.items() if lead.reached(POINTS, 50, date.max)}
    assert set(Crossing.objects.values_list("lead__external_id", flat=True)) == crossed
    bring(capsys, tmp_path, "opportunities", "opportunities", "opportunities")
    wait = {name for name in crossed if told[name].deal is None}
    print(f"import: {len(crossed)} went over 50, {len(wait)} of them without a deal wait")

    printed("rules", "--threshold", "60", "--publish", "Fewer, better leads", "--by", marketer)
    printed("rules", "--threshold", "40", "--points", "webinar=25", "--by", marketer)
    tried = json.loads(printed("simulate", "--as-of", AS_OF.isoformat(), "--json"))
    high = {name for name, lead in told.items() if lead.reached(DRAFT, 40, AS_OF)}
    higher = {name for name, lead in told.items() if lead.reached(POINTS, 60, AS_OF)}
    effect, since = tried["effect"], AS_OF - 182 * DAY
    print(f"simulate: {effect['newly']} newly, {effect['gone']} no more, {effect['a_week']['draft']:.1f} leads a week")
    assert (tried["leads"], effect["newly"], effect["gone"]) == (LEADS, len(high - higher), len(higher - high))
    a_week = [
        sum(lead.reached(points, threshold, AS_OF) > since for lead in map(told.get, names)) / 26
        for points, threshold, names in ((DRAFT, 40, high), (POINTS, 60, higher))
    ]
    assert [effect["a_week"]["draft"], effect["a_week"]["published"]] == pytest.approx(a_week)
    quality, later = tried["quality"][0], later_ones(everybody)
    print(f"simulate: of the later {quality['leads']} leads {quality['qualified']} qualified, AUC {quality['auc']:.3f}")
    assert (quality["leads"], quality["qualified"]) == (len(later), sum(lead.is_qualified for lead in later))
    assert quality["auc"] == pytest.approx(plain_auc(later))

    learned = json.loads(printed("calibrate", "--json"))
    bands = [(band["leads"], band["qualified"]) for band in learned["bands"]]
    print(f"calibrate: {learned['qualified']} of {learned['leads']} qualified; bands {bands}")
    assert bands == [
        counted([lead for lead in everybody if low <= lead.score(DRAFT, lead.mark) < high]) for low, high in BANDS
    ]
    met_by = {row["code"]: (row["leads"], row["qualified"]) for row in learned["rules"]}
    for code, kind in RULES.items():
        assert met_by[code] == counted([lead for lead in everybody if lead.met(kind)])

    printed("rules", "--publish", "As calibrated", "--by", marketer)
    handed = json.loads(printed("handoff", "--release", "--by", marketer, "--json"))
    print(f"hand off: {handed['released']} leads to {len(handed['with'])} reps")
    assert set(Handoff.objects.values_list("lead__external_id", flat=True)) == wait
    assert (handed["released"], sum(handed["with"].values())) == (len(wait), len(wait))

    printed("rescore", "--full")
    lower = {name for name, lead in told.items() if lead.reached(DRAFT, 40, lead.deal - DAY if lead.deal else date.max)}
    assert set(Crossing.objects.values_list("lead__external_id", flat=True)) == crossed | lower
    assert Handoff.objects.count() == len(wait)  # whom new rules bring over waits for a person
    then = dict(line.split("\t") for line in printed("rescore", "--as-of", "2024-04-28").splitlines())
    assert then == {name: str(lead.score(POINTS, date(2024, 4, 28))) for name, lead in told.items()}


def choose(folder: Path) -> dict[str, Told]:
    """Write the files with the rows of the chosen leads alone, and return what they say."""
    names = set(random.Random(4).sample([row["lead_id"] for row in rows("leads.csv")], LEADS))
    kept: dict[str, list[dict[str, str]]] = {}
    for file in ("leads", "touches", "sessions", "sales_activities", "opportunities"):
        kept[file] = [row for row in rows(f"{file}.csv") if row["lead_id"] in names]
    for file, key in (("accounts", "account_id"), ("contacts", "contact_id")):
        named = {row[key] for row in kept["leads"]}
        kept[file] = [row for row in rows(f"{file}.csv") if row[key] in named]
    for file, of_them in kept.items():
        with (folder / f"{file}.csv").open("w", newline="") as out:
            writer = csv.DictWriter(out, of_them[0])
            writer.writeheader()
            writer.writerows(of_them)
    return read(kept)


def read(kept: dict[str, list[dict[str, str]]]) -> dict[str, Told]:
    told = {row["lead_id"]: Told(row["lead_created_at"]) for row in kept["leads"]}
    for row in kept["opportunities"]:
        told[row["lead_id"]].deal = date.fromisoformat(row["created_at"])
    for name, day, key, kind in chain(*map(touched, kept["touches"]), *map(looked, kept["sessions"]), met(kept)):
        told[name].did.append((date.fromisoformat(day), key, kind))
    return told


def touched(row: dict[str, str]) -> Iterator[Happened]:
    if row["touch_direction"] == "inbound":
        yield row["lead_id"], row["touch_timestamp"], row["touch_id"], TYPES.get(row["touch_type"], "")


def looked(row: dict[str, str]) -> Iterator[Happened]:
    views = int(row["pricing_page_views"])
    for number in range(views + (int(row["page_views"]) > views)):
        kind = "pricing_page_viewed" if number < views else "page_viewed"
        yield row["lead_id"], row["session_timestamp"], f"{row['session_id']}:{number}", kind


def met(kept: dict[str, list[dict[str, str]]]) -> Iterator[Happened]:
    for row in kept["sales_activities"]:
        if row["activity_outcome"] == "demo_completed" and row["activity_type"] in ("meeting", "demo"):
            yield row["lead_id"], row["activity_timestamp"], row["activity_id"], ""


def bring(capsys: Any, folder: Path, kind: str, file: str, mapping: str) -> None:
    code, out, errors = command(
        capsys, kind, folder / f"{file}.csv", "--mapping", MAPPINGS / f"{mapping}.json", "--json"
    )
    assert (code, json.loads(out)["rejected"]) == (0, 0), errors


def printed(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out, stderr=StringIO())
    return out.getvalue()


def counted(leads: list[Told]) -> tuple[int, int]:
    return len(leads), sum(lead.is_qualified for lead in leads)


def later_ones(leads: Any) -> list[Told]:
    """Return those who came after seven tenths of them had, whose time was over by then."""
    over = [lead for lead in leads if lead.created + 90 * DAY <= AS_OF]
    split = sorted(lead.created for lead in over)[ceil(0.7 * len(over)) - 1]
    return [lead for lead in over if lead.created >= split]


def plain_auc(leads: list[Told]) -> float:
    scores: dict[bool, list[int]] = defaultdict(list)
    for lead in leads:
        scores[lead.is_qualified].append(lead.score(DRAFT, lead.mark))
    pairs = list(product(scores[True], scores[False]))
    return sum((good > bad) + (good == bad) / 2 for good, bad in pairs) / len(pairs)
