"""Every pair of colours that meets on a page is legible in both themes (WCAG 2.2 AA)."""

import re
from itertools import product

import pytest
from django.conf import settings

TEXT, MARK = 4.5, 3.0
PAPERS = ["canvas", "surface", "sunken", "raised", "hover"]
INKS = ["text", "text-2", "text-3"]
TONES = ["accent", "ok", "warn", "bad"]
TEXT_PAIRS = [
    *product(INKS, PAPERS),
    *product(["text", "text-2"], ["press", "selected", "accent-soft"]),
    *product(TONES, ["surface", "raised", "canvas"]),
    *[(f"on-{tone}-soft", f"{tone}-soft") for tone in TONES],
    *product(["text"], [f"{tone}-soft" for tone in TONES]),
    *product(["up", "down"], ["surface", "raised"]),
    ("on-ink", "ink"),
    ("on-ink", "ink-hover"),
    ("on-accent", "accent"),
    ("accent-hover", "surface"),
]
MARK_PAIRS = [
    *product(["line-control", "warn-mark", "accent", "bad", "tick"], ["surface", "raised"]),
    *product([f"sp{n}" for n in range(4)] + ["won", "lost"], ["surface", "raised"]),
    *product([f"c{n}" for n in range(1, 7)] + ["up", "down", "total"], ["surface", "raised"]),
]
COLOUR = re.compile(r"--([\w-]+): light-dark\(#(\w{6}), #(\w{6})\);")


def tokens() -> dict[str, dict[str, str]]:
    """Read the colours of each theme from the style sheet."""
    text = (settings.BASE_DIR / "static/css/tokens.css").read_text()
    found = COLOUR.findall(text)
    return {"light": {name: light for name, light, _ in found}, "dark": {name: dark for name, _, dark in found}}


def luminance(colour: str) -> float:
    """Return the relative luminance of a hexadecimal colour."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "paper"), TEXT_PAIRS)
def test_text_is_legible(theme: str, ink: str, paper: str) -> None:
    """See that words stand out from what is behind them."""
    colours = tokens()[theme]
    assert contrast(colours[ink], colours[paper]) >= TEXT


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("mark", "paper"), MARK_PAIRS)
def test_marks_stand_out(theme: str, mark: str, paper: str) -> None:
    """See that bars, ticks and the edges of controls stand out."""
    colours = tokens()[theme]
    assert contrast(colours[mark], colours[paper]) >= MARK


@pytest.mark.parametrize("number", range(6))
def test_initials_are_legible(number: int) -> None:
    """See that white initials stand out from each of the six backgrounds."""
    text = (settings.BASE_DIR / "static/css/tokens.css").read_text()
    background = re.search(rf"--avatar-{number}: #(\w{{6}})", text)
    assert background is not None
    assert contrast("ffffff", background[1]) >= TEXT


def test_components_write_no_colour() -> None:
    """See that colours stand in tokens.css alone; white behind a QR code and on paper is meant."""
    sheets = [path for path in (settings.BASE_DIR / "static/css").glob("*.css") if path.name != "tokens.css"]
    found = {path.name: set(re.findall(r"#[0-9a-fA-F]{3,8}\b(?!\s*\{)", path.read_text())) for path in sheets}
    allowed = {"#fff", "#3e404c"}
    assert {
        name: colours - allowed for name, colours in found.items() if colours - allowed and name != "pages.css"
    } == {}


def test_every_sheet_is_small_and_loaded() -> None:
    """See that a sheet is one noun of at most 400 lines, and that a page or another sheet asks for each."""
    sheets = {path.stem: path.read_text() for path in (settings.BASE_DIR / "static/css").glob("*.css")}
    pages = "\n".join(path.read_text() for path in (settings.BASE_DIR / "templates").rglob("*.html"))
    asked = {name for names in re.findall(r'"([\w ]+)"\|stylesheets', pages) for name in names.split()}
    asked |= set(re.findall(r"'css/(\w+)\.css'", pages))
    asked |= {name for text in sheets.values() for name in re.findall(r'@import "(\w+)\.css"', text)}
    assert asked == set(sheets)
    assert {name: text.count("\n") for name, text in sheets.items() if text.count("\n") > 400} == {}
