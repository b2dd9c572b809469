"""The firm of the histories, and the eight of B1b."""

import pytest

from tests.figures.histories import Firm


@pytest.fixture
def firm() -> Firm:
    return Firm()


@pytest.fixture
def eight(firm: Firm) -> dict[str, int]:
    """The eight histories of B1b."""
    a = (
        firm.deal("A", "2026-01-05")
        .move("2026-01-10", "25")
        .move("2026-01-20", "50")
        .move("2026-02-01", "90")
        .close("2026-02-10", "won")
    )
    b = firm.deal("B", "2026-01-05").move("2026-01-20", "50").close("2026-02-10", "won")
    c = firm.deal("C", "2026-01-05").move("2026-01-10", "25").close("2026-02-10", "lost")
    d = (
        firm.deal("D", "2026-01-05")
        .move("2026-01-10", "25")
        .move("2026-01-20", "50")
        .move("2026-01-25", "25")
        .close("2026-02-10", "lost")
    )
    e = firm.deal("E", "2026-01-05").move("2026-01-10", "25")
    f = firm.deal("F", "2026-01-05").close("2026-02-10", "lost")
    g = firm.deal("G", "2026-01-05").move("2026-01-10", "25").move("2026-01-20", "50").close("2026-02-10", "lost")
    g.reopen("2026-02-20", "50").move("2026-03-01", "90").close("2026-03-10", "won")
    h = firm.deal("H", "2026-01-05", at="25").move("2026-01-20", "50")
    return {name: story.pk for name, story in zip("abcdefgh", (a, b, c, d, e, f, g, h), strict=True)}
