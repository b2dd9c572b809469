"""Files that are not what they say (F37): each is refused whole with a sentence, or loses only the rows that are bad."""

from pathlib import Path

import pytest

from crm.exchange.problems import FileRefused
from crm.models import Account, ImportRun
from tests.exchange.importing import run

pytestmark = pytest.mark.django_db

UNUSABLE = {
    "empty": (b"", "empty_file"),
    "only_blank_lines": (b"\n\n \r\n", "empty_file"),
    "only_a_mark": (b"\xef\xbb\xbf", "empty_file"),
    "wrong_header": (b"colour,shape\nred,round\n", "wrong_header"),
    "no_required_column": (b"external_id,city\nA,Tallinn\n", "missing_field"),
    "duplicate_header": (b"name,city,name\nA,B,C\n", "duplicate_header"),
    "spreadsheet": (b"PK\x03\x04rest of a workbook", "not_csv"),
    "old_spreadsheet": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "not_csv"),
    "pdf": (b"%PDF-1.7\n%...", "not_csv"),
    "gzip": (b"\x1f\x8b\x08\x00", "not_csv"),
    "picture": (b"\x89PNG\r\n\x1a\n", "not_csv"),
    "json": (b'[{"name": "A"}]', "not_csv"),
    "web_page": (b"<!doctype html><title>name</title>", "not_csv"),
    "latin_1": ("name\nTallinna Kõrts\n".encode("latin-1"), "not_utf8"),
    "utf_16_without_mark": ("name\nA\n".encode("utf-16-le"), "utf16_without_mark"),
    "half_a_character": (b"name\nA\xc3", "not_utf8"),
    "unclosed_quote": (b'name,city\n"A,B\nC,D\n', "broken_csv"),
    "text_after_a_quote": (b'name,city\n"A"x,B\n', "broken_csv"),
    "huge_line": (b"name\n" + b"x" * 1_100_000 + b"\n", "line_too_long"),
    "huge_cell": (b"name\n" + b"x" * 200_000 + b"\n", "broken_csv"),
    "huge_quoted_cell": (b'name\n"' + b"x\n" * 200_000 + b'"\n', "broken_csv"),
    "too_many_columns": (",".join(f"c{n}" for n in range(2_000)).encode() + b"\n", "too_many_columns"),
    "binary": (bytes(range(128, 256)) * 20, "not_utf8"),
}
READABLE = {
    "utf_8": "name,city\nÕunapuu,Tartu\n".encode(),
    "with_mark": "name,city\nÕunapuu,Tartu\n".encode("utf-8-sig"),
    "utf_16": "name,city\nÕunapuu,Tartu\n".encode("utf-16"),
    "utf_16_big_end": b"\xfe\xff" + "name,city\nÕunapuu,Tartu\n".encode("utf-16-be"),
    "carriage_returns_only": "name,city\rÕunapuu,Tartu\r".encode(),
    "windows_lines": "name,city\r\nÕunapuu,Tartu\r\n".encode(),
    "semicolons": "name;city\nÕunapuu;Tartu\n".encode(),
    "tabs": "name\tcity\nÕunapuu\tTartu\n".encode(),
    "quoted_delimiter_in_header": '"name";"city"\n"Õunapuu";"Tartu"\n'.encode(),
    "no_last_line_end": "name,city\nÕunapuu,Tartu".encode(),
    "blank_lines_between": "\nname,city\n\n\nÕunapuu,Tartu\n\n".encode(),
    "empty_cells_at_the_end": "name,city\nÕunapuu,Tartu,,\n".encode(),
    "capitals_in_the_header": " Name ,City\nÕunapuu,Tartu\n".encode(),
}
BAD_ROWS = {
    "nul": (b"name,city\nA\0B,Tartu\nGood,Tartu\n", (2, "name", "nul_character")),
    "short": (b"name,city\nA\nGood,Tartu\n", (2, "", "ragged_row")),
    "long": (b"name,city\nA,B,C\nGood,Tartu\n", (2, "", "ragged_row")),
    "no_name": (b"name,city\n,Tartu\nGood,Tartu\n", (2, "name", "required")),
    "name_too_long": (b"name,city\n" + b"x" * 301 + b",T\nGood,Tartu\n", (2, "name", "too_long")),
    "twice": (b"name,city\nGood,Tartu\nGood,Tartu\n", (3, "name", "duplicate_in_file")),
    "country": (b"name,country\nA,Estonia\nGood,EE\n", (2, "country", "not_a_country")),
    "domain": (b"name,domain\nA,not a domain\nGood,good.example\n", (2, "domain", "not_a_domain")),
    "number": (b"name,employee_count\nA,many\nGood,5\n", (2, "employee_count", "not_a_number")),
    "part_of_a_person": (b"name,employee_count\nA,1.5\nGood,5\n", (2, "employee_count", "not_a_number")),
    "below_zero": (b"name,employee_count\nA,-1\nGood,5\n", (2, "employee_count", "negative")),
    "endless": (b"name,annual_revenue\nA,1e400\nGood,5\n", (2, "annual_revenue", "not_a_number")),
    "no_number_at_all": (b"name,annual_revenue\nA,NaN\nGood,5\n", (2, "annual_revenue", "not_a_number")),
    "too_much": (b"name,annual_revenue\nA,999999999999999\nGood,5\n", (2, "annual_revenue", "number_too_large")),
    "cents_of_a_yen": (b"name,annual_revenue,currency\nA,1.50,JPY\nGood,5,JPY\n", (2, "annual_revenue", "too_precise")),
    "currency": (b"name,annual_revenue,currency\nA,1,QQQ\nGood,5,EUR\n", (2, "currency", "no_currency")),
    "another_date": (b"name,created_at\nA,31.12.2025\nGood,2025-12-31\n", (2, "created_at", "not_a_moment")),
    "no_such_day": (b"name,customer_since\nA,2025-02-29\nGood,2024-02-29\n", (2, "customer_since", "not_a_date")),
    "year_nought": (b"name,created_at\nA,0001-01-01\nGood,2025-12-31\n", (2, "created_at", "date_out_of_range")),
    "kind": (b"name,kind\nA,friend\nGood,partner\n", (2, "kind", "not_allowed")),
    "nobody": (b"name,owner\nA,nobody@example.com\nGood,\n", (2, "owner", "unknown_reference")),
    "no_parent": (b"name,parent\nA,Nowhere\nGood,\n", (2, "parent", "unknown_reference")),
    "own_parent": (b"external_id,name,parent\n1,A,1\n2,Good,\n", (2, "parent", "own_parent")),
    "left_before_it_came": (
        b"name,customer_since,churned_on\nA,2025-02-01,2025-01-01\nGood,,\n", (2, "churned_on", "left_before_it_came"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", UNUSABLE)
def test_an_unusable_file_is_refused_with_a_sentence_and_writes_nothing(name: str, tmp_path: Path) -> None:
    content, code = UNUSABLE[name]
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    with pytest.raises(FileRefused) as refused:
        run("accounts", path, on_error="skip")
    assert refused.value.problem.code == code
    assert len(str(refused.value)) > 20
    assert (Account.objects.count(), ImportRun.objects.count()) == (0, 0)


@pytest.mark.parametrize("name", READABLE)
def test_a_readable_file_is_read_whatever_its_dress(name: str, tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(READABLE[name])
    assert run("accounts", path).counts.created == 1
    assert list(Account.objects.values_list("name", "city")) == [("Õunapuu", "Tartu")]


@pytest.mark.parametrize("name", BAD_ROWS)
def test_a_bad_row_says_where_it_is_bad_and_the_good_one_is_taken(name: str, tmp_path: Path) -> None:
    content, where = BAD_ROWS[name]
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    report = run("accounts", path, on_error="skip")
    assert [(reject.row, reject.column, reject.problem.code) for reject in report.rejects] == [where]
    assert str(report.rejects[0]).startswith(f"row {where[0]}")
    assert list(Account.objects.values_list("name", flat=True)) == ["Good"]


@pytest.mark.parametrize("name", BAD_ROWS)
def test_one_bad_row_calls_everything_off_unless_told_otherwise(name: str, tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(BAD_ROWS[name][0])
    report = run("accounts", path)
    assert (report.written, report.counts.created, report.counts.rejected) == (False, 0, 1)
    assert (Account.objects.count(), ImportRun.objects.count()) == (0, 0)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match=r"nowhere\.csv"):
        run("accounts", tmp_path / "nowhere.csv")


def test_an_unknown_kind_lists_the_kinds(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="lead-events"):
        run("customers", tmp_path / "file.csv")
