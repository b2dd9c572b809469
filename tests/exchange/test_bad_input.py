"""Bad input of every kind, in every field, by the command: it names row, column and remedy, and never half a record."""

import csv
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crm.exchange.kinds import find_kind
from crm.exchange.run import import_rows
from crm.models import Account, Activity, Contact, ImportedRow, ImportRun, User
from crm.registries import import_kinds
from pipeline.models import Opportunity, OpportunityEvent, Product, Target
from scoring.models import Lead, LeadEvent
from tests.exchange.importing import AT
from tests.exchange.test_import_command import command
from tests.factories.crm import AccountFactory, ContactFactory, TeamFactory, UserFactory
from tests.factories.pipeline import ProductFactory
from tests.factories.scoring import LeadFactory

pytestmark = pytest.mark.django_db

# A row of each kind with everything in it that is text, number, day, moment or a reference.
GOOD: dict[str, dict[str, str]] = {
    "users": {"external_id": "U1", "email": "new@example.com", "name": "New", "roles": "rep", "team": "Baltics",
              "manager": "", "locale": "en", "time_zone": "Europe/Tallinn"},
    "accounts": {"external_id": "A9", "name": "Paper", "domain": "paper.example", "employee_count": "50",
                 "annual_revenue": "1000", "currency": "EUR", "country": "EE", "parent": "A1", "kind": "prospect",
                 "owner": "rep@example.com", "source": "Fair", "customer_since": "2025-01-31", "churned_on": "",
                 "created_at": "2025-01-31T09:00"},
    "contacts": {"external_id": "C9", "account": "A1", "first_name": "Eve", "email": "eve@example.com",
                 "phone": "+372 5123 4567", "country": "EE", "seniority": "vp", "consent": "yes",
                 "owner": "rep@example.com", "created_at": "2025-01-31"},
    "products": {"external_id": "P9", "name": "Sensor", "price": "10", "currency": "EUR", "cost": "5"},
    "targets": {"period": "2026Q1", "team": "Baltics", "owner": "", "measure": "revenue", "value": "1000"},
    "leads": {"external_id": "L9", "email": "lead@example.com", "phone": "", "employee_count": "5", "country": "EE",
              "channel": "inbound", "source": "Fair", "campaign": "Spring", "owner": "rep@example.com",
              "status": "nurturing", "created_at": "2025-01-31", "account": "A1", "contact": "C1"},
    "opportunities": {"external_id": "D9", "account": "A1", "name": "Line", "owner": "rep@example.com",
                      "pipeline": "new_business", "setpoint": "25", "outcome": "", "amount": "1000", "currency": "EUR",
                      "deal_type": "renewal", "source": "Fair", "approach": "inbound", "created_at": "2025-01-31",
                      "first_meeting_at": "2025-02-28", "expected_close_on": "2026-06-30", "closed_at": "",
                      "lost_reason": "", "competitor": "", "next_step": "Call", "next_step_on": "2026-03-10",
                      "lead": "", "contact": "C1", "product": "P1"},
    "opportunity-history": {"opportunity": "D1", "occurred_at": "2026-02-01", "field": "setpoint", "value": "25"},
    "lead-events": {"idempotency_key": "e9", "lead": "L1", "type": "page_viewed", "occurred_at": "2026-02-01",
                    "property.url": "/pricing"},
    "activities": {"external_id": "T9", "kind": "call", "subject": "Called", "occurred_at": "2026-02-01",
                   "done": "true", "outcome": "conversation", "direction": "inbound", "by_customer": "no",
                   "account": "A1", "contact": "C1", "lead": "L1", "opportunity": "D1", "owner": "rep@example.com"},
}  # fmt: skip
# The fields that make a row of a file another record than the rows before it.
OTHER = {
    "users": {"external_id": "U{n}", "email": "other{n}@example.com"},
    "accounts": {"external_id": "A{n}", "name": "Board {n}", "domain": "board{n}.example"},
    "contacts": {"external_id": "C{n}", "email": "other{n}@example.com"},
    "products": {"external_id": "P{n}"},
    "targets": {"period": "20{n}Q2"},
    "leads": {"external_id": "L{n}", "email": "other{n}@example.com"},
    "opportunities": {"external_id": "D{n}"},
    "opportunity-history": {"occurred_at": "2026-02-02T09:{n}"},
    "lead-events": {"idempotency_key": "e{n}"},
    "activities": {"external_id": "T{n}"},
}
BAD = {
    "nul": "a\0b",
    "endless": "1e400",
    "not_a_number": "NaN",
    "another_date": "31/12/2025",
    "no_such_day": "2025-02-30",
    "nobody_knows_it": "no such thing",
    "very_long": "x" * 5_000,
    "half_a_character": "\ud800",
    "formula": "=1+1",
    "blank_of_another_kind": "\u00a0",
}
MODELS = (
    User,
    Account,
    Contact,
    Activity,
    Product,
    Target,
    Lead,
    LeadEvent,
    Opportunity,
    OpportunityEvent,
    ImportedRow,
)
KINDS = sorted(GOOD)
PRINTED = 20  # so many rows the command explains


@pytest.fixture
def company() -> None:
    """Make what the rows speak of."""
    UserFactory(rep=True, email="rep@example.com")
    TeamFactory(name="Baltics")
    AccountFactory(external_id="A1")
    ContactFactory(external_id="C1")
    ProductFactory(external_id="P1")
    LeadFactory(external_id="L1")
    deal = {"external_id": "D1", "account": "A1", "owner": "rep@example.com", "created_at": "2026-01-01"}
    import_rows("opportunities", [deal], by=None, at=AT)


def write(path: Path, *rows: dict[str, str]) -> Path:
    with path.open("w", encoding="utf-8", errors="surrogatepass", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def another(kind: str, n: int) -> dict[str, str]:
    """Return a good row that is another record than those of other numbers."""
    return GOOD[kind] | {field: value.format(n=n) for field, value in OTHER[kind].items()}


def standing() -> list[int]:
    return [model._default_manager.count() for model in MODELS]


def test_every_kind_and_field_is_tried() -> None:
    assert sorted(name for name, _ in import_kinds.items()) == KINDS
    for name in KINDS:
        kind = find_kind(name)
        assert kind is not None
        assert all(kind.find_field(field) for field in GOOD[name])
        assert {field.name for field in kind.fields.values() if field.required} <= set(GOOD[name])


@pytest.mark.parametrize("kind", KINDS)
def test_the_good_rows_are_good(kind: str, company: None, tmp_path: Path, capsys: Any) -> None:
    code, out, errors = command(capsys, kind, write(tmp_path / "f.csv", GOOD[kind], another(kind, 10)), "--json")
    assert (code, json.loads(out)["created"]) == (0, 2), errors


@pytest.mark.parametrize("bad", sorted(set(BAD) - {"half_a_character"}))
@pytest.mark.parametrize("kind", KINDS)
def test_a_bad_cell_costs_its_row_and_names_its_column(
    kind: str, bad: str, company: None, tmp_path: Path, capsys: Any
) -> None:
    """One row for each field with this in it, and a good row last."""
    fields, before = list(GOOD[kind]), standing()
    rows = [another(kind, n) | {field: BAD[bad]} for n, field in enumerate(fields, start=10)]
    path = write(tmp_path / "f.csv", *rows, another(kind, 50))
    code, out, errors = command(capsys, kind, path, "--dry-run", "--on-error", "skip", "--json")
    assert standing() == before
    found, lines = json.loads(out), errors.splitlines()
    # What the field can hold is taken; what it cannot costs this row and no other.
    assert (found["created"] + found["rejected"], found["read"]) == (len(rows) + 1,) * 2, errors
    assert code == (1 if found["rejected"] else 0), errors
    blamed = {int(line.split(",")[0].removeprefix("row ").split(":")[0]) for line in lines}
    assert blamed <= set(range(2, len(rows) + 2)) and len(blamed) == min(found["rejected"], PRINTED), errors
    assert all(len(line.partition(": ")[2]) > 20 for line in lines), errors
    if bad == "nul":
        named = [f"row {n}, column “{field}”" for n, field in enumerate(fields, start=2)]
        assert found["rejected"] == len(rows)
        assert all(line.startswith(name) for line, name in zip(lines, named, strict=False)), errors


@pytest.mark.parametrize("kind", KINDS)
def test_a_row_twice_is_taken_once_or_nothing_is(kind: str, company: None, tmp_path: Path, capsys: Any) -> None:
    path = write(tmp_path / "f.csv", GOOD[kind], GOOD[kind])
    before = standing()
    code, _, errors = command(capsys, kind, path)
    assert (code, standing()) == (1, before)
    assert errors.startswith("row 3, column “")
    assert "Row 2 has the same. Keep one of the two." in errors
    code, out, _ = command(capsys, kind, path, "--on-error", "skip", "--json")
    assert (code, json.loads(out)["created"], json.loads(out)["rejected"]) == (1, 1, 1)


def unusable() -> Iterator[tuple[str, bytes]]:
    text = "external_id,name\nA,B\n"
    yield "spreadsheet", b"PK\x03\x04\x14\x00\x06\x00[Content_Types].xml"
    yield "gzip", gzip.compress(text.encode())
    yield "picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
    yield "utf_16_without_mark", text.encode("utf-16-le")
    yield "wrong_header", b"colour;shape\nred;round\n"
    yield "half_a_character", text.encode() + b"\xed\xa0\x80\n"
    yield "empty", b""


@pytest.mark.parametrize("name", [name for name, _ in unusable()])
def test_a_file_that_is_not_what_it_says_is_unusable_for_every_kind(name: str, tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(dict(unusable())[name])
    for kind in KINDS:
        for how in ("abort", "skip"):
            code, out, said = command(capsys, kind, path, "--on-error", how)
            assert (code, out) == (2, "")
            assert len(said) > 30
            assert said[-1] in ".?)"
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize("place", ["file", "mapping"])
def test_a_path_that_cannot_be_read_is_named(place: str, tmp_path: Path, capsys: Any) -> None:
    good = write(tmp_path / "f.csv", {"name": "A"})
    folder = tmp_path / "folder"
    folder.mkdir()
    args = (folder,) if place == "file" else (good, "--mapping", folder)
    code, _, said = command(capsys, "accounts", *args)
    assert (code, str(folder) in said) == (2, True)


@pytest.mark.skipif(not Path("/proc/self/mem").is_file(), reason="no file that opens and cannot be read, here")
def test_a_file_that_opens_and_cannot_be_read_is_named(capsys: Any) -> None:
    code, _, said = command(capsys, "accounts", "/proc/self/mem")
    assert (code, "/proc/self/mem cannot be read" in said) == (2, True)


def test_rejects_never_take_the_place_of_the_mapping(tmp_path: Path, capsys: Any) -> None:
    path, mapping = write(tmp_path / "f.csv", {"name": "A"}), tmp_path / "m.json"
    mapping.write_text('{"columns": {"name": "name"}}')
    code, _, _ = command(capsys, "accounts", path, "--mapping", mapping, "--rejects", mapping)
    assert (code, mapping.read_text()) == (2, '{"columns": {"name": "name"}}')
