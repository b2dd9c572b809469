"""Parts of a page that refresh themselves keep their own hx-attributes to themselves."""

import re
from pathlib import Path

import pytest
from django.conf import settings

TEMPLATES = Path(settings.BASE_DIR) / "templates"
REFRESHING = re.compile(r"<[a-z]+\b[^<>]*hx-trigger=\"[^\"]*(?:from:body|every )[^\"]*\"[^<>]*>")
FOUND = [
    (path.relative_to(TEMPLATES).as_posix(), tag)
    for path in sorted(TEMPLATES.rglob("*.html"))
    for tag in REFRESHING.findall(path.read_text(encoding="utf-8"))
]


def test_there_are_parts_that_refresh_themselves() -> None:
    assert len(FOUND) > 5


@pytest.mark.parametrize(("name", "tag"), FOUND, ids=[name for name, _ in FOUND])
def test_what_stands_in_such_a_part_inherits_nothing_of_it(name: str, tag: str) -> None:
    """A button that opens a sheet would else swap the sheet as the part swaps itself."""
    assert 'hx-disinherit="*"' in tag or 'hx-swap="none"' in tag
