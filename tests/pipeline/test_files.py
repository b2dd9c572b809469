"""Files of a deal: attached, handed out as nothing but a download, taken away, put back."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from crm.lib.errors import NotPermitted
from pipeline.commands import files as commands
from pipeline.commands.file_bytes import FilesAway, sweep_bytes
from pipeline.commands.files import FileRefused, attach_file, remove_file, restore_file
from pipeline.models import Opportunity, OpportunityEvent, OpportunityFile
from tests.factories.crm import UserFactory
from tests.factories.documents import OpportunityFileFactory
from tests.factories.pipeline import OpportunityFactory
from tests.testing import Unread, htmx_get, htmx_post, signed_in, text

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PDF = b"%PDF-1.7 offer"


@pytest.fixture
def deal(rep: Any) -> Opportunity:
    return OpportunityFactory(owner=rep)


def attach(deal: Opportunity, content: bytes = PDF, **more: Any) -> OpportunityFile:
    given = {"opportunity_id": deal.pk, "name": "offer.pdf", "by": deal.owner, "at": AT, **more}
    return attach_file(content=ContentFile(content), **given)


def send(browser: Any, deal: Opportunity, name: str, content: bytes, note: str = "") -> Any:
    return htmx_post(browser, f"/deals/{deal.pk}/files/", {"file": SimpleUploadedFile(name, content), "note": note})


def told(deal: Opportunity) -> list[tuple[Any, Any]]:
    return list(
        OpportunityEvent.objects.filter(opportunity=deal, kind="file").order_by("seq").values_list("old", "new")
    )


def given(browser: Any, address: str) -> int:
    """Ask for a file, read it whole, and return the status."""
    answer = browser.get(address)
    assert b"".join(answer.streaming_content) == PDF
    return answer.status_code


def stored() -> set[Path]:
    return {path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}


def test_a_file_lies_under_a_name_of_ours_and_is_attached_once(deal):
    made = attach(deal, name="../../Offer.pdf", note=" The second one ")
    assert attach(deal, name="Offer.pdf") == made
    assert (made.name, made.media_type, made.size, made.note) == ("Offer.pdf", "application/pdf", 14, "The second one")
    with default_storage.open(made.key) as kept:
        assert kept.read() == PDF
    assert "ffer" not in made.key and Path(default_storage.path(made.key)).is_relative_to(settings.MEDIA_ROOT)
    assert told(deal) == [(None, {"file": made.pk, "name": "Offer.pdf", "size": 14})]


def test_taken_away_nobody_is_given_it_and_it_can_be_put_back(deal):
    made = attach(deal)
    address = f"/deals/{deal.pk}/files/{made.pk}/"
    browser = signed_in(deal.owner)
    assert given(browser, address) == 200
    assert "Undo" in text(htmx_post(browser, f"{address}remove/"))
    remove_file(file_id=made.pk, by=deal.owner, at=AT)
    assert browser.get(address).status_code == 404
    made.refresh_from_db()
    assert made.removed_by == deal.owner
    browser.post(f"{address}restore/")
    restore_file(file_id=made.pk, by=deal.owner, at=AT)
    assert given(browser, address) == 200
    value = {"file": made.pk, "name": "offer.pdf", "size": 14}
    assert told(deal) == [(None, value), (value, None), (None, value)]


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("offer.pdf", PDF, "application/pdf"),
        ("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "application/octet-stream"),
        ("page.html", b"<script>alert(1)</script>", "application/octet-stream"),
        ("note.txt", b"<script>alert(1)</script>", "text/plain"),
    ],
    ids=["a PDF", "a drawing", "a page", "a text"],
)  # fmt: skip
def test_whatever_it_is_it_is_a_download_that_may_do_nothing(deal, name, content, media_type):
    made = attach(deal, content, name=name)
    answer = signed_in(deal.owner).get(f"/deals/{deal.pk}/files/{made.pk}/")
    assert b"".join(answer.streaming_content) == content
    assert {header: answer.headers[header] for header in ("Content-Disposition", "X-Content-Type-Options")} == {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
    }
    assert answer.headers["Content-Type"] == media_type
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_name_in_other_letters_is_written_as_headers_may(deal):
    made = attach(deal, name="Angebot für Łódź.pdf")
    answer = signed_in(deal.owner).get(f"/deals/{deal.pk}/files/{made.pk}/")
    assert b"".join(answer.streaming_content) == PDF
    assert (
        answer.headers["Content-Disposition"]
        == "attachment; filename*=utf-8''Angebot%20f%C3%BCr%20%C5%81%C3%B3d%C5%BA.pdf"
    )


def test_a_name_stays_a_name_in_the_panel(deal):
    attach(deal, b"<svg>", name="<img src=x onerror=alert(1)>.svg")
    shown = text(signed_in(deal.owner).get(f"/deals/{deal.pk}/documents/"))
    assert "_img src=x onerror=alert(1)_.svg" in shown
    assert "<img" not in shown


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("../../x.pHp", b"<?php system('id');", ".php files are not kept here."),
        ("offer.pdf", b"<html>", "its content is none of a .pdf file."),
        ("offer.pdf", b"", "The submitted file is empty."),
        ("big.pdf", PDF + b"0" * 2_000_000, "This file is too large. 2 MB is the most."),
    ],
    ids=["a program", "a page that says it is a PDF", "nothing", "a byte too many"],
)
def test_what_is_refused_says_why_and_leaves_nothing(rep, deal, name, content, says):
    before = stored()
    answer = send(signed_in(rep), deal, name, content)
    assert (answer.status_code, OpportunityFile.objects.count(), stored()) == (422, 0, before)
    assert says in text(answer)


def test_the_form_needs_no_script(rep, deal):
    browser = signed_in(rep)
    assert 'enctype="multipart/form-data"' in text(browser.get(f"/deals/{deal.pk}/files/"))
    sent = {"file": SimpleUploadedFile("offer.pdf", PDF), "note": "Signed"}
    answer = browser.post(f"/deals/{deal.pk}/files/", sent, follow=True)
    assert answer.redirect_chain == [(f"/deals/{deal.pk}/", 302)]
    assert "offer.pdf" in text(browser.get(f"/deals/{deal.pk}/documents/"))


@pytest.mark.parametrize(
    ("path", "length", "status"),
    [
        ("/deals/1/files/", 1_000_000_000, 413),
        ("/deals/1/files/", 2_000_000 + 5 * 1024 * 1024 + 1, 413),
        ("/deals/1/close/", 5 * 1024 * 1024 + 1, 413),
        ("/auth/login/", 1_000_000_000, 413),
    ],
)
def test_a_gigabyte_is_refused_before_a_byte_is_read(rep, path, length, status):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(rep)
    answer = browser.generic("POST", path, **{"wsgi.input": Unread(), "CONTENT_LENGTH": str(length)})
    assert answer.status_code == status
    assert "larger than we take" in text(answer)


@pytest.mark.parametrize("length", ["", "ten", "-1"])
def test_an_odd_length_is_none(rep, deal, length):
    answer = signed_in(rep).post(f"/deals/{deal.pk}/files/", CONTENT_LENGTH=length)
    assert answer.status_code in (400, 422)


def test_a_deal_has_so_many_files_and_no_more(deal):
    OpportunityFileFactory.create_batch(99, opportunity=deal)
    removed = OpportunityFileFactory(opportunity=deal, removed_at=AT)
    attach(deal)
    before = stored()
    for refused in (lambda: attach(deal, PDF + b"2"), lambda: restore_file(file_id=removed.pk, by=None, at=AT)):
        with pytest.raises(FileRefused):
            refused()
    assert stored() == before


def test_nobody_touches_the_files_of_anothers_deal(deal):
    made, stranger = attach(deal), UserFactory(rep=True)
    for tried in (
        lambda: attach(deal, by=stranger),
        lambda: remove_file(file_id=made.pk, by=stranger, at=AT),
        lambda: restore_file(file_id=made.pk, by=stranger, at=AT),
    ):
        with pytest.raises(NotPermitted):
            tried()
    browser, other = signed_in(stranger), OpportunityFactory(owner=stranger)
    assert browser.get(f"/deals/{deal.pk}/files/{made.pk}/").status_code == 404
    for address in (f"/deals/{other.pk}/files/{made.pk}/", f"/deals/{other.pk}/files/999999999999999999/"):
        assert browser.get(address).status_code == 404
        assert browser.post(f"{address}remove/").status_code == 404
        assert browser.post(f"{address}restore/").status_code == 404


def test_an_archived_deal_takes_none(rep):
    deal = OpportunityFactory(owner=rep, archived=True)
    with pytest.raises(FileRefused):
        attach(deal)


def test_bytes_that_are_gone_are_a_plain_404(deal):
    made = OpportunityFileFactory(opportunity=deal)
    assert signed_in(deal.owner).get(f"/deals/{deal.pk}/files/{made.pk}/").status_code == 404


def test_no_room_is_said_and_nothing_is_attached(rep, deal, settings):
    settings.MEDIA_ROOT = "/proc/setpoint"  # where nobody writes
    with pytest.raises(FilesAway), transaction.atomic():
        attach(deal)
    answer = send(signed_in(rep), deal, "offer.pdf", PDF)
    assert (answer.status_code, OpportunityFile.objects.count(), told(deal)) == (503, 0, [])
    assert "Nothing was attached." in text(answer)


def test_bytes_of_what_failed_do_not_stay(deal, monkeypatch):
    before = stored()

    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(commands, "record", fail)
    with pytest.raises(RuntimeError):
        attach(deal)
    assert stored() == before


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "files"


def age(path: Path, days: float) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    moment = (AT - timedelta(days=days)).timestamp()
    os.utime(path, (moment, moment))
    return path


def test_bytes_whose_upload_died_are_swept_and_nothing_else(deal, folder):
    assert sweep_bytes(at=AT) == 0  # before the first file
    kept = [Path(default_storage.path(attach(deal, PDF + bytes([n])).key)) for n in range(2)]
    remove_file(file_id=OpportunityFile.objects.latest("pk").pk, by=deal.owner, at=AT)
    kept = [age(path, 99) for path in kept]
    strays = [age(folder / "ab" / f"{letter * 32}", 7.1) for letter in "ab"]
    kept += [age(folder / "ab" / ("c" * 32), 6.9), age(folder / "ab" / "a letter.pdf", 99), age(folder / "notes", 99)]
    renewed = []
    assert sweep_bytes(at=AT, renew=lambda: renewed.append(1)) == len(strays)
    assert (stored(), len(renewed)) == (set(kept), len([each for each in folder.iterdir() if each.is_dir()]))
    assert sweep_bytes(at=AT) == 0


def test_the_sheet_says_what_it_takes(rep, deal):
    assert "Up to 2 MB: PDF, office documents" in text(htmx_get(signed_in(rep), f"/deals/{deal.pk}/files/"))
