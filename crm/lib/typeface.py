"""Subset Inter to what our languages need: an 877 KB font becomes three files the browser loads on demand."""

from pathlib import Path

import fontpkg_inter
from fontTools import subset

SOURCE = Path(fontpkg_inter.__file__).parent / "files" / "Inter[opsz,wght].ttf"
SUBSETS = {
    "latin": "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,U+2000-206F,"
    "U+2070-2094,U+20AC,U+2122,U+2190-2193,U+21E7,U+2212,U+2215,U+2248,U+2318,U+FEFF,U+FFFD",
    "latin-ext": "U+0100-02BA,U+02BD-02C5,U+02C7-02CC,U+02CE-02D7,U+02DD-02FF,U+1E00-1EFF,U+20A0-20AB,U+20AD-20C0",
    "cyrillic": "U+0301,U+0400-045F,U+0490-0491,U+04B0-04B1,U+2116",
}
FEATURES = ["kern", "liga", "calt", "ccmp", "locl", "mark", "mkmk", "tnum", "case", "cv11", "ss03", "frac"]


def build(folder: Path) -> list[Path]:
    """Write the subsets that are missing or older than the package; return what was written."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {name: folder / f"inter-{name}.woff2" for name in SUBSETS}
    stale = {name: path for name, path in wanted.items() if not _is_fresh(path)}
    for name, path in stale.items():
        _write(SUBSETS[name], path)
    return list(stale.values())


def _is_fresh(path: Path) -> bool:
    return path.exists() and path.stat().st_mtime >= SOURCE.stat().st_mtime


def _write(ranges: str, path: Path) -> None:
    options = subset.Options(flavor="woff2", layout_features=FEATURES, notdef_outline=True)
    font = subset.load_font(str(SOURCE), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=subset.parse_unicodes(ranges))
    subsetter.subset(font)
    partial = path.with_suffix(".part")
    subset.save_font(font, str(partial), options)
    font.close()
    partial.replace(path)  # whole or not at all: two processes may build at once
