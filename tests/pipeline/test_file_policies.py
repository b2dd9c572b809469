"""Which files a deal takes, and under which names (reliability.md 32 to 36)."""

import io
import struct
import time
import zipfile

import pytest

from pipeline.policies.files import KINDS, NAME_LENGTH, clean_name, file_refusals, media_type_of

LIMIT = 2_000_000


def archive(**held: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in held.items():
            packed.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def codes(content: bytes, name: str, *, size: int | None = None) -> list[str]:
    refused = file_refusals(io.BytesIO(content), name=name, size=len(content) if size is None else size, limit=LIMIT)
    return [refusal.code for refusal in refused]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        pytest.param("../../x.pHp", "x.pHp", id="a way up"),
        pytest.param("..\\..\\x.exe", "x.exe", id="a way up of windows"),
        pytest.param("/etc/passwd", "passwd", id="absolute"),
        pytest.param("C:\\boot.ini", "boot.ini", id="a drive"),
        pytest.param("a\x00b.pdf", "ab.pdf", id="nul"),
        pytest.param("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf", id="a header"),
        pytest.param("exe\u202efdp.scr", "exefdp.scr", id="writing turned around"),
        pytest.param('a"b;c.pdf', "a_b_c.pdf", id="quotes"),
        pytest.param("  .hidden. ", "hidden", id="points around"),
        pytest.param("", "file", id="nothing"),
        pytest.param("...", "file", id="points"),
        pytest.param("Angebot für Łódź.pdf", "Angebot für Łódź.pdf", id="letters of other languages"),
        pytest.param("<img src=x onerror=alert(1)>.svg", "_img src=x onerror=alert(1)_.svg", id="markup"),
    ],
)
def test_a_name_is_cleaned(given, kept):
    assert clean_name(given) == kept


def test_a_long_name_keeps_its_ending():
    name = clean_name("a" * 300 + ".pdf")
    assert (len(name), name[-4:]) == (NAME_LENGTH, ".pdf")


@pytest.mark.parametrize(
    ("content", "name", "refused"),
    [
        pytest.param(b"%PDF-1.7\n", "offer.PDF", [], id="a PDF"),
        pytest.param(b"\x89PNG\r\n\x1a\n", "a.png", [], id="a picture"),
        pytest.param(b"RIFF1234WEBPVP8 ", "a.webp", [], id="a webp"),
        pytest.param(b"RIFF1234WAVE", "a.webp", ["file_not_that"], id="a sound that says it is a picture"),
        pytest.param("Grüße".encode(), "note.txt", [], id="a text"),
        pytest.param("Grüße".encode("utf-16"), "table.csv", [], id="a table of a spreadsheet"),
        pytest.param(b"<svg onload=alert(1)>", "logo.svg", [], id="a drawing, handed out as bytes"),
        pytest.param(b"<script>alert(1)</script>", "page.html", [], id="a page, handed out as bytes"),
        pytest.param(archive(word__document=b"<w/>"), "offer.docx", [], id="a Word document"),
        pytest.param(b"<?php echo 1;", "x.pHp", ["file_kind"], id="a program by its ending"),
        pytest.param(b"x", "x.pdf.exe", ["file_kind"], id="the last ending counts"),
        pytest.param(b"x", "x.pHaR", ["file_kind"], id="an ending in odd letters"),
        pytest.param(b"x", "passwd", ["file_kind"], id="no ending"),
        pytest.param(b"<html>", "offer.pdf", ["file_not_that"], id="a page that says it is a PDF"),
        pytest.param(b"MZ\x90\x00", "note.txt", ["file_not_that"], id="a program that says it is a text"),
        pytest.param(b"\x7fELF", "note.csv", ["file_not_that"], id="another"),
        pytest.param(b"", "offer.pdf", ["file_empty"], id="nothing"),
        pytest.param(archive(a=b"x"), "offer.docx", ["file_not_that"], id="an archive that says it is a document"),
        pytest.param(b"PK\x03\x04broken", "offer.zip", ["file_not_that"], id="half an archive"),
        pytest.param(archive(inner=b"x"), "a.zip", [], id="an archive"),
    ],
)  # fmt: skip
def test_what_is_taken(content, name, refused):
    assert codes(content, name) == refused


def test_macros_and_archives_within_are_refused():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        packed.writestr("word/document.xml", "x")
        packed.writestr("word/vbaProject.bin", "x")
    assert codes(held.getvalue(), "a.docx") == ["file_has_macros"]
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        packed.writestr("lib 0.ZIP", "x")
    assert codes(held.getvalue(), "a.zip") == ["file_archive_within"]


def test_the_size_is_the_limit():
    assert codes(b"%PDF-", "a.pdf", size=LIMIT) == []
    assert codes(b"%PDF-", "a.pdf", size=LIMIT + 1) == ["file_too_large"]


@pytest.mark.parametrize("name", ["bomb.zip", "bomb.xlsx"])
def test_what_unpacks_to_too_much_is_refused_at_once(name):
    bomb = archive(xl__sheet=b"\x00" * 60_000_000)
    assert len(bomb) < 100_000
    started = time.perf_counter()
    assert codes(bomb, name) == ["file_unpacks_too_large"]
    assert time.perf_counter() - started < 0.5


def test_a_hundred_thousand_entries_are_refused_before_they_are_read():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for number in range(20_000):
            packed.writestr(str(number), b"")
    started = time.perf_counter()
    assert codes(out.getvalue(), "a.zip") == ["file_unpacks_too_large"]
    assert time.perf_counter() - started < 0.5


def test_an_archive_that_lies_about_its_entries_is_refused():
    content = archive(a=b"x")
    at = content.rfind(b"PK\x05\x06")
    lying = content[: at + 12] + struct.pack("<L", 0xFFFFFFFF) + content[at + 16 :]
    assert codes(lying, "a.zip") == ["file_unpacks_too_large"]


def test_nothing_a_browser_would_run_keeps_its_type():
    kinds = {media_type_of(f"x{ending}") for ending in (*KINDS, ".txt", ".svg", ".html", ".htm", ".xml")}
    assert not {kind for kind in kinds if "svg" in kind or "html" in kind or kind.endswith("xml")}
