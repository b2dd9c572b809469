"""`manage.py figures` and `manage.py qbr`: what they print, and what they say to bad input."""

import json
import time
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from reports.models import QbrRun
from reports.queries.catalogue import CATALOGUE
from tests.factories.crm import TeamFactory, UserFactory
from tests.factories.pipeline import OpportunityFactory
from tests.figures.histories import Firm

pytestmark = pytest.mark.django_db
AUGUST = datetime(2026, 8, 3, tzinfo=UTC)


def run(*words: str, **options: Any) -> str:
    out = StringIO()
    call_command(*words, stdout=out, **options)
    return out.getvalue()


@pytest.mark.parametrize("slug", CATALOGUE)
def test_every_figure_answers_in_words_and_json_with_and_without_data(slug: str) -> None:
    assert run("figures", slug)
    rep = UserFactory(rep=True, team=TeamFactory(name="Baltics"))
    OpportunityFactory(owner=rep, amount=1000, outcome="won", closed_at=AUGUST)
    OpportunityFactory(owner=rep, amount=1000)

    for by in ("", *CATALOGUE[slug].dimensions):
        rows = json.loads(run("figures", slug, "--json", "--team", "baltics", "--to", "2026Q3", "--by", by))
        for row in rows:
            assert {
                "value",
                "unit",
                "n",
                "excluded",
                "interval",
                "as_of",
                "filters",
                "definition_version",
                "ids",
            } <= set(row)
            assert (row["value"] is None) == (row["reason"] is not None)


def test_the_list_names_definition_and_section() -> None:
    listed = json.loads(run("figures", "--list", "--json"))

    assert [entry["name"] for entry in listed] == list(CATALOGUE)
    assert all(entry["definition"] and entry["section"].startswith("B") for entry in listed)
    assert "win-rate" in run("figures", "--list")


def test_a_figure_of_a_past_moment_names_both_times() -> None:
    row = json.loads(
        run("figures", "win-rate", "--as-of", "2026-06-30", "--known-at", "2026-07-31T12:00:00+00:00", "--json")
    )[0]

    assert (row["as_of"], row["known_at"]) == ("2026-06-30T23:59:59.999999+00:00", "2026-07-31T12:00:00+00:00")
    assert row["filters"]["period"] == "2026Q2"  # the fiscal quarter of as_of


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["horoscope"], "There are: win-rate"),
        (["win-rate", "--team", "Nowhere"], "There is no team Nowhere. There are: Baltics."),
        (["win-rate", "--owner", "nobody@example.com"], "Give the e-mail address"),
        (["win-rate", "--pipeline", "renewals"], "There are: new_business"),
        (["win-rate", "--as-of", "31.12.2026"], "Write 2026-09-30"),
        (["win-rate", "--known-at", "yesterday"], "--known-at yesterday is no date"),
        (["win-rate", "--from", "2026-13-01", "--to", "2026-12-31"], "Write it as 2026-07-01"),
        (["win-rate", "--from", "2026-07-01", "--to", "2026-06-30"], "Swap the two"),
        (["win-rate", "--to", "9999-12-31", "--from", "2026-01-01"], "is no date"),
        (["leads", "--by", "setpoint"], "It can by: owner"),
        ([], "figures --list"),
    ],
)  # fmt: skip
def test_bad_input_is_told_what_would_be_good(words: list[str], says: str) -> None:
    TeamFactory(name="Baltics")

    with pytest.raises(CommandError) as told:
        run("figures", *words)

    assert says in str(told.value)


def test_qbr_builds_here_and_writes_the_file(tmp_path: Path) -> None:
    Firm().deal("Gedris", "2026-07-03", amount=1000).close("2026-08-03", "won")

    said = run("qbr", "--team", "baltics", "--quarter", "2026Q3", "--out", str(tmp_path / "q3.json"))

    found = json.loads((tmp_path / "q3.json").read_text())
    assert "version 1" in said
    assert (found["team"], found["quarter"], found["number"], found["state"]) == ("Baltics", "2026Q3", 1, "ready")
    assert found["parts"]["result"]["won"]["value"] == "1000.00"
    assert QbrRun.objects.get().asked_by is None


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--team", "Nowhere", "--quarter", "2026Q3"], "There is no team Nowhere"),
        (["--team", "Baltics", "--quarter", "2026-07"], "Write it as 2026Q3"),
        (["--team", "Baltics", "--quarter", "2199Q1"], "has not begun"),
        (["--team", "Baltics", "--quarter", "2026Q3", "--out", "q3.pdf"], "cannot be written by this version"),
        (["--team", "Baltics", "--quarter", "2026Q3", "--out", "q3"], "Use a name ending in .json"),
    ],
)
def test_qbr_says_what_to_do_about_bad_input(words: list[str], says: str) -> None:
    TeamFactory(name="Baltics")

    with pytest.raises(CommandError) as told:
        run("qbr", *words)

    assert says in str(told.value)
    assert not QbrRun.objects.exists()


def test_the_day_of_a_moment_is_the_organisation_s(monkeypatch: pytest.MonkeyPatch) -> None:
    """`--from` alone runs to the local day of `--as-of`, wherever the machine stands."""
    Firm()  # in Tallinn, two hours ahead
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        rows = json.loads(
            run("figures", "won-value", "--json", "--from", "2026-01-01", "--as-of", "2026-03-31T22:30+00:00")
        )
    finally:
        monkeypatch.undo()
        time.tzset()

    assert rows[0]["filters"]["to"] == "2026-04-01"
