"""The mapping file, key by key (contract.md)."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crm.exchange.problems import FileRefused
from crm.exchange.run import import_file
from crm.models import Account, Activity
from scoring.models import LeadEvent
from tests.exchange.importing import AT, counts, reasons, run, write_csv
from tests.factories.scoring import LeadFactory

pytestmark = pytest.mark.django_db


def test_columns_values_defaults_and_templates(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", ["Firm", "Form", "Size"], ["Acme", "Ltd", "200-499"], ["Beta", "", "2000+"])
    mapping = {
        "columns": {"Size": "employee_count"},
        "templates": {"name": "{Firm} {Form}"},
        "values": {"employee_count": {"200-499": 200, "2000+": "2000"}},
        "defaults": {"country": "EE"},
    }
    run("accounts", path, mapping)
    assert list(Account.objects.order_by("name").values_list("name", "employee_count", "country")) == [
        ("Acme Ltd", 200, "EE"),
        ("Beta", 2000, "EE"),
    ]


def test_one_column_fills_several_fields(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", ["id", "when", "what"], ["1", "2026-01-05", "webinar"])
    mapping = {
        "columns": {"id": "external_id", "when": "occurred_at", "what": ["kind", "subject"]},
        "values": {"kind": {"webinar": "email"}},
    }
    run("activities", path, mapping)
    assert Activity.objects.values_list("kind", "subject").get() == ("email", "webinar")


def test_where_and_distinct_skip(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", ["name", "type"], ["A", "x"], ["B", "y"], ["A", "x"], ["C", "x"])
    report = run("accounts", path, {"columns": {"name": "name"}, "where": {"type": ["x"]}, "distinct": "name"})
    assert counts(report) == {"read": 4, "created": 2, "skipped": 2}
    assert list(Account.objects.order_by("name").values_list("name", flat=True)) == ["A", "C"]


def test_unless_skips_and_a_star_stands_for_every_other_value(tmp_path: Path) -> None:
    rows = (["A", "x", "big"], ["B", "", "big"], ["C", "y", "small"], ["D", "z", ""])
    path = write_csv(tmp_path / "a.csv", ["name", "type", "size"], *rows)
    mapping = {
        "columns": {"name": "name", "size": "industry"},
        "unless": {"type": ["", "y"]},
        "values": {"industry": {"*": "other"}},
    }
    assert counts(run("accounts", path, mapping)) == {"read": 4, "created": 2, "skipped": 2}
    assert list(Account.objects.order_by("name").values_list("name", "industry")) == [("A", "other"), ("D", "")]


def test_expand_makes_rows_with_keys_of_their_own(tmp_path: Path) -> None:
    LeadFactory(external_id="L1")
    path = write_csv(
        tmp_path / "s.csv",
        ["session", "lead", "at", "views", "pricing"],
        ["s1", "L1", "2026-01-05", "5", "2"],
        ["s2", "L1", "2026-01-06", "1", "1"],
        ["s3", "L1", "2026-01-07", "1", "0"],
    )
    mapping = {
        "columns": {"session": "idempotency_key", "lead": "lead", "at": "occurred_at"},
        "expand": [
            {"repeat": "pricing", "set": {"type": "pricing_page_viewed"}, "key": "pricing"},
            {"repeat": 1, "set": {"type": "page_viewed", "property.session": "{session}"}, "key": "page",
             "if_more": ["views", "pricing"]},
        ],
    }  # fmt: skip
    assert counts(run("lead-events", path, mapping)) == {"read": 3, "created": 5}
    assert list(LeadEvent.objects.order_by("idempotency_key").values_list("idempotency_key", "type")) == [
        ("lead-events:s1:page:1", "page_viewed"),
        ("lead-events:s1:pricing:1", "pricing_page_viewed"),
        ("lead-events:s1:pricing:2", "pricing_page_viewed"),
        ("lead-events:s2:pricing:1", "pricing_page_viewed"),
        ("lead-events:s3:page:1", "page_viewed"),
    ]
    assert LeadEvent.objects.get(idempotency_key="lead-events:s3:page:1").properties == {"session": "s3"}


def test_a_column_that_says_how_often_must_be_a_number(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "s.csv",
        ["id", "lead", "at", "n"],
        ["1", "L", "2026-01-05", "some"],
        ["2", "L", "2026-01-05", "9999"],
    )
    mapping = {
        "columns": {"id": "idempotency_key", "lead": "lead", "at": "occurred_at"},
        "expand": [{"repeat": "n", "set": {"type": "page_viewed"}, "key": "k"}],
    }
    assert reasons(run("lead-events", path, mapping)) == [(2, "n", "not_a_number"), (3, "n", "number_too_large")]


@pytest.mark.parametrize(
    ("zone", "text", "date_format", "instant"),
    [
        ("", "2026-03-29", "", datetime(2026, 3, 29, 0, tzinfo=UTC)),
        ("Europe/Tallinn", "2026-03-29", "", datetime(2026, 3, 28, 22, tzinfo=UTC)),
        ("Europe/Tallinn", "2026-03-30", "", datetime(2026, 3, 29, 21, tzinfo=UTC)),
        ("Europe/Tallinn", "2026-01-05T10:00:00+00:00", "", datetime(2026, 1, 5, 10, tzinfo=UTC)),
        ("Europe/Tallinn", "2026-01-05 10:00", "", datetime(2026, 1, 5, 8, tzinfo=UTC)),
        ("", "31.12.2025", "%d.%m.%Y", datetime(2025, 12, 31, tzinfo=UTC)),
        ("", "31.12.2025 13:45", "%d.%m.%Y", datetime(2025, 12, 31, 13, 45, tzinfo=UTC)),
        ("Asia/Kathmandu", "2/29/2024", "%m/%d/%Y", datetime(2024, 2, 28, 18, 15, tzinfo=UTC)),
    ],
)
def test_dates_are_read_in_the_zone_and_format_of_the_mapping(
    zone: str, text: str, date_format: str, instant: datetime, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "a.csv", ["name", "created_at"], ["A", text])
    mapping = {"columns": {"name": "name", "created_at": "created_at"}, "timezone": zone, "date_format": date_format}
    run("accounts", path, mapping, at=datetime(2026, 6, 1, tzinfo=UTC))
    assert Account.objects.get().created_at == instant


def test_a_date_in_another_format_than_the_mapping_says_is_rejected(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", ["name", "created_at"], ["A", "2025-12-31"])
    report = run("accounts", path, {"columns": {"name": "name", "created_at": "created_at"}, "date_format": "%d.%m.%Y"})
    assert reasons(report) == [(2, "created_at", "not_a_moment")]
    assert "%d.%m.%Y" in str(report.rejects[0])


def test_columns_nothing_reads_are_named_once(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", ["name", "shoe size", "hobby"], ["A", "44", "chess"], ["B", "45", "go"])
    assert run("accounts", path).ignored == ("shoe size", "hobby")


def test_an_explicit_mapping_reads_no_other_column(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", ["name", "city"], ["A", "Tartu"])
    assert run("accounts", path, {"columns": {"name": "name"}}).ignored == ("city",)
    assert Account.objects.get().city == ""


BAD_MAPPINGS: dict[str, tuple[Any, str]] = {
    "unknown_field": ({"columns": {"name": "nickname"}}, "nickname"),
    "custom_field": ({"columns": {"name": "custom.colour"}}, "custom.colour"),
    "unknown_field_in_values": ({"columns": {"name": "name"}, "values": {"color": {}}}, "color"),
    "unknown_field_in_defaults": ({"columns": {"name": "name"}, "defaults": {"color": "red"}}, "color"),
    "unknown_key": ({"colums": {}}, "colums"),
    "missing_column": ({"columns": {"Name": "name"}}, "Name"),
    "missing_column_in_template": ({"templates": {"name": "{First} {Last}"}}, "First"),
    "missing_column_in_where": ({"columns": {"name": "name"}, "where": {"x": ["1"]}}, "x"),
    "filled_twice": ({"columns": {"name": "name", "city": "name"}}, "name"),
    "required_field_without_source": ({"columns": {"city": "city"}}, "name"),
    "no_object": (["columns"], "mapping"),
    "columns_no_object": ({"columns": ["name"]}, "columns"),
    "bad_zone": ({"columns": {"name": "name"}, "timezone": "Mars/Base"}, "Mars/Base"),
    "bad_format": ({"columns": {"name": "name"}, "date_format": "DD.MM.YYYY"}, "date_format"),
    "expand_without_key": ({"columns": {"name": "name"}, "expand": [{"repeat": 1}]}, "key"),
    "expand_no_times": ({"columns": {"name": "name"}, "expand": [{"repeat": 0, "key": "k"}]}, "repeat"),
}


@pytest.mark.parametrize("name", BAD_MAPPINGS)
def test_a_mapping_that_cannot_be_used_says_what_is_wrong(name: str, tmp_path: Path) -> None:
    mapping, named = BAD_MAPPINGS[name]
    path = write_csv(tmp_path / "a.csv", ["name", "city"], ["A", "Tartu"])
    with pytest.raises(FileRefused, match=named):
        run("accounts", path, mapping)
    assert Account.objects.count() == 0


@pytest.mark.parametrize(
    "text", ["{", "nonsense", "[" * 100_000, '{"columns": ' * 50_000], ids=["cut", "text", "deep", "deep_objects"]
)
def test_a_mapping_that_is_no_json_is_refused(text: str, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", ["name"], ["A"])
    broken = tmp_path / "m.json"
    broken.write_text(text)
    with pytest.raises(FileRefused, match="mapping file"):
        import_file("accounts", path, mapping_path=broken, by=None, at=AT)


def test_a_mapping_file_may_carry_a_byte_order_mark(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", ["Firm"], ["A"])
    mapping = tmp_path / "m.json"
    mapping.write_bytes(b"\xef\xbb\xbf" + json.dumps({"columns": {"Firm": "name"}}).encode())
    assert import_file("accounts", path, mapping_path=mapping, by=None, at=AT).counts.created == 1
