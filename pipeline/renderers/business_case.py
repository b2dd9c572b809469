"""A business case on paper."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crm.lib.pdf import render_pdf

LAYOUT = Path(__file__).parent / "business_case.typ"


def render_case(document: Mapping[str, Any]) -> bytes:
    """Return the PDF of what `labels.case_document` says."""
    return render_pdf(LAYOUT, document)
