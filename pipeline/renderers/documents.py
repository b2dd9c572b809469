"""Proposals and contracts as PDF and DOCX, both made of the content that was kept when the document was made."""

from collections.abc import Callable, Mapping
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from docx import Document as Word
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt, RGBColor

from crm.lib.pdf import render_pdf
from pipeline.models import Document

LAYOUT = Path(__file__).with_name("document.typ")
QUIET, DARK = RGBColor(0x5B, 0x63, 0x70), RGBColor(0x16, 0x1A, 0x20)
FONT = "Calibri"  # what a customer's word processor has; a PDF brings its own
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MEDIA_TYPES: Mapping[str, str] = {"pdf": "application/pdf", "docx": WORD}
Block = Mapping[str, Any]


def render_document(document: Document, form: str) -> bytes:
    """Return a document in one of the forms of `MEDIA_TYPES`, made of what it said when it was filled."""
    return to_pdf(document.content) if form == "pdf" else to_docx(document.content, at=document.at)


def to_pdf(content: Block) -> bytes:
    """Return the document as PDF."""
    return render_pdf(LAYOUT, content)


def to_docx(content: Block, *, at: datetime) -> bytes:
    """Return the document as DOCX; `at` is when it was made."""
    word = Word()
    _set_up(word, content, at)
    word.add_heading(content["title"], level=0)
    day = word.add_paragraph(f"{content['by']} · {content['on']}")
    day.runs[0].font.color.rgb = QUIET
    for block in content["blocks"]:
        WRITERS[block["kind"]](word, block)
    out = BytesIO()
    word.save(out)
    return out.getvalue()


def _set_up(word: Any, content: Block, at: datetime) -> None:
    told = word.core_properties
    told.title, told.author, told.last_modified_by = content["title"], content["by"], content["by"]
    told.language, told.comments = content["language"], ""
    told.created = told.modified = at.replace(tzinfo=None)
    page = word.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(25)
    for name, size in (("Normal", 10.5), ("Title", 22), ("Heading 1", 14), ("Heading 2", 12)):
        style = word.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(size), DARK


def _heading(word: Any, block: Block) -> None:
    word.add_heading(block["text"], level=1)


def _subheading(word: Any, block: Block) -> None:
    word.add_heading(block["text"], level=2)


def _text(word: Any, block: Block) -> None:
    word.add_paragraph(block["text"])


def _item(word: Any, block: Block) -> None:
    word.add_paragraph(block["text"], style="List Bullet")


def _solution(word: Any, block: Block) -> None:
    paragraph = word.add_paragraph()
    paragraph.add_run(block["lead"]).bold = True
    paragraph.add_run().add_break()
    paragraph.add_run(block["text"])


def _table(word: Any, block: Block) -> None:
    table = word.add_table(rows=1, cols=len(block["head"]), style="Light List Accent 1")
    for row in (block["head"], *block["rows"]):
        cells = table.rows[0].cells if row is block["head"] else table.add_row().cells
        for index, text in enumerate(row):
            cells[index].text = text
            if index:
                cells[index].paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    word.add_paragraph()


def _signatures(word: Any, block: Block) -> None:
    table = word.add_table(rows=1, cols=len(block["parties"]))
    for cell, party in zip(table.rows[0].cells, block["parties"], strict=True):
        cell.text = f"\n\n____________________________\n{block['label']}\n{party}"


WRITERS: Mapping[str, Callable[[Any, Block], None]] = {
    "heading": _heading,
    "subheading": _subheading,
    "text": _text,
    "item": _item,
    "solution": _solution,
    "table": _table,
    "signatures": _signatures,
}
