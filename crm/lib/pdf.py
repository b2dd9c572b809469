"""PDF from a Typst layout and data: tagged for screen readers, in our typeface, in a tenth of a second.

Data goes in as JSON and never as markup, so that a name like `#read("/etc/passwd")` stays a name.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import fontpkg_inter
import typst

FONTS = Path(fontpkg_inter.__file__).parent / "files"


@lru_cache(maxsize=2)
def _fonts(*, of_the_machine: bool) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=of_the_machine, font_paths=[FONTS])


def render_pdf(layout: Path, data: Mapping[str, Any]) -> bytes:
    """Return the layout filled with data, which it reads by `json(bytes(sys.inputs.data))`.

    The layout must set a title and a language and begin with a heading of level 1, which PDF/UA asks for. Where a name
    is in letters that the typeface does not have, the fonts of the machine stand in and PDF/UA cannot be promised.
    """
    given: dict[str, Any] = {"input": layout, "root": layout.parent, "sys_inputs": {"data": json.dumps(data)}}
    try:
        made: bytes = typst.compile(**given, font_paths=_fonts(of_the_machine=False), pdf_standards="ua-1")
    except typst.TypstError:
        made = typst.compile(**given, font_paths=_fonts(of_the_machine=True))
    return made
