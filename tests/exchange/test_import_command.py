"""`manage.py import`: exit codes, counts, dry run, rejects, and values that are out to harm."""

import csv
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from crm.exchange.mapping import read_mapping
from crm.exchange.problems import FileRefused
from crm.exchange.rejects import harmless
from crm.exchange.run import get_kind, import_rows
from crm.lib.bulk import copy_rows
from crm.models import Account, ImportedRow, ImportRun, Source
from crm.registries import import_kinds
from tests.exchange.importing import AT, run, write_csv
from tests.factories.crm import UserFactory

HOSTILE = (
    "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1", "<script>alert(1)</script>", "'; DROP TABLE crm_account; --",
    "{{ 7*7 }}", "%s %(name)s {0}", "\\N", "\\.", "a\\tb", "\u202egnirts", "İstanbul ıI", "💣", "'quoted'", '"double"', "NULL",
)  # fmt: skip


def command(capsys: Any, *args: Any) -> tuple[int, str, str]:
    """Run the command in this process; return exit code, output and errors."""
    code = 0
    try:
        call_command("import", *map(str, args))
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    except CommandError as refused:
        return refused.returncode, "", str(refused)
    printed = capsys.readouterr()
    return code, printed.out, printed.err


@pytest.mark.django_db
def test_all_in_is_nought_some_rejected_is_one_unusable_is_two(tmp_path: Path, capsys: Any) -> None:
    good = write_csv(tmp_path / "good.csv", ["name", "shoe"], ["A", "44"])
    code, out, _ = command(capsys, "accounts", good)
    assert (code, out.splitlines()[0]) == (0, "Columns nothing was read from: shoe.")
    assert out.splitlines()[1].startswith("read 1, created 1, updated 0, unchanged 0, rejected 0, skipped 0 (")
    bad = write_csv(tmp_path / "bad.csv", ["name", "country"], ["B", "Narnia"], ["C", "EE"])
    code, out, errors = command(capsys, "accounts", bad)
    assert code == 1
    assert "Nothing was written" in out
    assert errors.startswith("row 2, column “country” “Narnia”: This is no country code.")
    code, _, errors = command(capsys, "accounts", tmp_path / "none.csv")
    assert (code, "none.csv" in errors) == (2, True)
    assert set(Account.objects.values_list("name", flat=True)) == {"A"}


@pytest.mark.django_db
def test_json_counts(tmp_path: Path, capsys: Any) -> None:
    path = write_csv(tmp_path / "a.csv", ["name", "country"], ["B", "Narnia"], ["C", "EE"])
    code, out, _ = command(capsys, "accounts", path, "--json", "--on-error", "skip")
    found = json.loads(out)
    assert code == 1
    assert {name: found[name] for name in ("read", "created", "updated", "unchanged", "rejected", "skipped", "written")} == {
        "read": 2, "created": 1, "updated": 0, "unchanged": 0, "rejected": 1, "skipped": 0, "written": True,
    }  # fmt: skip


@pytest.mark.django_db
def test_a_dry_run_counts_and_writes_nothing(tmp_path: Path, capsys: Any) -> None:
    path = write_csv(tmp_path / "a.csv", ["name", "source"], ["A", "Fair"], ["B", "Fair"])
    code, out, _ = command(capsys, "accounts", path, "--dry-run")
    assert code == 0
    assert "created 2" in out
    assert "nothing was written" in out
    assert [model.objects.count() for model in (Account, ImportRun, ImportedRow, Source)] == [0, 0, 0, 0]


@pytest.mark.django_db
def test_the_rejects_file_holds_the_rows_with_row_column_and_reason(tmp_path: Path, capsys: Any) -> None:
    path = write_csv(
        tmp_path / "a.csv",
        ["name", "country", "city"],
        ["A", "Narnia", "=HYPERLINK(1)"],
        ["B", "EE", "-5"],
        ["C", "XX", "-5"],
    )
    rejects = tmp_path / "rejects.csv"
    command(capsys, "accounts", path, "--on-error", "skip", "--rejects", rejects)
    with rejects.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["rejected_row", "rejected_column", "rejected_because", "name", "country", "city"]
    assert [(row[0], row[1], *row[3:]) for row in rows[1:]] == [
        ("2", "country", "A", "Narnia", "'=HYPERLINK(1)"),
        ("4", "country", "C", "XX", "-5"),
    ]
    assert all("ISO 3166" in row[2] for row in rows[1:])


@pytest.mark.django_db
def test_the_rejects_file_never_takes_the_place_of_the_file(tmp_path: Path, capsys: Any) -> None:
    path = write_csv(tmp_path / "a.csv", ["name"], ["A"])
    code, _, errors = command(capsys, "accounts", path, "--rejects", path)
    assert (code, errors.startswith("--rejects would overwrite")) == (2, True)
    assert path.read_text().startswith("name")


@pytest.mark.django_db
def test_a_default_owner_must_be_somebody(tmp_path: Path, capsys: Any) -> None:
    rep = UserFactory(rep=True, email="rep@example.com")
    path = write_csv(tmp_path / "a.csv", ["name"], ["A"])
    assert command(capsys, "accounts", path, "--owner-default", "who@example.com")[0] == 2
    assert command(capsys, "accounts", path, "--owner-default", "REP@example.com")[0] == 0
    assert Account.objects.get().owner == rep


@pytest.mark.django_db
def test_the_run_keeps_what_it_did(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", ["Firm"], ["A"])
    report = run("accounts", path, {"columns": {"Firm": "name"}}, reason="Moved over")
    found = ImportRun.objects.get()
    assert (found.pk, found.kind, found.file_name, found.reason) == (report.run_id, "accounts", "a.csv", "Moved over")
    assert (found.mapping, found.counts["created"]) == ({"columns": {"Firm": "name"}}, 1)
    assert len(found.file_digest) == 64


@pytest.mark.django_db
def test_the_audit_knows_that_an_import_made_and_changed_the_record() -> None:
    import_rows("accounts", [{"external_id": "1", "name": "A"}], by=None, at=AT)
    import_rows("accounts", [{"external_id": "1", "name": "B"}], by=None, at=AT)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT audit.pgh_label, context.metadata->>'via', context.metadata->>'reference' FROM crm_accountaudit audit "
            "JOIN pghistory_context context ON context.id = audit.pgh_context_id ORDER BY audit.pgh_id"
        )
        runs = [str(pk) for pk in ImportRun.objects.order_by("id").values_list("pk", flat=True)]
        assert cursor.fetchall() == [("insert", "import", runs[0]), ("update", "import", runs[1])]


@pytest.mark.django_db
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_kept_as_text(text: str, tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "a.csv",
        ["external_id", "name", "technologies"],
        ["1", text, text.replace(",", " ").replace(";", " ")],
    )
    run("accounts", path)
    account = Account.objects.get()
    assert account.name == text.strip()
    assert account.technologies == [" ".join(text.replace(",", " ").replace(";", " ").split())]


@pytest.mark.parametrize("cell", ["=1+1", "+cmd", "-cmd", "@x", "\t=1", "\r=1"])
def test_a_formula_is_disarmed(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["-5", "+5", "-1250.50", "plain", "", "a=b"])
def test_numbers_and_texts_are_left_alone(cell: str) -> None:
    assert harmless(cell) == cell


@pytest.mark.django_db
def test_what_the_database_refuses_costs_only_that_row() -> None:
    # A constraint of the test stands in for what somebody else writes between our check and our row.
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE crm_account ADD CONSTRAINT no_fridays CHECK (name <> 'Friday')")
    names = [{"external_id": str(n), "name": name} for n, name in enumerate(("Monday", "Friday", "Sunday"))]
    report = import_rows("accounts", names, by=None, at=AT, on_error="skip")
    assert [(reject.row, reject.problem.code) for reject in report.rejects] == [(3, "refused_by_database")]
    assert set(Account.objects.values_list("name", flat=True)) == {"Monday", "Sunday"}


class TestCopy(TestCase):
    TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60)

    @given(
        rows=st.lists(
            st.tuples(TEXT, st.none() | TEXT.filter(bool), st.dictionaries(TEXT, TEXT, max_size=2)),
            max_size=5,
            unique_by=lambda row: row[1],
        )
    )
    def test_what_goes_in_by_copy_comes_out_the_same(self, rows: list[tuple[str, str | None, dict[str, str]]]) -> None:
        run_ = ImportRun.objects.create(kind="x", file_name="x", started_at=AT)
        columns = ("kind", "file_name", "file_digest", "mapping", "reason", "started_at", "counts")
        copy_rows(ImportRun, columns, [("copied", text, "", data, text, AT, {}) for text, _, data in rows])
        found = ImportRun.objects.filter(kind="copied", pk__gt=run_.pk).order_by("pk")
        assert list(found.values_list("file_name", "mapping", "started_at")) == [
            (text, data, AT) for text, _, data in rows
        ]


TEXTS = (
    st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=40)
    .map(str.strip)
    .filter(bool)
)


class TestRoundTrip(TestCase):
    @settings(max_examples=settings.default.max_examples // 2)  # each is two whole imports
    @given(
        name=TEXTS,
        count=st.integers(0, 2**31 - 1),
        revenue=st.decimals(0, 10**12, places=2),
        since=st.dates(date(1901, 1, 1), date(2100, 1, 1)),
    )
    def test_what_is_written_is_read_and_the_second_time_nothing_changes(
        self, name: str, count: int, revenue: Decimal, since: date
    ) -> None:
        row = {
            "external_id": "1",
            "name": name,
            "employee_count": str(count),
            "annual_revenue": str(revenue),
            "customer_since": since.isoformat(),
        }
        import_rows("accounts", [row], by=None, at=AT)
        account = Account.objects.get()
        assert (account.employee_count, account.annual_revenue.amount, account.customer_since) == (
            count,
            revenue,
            since,
        )
        assert import_rows("accounts", [row], by=None, at=AT).counts.unchanged == 1


@pytest.mark.django_db
def test_skip_commits_batch_by_batch_and_a_repeat_finishes_the_rest(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("crm.exchange.run.BATCH", 10)
    path = write_csv(tmp_path / "a.csv", ["external_id", "name"], *([str(n), f"Firm {n}"] for n in range(35)))
    half = write_csv(tmp_path / "half.csv", ["external_id", "name"], *([str(n), f"Firm {n}"] for n in range(20)))
    run("accounts", half, on_error="skip")
    report = run("accounts", path, on_error="skip")
    assert (report.counts.created, report.counts.unchanged) == (15, 20)
    assert Account.objects.count() == 35


MAPPINGS = Path(__file__).parents[2] / "crm" / "exchange" / "mappings" / "leadforge"


@pytest.mark.parametrize(
    "path", sorted(MAPPINGS.parent.glob("*/*.json")), ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_every_shipped_mapping_is_one_of_some_kind(path: Path) -> None:
    def fits(kind: str) -> bool:
        try:
            return bool(read_mapping(path, get_kind(kind)))
        except FileRefused:
            return False

    assert any(fits(name) for name, _ in import_kinds.items())
